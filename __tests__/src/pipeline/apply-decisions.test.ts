import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Stack } from '../../../src/manifests/stacks';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import { applyFolder, inApplyFolder } from '../../../src/pipeline/apply/apply-folder';
import { type Applied, PlanApplier } from '../../../src/pipeline/apply/apply-plans';
import type { AppliedRecord } from '../../../src/pipeline/apply/applied-record';
import { verifyPlans } from '../../../src/pipeline/apply/verify-plans';
import { digestOf, digestOfDocument } from '../../../src/pipeline/plan/digest';
import { digestOfProviders } from '../../../src/pipeline/plan/digest';
import type { PlanJson } from '../../../src/pipeline/plan/plan-json';
import {
  changesAnything,
  clearPlans,
  planFile,
  type PlannedOutcome,
  type PlanRecord,
  readPlanRecord,
  type StackOutcome,
  type SummaryChange,
  writePlanRecord,
} from '../../../src/pipeline/plan/plan-record';
import { changedFiles, copyFiles, filesIn, stackFiles } from '../../../src/pipeline/plan/stack-files';
import type { StateStore, Stored } from '../../../src/pipeline/state/state-store';
import type { Terraform } from '../../../src/terraform/terraform';

// What an apply decides, without Terraform: plan-and-apply.test.ts runs the same code with it.

