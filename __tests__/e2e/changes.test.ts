import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { livingPair, nameOf, platformWith } from '../long/option-pairs';
import { affinityTo, pod } from './bare-pod';
import { LivingPlatform, SINGLE_POD, type Identities, type NodeObject } from './living-platform';
import { succeeded, type Project, type Up } from './project';

const MINUTE = 60_000;
jest.setTimeout(5 * MINUTE);
const ROLE = 'arn:aws:iam::111122223333:role';
const TAINT = { key: 'shop/dedicated', value: 'reports', effect: 'NoSchedule' };
const STACKS = ['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod'];
/** One that EKS offers for each Kubernetes version and that is older than the pinned one. */
const OLDER_COREDNS = 'v1.13.2-eksbuild.4';

/** The combination that is deployed; a number in the environment chooses another one. */
const SEED = Number(process.env['PAIRS_SEED'] ?? 0);
const PAIR = livingPair(SEED);

let platform: LivingPlatform;
let project: Project;
let before: Identities;
let nodesBefore: readonly string[];

beforeAll(async () => {
  platform = await LivingPlatform.copy();
  project = platform.project;
});

afterAll(() => platform.remove(), 5 * MINUTE);

const uids = (): string[] => platform.nodes().map(({ metadata }) => metadata.uid);

