import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { architectureOf } from '@kubernetes-on-aws/eks-facts/node-image';
import type { NodeGroupOptions } from '../../../../constructs/aws/nodes/node-group';
import { nodeGroupOf } from '../node-group-of';

describe('a managed node group', () => {
  it('is on demand and Amazon Linux 2023, repaired, updated one node at a time, with the size in Terraform', () => {
    const { group, data } = nodeGroupOf();
    expect(group).toMatchObject({
      node_group_name_prefix: 'node-1-',
      version: DEFAULT_KUBERNETES_VERSION,
      ami_type: 'AL2023_x86_64_STANDARD',
      capacity_type: 'ON_DEMAND',
      instance_types: ['m7i.large'],
      labels: {},
      scaling_config: { min_size: 1, max_size: 3, desired_size: 2 },
      update_config: { max_unavailable: 1 },
      node_repair_config: { enabled: true },
    });
    for (const absent of ['taint', 'node_group_name', 'release_version', 'disk_size', 'remote_access']) {
      expect(group).not.toHaveProperty(absent);
    }
    expect(data).not.toHaveProperty('aws_ssm_parameter');
  });

  it('has its own launch template: IMDSv2 that Pods cannot reach, an encrypted gp3 volume, names, a pinned version', () => {
    const { group, template } = nodeGroupOf({ diskGiB: 80 });
    expect(template).toMatchObject({
      name: 'seed-node-1',
      metadata_options: {
        http_endpoint: 'enabled',
        http_tokens: 'required',
        http_put_response_hop_limit: 1,
      },
      block_device_mappings: [
        {
          device_name: '/dev/xvda',
          ebs: { volume_type: 'gp3', volume_size: 80, encrypted: 'true', delete_on_termination: 'true' },
        },
      ],
      tag_specifications: ['instance', 'volume', 'network-interface'].map((resource_type) => ({
        resource_type,
        tags: { Platform: 'seed', Name: 'seed-node-1' },
      })),
    });
    // EKS refuses these where the node group says them.
    for (const absent of ['instance_type', 'image_id', 'iam_instance_profile', 'network_interfaces']) {
      expect(template).not.toHaveProperty(absent);
    }
    expect(group['launch_template']).toEqual({
      id: '${aws_launch_template.eks_node_1_template.id}',
      version: '${aws_launch_template.eks_node_1_template.latest_version}',
    });
  });

  it('can be spot capacity of several instance types', () => {
    const { group } = nodeGroupOf({ capacity: 'spot', instanceTypes: ['m7i.large', 'm6i.large'] });
    expect(group).toMatchObject({ capacity_type: 'SPOT', instance_types: ['m7i.large', 'm6i.large'] });
  });

  it.each([
    ['al2023', 'm7i.large', 'AL2023_x86_64_STANDARD'],
    ['al2023', 'm7g.large', 'AL2023_ARM_64_STANDARD'],
    ['bottlerocket', 'm7i.large', 'BOTTLEROCKET_x86_64'],
    ['bottlerocket', 'm7g.large', 'BOTTLEROCKET_ARM_64'],
    ['al2023', 'g6.xlarge', 'AL2023_x86_64_NVIDIA'],
    ['al2023', 'p5.48xlarge', 'AL2023_x86_64_NVIDIA'],
    ['al2023', 'gr6.4xlarge', 'AL2023_x86_64_NVIDIA'],
    ['al2023', 'g5g.xlarge', 'AL2023_ARM_64_NVIDIA'],
    ['al2023', 'inf2.xlarge', 'AL2023_x86_64_NEURON'],
    ['al2023', 'trn1.2xlarge', 'AL2023_x86_64_NEURON'],
    ['bottlerocket', 'g6.xlarge', 'BOTTLEROCKET_x86_64_NVIDIA'],
    ['bottlerocket', 'g5g.xlarge', 'BOTTLEROCKET_ARM_64_NVIDIA'],
    ['bottlerocket', 'inf2.xlarge', 'BOTTLEROCKET_x86_64'],
  ] as const)('of %s on %s has the AMI type %s', (os, type, amiType) => {
    expect(nodeGroupOf({ os, instanceTypes: [type] }).group).toMatchObject({ ami_type: amiType });
  });

  it('of Bottlerocket keeps the size of the system volume, and sizes the data volume', () => {
    const { template } = nodeGroupOf({ os: 'bottlerocket', diskGiB: 80 });
    const ebs = { volume_type: 'gp3', encrypted: 'true', delete_on_termination: 'true' };
    expect(template['block_device_mappings']).toEqual([
      { device_name: '/dev/xvda', ebs },
      { device_name: '/dev/xvdb', ebs: { ...ebs, volume_size: 80 } },
    ]);
  });

  it('gives its nodes labels and taints', () => {
    const { group } = nodeGroupOf({
      labels: { team: 'blue' },
      taints: [
        { key: 'dedicated', value: 'batch', effect: 'NoSchedule' },
        { key: 'slow', effect: 'PreferNoSchedule' },
        { key: 'gone', effect: 'NoExecute' },
      ],
    });
    expect(group).toMatchObject({
      labels: { team: 'blue' },
      taint: [
        { key: 'dedicated', value: 'batch', effect: 'NO_SCHEDULE' },
        { key: 'slow', effect: 'PREFER_NO_SCHEDULE' },
        { key: 'gone', effect: 'NO_EXECUTE' },
      ],
    });
  });

  it('with accelerators repels Pods that request none, unless other taints are set', () => {
    const taint = (key: string) => ({ key, effect: 'NO_SCHEDULE' });
    const gpus: Partial<NodeGroupOptions> = { instanceTypes: ['g6.xlarge', 'g5.xlarge'] };
    expect(nodeGroupOf(gpus).group['taint']).toEqual([taint('nvidia.com/gpu')]);
    expect(nodeGroupOf({ instanceTypes: ['inf2.xlarge'] }).group['taint']).toEqual([
      taint('aws.amazon.com/neuron'),
    ]);
    expect(nodeGroupOf({ ...gpus, taints: [] }).group).not.toHaveProperty('taint');
  });

  it('leaves its size to an autoscaler if asked', () => {
    const { group } = nodeGroupOf({ scaling: { min: 0, max: 9, desired: 3, managedBy: 'autoscaler' } });
    expect(group).toMatchObject({
      scaling_config: { min_size: 0, max_size: 9, desired_size: 3 },
      lifecycle: {
        create_before_destroy: true,
        ignore_changes: ['node_group_name', 'node_group_name_prefix', 'scaling_config[0].desired_size'],
      },
    });
  });

  it('is created beside the group that it replaces, and one from before the prefix keeps its name', () => {
    expect(nodeGroupOf().group['lifecycle']).toEqual({
      create_before_destroy: true,
      ignore_changes: ['node_group_name', 'node_group_name_prefix'],
    });
  });

  it('has a name that leaves room for the suffix', () => {
    const name = 'n'.repeat(36);
    expect(nodeGroupOf({ name }).group).toMatchObject({ node_group_name_prefix: `${name}-` });
    expect(() => nodeGroupOf({ name: `${name}n` })).toThrow(
      `name: at most 36 characters are allowed, got 37 in "${name}n"; shorten it`,
    );
  });

  it.each([
    [4, { max_unavailable: 4 }],
    ['25%', { max_unavailable_percentage: 25 }],
  ] as const)('is updated %s at a time', (maxUnavailable, expected) => {
    expect(nodeGroupOf({ maxUnavailable }).group['update_config']).toEqual(expected);
  });

  it('can turn node repair off', () => {
    expect(nodeGroupOf({ repair: false }).group['node_repair_config']).toEqual({ enabled: false });
  });

  it('keeps a pinned release, or follows the newest one of its operating system and architecture', () => {
    expect(nodeGroupOf({ release: '1.35.4-20260311' }).group).toMatchObject({
      release_version: '1.35.4-20260311',
    });
    const tracked = nodeGroupOf({ release: 'tracked', instanceTypes: ['m7g.large'] });
    expect(tracked.group).toMatchObject({
      release_version: '${data.aws_ssm_parameter.eks_node_1_release.insecure_value}',
    });
    expect(tracked.data['aws_ssm_parameter']?.['eks_node_1_release']).toMatchObject({
      name: `/aws/service/eks/optimized-ami/${DEFAULT_KUBERNETES_VERSION}/amazon-linux-2023/arm64/standard/recommended/release_version`,
    });
    expect(
      nodeGroupOf({ release: 'tracked', instanceTypes: ['g6.xlarge'] }).data['aws_ssm_parameter'],
    ).toMatchObject({
      eks_node_1_release: {
        name: `/aws/service/eks/optimized-ami/${DEFAULT_KUBERNETES_VERSION}/amazon-linux-2023/x86_64/nvidia/recommended/release_version`,
      },
    });
    const gpus = nodeGroupOf({ release: 'tracked', os: 'bottlerocket', instanceTypes: ['g6.xlarge'] });
    expect(gpus.data['aws_ssm_parameter']?.['eks_node_1_release']).toMatchObject({
      name: `/aws/service/bottlerocket/aws-k8s-${DEFAULT_KUBERNETES_VERSION}-nvidia/x86_64/latest/image_version`,
    });
    const bottlerocket = nodeGroupOf({ release: 'tracked', os: 'bottlerocket' });
    expect(bottlerocket.data['aws_ssm_parameter']?.['eks_node_1_release']).toMatchObject({
      name: `/aws/service/bottlerocket/aws-k8s-${DEFAULT_KUBERNETES_VERSION}/x86_64/latest/image_version`,
    });
  });
});

