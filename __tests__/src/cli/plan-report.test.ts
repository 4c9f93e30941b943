import { stripVTControlCharacters } from 'node:util';
import {
  describeOutcome,
  drawPlans as draw,
  planMarkdown,
  summaryOf,
} from '../../../src/cli/reports/plan-report';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import type { PlanRecord, StackOutcome, SummaryChange } from '../../../src/pipeline/plan/plan-record';

/** Without colors, which the tests may be run with. */
const drawPlans = (plans: PlanRecord, width: number): string => stripVTControlCharacters(draw(plans, width));

const change = (action: SummaryChange['action'], address: string, ...paths: string[]): SummaryChange => ({
  action,
  address,
  differences: paths.map((path) => ({ path, before: '1', after: '2|3' })),
});

const planned = (name: string, ...changes: SummaryChange[]): StackOutcome => ({
  status: 'planned',
  name,
  changes,
  outputs: [],
  document: 'sha256:d',
  plan: 'sha256:p',
  files: {},
  after: [],
});

const record = (stacks: readonly StackOutcome[], guard: Partial<PlanRecord['guard']> = {}): PlanRecord => ({
  at: '2026-11-25T12:00:00.000Z',
  commit: { id: 'c0ffee', dirty: false },
  stacks,
  guard: { stopped: [], passed: [], spent: [], ...guard },
  classes: [],
  name: 'seed',
  region: 'eu-west-1',
  account: '111122223333',
  handedOver: {},
  effects: [],
  digest: 'sha256:abc',
});

const FINDING = {
  rule: 'data-loss',
  stack: 'network',
  address: 'network/aws_vpc.vpc',
  message: 'destroys the VPC *seed*, in which everything is',
  change: '0123456789ab',
  exception: "- { address: network/aws_vpc.vpc, change: '0123456789ab', reason: <why>, until: 2026-12-02 }",
} as const;

const STACKS = [
  planned(
    'network',
    change('create', 'aws_eip.a'),
    change('update', 'aws_subnet.a', 'tags.x'),
    change('delete', 'aws_vpc.vpc'),
  ),
  { status: 'unchanged', name: 'cluster' },
  { status: 'waiting', name: 'platform', after: ['network'], reason: 'it reads what network makes' },
] as const satisfies readonly StackOutcome[];

describe('the summary of plans', () => {
  it('begins with what the guard stops, and prints the line that lets it pass', () => {
    const text = drawPlans(record(STACKS, { stopped: [FINDING] }), 200);
    expect(text.indexOf('Stopped (data-loss): network/aws_vpc.vpc')).toBe(0);
    expect(text).toContain(`  ${FINDING.exception}`);
    expect(text).toContain(
      'The guard stops one change: take it back, or add the lines above to pipeline.exceptions',
    );
  });

  it('shows the most costly changes of each stack first', () => {
    const lines = drawPlans(record(STACKS), 200)
      .split('\n')
      .map((line) => line.trim());
    expect(lines).toContain('network: 1 to destroy, 1 to change, 1 to create');
    const objects = lines
      .filter((line) => /^(destroy|change|create) /.test(line))
      .map((line) => line.replace(/\s+/g, ' '));
    expect(objects).toEqual([
      'destroy aws_vpc.vpc',
      'change aws_subnet.a tags.x: 1 → 2|3',
      'create aws_eip.a',
    ]);
    expect(lines).toContain('cluster: as it was applied');
    expect(lines).toContain('it reads what network makes');
    expect(lines).toContain(
      '3 objects change; npm run apply applies exactly this. platform is planned after that.',
    );
  });

  it('fits the width of the terminal', () => {
    const widths = drawPlans(record(STACKS, { stopped: [FINDING] }), 60)
      .split('\n')
      // A line to be copied is left whole.
      .filter((line) => !line.includes(FINDING.exception))
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(60);
  });

  it('counts creations by kind if there are many', () => {
    const many = Array.from({ length: 13 }, (_, i) => change('create', `aws_subnet.s${i}`));
    const text = drawPlans(record([planned('network', ...many, change('create', 'aws_vpc.vpc'))]), 200);
    expect(text).toMatch(/create +aws_subnet +13\n/);
    expect(text).not.toContain('aws_subnet.s3');
  });

  it('says that nothing changes', () => {
    expect(
      drawPlans(record([planned('network')]), 80)
        .trim()
        .split('\n'),
    ).toEqual(['network: nothing to change', '', 'Nothing to change.']);
  });

  it('lists exceptions in use, and exceptions that are used up', () => {
    const allowedBy = {
      address: FINDING.address,
      change: FINDING.change,
      reason: 'moved to eu-1',
      until: '2026-12-02',
    };
    const text = drawPlans(record(STACKS, { passed: [{ ...FINDING, allowedBy }], spent: [allowedBy] }), 200);
    expect(text).toContain('Let pass (data-loss): network/aws_vpc.vpc');
    expect(text).toContain('By an exception until 2026-12-02: moved to eu-1');
    expect(text).toContain('The exception for network/aws_vpc.vpc lets nothing pass any more: remove it.');
  });

  it.each([
    [{ status: 'failed', name: 'x', reason: '', refused: true }, 'refused'],
    [{ status: 'failed', name: 'x', reason: '', refused: false }, 'could not be planned'],
    [{ status: 'waiting', name: 'x', after: ['a', 'b'], reason: '' }, 'is planned once a and b are applied'],
    [{ status: 'left out', name: 'x' }, 'left out'],
    [{ status: 'left out', name: 'x', reason: 'of somebody else' }, 'of somebody else'],
  ] as [StackOutcome, string][])('shows %j as %s', (outcome, expected) => {
    expect(describeOutcome(outcome)).toBe(expected);
  });
});

