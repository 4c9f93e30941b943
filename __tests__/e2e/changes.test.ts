import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument, type Document } from 'yaml';
import { isKnownVersion, KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { pinnedKubernetesVersions } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import { affinityTo, pod } from './bare-pod';
import { lastUpdate } from './last-update';
import { Project, succeeded } from './project';

const MINUTE = 60_000;
const ROLE = 'arn:aws:iam::111122223333:role';
const TAINT = { key: 'shop/dedicated', value: 'reports', effect: 'NoSchedule' };
/** One that EKS offers for each Kubernetes version and that is older than the pinned one. */
const OLDER_COREDNS = 'v1.13.2-eksbuild.4';

/** The platform begins with the older one. */
const [version = '', newerVersion = ''] = pinnedKubernetesVersions().slice(-2);
/** The last second in which the older one is in support: from then on platform.yaml may not name it. */
const TODAY =
  Date.parse(isKnownVersion(version) ? KUBERNETES_VERSIONS[version].endOfStandardSupport : '') / 1000 - 1;
const GROUPS = ['node-1', 'node-2', 'node-3', 'node-4'];

interface Identities {
  readonly vpc: unknown;
  readonly cluster: unknown;
  readonly nodeGroups: Readonly<Record<string, unknown>>;
}

let project: Project;
let environment: Record<string, string>;
let before: Identities;
let nodesBefore: readonly string[];

beforeAll(async () => {
  project = await Project.copy({ SOURCE_DATE_EPOCH: String(TODAY) });
});

afterAll(async () => {
  await project.npm('sandbox:down');
  project.remove();
}, MINUTE);

/** Changes platform.yaml as somebody with an editor does. */
function edit(change: (file: Document) => void): void {
  const path = project.path('platform.yaml');
  const file = parseDocument(readFileSync(path, 'utf8'));
  change(file);
  writeFileSync(path, file.toString());
}

/** What an `aws` of the sandbox's shell answers. */
async function aws(...args: string[]): Promise<unknown> {
  return JSON.parse(succeeded(await project.run('aws', [...args, '--output', 'json'], environment)));
}

const describeCluster = (query: string): Promise<unknown> =>
  aws('eks', 'describe-cluster', '--name', 'seed', '--query', query);

const describeGroup = (name: string, query: string): Promise<unknown> =>
  aws('eks', 'describe-nodegroup', '--cluster-name', 'seed', '--nodegroup-name', name, '--query', query);

/** What AWS gives a resource when it makes it: another of the same name has others. */
async function identities(): Promise<Identities> {
  const filter = ['--filters', 'Name=tag:Name,Values=seed'];
  const groups: [string, unknown][] = [];
  for (const name of ['node-1', 'node-2', 'node-3']) {
    groups.push([name, await describeGroup(name, 'nodegroup.[nodegroupArn, createdAt]')]);
  }
  return {
    vpc: await aws('ec2', 'describe-vpcs', ...filter, '--query', 'Vpcs[].VpcId'),
    cluster: await describeCluster('cluster.[arn, createdAt, endpoint]'),
    nodeGroups: Object.fromEntries(groups),
  };
}

function kubectlJson(...args: string[]): unknown {
  return JSON.parse(succeeded(project.kubectl([...args, '--output=json'])));
}

interface NodeObject {
  readonly metadata: { readonly uid: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } };
}

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

/** The Kubernetes nodes of a node of the platform, or all. */
function nodes(ofNode?: string): NodeObject[] {
  const selector = ofNode === undefined ? [] : [`--selector=platform/node=${ofNode}`];
  return (kubectlJson('get', 'nodes', ...selector) as { items: NodeObject[] }).items;
}

const uids = (): string[] => nodes().map(({ metadata }) => metadata.uid);

/** `v1.35.` and what follows. */
const patchOf = (minor: string): RegExp => new RegExp(`^v${minor.replace('.', '\\.')}\\.`);