let outdir: string;
beforeEach(() => {
  outdir = join(mkdtempSync(join(tmpdir(), 'apply-decisions-')), 'cdktf.out');
});
afterEach(() => {
  rmSync(dirname(outdir), { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(outdir, file)), { recursive: true });
  writeFileSync(join(outdir, file), text);
}

const CHANGE: SummaryChange = { address: 'aws_vpc.x', action: 'update', differences: [] };
const DOCUMENT: TerraformDocument = {
  resource: { aws_vpc: { kept: { lifecycle: { prevent_destroy: true } } } },
};

const without = <T extends object, K extends keyof T>(whole: T, key: K): Omit<T, K> =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as Omit<T, K>;

function planned(name: string, more: Partial<PlannedOutcome> = {}): PlannedOutcome {
  return {
    ...{ status: 'planned', name, changes: [CHANGE], outputs: [], document: digestOfDocument(DOCUMENT) },
    ...{ plan: digestOf(`the plan of ${name}`), files: {}, after: [], state: { lineage: 'l', serial: 1 } },
    ...more,
  };
}

const COMMIT = { id: 'c0ffee', dirty: false };
const record = (stacks: readonly StackOutcome[], more: Partial<PlanRecord> = {}): PlanRecord => ({
  ...{ at: '2026-11-25T12:00:00.000Z', commit: COMMIT, stacks, classes: [], digest: 'sha256:1' },
  ...{ guard: { stopped: [], passed: [], spent: [] }, handedOver: {}, effects: [] },
  ...{ name: 'seed', region: 'eu-west-1', account: '111122223333' },
  ...more,
});

const stack = (name: string, ...dependencies: string[]): Stack => ({
  ...{ name, dependencies, workingDirectory: `stacks/${name}`, document: DOCUMENT },
});

function stored(serial: number, more: Partial<AppliedRecord> = {}, ids: Record<string, string> = {}): Stored {
  const state = { lineage: 'l', serial };
  const none = { stack: '', document: '', at: '', dependencies: {}, protected: [] };
  return {
    state: { ...state, isEmpty: false, ids: new Map(Object.entries(ids)), resources: [] },
    applied: { ...none, state, ...more },
  };
}

interface World {
  /** What is kept when the apply begins; a stack that it lacks has the state with the serial 1. */
  readonly before?: Readonly<Record<string, Stored>>;
  /** What is kept afterwards; a stack that it lacks has the state with the serial 2. */
  readonly after?: Readonly<Record<string, Stored>>;
  /** What Terraform shows of the saved plan, and of the second one. */
  readonly plans?: readonly [saved: Partial<PlanJson>, second: Partial<PlanJson>];
  /** What Terraform throws in the stack of this name. */
  readonly fails?: Readonly<Record<string, unknown>>;
}

interface Ran {
  readonly results: readonly Applied[];
  /** What Terraform was asked for, with the names of files below the output folder. */
  readonly calls: readonly string[];
  readonly written: readonly AppliedRecord[];
}

async function apply(what: PlanRecord, stacks: readonly Stack[], world: World = {}): Promise<Ran> {
  const { before = {}, after = {}, plans = [{}, {}], fails = {} } = world;
  const calls: string[] = [];
  const written: AppliedRecord[] = [];
  const store = {
    read: (names: readonly string[]) =>
      Promise.resolve(new Map(names.map((name) => [name, after[name] ?? stored(2)]))),
    writeApplied: (kept: AppliedRecord) => Promise.resolve(written.push(kept)),
  } as unknown as StateStore;
  const below = (file: string): string => file.slice(outdir.length + 1);
  const terraform = ({ name }: Stack): Terraform =>
    ({
      init: (options: object) => Promise.resolve(calls.push(`init ${JSON.stringify(options)}`)),
      plan: ({ out }: { out: string }) => {
        writeFileSync(out, '');
        return Promise.resolve(calls.push(`plan ${below(out)}`));
      },
      show: (file: string) => Promise.resolve(plans[file.endsWith('.second.tfplan') ? 1 : 0]),
      apply: (file: string) => {
        if (name in fails) throw fails[name];
        return Promise.resolve(calls.push(`apply ${below(file)}`));
      },
    }) as unknown as Terraform;
  const kept = new Map(stacks.map(({ name }) => [name, before[name] ?? stored(1)]));
  const applier = new PlanApplier(what, store, outdir, kept);
  clearPlans(outdir);
  const results = await Promise.all(stacks.map((each) => applier.apply(each, terraform(each))));
  return { results, calls, written };
}

const of = async (what: StackOutcome[], stacks: Stack[], world?: World): Promise<readonly Applied[]> =>
  (await apply(record(what), stacks, world)).results;

describe('a stack is', () => {
  it('applied from the saved plan, in a folder with the planned files only, and is recorded', async () => {
    write('stacks/dev/cdk.tf.json', '{}');
    write('stacks/dev/assets/function.zip', 'code');
    write('stacks/dev/evil.tf', '');
    write('apply/dev/old.tf', '');
    const outcome = planned('dev', { files: { 'cdk.tf.json': '', 'assets/function.zip': '' } });
    const { results, calls, written } = await apply(record([outcome]), [stack('dev')]);
    expect(results).toEqual([{ status: 'applied', name: 'dev' }]);
    expect(calls).toEqual(['init {"lockReadonly":true}', 'apply plans/dev.tfplan']);
    const files = readdirSync(join(outdir, 'apply/dev'), { recursive: true }).sort();
    expect(files).toEqual(['assets', 'assets/function.zip', 'cdk.tf.json']);
    expect(written).toEqual([
      {
        ...{ stack: 'dev', document: outcome.document, plan: outcome.plan, commit: 'c0ffee' },
        platform: { name: 'seed', account: '111122223333', region: 'eu-west-1' },
        providers: digestOfProviders({}),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
        ...{ state: { lineage: 'l', serial: 2 }, dependencies: {}, protected: ['aws_vpc.kept'] },
      },
    ]);
  });

  it('applied when it is removed and nothing of it is left: its state is emptied', async () => {
    expect(await of([planned('dev', { changes: [], removed: true })], [stack('dev')])).toEqual([
      { status: 'applied', name: 'dev' },
    ]);
  });

  it('unchanged when its plan only saves an order', async () => {
    expect(await of([planned('dev', { changes: [] })], [stack('dev')])).toEqual([
      { status: 'unchanged', name: 'dev' },
    ]);
    expect(await of([planned('dev', { changes: [], outputs: ['id'] })], [stack('dev')])).toEqual([
      { status: 'applied', name: 'dev' },
    ]);
  });

  it.each<[string, StackOutcome[], Applied]>([
    ['was not planned', [], { status: 'not begun', name: 'dev' }],
    [
      'could not be planned',
      [{ status: 'failed', name: 'dev', reason: 'x', refused: false }],
      { status: 'not begun', name: 'dev' },
    ],
    [
      'waits',
      [{ status: 'waiting', name: 'dev', after: ['network'], reason: 'it reads network' }],
      { status: 'waiting', name: 'dev', reason: 'it reads network' },
    ],
    [
      'is of another tool',
      [{ status: 'left out', name: 'dev', reason: 'by hand' }],
      { status: 'left out', name: 'dev', reason: 'by hand' },
    ],
    ['does not change', [{ status: 'unchanged', name: 'dev' }], { status: 'unchanged', name: 'dev' }],
  ])('not applied when it %s', async (_, outcomes, expected) => {
    const { results, calls, written } = await apply(record(outcomes), [stack('dev')]);
    expect([results, calls, written]).toEqual([[expected], [], []]);
  });

  it('not applied when it is the stack of the pipeline', async () => {
    const { results, calls } = await apply(record([planned('pipeline')]), [stack('pipeline')]);
    expect([results, calls]).toEqual([[{ status: 'unchanged', name: 'pipeline' }], []]);
  });

  it('not begun after a failure, of what it depends on and of any other', async () => {
    const stacks = [stack('network'), stack('alone'), stack('cluster', 'network'), stack('dev', 'cluster')];
    const outcomes = stacks.map(({ name }) => planned(name));
    const fails = { network: new Error('no rights') };
    const results = await of(outcomes, stacks, { fails });
    expect(results).toEqual([
      { status: 'failed', name: 'network', error: fails.network },
      { status: 'applied', name: 'alone' },
      { status: 'not begun', name: 'cluster' },
      { status: 'not begun', name: 'dev' },
    ]);
    const [failed] = await of([planned('dev')], [stack('dev')], { fails: { dev: 'a text' } });
    expect(failed).toEqual({ status: 'failed', name: 'dev', error: new Error('a text') });
  });

  it('not begun after one that was not begun, without any failure', async () => {
    const stacks = [stack('network'), stack('cluster', 'network'), stack('dev', 'cluster')];
    expect(await of([planned('cluster'), planned('dev')], stacks)).toEqual(
      stacks.map(({ name }) => ({ status: 'not begun', name })),
    );
  });

  it('not begun after a failure that was there before its turn', async () => {
    const what = record([planned('network'), planned('dev')]);
    const fails = { network: new Error('no rights') };
    const store = { read: () => Promise.resolve(new Map()) } as unknown as StateStore;
    const terraform = {
      init: () => Promise.resolve(),
      apply: () => Promise.reject(fails.network),
    } as unknown as Terraform;
    const kept = new Map(['network', 'dev'].map((name) => [name, stored(1)]));
    const applier = new PlanApplier(what, store, outdir, kept);
    await applier.apply(stack('network'), terraform);
    expect(await applier.apply(stack('dev'), terraform)).toEqual({ status: 'not begun', name: 'dev' });
  });

  it('to be planned again after those that wait', async () => {
    const waiting = (name: string): StackOutcome => ({ status: 'waiting', name, after: [], reason: 'x' });
    const stacks = [stack('a'), stack('b'), stack('c'), stack('dev', 'a', 'b', 'c', 'other')];
    const results = await of([waiting('a'), waiting('b'), planned('c'), planned('dev')], stacks);
    expect(results[3]).toEqual({ status: 'waiting', name: 'dev', reason: 'it comes after a and b' });
    const two = await of([waiting('a'), planned('dev')], [stack('a'), stack('dev', 'a')]);
    expect(two[1]).toEqual({ status: 'waiting', name: 'dev', reason: 'it comes after a' });
  });

  it.each<[string, Stored, Partial<PlannedOutcome>, string]>([
    ['done before when its plan was applied last', stored(5, { plan: 'p' }), {}, 'done before'],
    ['failed when another plan was applied since', stored(5, { plan: 'q' }), {}, 'failed'],
    [
      'failed when its state has changed since',
      stored(5, { plan: 'p', state: { lineage: 'l', serial: 4 } }),
      {},
      'failed',
    ],
    [
      'failed when its state was made anew',
      stored(5, { plan: 'p', state: { lineage: 'm', serial: 5 } }),
      {},
      'failed',
    ],
    [
      'applied when another plan was applied before',
      stored(5, { plan: 'q' }),
      { state: { lineage: 'l', serial: 5 } },
      'applied',
    ],
  ])('%s', async (_, before, more, status) => {
    const results = await of([planned('dev', { plan: 'p', ...more })], [stack('dev')], {
      before: { dev: before },
    });
    expect(results.map((result) => result.status)).toEqual([status]);
  });

  it('not done before when it is not planned', async () => {
    const before = { dev: stored(1, { plan: 'p' }) };
    const outcome: StackOutcome = { status: 'unchanged', name: 'dev' };
    expect(await of([outcome], [stack('dev')], { before })).toEqual([{ status: 'unchanged', name: 'dev' }]);
    const first = { dev: {} };
    expect(await of([without(planned('dev'), 'state')], [stack('dev')], { before: first })).toEqual([
      { status: 'applied', name: 'dev' },
    ]);
  });

  it('failed when a run has begun to create something since it was planned, and could not save it', async () => {
    const begun = ['kubernetes_deployment_v1.web'];
    const stoppedAt = async (at: string): Promise<string | undefined> => {
      const before = { dev: stored(1, { begun, at }) };
      return (await of([planned('dev')], [stack('dev')], { before }))[0]?.status;
    };
    expect(await stoppedAt('2026-11-25T12:00:01.000Z')).toBe('failed');
    expect(await stoppedAt('2026-11-25T11:59:59.000Z')).toBe('applied');
  });

  it('failed with what to do when its state has changed', async () => {
    const [result] = await of([planned('dev')], [stack('dev')], { before: { dev: stored(2) } });
    expect(result).toMatchObject({
      error: {
        ...{ code: 'unusable-plans', exitStatus: 1 },
        message:
          'stack dev: it has changed since it was planned: a run stopped in the middle of it, or something else applied it; run npm run plan',
      },
    });
  });
});

describe('a plan that was made before another stack was applied', () => {
  type Change = NonNullable<PlanJson['resource_changes']>[number];
  const change = (values: object, more: object = {}): Change => ({
    ...{ address: 'aws_vpc.x', mode: 'managed', type: 'aws_vpc', name: 'x', ...more },
    change: { actions: ['update'], before: { a: 1 }, after: { a: 2 }, ...values },
  });
  const plan = (...changes: Change[]): Partial<PlanJson> => ({ resource_changes: changes });
  const output = (more: object): Partial<PlanJson> => ({
    output_changes: { id: { actions: ['update'], before: 1, after: 2, ...more } },
  });
  const again = async (
    saved: Partial<PlanJson>,
    second: Partial<PlanJson>,
    after = ['network'],
  ): Promise<Ran> => apply(record([planned('dev', { after })]), [stack('dev')], { plans: [saved, second] });

  it.each<[string, Partial<PlanJson>, Partial<PlanJson>]>([
    ['equal', plan(change({})), plan(change({}))],
    ['equal but for what does nothing', plan(change({ actions: ['no-op'] })), plan()],
    ['equal but for what it reads', plan(change({}, { mode: 'data' })), plan()],
    ['equal but for what it shows beside', plan(change({ before_sensitive: {} })), plan(change({}))],
    ['equal in its outputs', output({ before: 0 }), output({})],
  ])('is applied when the second plan is %s', async (_, saved, second) => {
    const { results, calls } = await again(saved, second);
    expect(results).toEqual([{ status: 'applied', name: 'dev' }]);
    expect(calls.slice(1)).toEqual(['plan plans/dev.second.tfplan', 'apply plans/dev.tfplan']);
    expect(readdirSync(join(outdir, 'plans'))).toEqual([]);
  });

  it.each<[string, Partial<PlanJson>, Partial<PlanJson>]>([
    ['has one change more', plan(change({})), plan()],
    ['has another value before', plan(change({})), plan(change({ before: { a: 0 } }))],
    ['has another value after', plan(change({})), plan(change({ after: { a: 3 } }))],
    ['knows less', plan(change({})), plan(change({ after_unknown: { a: true } }))],
    ['does something else', plan(change({})), plan(change({ actions: ['delete', 'create'] }))],
    ['is of another address', plan(change({})), plan(change({}, { address: 'aws_vpc.y' }))],
    [
      'imports',
      plan(change({ actions: ['no-op'] })),
      plan(change({ actions: ['no-op'], importing: { id: 'x' } })),
    ],
    ['has another output', output({}), output({ after: 3 })],
    ['does something else to an output', output({}), output({ actions: ['delete'] })],
    ['lacks an output', output({}), {}],
  ])('waits when the second plan %s', async (_, saved, second) => {
    const { results, calls } = await again(saved, second);
    expect(results).toEqual([
      {
        ...{ status: 'waiting', name: 'dev' },
        reason: 'network is applied, and its plan would be another one now',
      },
    ]);
    expect(calls.some((call) => call.startsWith('apply'))).toBe(false);
    expect(readdirSync(join(outdir, 'plans'))).toEqual([]);
  });

  it('is not applied when Terraform cannot make the second one', async () => {
    const error = new Error('locked');
    const terraform = {
      ...{ init: () => Promise.resolve(), plan: () => Promise.reject(error) },
    } as unknown as Terraform;
    const kept = new Map([['dev', stored(1)]]);
    const what = record([planned('dev', { after: ['network'] })]);
    const applier = new PlanApplier(what, {} as unknown as StateStore, outdir, kept);
    expect(await applier.apply(stack('dev'), terraform)).toEqual({ status: 'failed', name: 'dev', error });
  });

  it('names all that were applied', async () => {
    const { results } = await again(plan(change({})), plan(), ['network', 'cluster']);
    expect(results).toMatchObject([
      { reason: 'network and cluster are applied, and its plan would be another one now' },
    ]);
  });
});

describe('the record of an apply', () => {
  const kept = async (more: Partial<PlanRecord>, world: World = {}, dependencies: string[] = []) => {
    const what = record([planned('dev'), ...dependencies.map((name) => planned(name))], more);
    const { written } = await apply(what, [stack('dev', ...dependencies)], world);
    return written[0];
  };

  it('has no commit where files differ from it, or where there is none', async () => {
    expect(await kept({ commit: { id: 'c0ffee', dirty: true } })).not.toHaveProperty('commit');
    const outside = without(record([planned('dev')]), 'commit');
    expect((await apply(outside, [stack('dev')])).written[0]).not.toHaveProperty('commit');
  });

  it('is not written for a stack without a state', async () => {
    const what = record([planned('dev')]);
    const { results, written } = await apply(what, [stack('dev')], { after: { dev: {} } });
    expect([results, written]).toEqual([[{ status: 'applied', name: 'dev' }], []]);
  });

  it('has the states of the stacks that it depends on, but of those that are removed', async () => {
    const removed = [{ name: 'qa', dependencies: [] }];
    const world = { after: { network: stored(7), cluster: {} } };
    expect((await kept({ removed }, world, ['network', 'qa', 'cluster']))?.dependencies).toEqual({
      network: { lineage: 'l', serial: 7 },
    });
  });

  it('has the classes of the platform, and the exceptions that were used, of all applies', async () => {
    const passed = (change: string, of: string): PlanRecord['guard']['passed'][number] => ({
      ...{ rule: 'rights', stack: of, address: of, message: '', change, exception: '' },
      allowedBy: { address: of, change, reason: '', until: '2026-12-31' },
    });
    const guard = {
      ...{ stopped: [], spent: [] },
      passed: [passed('new', 'dev'), passed('old', 'dev'), passed('other', 'qa')],
    };
    const after = { dev: stored(2, { passed: ['old'] }) };
    const found = await kept({ guard, classes: ['aws_x y content'] }, { after });
    expect([found?.passed, found?.classes]).toEqual([['old', 'new'], ['aws_x y content']]);
    const none = await kept({});
    expect(Object.keys(none ?? {})).not.toEqual(expect.arrayContaining(['passed']));
    for (const key of ['classes', 'passed', 'handedOver', 'takenOver']) expect(none).not.toHaveProperty(key);
  });

  it('has what other stacks take over from it, and what it has taken over', async () => {
    const handedOver = {
      qa: [
        { to: 'aws_vpc.b', fromStack: 'dev', from: 'aws_vpc.a' },
        { to: 'aws_vpc.d', fromStack: 'prod', from: 'aws_vpc.c' },
      ],
      dev: [
        { to: 'aws_eip.b', fromStack: 'qa', from: 'aws_eip.a' },
        { to: 'aws_eip.d', fromStack: 'qa', from: 'aws_eip.c' },
      ],
    };
    const ids = { 'aws_vpc.a': 'vpc-1', 'aws_eip.b': 'eip-1' };
    const after = { dev: stored(2, { takenOver: ['aws_sns_topic.x', 'aws_eip.b'] }, ids) };
    expect(await kept({ handedOver }, { after })).toMatchObject({
      handedOver: { 'aws_vpc.a': 'vpc-1' },
      takenOver: ['aws_sns_topic.x', 'aws_eip.b'],
    });
    const first = await kept({ handedOver }, { after: { dev: stored(2, {}, ids) } });
    expect(first?.takenOver).toEqual(['aws_eip.b']);
    const earlier = { dev: stored(2, { handedOver: { 'aws_eip.z': 'eip-9' } }, ids) };
    const ofOthers = { dev: handedOver.dev };
    expect(await kept({ handedOver: ofOthers }, { after: earlier })).not.toHaveProperty('handedOver');
  });
});

describe('saved plans are not applied when', () => {
  const today = new Date('2026-11-25T13:00:00Z');
  const saved = (): Stack[] => [stack('dev')];
  /** What is said of plans for which everything is as it was planned, but for this. */
  function said(
    what: Partial<PlanRecord> = {},
    present: Partial<Parameters<typeof verifyPlans>[1]> = {},
    outcome: Partial<PlannedOutcome> = {},
  ): string[] {
    write('plans/dev.tfplan', 'the plan of dev');
    write('stacks/dev/cdk.tf.json', '{}');
    write('stacks/dev/assets/a.zip', 'a');
    const files = { 'cdk.tf.json': 'sha256:judged by its content', 'assets/a.zip': digestOf('a') };
    try {
      verifyPlans(record([planned('dev', { files, ...outcome })], what), {
        ...{ outdir, saved: saved(), commit: COMMIT, today },
        ...present,
      });
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  }

  it('nothing differs, and only then', () => {
    expect(said()).toEqual([]);
    expect(said({}, { digest: 'sha256:1' })).toEqual([]);
  });

  it.each<[string, string, ...Parameters<typeof said>]>([
    [
      'another digest was reviewed',
      'these are not the reviewed plans: their digest is sha256:1, and --digest says sha256:2',
      {},
      { digest: 'sha256:2' },
    ],
    [
      'they are of another commit',
      'planned in the commit c0ffee, and this is the commit beef: check out the former, or plan again',
      {},
      { commit: { id: 'beef', dirty: false } },
    ],
    [
      'they are of a commit, and there is no repository',
      'planned in the commit c0ffee, and this is no repository: check out the former, or plan again',
      {},
      { commit: undefined },
    ],
    [
      'files differ now',
      'files differ from the commit c0ffee now: plan again',
      {},
      { commit: { ...COMMIT, dirty: true } },
    ],
    [
      'files differed then',
      'files differ from the commit c0ffee no more: plan again',
      { commit: { ...COMMIT, dirty: true } },
    ],
    [
      'the guard stopped them',
      'the guard stopped these plans: see the output of npm run plan',
      { guard: { stopped: [{} as PlanRecord['guard']['stopped'][number]], passed: [], spent: [] } },
    ],
    [
      'the platform has a stack more',
      'stack qa is new since it was planned: plan again',
      {},
      { saved: [stack('dev'), stack('qa')] },
    ],
    [
      'the document is another one',
      'stack dev: its Terraform JSON in OUT is not what was planned: plan again',
      {},
      { saved: [{ ...stack('dev'), document: {} }] },
    ],
    [
      'the stack is gone',
      'stack dev: its Terraform JSON in OUT is not what was planned: plan again',
      {},
      { saved: [] },
    ],
    [
      'the plan is another one',
      'stack dev: its plan OUT/plans/dev.tfplan is not the one that was saved: plan again',
      {},
      {},
      { plan: 'sha256:0' },
    ],
    [
      'a file has changed',
      'stack dev: assets/a.zip in OUT is not what was planned: plan again',
      {},
      {},
      { files: { 'assets/a.zip': digestOf('b') } },
    ],
    [
      'a file is gone',
      'stack dev: assets/b.zip in OUT is not what was planned: plan again',
      {},
      {},
      { files: { 'assets/b.zip': digestOf('b') } },
    ],
  ])('%s', (_, expected, ...differs) => {
    expect(said(...differs).map((line) => line.replaceAll(outdir, 'OUT'))).toEqual([
      `${expected}; nothing was applied`,
    ]);
  });

  it('an exception has ended, and not on its last day', () => {
    const passed = (until: string): PlanRecord['guard'] => ({
      ...{ stopped: [], spent: [] },
      passed: [{ allowedBy: { address: 'dev/aws_vpc.x', until } } as PlanRecord['guard']['passed'][number]],
    });
    expect(said({ guard: passed('2026-11-25') })).toEqual([]);
    expect(said({ guard: passed('2026-11-24') })).toEqual([
      'the exception for dev/aws_vpc.x has ended on 2026-11-24: plan again; nothing was applied',
    ]);
  });

  const verify =
    (outcome: StackOutcome, ...others: Stack[]): (() => void) =>
    () => {
      verifyPlans(record([outcome]), { ...{ outdir, saved: others, commit: COMMIT, today } });
    };

  it('a plan is gone, could not be made, or changes the roles of the pipeline', () => {
    expect(verify(planned('dev'), stack('dev'))).toThrow(
      `stack dev: its plan ${planFile(outdir, 'dev')} is gone: plan again; nothing was applied`,
    );
    expect(verify({ status: 'failed', name: 'dev', reason: 'x', refused: false })).toThrow(
      'stack dev could not be planned: fix it, and plan again; nothing was applied',
    );
    expect(verify({ status: 'unchanged', name: 'dev' })).not.toThrow();
    expect(verify(planned('pipeline'))).toThrow(
      'stack pipeline: its plan changes the roles of the pipeline, which only an administrator may do. ' +
        'As one, run npm run state:bootstrap on this commit; then plan again; nothing was applied',
    );
    expect(verify(planned('pipeline', { changes: [] }))).toThrow(/its plan .* is gone/);
  });

  it('planned outside a repository, and there is one', () => {
    const outside = without(record([]), 'commit');
    const present = { outdir, saved: [], today };
    expect(() => {
      verifyPlans(outside, { ...present, commit: COMMIT });
    }).toThrow(
      'planned in no repository, and this is the commit c0ffee: check out the former, or plan again',
    );
    expect(() => {
      verifyPlans(outside, { ...present, commit: undefined });
    }).not.toThrow();
  });
});

describe('the saved record', () => {
  const content = without(record([planned('dev')]), 'digest');
  const file = (): string => join(outdir, 'plans', 'plan.json');

  it('is read as it was written, by its user only', () => {
    clearPlans(outdir);
    const before = writePlanRecord(outdir, content);
    expect(before.digest).toBe(digestOf(JSON.stringify(content)));
    expect(before.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(readPlanRecord(outdir)).toEqual(before);
    expect(readFileSync(file(), 'utf8')).toMatch(/^\{\n {2}"at": [^]*\n\}\n$/);
    const modes = [file(), dirname(file())].map((path) => (statSync(path).mode & 0o777).toString(8));
    expect(modes).toEqual(['600', '700']);
    clearPlans(outdir);
    expect(existsSync(file())).toBe(false);
  });

  it('is refused when it is missing, cut off, or changed', () => {
    const refused = (message: RegExp): void => {
      expect(() => readPlanRecord(outdir)).toThrow(
        expect.objectContaining({
          ...{ code: 'unusable-plans', exitStatus: 1 },
          message: expect.stringMatching(message) as string,
        }) as Error,
      );
    };
    refused(/^\S+\/plans\/plan\.json does not exist: run npm run plan first$/);
    clearPlans(outdir);
    writeFileSync(file(), '{');
    refused(/^\S+plan\.json is not whole: SyntaxError: .*; run npm run plan again$/);
    writeFileSync(file(), JSON.stringify({ ...content, digest: 'sha256:0' }));
    refused(
      /^\S+plan\.json is not as it was saved: its digest is sha256:\w{64}, and it says sha256:0; run npm run plan again$/,
    );
  });

  it('says whether a plan changes anything', () => {
    expect(changesAnything(planned('dev'))).toBe(true);
    expect(changesAnything(planned('dev', { changes: [] }))).toBe(false);
    expect(changesAnything(planned('dev', { changes: [], outputs: ['id'] }))).toBe(true);
    expect(changesAnything({ status: 'unchanged', name: 'dev' })).toBe(false);
  });
});

describe('the files of a stack', () => {
  const folder = (): string => join(outdir, 'stacks/dev');

  it('are those that synthesis and plan write, and what the stack carries', () => {
    for (const file of [
      'cdk.tf.json',
      'imports.tf.json',
      'imports_override.tf.json',
      'assets/a.tf',
      'z.zip',
      'a.zip',
    ])
      write(`stacks/dev/${file}`, file);
    write('stacks/dev/.terraform/providers/x.tf.json', '');
    const files = [
      'a.zip',
      'assets/a.tf',
      'cdk.tf.json',
      'imports.tf.json',
      'imports_override.tf.json',
      'z.zip',
    ];
    expect(filesIn(folder())).toEqual(files);
    expect(stackFiles(folder())).toEqual(Object.fromEntries(files.map((file) => [file, digestOf(file)])));
    expect(changedFiles(folder(), { 'a.zip': digestOf('a.zip'), 'z.zip': digestOf(''), gone: '' })).toEqual([
      ...['z.zip', 'gone'],
    ]);
  });

  it.each(['x.tf', 'x.tf.json', 'x.tfvars', 'x.auto.tfvars.json', 'x.tofu', 'x.tofu.json'])(
    'are refused with %s, which Terraform would read',
    (file) => {
      write(`stacks/dev/${file}`, '');
      expect(() => filesIn(folder())).toThrow(
        `${folder()} holds ${file}, which neither synthesis nor plan has written and Terraform would run; remove it`,
      );
    },
  );

  it('may have names that only look like those that Terraform reads', () => {
    for (const file of ['x.tf.bak', 'tf', 'x.tfx']) write(`stacks/dev/${file}`, '');
    expect(filesIn(folder())).toEqual(['tf', 'x.tf.bak', 'x.tfx']);
  });

  it('are copied to a folder without others', () => {
    write('stacks/dev/assets/deep/a.zip', 'a');
    write('stacks/dev/b.zip', 'b');
    write('to/old', '');
    copyFiles(folder(), join(outdir, 'to'), { 'assets/deep/a.zip': '' });
    expect(readdirSync(join(outdir, 'to'), { recursive: true }).sort()).toEqual([
      'assets',
      'assets/deep',
      'assets/deep/a.zip',
    ]);
    copyFiles(folder(), join(outdir, 'fresh'), { 'b.zip': '' });
    expect(readFileSync(join(outdir, 'fresh/b.zip'), 'utf8')).toBe('b');
  });

  it('are applied in a folder that is as deep as theirs', () => {
    expect(applyFolder('dev')).toBe('apply/dev');
    expect(inApplyFolder(stack('dev'))).toEqual({ ...stack('dev'), workingDirectory: 'apply/dev' });
  });

  it('have a digest that the places in the program are no part of', () => {
    const resource = (place: string): TerraformDocument => ({
      resource: { aws_vpc: { x: { '//': { metadata: place }, cidr_block: '10.0.0.0/16' } } },
    });
    expect(digestOfDocument(resource('a'))).toBe(digestOfDocument(resource('b')));
    expect(digestOfDocument(resource('a'))).not.toBe(digestOfDocument({}));
  });
});