describe('a node group is refused, with the path of its construct and with nothing written, for', () => {
  it.each([
    [
      'a group of two architectures',
      { instanceTypes: ['m7i.large', 'm7g.large'] },
      'the architecture of m7g.large is arm64, but that of m7i.large is x86_64; put it in a node group of its own',
    ],
    [
      'a size that is none of the family',
      { instanceTypes: ['m7i.lagre'] },
      'm7i.lagre is not in the table of Nitro types of 2026-05; known of the family: ' +
        'large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge, 48xlarge, metal-24xl, metal-48xl; ' +
        'choose one that is, or set kubelet.maxPods to what its addresses suffice for',
    ],
    [
      'an unknown family',
      { instanceTypes: ['m7i.large', 'q1.large'] },
      'q1.large is not in the table of Nitro types of 2026-05; choose one that is, ' +
        'or set kubelet.maxPods to what its addresses suffice for',
    ],
    [
      'a group of GPUs and none',
      { instanceTypes: ['g6.xlarge', 'm7i.xlarge'] },
      'the accelerator of m7i.xlarge is none, but that of g6.xlarge is nvidia; put it in a node group of its own',
    ],
    [
      'a type that no image has drivers for, whatever is said of Pods',
      { instanceTypes: ['g4ad.xlarge'], kubelet: { maxPods: 17 } },
      'no image of EKS has drivers for the accelerators of g4ad.xlarge; choose another type',
    ],
    [
      'a type of Xen with prefixes',
      { instanceTypes: ['t2.large'], kubelet: { maxPods: 110 } },
      't2.large runs on Xen, which has no prefixes of addresses; choose a type of the Nitro System, such as t3.large, ' +
        'or set network.prefixDelegation to false',
    ],
    [
      'more Pods than addresses',
      { instanceTypes: ['t3.micro'], kubelet: { maxPods: 35 } },
      "kubelet.maxPods is 35, but the instance types' addresses and EKS allow 34; lower it, or choose larger types",
    ],
    [
      'a node whose kubelet needs all of its memory',
      { instanceTypes: ['t3.nano'] },
      'the memory that 34 Pods need of the kubelet is all that a node of 512 MiB has; set kubelet.maxPods to a lower number, or choose larger types',
    ],
    [
      'a desired number out of bounds',
      { scaling: { min: 2, max: 3, desired: 1 } },
      'scaling: min ≤ desired ≤ max is needed, got min 2, desired 1, max 3',
    ],
  ])('%s', (_, options, message) => {
    expect(() => nodeGroupOf(options)).toThrow(new Error(`cluster/eks/node-groups/node-1: ${message}`));
  });
});

it('a node group accepts an instance type that the table lacks if the number of Pods is set', () => {
  const { construct, userData } = nodeGroupOf({
    instanceTypes: ['q1.large'],
    kubelet: { maxPods: 58 },
  });
  expect(userData).toContain('maxPods: 58');
  expect(construct.capacity).toBeUndefined();
});

it.each([
  ['m7i.large', 'x86_64'],
  ['m7g.large', 'arm64'],
  ['c6gn.xlarge', 'arm64'],
  ['x2gd.medium', 'arm64'],
  ['a1.medium', 'arm64'],
  ['g5.xlarge', 'x86_64'],
  ['g5g.xlarge', 'arm64'],
  ['g4dn.xlarge', 'x86_64'],
  ['p6e-gb200.36xlarge', 'arm64'],
  ['p6-b200.48xlarge', 'x86_64'],
  ['t3.micro', 'x86_64'],
  ['t4g.micro', 'arm64'],
])('the architecture of %s is %s', (instanceType, architecture) => {
  expect(architectureOf(instanceType)).toBe(architecture);
});
