import { lastUpdate, type LastUpdate } from '../e2e/last-update';
import { LivingPlatform, type Identities } from '../e2e/living-platform';
import { ADD_ONS_OF_NEWER, goUp, NEWER_VERSION } from '../e2e/newer-version';

const MINUTE = 60_000;
jest.setTimeout(2 * MINUTE);
const GROUPS = ['node-1', 'node-2', 'node-3'];

interface PodObject {
  readonly kind: 'Pod';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
}

let platform: LivingPlatform;
let before: Identities;
let podsBefore: string[];

beforeAll(async () => {
  platform = await LivingPlatform.copy();
  await platform.project.up();
  before = await platform.identities();
  podsBefore = pods().map(({ metadata }) => metadata.uid);
  // The programs of both versions may have to be built first.
}, 90 * MINUTE);

afterAll(() => platform.remove(), MINUTE);

/** `v1.36.` and what follows. */
const patchOf = (minor: string): RegExp => new RegExp(`^v${minor.replace('.', '\\.')}\\.`);

/** Pods of the platform; add-ons are upgraded on their own, and Jobs run by the clock. */
function pods(): PodObject[] {
  return (platform.kubectlJson('get', 'pods', '--all-namespaces') as { items: PodObject[] }).items
    .filter(({ metadata }) => metadata.namespace !== 'kube-system')
    .filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'Job'));
}

const updatesOfGroups = (): Promise<LastUpdate[]> =>
  Promise.all(GROUPS.map(async (name) => updateOf({ nodegroupName: await platform.groupInEks(name) })));

const updateOf = async (subject: Parameters<typeof lastUpdate>[1] = {}): ReturnType<typeof lastUpdate> =>
  lastUpdate(await platform.environment(), subject);

describe('a platform that upgrades one minor version', () => {
  it(
    'changes the stack cluster, and the stacks that depend on nodes',
    async () => {
      platform.edit(goUp);
      // A Pod without a controller goes with its node: Terraform recreates the debug Pod of dev.
      expect((await platform.project.up()).changed).toEqual(['cluster', 'dev']);
    },
    20 * MINUTE,
  );

  it('follows the order of EKS: the control plane, what nodes need, nodes, the other add-ons', async () => {
    const plane = await updateOf();
    const proxy = await updateOf({ addonName: 'kube-proxy' });
    const groups = await updatesOfGroups();
    const dns = await updateOf({ addonName: 'coredns' });
    expect([plane.type, proxy.type, dns.type]).toEqual(['VersionUpdate', 'AddonUpdate', 'AddonUpdate']);
    expect(groups.map(({ type }) => type)).toEqual(GROUPS.map(() => 'VersionUpdate'));
    const begun = groups.map((group) => group.begun);
    expect(plane.begun).toBeLessThan(proxy.begun);
    expect(proxy.begun).toBeLessThan(Math.min(...begun));
    expect(Math.max(...begun)).toBeLessThan(dns.begun);
  });

  it('recreates no Pod before its node: a new control plane keeps the Pods', async () => {
    const groups = await updatesOfGroups();
    // Kubernetes tells whole seconds.
    const nodesFrom = Math.floor(Math.min(...groups.map(({ begun }) => begun)) / 1000) * 1000;
    const { begun: planeFrom } = await updateOf();
    const found = pods().map(({ metadata: { namespace, name, uid, creationTimestamp } }) => ({
      pod: `${namespace}/${name}`,
      made: Date.parse(creationTimestamp),
      isNew: !podsBefore.includes(uid),
    }));
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter(({ made, isNew }) => isNew && made < nodesFrom)).toEqual([]);
    expect(found.filter(({ made, isNew }) => !isNew && made > planeFrom)).toEqual([]);
  });

  it('then has the new version everywhere: API server, node groups, kubelets', async () => {
    expect(await platform.describeCluster('cluster.version')).toBe(NEWER_VERSION);
    const { serverVersion } = platform.kubectlJson('version') as { serverVersion: { gitVersion: string } };
    expect(serverVersion.gitVersion).toMatch(patchOf(NEWER_VERSION));
    for (const name of GROUPS) {
      expect(await platform.describeGroup(name, 'nodegroup.[version, status]')).toEqual([
        NEWER_VERSION,
        'ACTIVE',
      ]);
    }
    const kubelets = new Set(platform.nodes().map(({ status }) => status.nodeInfo.kubeletVersion));
    expect([...kubelets]).toEqual([expect.stringMatching(patchOf(NEWER_VERSION))]);
  });

  it.each(ADD_ONS_OF_NEWER)('runs the %s with the right version', async (name, version) => {
    const addOn = ['--cluster-name', 'seed', '--addon-name', name];
    expect(
      await platform.aws('eks', 'describe-addon', ...addOn, '--query', 'addon.[addonVersion, status]'),
    ).toEqual([version, 'ACTIVE']);
  });

  it('has replaced only nodes', async () => {
    expect(await platform.identities()).toEqual(before);
  });

  it(
    'has nothing left to change',
    async () => {
      expect((await platform.project.up()).changed).toEqual([]);
    },
    5 * MINUTE,
  );
});