/** Pods of the platform; add-ons are upgraded on their own, and Jobs run by the clock. */
function pods(): PodObject[] {
  return (kubectlJson('get', 'pods', '--all-namespaces') as { items: PodObject[] }).items
    .filter(({ metadata }) => metadata.namespace !== 'kube-system')
    .filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'Job'));
}

/** kubectl as somebody who has taken on an IAM role. */
async function kubectlAs(role: string, ...args: string[]): Promise<string> {
  const signIn = ['--role-arn', role, '--role-session-name', 'somebody', '--query', 'Credentials'];
  const { AccessKeyId, SecretAccessKey, SessionToken } = (await aws('sts', 'assume-role', ...signIn)) as {
    AccessKeyId: string;
    SecretAccessKey: string;
    SessionToken: string;
  };
  const keys: Record<string, string> = {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  };
  const kubeconfig = JSON.parse(readFileSync(project.path('.sandbox', 'kubeconfig'), 'utf8')) as {
    users: { user: { exec: { env: { name: string; value: string }[] } } }[];
  };
  for (const { user } of kubeconfig.users) {
    user.exec.env = user.exec.env.map(({ name, value }) => ({ name, value: keys[name] ?? value }));
  }
  writeFileSync(project.path('kubeconfig-of-a-role'), JSON.stringify(kubeconfig));
  const { stdout, stderr } = await project.run('kubectl', [
    '--kubeconfig=kubeconfig-of-a-role',
    `--cache-dir=${project.path('kubectl-cache')}`,
    ...args,
  ]);
  return stdout + stderr;
}