describe('the summary for a pipeline', () => {
  it('has the number of changes, the waiting stacks, and the digest', () => {
    expect(summaryOf(record(STACKS))).toMatchObject({
      changes: 3,
      waiting: ['platform'],
      digest: 'sha256:abc',
    });
  });
});

describe('the summary for a pull request', () => {
  const text = planMarkdown(record(STACKS, { stopped: [FINDING] }));

  it('begins with what is stopped, and the line to copy', () => {
    expect(text).toContain('### Stopped by the guard');
    expect(text).toContain(
      '**`network/aws_vpc.vpc`** (data-loss): destroys the VPC \\*seed\\*, in which everything is.',
    );
    expect(text).toContain(`\`\`\`text\n${FINDING.exception}\n\`\`\``);
  });

  it('has a table that no value can break', () => {
    expect(text).toContain('| change | `aws_subnet.a` | `tags.x: 1 → 2\\|3` |');
  });

  it('names the commit and the plans that it is about', () => {
    expect(text).toContain('Commit `c0ffee`. Digest `sha256:abc`');
  });
});

describe('the content of created objects', () => {
  const creation = (address: string, content: JsonObject): SummaryChange => ({
    ...change('create', address),
    content,
  });
  const policy = creation('aws_iam_role_policy.reader', {
    name: 'reader',
    policy: { Statement: [{ Action: 's3:GetObject', Effect: 'Allow' }] },
  });
  const group = creation('aws_cloudwatch_log_group.web', { name: '/seed/web <b>', retention_in_days: 30 });
  const plans = record([
    planned('network', group),
    planned('dev', policy, change('update', 'aws_eip.a', 'x')),
  ]);

  it('is hidden below the line of its object, with lists and documents as they are', () => {
    const text = planMarkdown(plans);
    expect(text).toContain('<details><summary>create aws_iam_role_policy.reader</summary>');
    expect(text).toContain(
      '```yaml\nname: reader\npolicy:\n  Statement:\n    - Action: s3:GetObject\n      Effect: Allow\n```',
    );
    expect(text).toContain('| change | `aws_eip.a` |');
    expect(text.match(/<details>/g)).toHaveLength(4);
    expect(text.match(/<\/details>/g)).toHaveLength(4);
  });

  it('is left out if space is short, last for objects that grant rights', () => {
    const whole = planMarkdown(plans);
    const text = planMarkdown(plans, whole.length - 1);
    expect(text.length).toBeLessThan(whole.length);
    expect(text).toContain('Action: s3:GetObject');
    expect(text).not.toContain('retention_in_days');
    expect(text).toContain('Also created. There is no room here for their content:');
    expect(text).toContain('| create | `aws_cloudwatch_log_group.web` |');
    expect(planMarkdown(plans, 1)).not.toContain('s3:GetObject');
  });

  it('begins with what the guard has checked', () => {
    const odd = creation('aws_cloudwatch_log_group.odd', { name: 'odd' });
    const finding = { ...FINDING, stack: 'dev', address: 'dev/aws_cloudwatch_log_group.odd' };
    const text = planMarkdown(record([planned('dev', group, policy, odd)], { stopped: [finding] }));
    const at = (name: string): number => text.indexOf(`<summary>create ${name}</summary>`);
    expect(at('aws_cloudwatch_log_group.odd')).toBeLessThan(at('aws_iam_role_policy.reader'));
    expect(at('aws_iam_role_policy.reader')).toBeLessThan(at('aws_cloudwatch_log_group.web'));
  });
});
