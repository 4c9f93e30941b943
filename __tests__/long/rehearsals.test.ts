import { execa } from 'execa';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from 'yaml';
import { DRAINED, LivingPlatform, SINGLE_POD } from '../e2e/living-platform';

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);
const ROLE = 'arn:aws:iam::111122223333:role';

let platform: LivingPlatform;

beforeAll(
  async () => {
    platform = await LivingPlatform.kept(async (made) => {
      const { folder } = made.project;
      const git = (...args: string[]): Promise<unknown> =>
        execa('git', ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', ...args], {
          cwd: folder,
        });
      await git('init', '--quiet', '--initial-branch=main');
      appendFileSync(join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
      await git('add', '--all');
      await git('commit', '--quiet', '--message=The platform');
      await made.project.up();
      await made.snapshot();
    });
  },
  // The tools may have to be built first.
  60 * MINUTE,
);

beforeEach(() => platform.restore());

afterAll(() => platform.remove(), 5 * MINUTE);

type Key = readonly (string | number)[];
const set =
  (...changes: readonly (readonly [Key, unknown])[]) =>
  (file: Document): void => {
    for (const [key, value] of changes) file.setIn(key, value);
  };
const removed =
  (...keys: readonly Key[]) =>
  (file: Document): void => {
    for (const key of keys) file.deleteIn(key);
  };

interface Step {
  readonly edit: (file: Document) => void;
  /** The stacks that it changes. */
  readonly changed: readonly string[];
  /** What may fail meanwhile. @default - nothing */
  readonly mayFail?: RegExp;
}

const step = (edit: Step['edit'], changed: readonly string[], mayFail?: RegExp): Step => ({
  ...{ edit, changed },
  ...(mayFail && { mayFail }),
});

const storefront = (version: string): Step =>
  step(set([['namespaces', 'dev', 'workloads', 'storefront', 'version'], version]), ['dev'], SINGLE_POD);

/** Edits of the platform of the commit. Those that are under one title follow one another. */
const SCENARIOS: Readonly<Record<string, readonly Step[]>> = {
  'more nodes at most': [step(set([['nodes', 'node-1', 'max'], 4]), ['cluster'])],
  'one more node': [
    step(set([['nodes', 'node-1', 'min'], 2], [['nodes', 'node-1', 'desired'], 2]), ['cluster']),
  ],
  'a label of nodes, which goes again': [
    step(set([['nodes', 'node-3', 'labels'], { 'shop/tier': 'batch' }]), ['cluster']),
    step(removed(['nodes', 'node-3', 'labels']), ['cluster']),
  ],
  'one more range of public access': [
    step(
      set([
        ['cluster', 'publicAccess'],
        ['203.0.113.0/24', '198.51.100.0/24'],
      ]),
      ['cluster'],
    ),
  ],
  'one more admin': [
    step(
      set([
        ['cluster', 'admins'],
        [`${ROLE}/platform-admin`, `${ROLE}/on-call`],
      ]),
      ['cluster'],
    ),
  ],
  'a viewer': [step(set([['cluster', 'viewers'], [`${ROLE}/viewer`]]), ['cluster'])],
  'logs kept longer': [step(set([['cluster', 'logRetentionDays'], 400]), ['cluster'])],
  'no zonal shift': [step(set([['cluster', 'zonalShift'], false]), ['cluster'])],
  'no repair of nodes': [step(set([['nodes', 'node-3', 'repair'], false]), ['cluster'])],
  'a team': [step(set([['namespaces', 'dev', 'teams'], { [`${ROLE}/team`]: 'view' }]), ['cluster'])],
  'a larger quota': [step(set([['namespaces', 'qa', 'quota'], { pods: 60 }]), ['qa'])],
  'another Pod Security Standard': [step(set([['namespaces', 'qa', 'podSecurity'], 'baseline']), ['qa'])],
  'one more replica': [step(set([['namespaces', 'dev', 'workloads', 'storefront', 'replicas'], 3]), ['dev'])],
  'tags, which EC2 gives to new nodes': [
    step(set([['tags'], { team: 'shop' }]), ['network', 'cluster', 'dev', 'qa', 'stage', 'prod'], DRAINED),
  ],
  'a new version of a workload, and the version before': [storefront('1.4.1'), storefront('1.4.0')],
  'a workload removed, and added again': [
    step(removed(['namespaces', 'prod', 'workloads', 'orders']), ['prod']),
    step(set([['namespaces', 'prod', 'workloads', 'orders'], { version: '2.0.3' }]), ['prod']),
  ],
  'a node group and its namespace added, and removed again': [
    step(set([['nodes', 'node-4'], { zone: 'a', instanceTypes: ['m7i.large'], min: 1, max: 2 }]), [
      'cluster',
    ]),
    // The namespace has log groups in the stack of the cluster.
    step(set([['namespaces', 'load'], { nodes: ['node-4'] }]), ['cluster', 'platform', 'load']),
    step(removed(['namespaces', 'load']), ['cluster', 'platform']),
    step(removed(['nodes', 'node-4']), ['cluster']),
  ],
  'other instance types of a node group, once no Pod is without a controller': [
    step(set([['namespaces', 'dev', 'workloads', 'storefront', 'debug'], false]), ['dev']),
    step(set([['nodes', 'node-3', 'instanceTypes'], ['m7i.xlarge']]), ['cluster'], DRAINED),
  ],
  'one NAT gateway for all zones, and one for each again': [
    step(set([['network', 'nat'], 'single']), ['network']),
    step(set([['network', 'nat'], 'per-zone']), ['network']),
  ],
};

describe('a rehearsal', () => {
  it.each(Object.entries(SCENARIOS))(
    'finds an outage only where the edit may cause one: %s',
    async (_, steps) => {
      for (const { edit, changed: expected, mayFail } of steps) {
        platform.edit(edit);
        const { changed, outages } = await platform.project.up();
        const unexpected = outages.filter(({ what, lasts }) => lasts || !mayFail?.test(what));
        expect({ changed, unexpected }).toEqual({ changed: expected, unexpected: [] });
      }
    },
  );

  it('reports the outage of Services that no node serves any more, and fails', async () => {
    const closed = [{ key: 'shop/closed', value: 'yes', effect: 'NoExecute' }];
    platform.edit(set([['nodes', 'node-2', 'taints'], closed], [['nodes', 'node-3', 'taints'], closed]));
    const { status, stderr } = await platform.project.npm('sandbox');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(
        /Outages while this edit was applied:[^]*Service qa\/storefront-web +\d+ s, and it lasts/,
      ) as string,
    });
  });

  // The last one: it deploys to a new sandbox, which has no snapshot.
  it(
    'deploys a commit, then the edit, and finds no outage',
    async () => {
      platform.edit(set([['nodes', 'node-2', 'max'], 4]));
      const { changed, outages } = await platform.project.up('--from', 'main');
      expect({ changed, outages }).toEqual({ changed: ['cluster'], outages: [] });
    },
    60 * MINUTE,
  );
});
