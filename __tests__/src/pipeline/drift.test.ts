import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeDifference, type Difference } from '../../../src/pipeline/plan/plan-differences';
import { judgeDrift } from '../../../src/pipeline/drift/stack-drift';
import type { PlanJson, ResourceChangeJson } from '../../../src/pipeline/plan/plan-json';

/** Plans of stacks of this project, as Terraform made them, with some of their resources. */
function recorded(name: string): readonly [refreshOnly: PlanJson, ordinary: PlanJson] {
  const read = (kind: string): PlanJson =>
    JSON.parse(readFileSync(join(__dirname, 'drift-plans', `${name}.${kind}.json`), 'utf8')) as PlanJson;
  return [read('refresh-only'), read('ordinary')];
}

function told(differences: readonly Difference[]): string[] {
  return differences.map((difference) => {
    const { before, after } = describeDifference(difference);
    return `${difference.path}: ${before} → ${after}`;
  });
}

/** A tag set, a retention taken away and a flow log deleted by hand; the program now wants one NAT gateway of three. */
describe('drift in a network that people have changed', () => {
  const found = judgeDrift(...recorded('network'));

  it('is what the next apply reverts, with deleted objects first', () => {
    expect(
      found.drifted.map(({ address, remedy, differences }) => [address, remedy, told(differences)]),
    ).toEqual([
      ['aws_flow_log.vpc_flow_log', 'create', []],
      ['aws_cloudwatch_log_group.vpc_flow_logs', 'update', ['retention_in_days: 30 → 0']],
      ['aws_vpc.vpc', 'update', ['tags.Owner: (none) → "somebody"', 'tags_all.Owner: (none) → "somebody"']],
    ]);
  });

  it('excludes what the apply leaves as it is, which is noted, also for deleted objects', () => {
    expect(found.noted.map(({ address }) => address)).toEqual([
      'aws_eip.vpc_nat_a_address',
      'aws_eip.vpc_nat_b_address',
      'aws_route_table.vpc_private_a_table',
    ]);
    expect(told(found.noted[0]?.differences ?? [])).toContainEqual(
      expect.stringMatching(/^association_id: "" → "eipassoc-/),
    );
  });

  it('excludes and counts what the program changes', () => {
    expect(found.unapplied).toEqual(['aws_eip.vpc_nat_b_address', 'aws_route.vpc_private_b_internet']);
    expect(found.following).toEqual([]);
  });
});

it('an object that is replaced because it refers to a deleted one is no change of the program', () => {
  const found = judgeDrift(...recorded('role'));
  expect(found.drifted).toEqual([
    { address: 'aws_iam_role.vpc_flow_logs_role', remedy: 'create', differences: [] },
  ]);
  expect(found.following).toEqual(['aws_flow_log.vpc_flow_log']);
  expect(found.unapplied).toEqual([]);
});

describe('drift of one object', () => {
  type Change = Partial<ResourceChangeJson['change']> & Pick<ResourceChangeJson['change'], 'actions'>;

  const resource = (change: Change, more: Partial<ResourceChangeJson> = {}): ResourceChangeJson => ({
    address: 'aws_db_instance.shop',
    mode: 'managed',
    type: 'aws_db_instance',
    name: 'shop',
    change: { before: null, after: null, ...change },
    ...more,
  });
  const plan = (resources: Pick<PlanJson, 'resource_changes' | 'resource_drift'>): PlanJson => ({
    format_version: '1.2',
    terraform_version: '1.11.4',
    ...resources,
  });
  const judged = (outside: ResourceChangeJson, next?: ResourceChangeJson) =>
    judgeDrift(plan({ resource_drift: [outside] }), plan({ resource_changes: next ? [next] : [] }));

  const grown = resource({
    actions: ['update'],
    before: { size: 1, status: 'ok', engine: 'a' },
    after: { size: 2, status: 'busy', engine: 'a' },
  });

  it('includes only what is reverted', () => {
    const back = resource({
      actions: ['update'],
      before: { size: 2, status: 'busy', engine: 'a' },
      after: { size: 1, status: 'busy', engine: 'b' },
    });
    expect(judged(grown, back).drifted.map(({ differences }) => told(differences))).toEqual([
      ['size: 1 → 2'],
    ]);
  });

  it('excludes an unset argument that the provider reads as an empty list or block', () => {
    const read = resource({
      actions: ['update'],
      before: { labels: null, ports: [], spec: [{ affinity: [] }] },
      after: { labels: {}, ports: [], spec: [{ affinity: [{ pods: [], nodes: null }] }] },
    });
    expect(judged(read)).toMatchObject({ drifted: [], noted: [] });
    expect(judged(grown).noted).toHaveLength(1);
  });

  it('excludes an object that changes for another reason: that is a change of the program', () => {
    const other = resource({
      actions: ['update'],
      before: { size: 2, status: 'busy', engine: 'a' },
      after: { size: 2, status: 'busy', engine: 'b' },
    });
    expect(judged(grown, other)).toMatchObject({
      drifted: [],
      noted: [{ address: 'aws_db_instance.shop' }],
      unapplied: ['aws_db_instance.shop'],
    });
  });

  it('includes the arguments that cause a replacement, and not the other new values', () => {
    const replaced = resource({
      actions: ['delete', 'create'],
      before: { size: 2, status: 'busy', engine: 'a' },
      after: { size: 1, engine: 'a' },
      after_unknown: { status: true },
      replace_paths: [['size']],
    });
    expect(judged(grown, replaced).drifted).toMatchObject([
      { remedy: 'replace', differences: [{ path: 'size' }] },
    ]);
    const forAnother = resource({
      actions: ['delete', 'create'],
      before: { size: 2, status: 'busy', engine: 'a' },
      after: { size: 2, engine: 'b' },
      after_unknown: { status: true },
      replace_paths: [['engine']],
    });
    expect(judged(grown, forAnother)).toMatchObject({ drifted: [], unapplied: ['aws_db_instance.shop'] });
  });

  it('excludes one that was deleted outside and is no longer in the program', () => {
    const deleted = resource({ actions: ['delete'], before: { size: 1 } });
    expect(judged(deleted)).toMatchObject({ drifted: [], noted: [{ address: 'aws_db_instance.shop' }] });
  });

  it('excludes one that only has another address', () => {
    const moved = resource({ actions: ['no-op'] }, { previous_address: 'aws_db_instance.old' });
    expect(judged(moved)).toMatchObject({ drifted: [], noted: [] });
  });

  it('shows no secrets', () => {
    const sensitive = { before_sensitive: { password: true }, after_sensitive: { password: true } };
    const outside = resource({
      actions: ['update'],
      before: { password: 'one' },
      after: { password: 'two' },
      ...sensitive,
    });
    const back = resource({
      actions: ['update'],
      before: { password: 'two' },
      after: { password: 'one' },
      ...sensitive,
    });
    const found = judged(outside, back);
    expect(found.drifted.map(({ differences }) => told(differences))).toEqual([
      ['password: (sensitive) → (sensitive)'],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/one|two/);
  });
});
