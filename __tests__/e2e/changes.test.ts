import { readFileSync, writeFileSync } from 'node:fs';
import { parseDocument, type Document } from 'yaml';
import { pinnedVersion } from '../../constructs/aws/add-on-versions';
import { pinnedKubernetesVersions } from '../../sandbox/tool-builder/tools';
import { affinityTo, pod } from './bare-pod';
import { Project, succeeded } from './project';

const MINUTE = 60_000;
const ROLE = 'arn:aws:iam::111122223333:role';
const TAINT = { key: 'shop/dedicated', value: 'reports', effect: 'NoSchedule' };
/** One that EKS offers for each Kubernetes version and that is older than the pinned one. */
const OLDER_COREDNS = 'v1.13.2-eksbuild.4';

// The platform begins with the older of two versions where the sandbox has two control planes to upgrade between.
const [version = '', newerVersion] = pinnedKubernetesVersions().slice(-2);
const itWithTwoVersions = newerVersion === undefined ? it.skip : it;

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
  project = await Project.copy();
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
}

/** The Kubernetes nodes of a node of the platform, or all. */
function nodes(ofNode?: string): NodeObject[] {
  const selector = ofNode === undefined ? [] : [`--selector=platform/node=${ofNode}`];
  return (kubectlJson('get', 'nodes', ...selector) as { items: NodeObject[] }).items;
}

const uids = (): string[] => nodes().map(({ metadata }) => metadata.uid);

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
        });
        const up = await project.up();
        expect(up.changed).toEqual(['network', 'cluster', 'platform', 'dev']);
        expect(up.nodes.find(({ platformNode }) => platformNode === 'node-4')?.zone).toBe('eu-west-1c');
      },
      5 * MINUTE,
    );

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

  itWithTwoVersions(
    'goes up one minor version in place (needs the control planes of two versions in sandbox/tools)',
    async () => {
      edit((file) => {
        file.setIn(['cluster', 'version'], newerVersion);
      });
      expect((await project.up()).changed).toEqual(['cluster']);
      expect(await describeCluster('cluster.version')).toBe(newerVersion);
      for (const name of ['node-1', 'node-2', 'node-3', 'node-4']) {
        expect(await describeGroup(name, 'nodegroup.version')).toBe(newerVersion);
      }
      expect(await identities()).toEqual(before);
    },
    20 * MINUTE,
  );
});