/** Starts a run and ends it by a signal as soon as Terraform has begun a stack. */
async function interruptedAt(stack: string, signal: NodeJS.Signals): Promise<number | null> {
  const run = spawn('node', ['src/cli/run.mjs', 'sandbox', 'up'], { cwd: project.folder, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => run.once('exit', resolve));
  while (!existsSync(project.path('.sandbox', 'project', `terraform.${stack}.tfstate`))) {
    if (run.exitCode !== null) throw new Error(`the run ended with status ${run.exitCode} before ${stack}`);
    await sleep(100);
  }
  run.kill(signal);
  return ended;
}

const serverPid = (): number =>
  (JSON.parse(readFileSync(project.path('.sandbox', 'sandbox.json'), 'utf8')) as { pid: number }).pid;

/** kubectl as somebody who has taken on an IAM role. */
async function kubectlAs(role: string, ...args: string[]): Promise<string> {
  const signIn = ['--role-arn', role, '--role-session-name', 'somebody', '--query', 'Credentials'];
  const { AccessKeyId, SecretAccessKey, SessionToken } = (await platform.aws(
    'sts',
    'assume-role',
    ...signIn,
  )) as {
    AccessKeyId: string;
    SecretAccessKey: string;
    SessionToken: string;
  };
  const keys: Record<string, string> = {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  };
  const cache = `--cache-dir=${project.path('kubectl-cache')}`;
  const { stdout, stderr } = project.kubectl([cache, ...args], undefined, keys);
  return stdout + stderr;
}

describe(`a platform (PAIRS_SEED=${SEED}: ${nameOf(PAIR)})`, () => {
  it(
    'begins with a run that Ctrl-C ends, which saves its state, and a killed run, which resumes it',
    async () => {
      const path = project.path('platform.yaml');
      writeFileSync(path, platformWith(PAIR, readFileSync(path, 'utf8')));
      platform.edit((file) => {
        file.setIn(['cluster', 'admins'], [`${ROLE}/platform-admin`, `${ROLE}/on-call`]);
        file.setIn(['cluster', 'addOns', 'coredns'], { version: OLDER_COREDNS });
        file.setIn(['network', 'nat'], 'per-zone');
      });
      expect(await interruptedAt('network', 'SIGINT')).toBe(130);
      const pid = serverPid();
      expect(await interruptedAt('cluster', 'SIGKILL')).toBeNull();
      expect(serverPid()).toBe(pid);
    },
    // The tools may have to be built first.
    60 * MINUTE,
  );

  it(
    'comes up in the next run, which cleans up, with options of the pairs, two admins, CoreDNS one version behind',
    async () => {
      const pid = serverPid();
      const up = await project.up();
      expect(up.changed).toEqual(STACKS);
      expect(serverPid()).not.toBe(pid);
      expect(up.nodes.map(({ platformNode, zone }) => `${platformNode} ${zone}`)).toEqual([
        'node-1 eu-west-1a',
        'node-2 eu-west-1b',
        'node-3 eu-west-1b',
      ]);
      before = await platform.identities();
      nodesBefore = uids();
      expect(before.vpc).toEqual([expect.stringMatching(/^vpc-/)]);
    },
    10 * MINUTE,
  );

  describe('with edited node groups, admins, endpoint and add-on', () => {
    it(
      'changes the stack cluster only, without an outage',
      async () => {
        platform.edit((file) => {
          file.setIn(['cluster', 'admins', 1], `${ROLE}/on-call-2`);
          file.setIn(['cluster', 'publicAccess'], ['198.51.100.0/24', '192.0.2.0/25']);
          file.deleteIn(['cluster', 'addOns', 'coredns']);
          file.setIn(['nodes', 'node-1', 'min'], 2);
          file.setIn(['nodes', 'node-1', 'max'], 5);
          file.setIn(['nodes', 'node-1', 'desired'], 3);
          file.setIn(['nodes', 'node-3', 'labels'], { 'shop/tier': 'batch' });
          file.setIn(['nodes', 'node-3', 'taints'], [TAINT]);
        });
        const { changed, outages } = await project.up();
        expect({ changed, outages }).toEqual({ changed: ['cluster'], outages: [] });
      },
      15 * MINUTE,
    );

    it('has as many nodes as it wants', async () => {
      expect(await platform.describeGroup('node-1', 'nodegroup.scalingConfig')).toEqual({
        minSize: 2,
        maxSize: 5,
        desiredSize: 3,
      });
      expect(platform.nodes('node-1')).toHaveLength(3);
    });

    it('has the labels and taints on the nodes that run', () => {
      const found = platform
        .nodes('node-3')
        .map(({ metadata, spec }) => [metadata.labels['shop/tier'], spec.taints]);
      expect(found).toEqual([['batch', [TAINT]]]);
    });

    it('lets the new admin in and the old one no longer', async () => {
      const question = ['auth', 'can-i', 'delete', 'nodes', '--all-namespaces'];
      expect(await kubectlAs(`${ROLE}/on-call-2`, ...question)).toMatch(/^yes$/m);
      expect(await kubectlAs(`${ROLE}/on-call`, ...question)).toMatch(/Unauthorized|must be logged in/);
    });

    it('answers on its endpoint from the new ranges', async () => {
      const cidrs = await platform.describeCluster('cluster.resourcesVpcConfig.publicAccessCidrs');
      expect(cidrs).toHaveLength(2);
      expect(cidrs).toEqual(expect.arrayContaining(['198.51.100.0/24', '192.0.2.0/25']));
    });

    it('runs the pinned version of the add-on', async () => {
      const coredns = ['--cluster-name', 'seed', '--addon-name', 'coredns'];
      const running = await platform.aws(
        'eks',
        'describe-addon',
        ...coredns,
        '--query',
        'addon.addonVersion',
      );
      expect(running).toBe(pinnedVersion('coredns', DEFAULT_KUBERNETES_VERSION));
      expect(running).not.toBe(OLDER_COREDNS);
    });

    it('keeps all its Pods and volumes', async () => {
      expect(await platform.identities()).toEqual(before);
      expect(uids()).toEqual(expect.arrayContaining([...nodesBefore]));
    });
  });

  describe('with a new zone and node group', () => {
    let outages: Up['outages'];
    const onNode4 = (): string => pod('on-node-4', affinityTo(['node-4']));
    const create = ['create', '--namespace=dev', '--filename=-'];

    it('refuses Pods on the node before the namespace lists its node group', () => {
      const { status, stderr } = project.kubectl(create, onNode4());
      expect(status).toBe(1);
      expect(stderr).toContain('Pods of namespace dev run on the node groups node-1, node-2, node-3 only');
    });

    it(
      'changes the network, the cluster, the placement policy and the namespace, and no other stack',
      async () => {
        platform.edit((file) => {
          file.setIn(['network', 'zones'], ['a', 'b', 'c']);
          file.setIn(['cluster', 'zones'], ['a', 'b']);
          file.setIn(['network', 'nat'], 'single');
          file.setIn(['nodes', 'node-4'], { zone: 'c', instanceTypes: ['m7i.large'], min: 1, max: 2 });
          file.addIn(['namespaces', 'dev', 'nodes'], 'node-4');
          // A volume holds the database to node-3, whose successor of the next version it has to tolerate.
          file.deleteIn(['nodes', 'node-3', 'taints']);
        });
        const up = await project.up();
        outages = up.outages;
        expect(up.changed).toEqual(['network', 'cluster', 'platform', 'dev']);
        expect(up.nodes.find(({ platformNode }) => platformNode === 'node-4')?.zone).toBe('eu-west-1c');
      },
      15 * MINUTE,
    );

    it('has an outage of the Services with a single Pod, which is seen, and no other', () => {
      expect(outages.map(({ what }) => what)).toContainEqual(expect.stringMatching(SINGLE_POD));
      expect(outages.filter(({ what, lasts }) => lasts || !SINGLE_POD.test(what))).toEqual([]);
    });

    it('deletes the NAT gateway of a zone after its route has another one', () => {
      const log = readFileSync(project.path('.sandbox', 'logs', 'terraform-network.log'), 'utf8');
      const moved = log.lastIndexOf('aws_route.vpc_private_b_internet: Modifications complete');
      expect(moved).toBeGreaterThan(0);
      expect(log.lastIndexOf('aws_nat_gateway.vpc_nat_b: Destroying')).toBeGreaterThan(moved);
    });

    it('has no taint on any node afterward', () => {
      expect(platform.nodes('node-3').map(({ spec }) => spec.taints)).toEqual([undefined]);
    });

    it('runs Pods on the new node', () => {
      succeeded(project.kubectl(create, onNode4()));
      const [node] = platform.nodes('node-4');
      succeeded(
        project.kubectl([
          'wait',
          'pod/on-node-4',
          '--namespace=dev',
          '--for=condition=Ready',
          '--timeout=30s',
        ]),
      );
      const running = platform.kubectlJson('get', 'pod/on-node-4', '--namespace=dev') as {
        spec: { nodeName: string };
      };
      const placed = platform.kubectlJson('get', `node/${running.spec.nodeName}`) as NodeObject;
      expect(placed.metadata.uid).toBe(node?.metadata.uid);
      succeeded(
        project.kubectl(['delete', 'pod/on-node-4', '--namespace=dev', '--grace-period=0', '--force']),
      );
    });

    it('keeps all its Pods and volumes', async () => {
      expect(await platform.identities()).toEqual(before);
      expect(uids()).toEqual(expect.arrayContaining([...nodesBefore]));
    });
  });

  it('refuses an edit that AWS would refuse, and changes nothing', async () => {
    const path = project.path('platform.yaml');
    const text = readFileSync(path, 'utf8');
    platform.edit((file) => {
      file.setIn(['network', 'cidr'], '10.4.0.0/16');
      file.set('region', 'eu-central-1');
    });
    const { status, stderr } = await project.npm('sandbox');
    expect(stderr).toContain(
      'region: the platform has eu-west-1 since its first apply, and would get eu-central-1',
    );
    expect(stderr).toContain('end the sandbox first: npm run sandbox:down');
    expect(status).toBe(1);
    platform.edit((file) => {
      file.set('region', 'eu-west-1');
    });
    const again = await project.npm('sandbox');
    expect(again.stderr).toContain(
      'network.cidr: 10.0.0.0/16 → 10.4.0.0/16: AWS keeps the first range of a VPC',
    );
    expect(again.status).toBe(1);
    writeFileSync(path, text);
    expect((await platform.identities()).vpc).toEqual(before.vpc);
  });

  it(
    'is destroyed, and nothing is left',
    async () => {
      expect(succeeded(await project.npm('sandbox:destroy'))).toContain(
        'Every stack is destroyed and nothing is left',
      );
    },
    15 * MINUTE,
  );

  it(
    'leaves no process, port or file behind after sandbox:down',
    async () => {
      const { processes } = JSON.parse(readFileSync(project.path('.sandbox', 'sandbox.json'), 'utf8')) as {
        processes: { pid: number }[];
      };
      expect(processes.length).toBeGreaterThan(1);
      const since = Date.now();
      succeeded(await project.npm('sandbox:down'));
      // At once, and not as Terraform destroys, which takes minutes. Another file may be using the machine.
      expect(Date.now() - since).toBeLessThan(30_000);
      expect(existsSync(project.path('.sandbox'))).toBe(false);
      const { stdout } = await project.run('ps', ['-e', '-o', 'args=']);
      expect(stdout.split('\n').filter((line) => line.includes(project.folder))).toEqual([]);
    },
    5 * MINUTE,
  );
});
