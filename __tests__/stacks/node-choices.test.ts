import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { NODE_GROUP_LABEL } from '../../src/facts/affinity-patch';
import { addresses, type StackDocument, synthesized } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8').replace(/ {2}controllers: .*\n/, '');
const EBS = 'AmazonEBSCSIDriverPolicy';

/** The default platform with further lines under `cluster` and `nodes`. */
function stacks({ cluster = '', nodes = '' }): Record<string, StackDocument> {
  return synthesized(
    platformYaml
      .replace('cluster:\n', `cluster:\n${cluster && `  ${cluster}\n`}`)
      .replace(/nodes: #.*\n/, `nodes:\n${nodes && `  ${nodes}\n`}`),
  );
}

const plain = stacks({});
const attached = (document: StackDocument | undefined, role: string): string[] =>
  Object.entries(document?.resource['aws_iam_role_policy_attachment'] ?? {})
    .filter(([name]) => name.startsWith(role))
    .map(([, { policy_arn: arn }]) => String(arn).replace(/^.*\//, ''));

describe('a node group with accelerators', () => {
  const added = (nodes: string, cluster = ''): string[] => {
    const { platform } = stacks({ nodes, cluster });
    const before = new Set(addresses(plain['platform'] as StackDocument));
    return addresses(platform as StackDocument).filter((address) => !before.has(address));
  };
  const gpu = (more = ''): string => `gpu: { zone: a, instanceTypes: [g6.xlarge], min: 1, max: 1${more} }`;
  const plugins = (nodes: string, cluster = ''): string[] =>
    added(nodes, cluster).filter((address) => address.startsWith('kubernetes_daemon_set_v1.'));

  it('gets its AMI and its taint', () => {
    const { cluster } = stacks({ nodes: gpu() });
    expect(cluster?.resource['aws_eks_node_group']?.['eks_gpu']).toMatchObject({
      ami_type: 'AL2023_x86_64_NVIDIA',
      taint: [{ key: 'nvidia.com/gpu', effect: 'NO_SCHEDULE' }],
    });
  });

  it('gets its device plug-in, unless the image or the user has one', () => {
    expect(plugins(gpu())).toEqual(['kubernetes_daemon_set_v1.devices_nvidia_agent']);
    expect(plugins(gpu().replace('g6', 'inf2'))).toEqual(['kubernetes_daemon_set_v1.devices_neuron_agent']);
    expect(plugins(gpu(', os: bottlerocket').replace('g6', 'inf2'))).toEqual([
      'kubernetes_daemon_set_v1.devices_neuron_agent',
    ]);
    expect(added(gpu(', os: bottlerocket'))).toEqual([]);
    expect(added(gpu(), 'controllers: { devicePlugins: false }')).toEqual([]);
  });

  it('leaves the add-ons of EKS a node without a taint', () => {
    const only = platformYaml.replaceAll('m7i.large', 'g6.xlarge');
    expect(() => synthesized(only)).toThrow('every node has taints');
    expect(() => synthesized(only.replace('g6.xlarge]', 'g6.xlarge], taints: []'))).not.toThrow();
  });
});

it('Session Manager opens nodes by choice only, also those of Karpenter', () => {
  const karpenter = 'controllers: { karpenter: true }';
  const before = stacks({ cluster: karpenter })['cluster'];
  const after = stacks({ cluster: `${karpenter}\n  sessionManager: true` })['cluster'];
  for (const role of ['eks_node-role', 'eks_node_role', 'karpenter_node_role'].filter(
    (name) => attached(before, name).length > 0,
  )) {
    expect(attached(before, role)).not.toContain('AmazonSSMManagedInstanceCore');
    expect(attached(after, role)).toEqual([...attached(before, role), 'AmazonSSMManagedInstanceCore']);
  }
  expect(attached(after, '').filter((name) => name === 'AmazonSSMManagedInstanceCore')).toHaveLength(2);
});

it('the role of the EBS driver covers one cluster in a new platform, and stays as it is by default', () => {
  const role = 'eks_aws_ebs_csi_driver';
  expect(attached(plain['cluster'], role)).toEqual(['AmazonEBSCSIDriverEKSClusterScopedPolicy']);
  const silent = synthesized(platformYaml.replace(/ {2}addOns: .*\n/, ''));
  expect(attached(silent['cluster'], role)).toEqual([EBS]);
  const said = synthesized(platformYaml.replace('{ policy: cluster }', '{ policy: account }'));
  expect(attached(said['cluster'], role)).toEqual([EBS]);
});

it('the NodePool of the guide makes nodes that Pods of the default platform fit', () => {
  const guide = readFileSync('docs/guides/karpenter.md', 'utf8');
  const text = /```yml\n([^]*?)```/.exec(guide)?.[1] ?? '';
  const [pool, nodeClass] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  const { cluster, network } = stacks({ cluster: 'controllers: { karpenter: true }' });
  const { labels } = cluster?.resource['aws_eks_node_group']?.['eks_node_1'] as {
    labels: Record<string, string>;
  };
  expect(labels).toEqual({ [NODE_GROUP_LABEL]: 'node-1' });
  expect(pool).toMatchObject({
    spec: {
      template: {
        metadata: { labels },
        spec: {
          requirements: expect.arrayContaining([
            { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['eu-west-1a'] },
          ]) as unknown,
        },
      },
    },
  });
  const profile = cluster?.resource['aws_iam_instance_profile']?.['karpenter_node_profile']?.['name'];
  expect(nodeClass).toMatchObject({
    spec: { instanceProfile: profile, tags: { 'ebs.csi.aws.com/cluster-name': 'seed' } },
  });
  const names = Object.values(network?.resource['aws_subnet'] ?? {}).map(
    ({ tags }) => (tags as Record<string, string>)['Name'],
  );
  expect(names.filter((name) => name?.startsWith('seed-private-'))).toHaveLength(3);
});
