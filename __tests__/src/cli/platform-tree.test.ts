import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformOutline, type PlatformOutline } from '../../../src/checks/platform-outline';
import { drawPlatform } from '../../../src/cli/reports/platform-tree';
import type { PlatformRecord } from '../../../src/manifests/platform-record';
import type { RunningPod } from '../../../src/sandbox/inventory';
import { page } from '../../docs/page';

/** The character that every color begins with. */
const ESCAPE = '\u001b';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'platform-tree-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function synth(args: readonly string[] = [], env: Record<string, string> = {}, outdir = 'out') {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['src/cli/run.mjs', 'synth', ...args], {
    env: { CDKTF_OUTDIR: join(folder, outdir), FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    reject: false,
    stdin: 'ignore',
  });
  return { status: exitCode, stdout, stderr };
}

describe('the command npm run synth', () => {
  it('prints what AWS and the cluster get, one line each and without colors', async () => {
    const { status, stdout, stderr } = await synth();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toContain(ESCAPE);
    for (const line of [
      /^seed: EKS 1\.\d+ in eu-west-1$/m,
      /^├─ eu-west-1b\n│ {2}└─ node-2 {2}1 to 3 × m7i\.large: dev, qa, prod$/m,
      /^├─ namespace stage +on node-1, node-3\n│ {2}├─ storefront 1\.3\.2$/m,
      // The autoscaler sets the replicas of the api.
      /^│ {2}│ {2}├─ Deployment +storefront-api, storefront-cache × 1, storefront-web × 2$/m,
      /^│ {2}├─ orders 2\.1\.0\n│ {2}│ {2}├─ Deployment {2}orders-web × 2$/m,
      /├─ network {2}CloudWatch log group, .*, 3 NAT gateways, 6 subnets, VPC \(10\.0\.0\.0\/16\), VPC endpoint \(s3\)$/m,
      /2 SQS queues, SSM parameter$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout).toMatch(/out: 7 stacks: network, cluster, platform, dev, qa, stage, prod$/);
  });

  it('prints what the README shows of it', async () => {
    const shown = page('README.md').blocks.find(({ code }) => code.startsWith('seed: EKS'))?.code ?? '';
    const lines = shown.split('\n').filter((line) => line !== '…');
    expect(lines.length).toBeGreaterThan(10);
    expect((await synth()).stdout.split('\n')).toEqual(expect.arrayContaining(lines));
  });

  it('prints colors if asked, unless NO_COLOR is set', async () => {
    expect((await synth([], { FORCE_COLOR: '1' })).stdout).toContain(`${ESCAPE}[1mseed`);
    expect((await synth([], { NO_COLOR: '1' })).stdout).not.toContain(ESCAPE);
  });

  it('prints the same as JSON', async () => {
    const { status, stdout } = await synth(['--json']);
    const { stacks, platform } = JSON.parse(stdout) as { stacks: string[]; platform: PlatformOutline };
    expect(status).toBe(0);
    expect(stacks).toHaveLength(7);
    expect(platform.nodeGroups[0]).toMatchObject({ name: 'node-1', zones: ['eu-west-1a'], min: 1, max: 3 });
    expect(platform.namespaces.map(({ name }) => name)).toEqual(['dev', 'qa', 'stage', 'prod', 'logging']);
    const network = platform.aws.find(({ stack }) => stack === 'network');
    expect(network?.resources).toContainEqual({
      type: 'aws_nat_gateway',
      addresses: ['a', 'b', 'c'].map((zone) => `aws_nat_gateway.vpc_nat_${zone}`),
    });
  });

  it('prints one line with --quiet, and writes the same bytes', async () => {
    const { status, stdout } = await synth(['--quiet'], {}, 'quiet');
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([expect.stringMatching(/^\S+: 7 stacks: network, /)]);
    const bytes = (outdir: string): string =>
      readFileSync(join(folder, outdir, 'stacks/dev/cdk.tf.json'), 'utf8');
    expect(bytes('quiet')).toBe(bytes('out'));
  });

  it('does not fail if its reader closes the pipe', async () => {
    const env = { CDKTF_OUTDIR: join(folder, 'out'), FORCE_COLOR: undefined };
    const { stdout, stderr } = await execa(
      'bash',
      ['-c', `set -o pipefail; "${process.execPath}" src/cli/run.mjs synth | true; echo "\${PIPESTATUS[0]}"`],
      { env },
    );
    expect({ stdout, stderr }).toEqual({ stdout: '0', stderr: '' });
  });
});

const RECORD: PlatformRecord = {
  name: 'shop',
  region: 'eu-west-1',
  kubernetes: '1.36',
  nodeGroups: ['web'],
  namespaces: { dev: { nodeGroups: ['web'], workloads: {}, settings: {} } },
  workloads: [],
  stacks: [],
  handedOver: {},
};

const nodeGroup = (subnets: readonly string[]) => ({
  aws_eks_node_group: {
    web: {
      node_group_name: 'web',
      instance_types: ['m7i.large', 'm7a.large'],
      capacity_type: 'SPOT',
      scaling_config: [{ min_size: 2, max_size: 2 }],
      subnet_ids: subnets,
    },
  },
});

describe('the reader of stacks from any program', () => {
  it('accepts a node group in several zones, one of which only AWS knows', () => {
    const outline = platformOutline(RECORD, [
      {
        name: 'all',
        document: {
          resource: {
            ...nodeGroup(['${aws_subnet.b.id}', '${data.aws_subnet.a.id}', 'subnet-0a1b2c3d']),
            aws_subnet: { b: { availability_zone: 'eu-west-1b' } },
          },
          data: { aws_subnet: { a: { filter: { name: 'availability-zone', values: ['eu-west-1a'] } } } },
        },
      },
    ]);
    expect(outline.controlPlane).toBeUndefined();
    expect(drawPlatform(outline, 80).split('\n').slice(0, 3)).toEqual([
      expect.stringContaining('shop'),
      '├─ eu-west-1b, eu-west-1a, subnet-0a1b2c3d',
      '│  └─ web  2 × m7i.large or m7a.large, Spot: dev',
    ]);
  });

  it('accepts manifests, objects of another namespace, and unknown types', () => {
    const { namespaces, clusterWide } = platformOutline(RECORD, [
      {
        name: 'own',
        document: {
          resource: {
            kubernetes_manifest: {
              web: {
                manifest: {
                  kind: 'Deployment',
                  metadata: { name: 'web', namespace: 'tools' },
                  spec: { replicas: 3 },
                },
              },
              issuer: { manifest: { kind: 'ClusterIssuer', metadata: { name: 'acme' } } },
            },
            kubernetes_thing_v9: { a: { metadata: [{ name: '${random_id.a.hex}', namespace: 'dev' }] } },
          },
        },
      },
    ]);
    expect(clusterWide).toEqual([{ kind: 'ClusterIssuer', count: 1 }]);
    expect(namespaces).toEqual([
      {
        name: 'dev',
        nodeGroups: ['web'],
        parts: [{ running: [], objects: [{ kind: 'kubernetes_thing_v9', count: 1 }] }],
      },
      {
        name: 'tools',
        parts: [{ running: [{ kind: 'Deployment', name: 'web', replicas: 3 }], objects: [] }],
      },
    ]);
  });
});

it('a running object replaces the declared one in the tree', () => {
  const outline = platformOutline(RECORD, [{ name: 'all', document: { resource: nodeGroup(['subnet-1']) } }]);
  const node = {
    name: 'ip-10-0-0-4',
    platformNode: 'web',
    zone: 'eu-west-1a',
    instanceType: 'm7i.large',
    address: '10.0.0.4',
    ready: true,
  };
  const pod = (namespace: string, workload: string, ready: boolean): RunningPod => ({
    ...{ namespace, workload, ready, name: workload, node: node.name, images: [], succeeded: false },
    reason: '',
  });
  const pods = [pod('dev', 'web', true), pod('dev', 'web', false), pod('kube-system', 'coredns', true)];
  expect(
    drawPlatform(outline, 80, { nodes: [node], pods })
      .split('\n')
      .slice(1),
  ).toEqual([
    '├─ subnet-1',
    '│  └─ web  1 × m7i.large or m7a.large, Spot (2), 2 of 3 Pods ready',
    '│     ├─ dev     web × 2',
    '│     └─ agents  coredns',
    '└─ namespaces',
    '   └─ dev  on web: 1 of 2 Pods ready',
  ]);
});