describe('a platform that lives', () => {
  it(
    'is deployed: two zones, two admins, CoreDNS one version behind',
    async () => {
      edit((file) => {
        file.setIn(['network', 'zones'], ['a', 'b']);
        file.setIn(['nodes', 'node-3', 'zone'], 'b');
        file.setIn(['cluster', 'version'], version);
        file.setIn(['cluster', 'admins'], [`${ROLE}/platform-admin`, `${ROLE}/on-call`]);
        file.setIn(['cluster', 'addOns'], { coredns: { version: OLDER_COREDNS } });
      });
      const up = await project.up();
      expect(up.nodes.map(({ platformNode, zone }) => `${platformNode} ${zone}`)).toEqual([
        'node-1 eu-west-1a',
        'node-2 eu-west-1b',
        'node-3 eu-west-1b',
      ]);
      environment = await project.sandboxEnvironment();
      before = await identities();
      nodesBefore = uids();
      expect(before.vpc).toEqual([expect.stringMatching(/^vpc-/)]);
    },
    // The tools may have to be built first.
    60 * MINUTE,
  );

  describe('whose node groups change their size, labels and taints', () => {
    it(
      'changes the stack cluster only',
      async () => {
        edit((file) => {
          file.setIn(['nodes', 'node-1', 'min'], 2);
          file.setIn(['nodes', 'node-1', 'max'], 5);
          file.setIn(['nodes', 'node-1', 'desired'], 3);
          file.setIn(['nodes', 'node-3', 'labels'], { 'shop/tier': 'batch' });
          file.setIn(['nodes', 'node-3', 'taints'], [TAINT]);
        });
        expect((await project.up()).changed).toEqual(['cluster']);
      },
      5 * MINUTE,
    );

    it('has as many nodes as it wants', async () => {
      expect(await describeGroup('node-1', 'nodegroup.scalingConfig')).toEqual({
        minSize: 2,
        maxSize: 5,
        desiredSize: 3,
      });
      expect(nodes('node-1')).toHaveLength(3);
    });

    it('has the labels and taints on the nodes that run', () => {
      const found = nodes('node-3').map(({ metadata, spec }) => [metadata.labels['shop/tier'], spec.taints]);
      expect(found).toEqual([['batch', [TAINT]]]);
    });

    it('has lost nothing for it', async () => {
      expect(await identities()).toEqual(before);
      expect(uids()).toEqual(expect.arrayContaining([...nodesBefore]));
    });
  });

  describe('whose admin, endpoint and add-on change', () => {
    it(
      'changes the stack cluster only',
      async () => {
        edit((file) => {
          file.setIn(['cluster', 'admins', 1], `${ROLE}/on-call-2`);
          file.setIn(['cluster', 'publicAccess'], ['198.51.100.0/24', '192.0.2.0/25']);
          file.deleteIn(['cluster', 'addOns']);
        });
        expect((await project.up()).changed).toEqual(['cluster']);
      },
      5 * MINUTE,
    );

    it('lets the new admin in and the old one no longer', async () => {
      const question = ['auth', 'can-i', 'delete', 'nodes', '--all-namespaces'];
      expect(await kubectlAs(`${ROLE}/on-call-2`, ...question)).toMatch(/^yes$/m);
      expect(await kubectlAs(`${ROLE}/on-call`, ...question)).toMatch(/Unauthorized|must be logged in/);
    });

    it('is reached from the new ranges', async () => {
      const cidrs = await describeCluster('cluster.resourcesVpcConfig.publicAccessCidrs');
      expect(cidrs).toHaveLength(2);
      expect(cidrs).toEqual(expect.arrayContaining(['198.51.100.0/24', '192.0.2.0/25']));
    });

    it('runs the pinned version of the add-on', async () => {
      const coredns = ['--cluster-name', 'seed', '--addon-name', 'coredns'];
      const running = await aws('eks', 'describe-addon', ...coredns, '--query', 'addon.addonVersion');
      expect(running).toBe(pinnedVersion('coredns', version));
      expect(running).not.toBe(OLDER_COREDNS);
    });

    it('has lost nothing for it', async () => {
      expect(await identities()).toEqual(before);
      expect(uids()).toEqual(expect.arrayContaining([...nodesBefore]));
    });
  });

  describe('that gets a zone, and in it a node for one row', () => {
    const onNode4 = (): string => pod('on-node-4', affinityTo(['node-4']));
    const create = ['create', '--namespace=dev', '--filename=-'];

    it('refuses Pods for the node as long as it is in no row', () => {
      const { status, stderr } = project.kubectl(create, onNode4());
      expect(status).toBe(1);
      expect(stderr).toContain('Pods of namespace dev run on node-1, node-2, node-3 only');
    });

    it(
      'changes the network, the cluster, the policy of the rows and the namespace, and no other',
      async () => {
        edit((file) => {
          file.setIn(['network', 'zones'], ['a', 'b', 'c']);
          file.setIn(['cluster', 'zones'], ['a', 'b']);
          file.setIn(['nodes', 'node-4'], { zone: 'c', instanceTypes: ['m7i.large'], min: 1, max: 2 });
          file.addIn(['namespaces', 'dev', 'nodes'], 'node-4');
          // A volume holds the database to node-3, whose successor of the next version it has to tolerate.
          file.deleteIn(['nodes', 'node-3', 'taints']);
        });
        const up = await project.up();
        expect(up.changed).toEqual(['network', 'cluster', 'platform', 'dev']);
        expect(up.nodes.find(({ platformNode }) => platformNode === 'node-4')?.zone).toBe('eu-west-1c');
      },
      5 * MINUTE,
    );

    it('has the taint on no node any more', () => {
      expect(nodes('node-3').map(({ spec }) => spec.taints)).toEqual([undefined]);
    });

    it('runs Pods on it now', () => {
      succeeded(project.kubectl(create, onNode4()));
      const [node] = nodes('node-4');
      succeeded(
        project.kubectl([
          'wait',
          'pod/on-node-4',
          '--namespace=dev',
          '--for=condition=Ready',
          '--timeout=30s',
        ]),
      );
      const running = kubectlJson('get', 'pod/on-node-4', '--namespace=dev') as {
        spec: { nodeName: string };
      };
      const placed = kubectlJson('get', `node/${running.spec.nodeName}`) as NodeObject;
      expect(placed.metadata.uid).toBe(node?.metadata.uid);
      succeeded(
        project.kubectl(['delete', 'pod/on-node-4', '--namespace=dev', '--grace-period=0', '--force']),
      );
    });

    it('has lost nothing for it', async () => {
      expect(await identities()).toEqual(before);
      expect(uids()).toEqual(expect.arrayContaining([...nodesBefore]));
    });
  });

  describe('that goes up one minor version', () => {
    let before: Identities;
    let podsBefore: string[];

    it(
      'changes the stack cluster, and what goes with nodes',
      async () => {
        before = await identities();
        podsBefore = pods().map(({ metadata }) => metadata.uid);
        edit((file) => {
          file.setIn(['cluster', 'version'], newerVersion);
        });
        // A Pod that nothing makes anew goes with its node: dev has one to debug from, and gets another.
        expect((await project.up()).changed).toEqual(['cluster', 'dev']);
      },
      20 * MINUTE,
    );

    it('went up in the order of EKS: the control plane, what nodes need, nodes, the other add-ons', async () => {
      const plane = await lastUpdate(environment);
      const proxy = await lastUpdate(environment, { addonName: 'kube-proxy' });
      const groups = await Promise.all(
        GROUPS.map((nodegroupName) => lastUpdate(environment, { nodegroupName })),
      );
      const dns = await lastUpdate(environment, { addonName: 'coredns' });
      expect([plane.type, proxy.type, dns.type]).toEqual(['VersionUpdate', 'AddonUpdate', 'AddonUpdate']);
      expect(groups.map(({ type }) => type)).toEqual(GROUPS.map(() => 'VersionUpdate'));
      const begun = groups.map((group) => group.begun);
      expect(plane.begun).toBeLessThan(proxy.begun);
      expect(proxy.begun).toBeLessThan(Math.min(...begun));
      expect(Math.max(...begun)).toBeLessThan(dns.begun);
    });

    it('has no Pod that was made anew before nodes were: a new control plane leaves Pods alone', async () => {
      const groups = await Promise.all(
        GROUPS.map((nodegroupName) => lastUpdate(environment, { nodegroupName })),
      );
      // Kubernetes tells whole seconds.
      const nodesFrom = Math.floor(Math.min(...groups.map(({ begun }) => begun)) / 1000) * 1000;
      const { begun: planeFrom } = await lastUpdate(environment);
      const found = pods().map(({ metadata: { namespace, name, uid, creationTimestamp } }) => ({
        pod: `${namespace}/${name}`,
        made: Date.parse(creationTimestamp),
        isNew: !podsBefore.includes(uid),
      }));
      expect(found.length).toBeGreaterThan(10);
      expect(found.filter(({ made, isNew }) => isNew && made < nodesFrom)).toEqual([]);
      expect(found.filter(({ made, isNew }) => !isNew && made > planeFrom)).toEqual([]);
    });

    it('has the new version everywhere after that: API server, node groups, kubelets', async () => {
      expect(await describeCluster('cluster.version')).toBe(newerVersion);
      const { serverVersion } = kubectlJson('version') as { serverVersion: { gitVersion: string } };
      expect(serverVersion.gitVersion).toMatch(patchOf(newerVersion));
      for (const name of GROUPS) {
        expect(await describeGroup(name, 'nodegroup.[version, status]')).toEqual([newerVersion, 'ACTIVE']);
      }
      const kubelets = new Set(nodes().map(({ status }) => status.nodeInfo.kubeletVersion));
      expect([...kubelets]).toEqual([expect.stringMatching(patchOf(newerVersion))]);
    });

    it.each(['kube-proxy', 'coredns', 'vpc-cni'] as const)('runs the %s that fits', async (name) => {
      const addOn = ['--cluster-name', 'seed', '--addon-name', name];
      expect(await aws('eks', 'describe-addon', ...addOn, '--query', 'addon.[addonVersion, status]')).toEqual(
        [pinnedVersion(name, newerVersion), 'ACTIVE'],
      );
    });

    it('has replaced nothing but nodes', async () => {
      expect(await identities()).toEqual(before);
    });

    it(
      'has nothing left to change',
      async () => {
        expect((await project.up()).changed).toEqual([]);
      },
      5 * MINUTE,
    );
  });
});
