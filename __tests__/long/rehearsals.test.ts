import { execa } from 'execa';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document } from 'yaml';
import { DRAINED, LivingPlatform, SINGLE_POD } from '../e2e/living-platform';

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);
const ROLE = 'arn:aws:iam::111122223333:role';

let platform: LivingPlatform;

beforeAll(async () => {
  platform = await LivingPlatform.kept(async ({ project: { folder } }) => {
    const git = (...args: string[]): Promise<unknown> =>
      execa('git', ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', ...args], {
        cwd: folder,
      });
    await git('init', '--quiet', '--initial-branch=main');
    appendFileSync(join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
    await git('add', '--all');
    await git('commit', '--quiet', '--message=The platform');
  });
});

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

type Edit = readonly [
  title: string,
  edit: (file: Document) => void,
  changed: readonly string[],
  mayFail?: RegExp,
];

/** Edits in turn, with the stacks that each changes, and what may fail meanwhile. */
const EDITS: readonly Edit[] = [
  ['more nodes at most', set([['nodes', 'node-1', 'max'], 4]), ['cluster']],
  ['one more node', set([['nodes', 'node-1', 'min'], 2], [['nodes', 'node-1', 'desired'], 2]), ['cluster']],
  ['a label of nodes', set([['nodes', 'node-3', 'labels'], { 'shop/tier': 'batch' }]), ['cluster']],
  ['a label of nodes removed', removed(['nodes', 'node-3', 'labels']), ['cluster']],
  [
    'one more range of public access',
    set([
      ['cluster', 'publicAccess'],
      ['203.0.113.0/24', '198.51.100.0/24'],
    ]),
    ['cluster'],
  ],
  [
    'one more admin',
    set([
      ['cluster', 'admins'],
      [`${ROLE}/platform-admin`, `${ROLE}/on-call`],
    ]),
    ['cluster'],
  ],
  ['a viewer', set([['cluster', 'viewers'], [`${ROLE}/viewer`]]), ['cluster']],
  ['logs kept longer', set([['cluster', 'logRetentionDays'], 400]), ['cluster']],
  ['zonal shift', set([['cluster', 'zonalShift'], true]), ['cluster']],
  ['no repair of nodes', set([['nodes', 'node-3', 'repair'], false]), ['cluster']],
  ['a team', set([['namespaces', 'dev', 'teams'], { [`${ROLE}/team`]: 'view' }]), ['cluster']],
  ['a larger quota', set([['namespaces', 'qa', 'quota'], { pods: 60 }]), ['qa']],
  ['another Pod Security Standard', set([['namespaces', 'qa', 'podSecurity'], 'baseline']), ['qa']],
  ['one more replica', set([['namespaces', 'dev', 'workloads', 'storefront', 'replicas'], 3]), ['dev']],
  ['tags', set([['tags'], { team: 'shop' }]), ['network', 'cluster', 'dev', 'qa', 'stage', 'prod']],
  [
    'a new version of a workload',
    set([['namespaces', 'dev', 'workloads', 'storefront', 'version'], '1.4.1']),
    ['dev'],
    SINGLE_POD,
  ],
  [
    'the version before',
    set([['namespaces', 'dev', 'workloads', 'storefront', 'version'], '1.4.0']),
    ['dev'],
    SINGLE_POD,
  ],
  ['a workload removed', removed(['namespaces', 'prod', 'workloads', 'orders']), ['prod']],
  ['a workload added', set([['namespaces', 'prod', 'workloads', 'orders'], { version: '2.0.3' }]), ['prod']],
  [
    'a node group added',
    set([['nodes', 'node-4'], { zone: 'a', instanceTypes: ['m7i.large'], min: 1, max: 2 }]),
    ['cluster'],
  ],
  ['a namespace added', set([['namespaces', 'load'], { nodes: ['node-4'] }]), ['platform', 'load']],
  ['a namespace removed', removed(['namespaces', 'load']), ['platform']],
  ['a node group removed', removed(['nodes', 'node-4']), ['cluster']],
  [
    'no Pod without a controller',
    set([['namespaces', 'dev', 'workloads', 'storefront', 'debug'], false]),
    ['dev'],
  ],
  [
    'other instance types of a node group',
    set([['nodes', 'node-3', 'instanceTypes'], ['m7i.xlarge']]),
    ['cluster'],
    DRAINED,
  ],
  ['one NAT gateway for all zones', set([['network', 'nat'], 'single']), ['network']],
  ['a NAT gateway for each zone', set([['network', 'nat'], 'per-zone']), ['network']],
];

describe('a rehearsal', () => {
  it(
    'deploys a commit, then the edit, and finds no outage',
    async () => {
      platform.edit(set([['nodes', 'node-2', 'max'], 4]));
      const { changed, outages } = await platform.project.up('--from', 'main');
      expect({ changed, outages }).toEqual({ changed: ['cluster'], outages: [] });
    },
    60 * MINUTE,
  );

  const edits = EDITS.map(([title, edit, expected, mayFail]) => ({ title, edit, expected, mayFail }));

  it.each(edits)(
    'finds an outage only where the edit may cause one: $title',
    async ({ edit, expected, mayFail }) => {
      platform.edit(edit);
      const { changed, outages } = await platform.project.up();
      const unexpected = outages.filter(({ what, lasts }) => lasts || !mayFail?.test(what));
      expect({ changed, unexpected }).toEqual({ changed: expected, unexpected: [] });
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
});
