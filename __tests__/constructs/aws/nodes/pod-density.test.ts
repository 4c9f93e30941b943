import {
  instanceType,
  instanceTypeNames,
  type InstanceType,
} from '@kubernetes-on-aws/eks-facts/instance-types';
import { podsWithAddress } from '@kubernetes-on-aws/eks-facts/node-figures';
import { architectureOf } from '@kubernetes-on-aws/eks-facts/node-image';
import { maxPods } from '../../../../constructs/aws/nodes/pod-density';
import { kubeletSettingsOf } from '@kubernetes-on-aws/eks-facts/kubelet-settings';
import { cniSettingsOf, nodeCapacity } from '@kubernetes-on-aws/eks-facts/node-capacity';
import type { EksClusterOptions } from '../../../../constructs/aws/cluster/eks-cluster';
import { nodeGroupOf } from '../node-group-of';

function figures(name: string): InstanceType {
  const found = instanceType(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

describe('the table of instance types', () => {
  const names = instanceTypeNames();

  it('has each type once, with the architecture that its name says and possible figures', () => {
    expect(names.length).toBeGreaterThan(1000);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const type = figures(name);
      expect([name, type.architecture]).toEqual([name, architectureOf(name)]);
      for (const figure of [type.vcpus, type.memoryMiB, type.networkInterfaces, type.ipv4PerInterface]) {
        expect(Number.isInteger(figure) && figure > 0).toBe(true);
      }
    }
  });

  it.each([
    ['g6.xlarge', 1],
    ['g6f.large', 1],
    ['g5g.16xlarge', 2],
    ['p5.48xlarge', 8],
    ['inf2.24xlarge', 6],
    ['trn1.32xlarge', 16],
    ['m7i.large', 0],
  ])('gives %s %i devices', (name, devices) => {
    expect(figures(name).devices).toBe(devices);
  });

  it('lacks types whose accelerators have no drivers, Xen types, and types that do not exist', () => {
    for (const name of [
      'g4ad.xlarge',
      'vt1.3xlarge',
      't2.micro',
      'a1.large',
      'm7i',
      'm7i.huge',
      'constructor.name',
    ]) {
      expect(instanceType(name)).toBeUndefined();
    }
  });
});

describe('the maximum of Pods on a node', () => {
  // Source of the numbers without prefixes: amazon-vpc-cni-k8s, misc/eni-max-pods.txt.
  it.each([
    ['t3.nano', 4, 34],
    ['t3.small', 11, 110],
    ['m7g.medium', 8, 98],
    ['m7i.large', 29, 110],
    ['m7i.xlarge', 58, 110],
    ['m7i.8xlarge', 234, 250],
    ['m7g.16xlarge', 250, 250],
  ])('of %s is %d without prefixes and %d with them', (name, without, prefixes) => {
    expect(maxPods(figures(name), { prefixDelegation: false, ownSubnets: false })).toBe(without);
    expect(maxPods(figures(name), { prefixDelegation: true, ownSubnets: false })).toBe(prefixes);
  });

  it('has the cap of EKS under 30 vCPUs, with prefixes or without', () => {
    // 8 × (30 − 1) + 2 = 234 addresses, 16 vCPUs.
    expect(maxPods(figures('m7i.4xlarge'), { prefixDelegation: false, ownSubnets: false })).toBe(110);
    expect(maxPods(figures('m7i.4xlarge'), { prefixDelegation: true, ownSubnets: false })).toBe(110);
  });

  it.each([
    // (3 − 1) × (10 − 1) + 2, and with prefixes of 16 addresses more than EKS allows.
    ['m7i.large', 20, 110],
    // (2 − 1) × (4 − 1) × 16 + 2
    ['t3.micro', 3, 18],
    ['m7g.medium', 5, 50],
  ])(
    'of %s is %d without prefixes and %d with them where Pods have subnets of their own',
    (name, without, prefixes) => {
      expect(maxPods(figures(name), { prefixDelegation: false, ownSubnets: true })).toBe(without);
      expect(maxPods(figures(name), { prefixDelegation: true, ownSubnets: true })).toBe(prefixes);
    },
  );

  it('counts the interfaces of the default network card alone', () => {
    expect(figures('c8gn.48xlarge')).toMatchObject({ networkInterfaces: 12, ipv4PerInterface: 50 });
  });
});

describe('pod density agrees', () => {
  const TAGS = { ADDITIONAL_ENI_TAGS: '{"Platform":"seed"}' };
  const PREFIXES = { ...TAGS, ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };

  it('between the VPC CNI and the kubelet, with prefixes', () => {
    const { cni, userData } = nodeGroupOf();
    expect(cni).toEqual({ enableNetworkPolicy: 'true', env: PREFIXES });
    expect(userData).toContain('maxPods: 110');
  });

  it('between the VPC CNI and the kubelet, without prefixes', () => {
    const { cni, userData } = nodeGroupOf({}, { prefixDelegation: false });
    expect(cni).toEqual({ enableNetworkPolicy: 'true', env: TAGS });
    expect(userData).toContain('maxPods: 29');
    expect(userData).toContain(`memory: ${11 * 29 + 255}Mi`);
  });

  it('between the VPC CNI, the kubelet and the subnets, where Pods have their own', () => {
    const podSubnets = { region: 'eu-west-1', subnetIds: { 'eu-west-1a': 'subnet-pods' } };
    const { cni, userData } = nodeGroupOf({}, { prefixDelegation: false, podSubnets });
    expect(cni).toEqual({
      enableNetworkPolicy: 'true',
      env: {
        ...TAGS,
        AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
        ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
      },
      eniConfig: {
        create: true,
        region: 'eu-west-1',
        subnets: {
          'eu-west-1a': {
            id: 'subnet-pods',
            securityGroups: ['${aws_eks_cluster.eks.vpc_config[0].cluster_security_group_id}'],
          },
        },
      },
    });
    expect(userData).toContain('maxPods: 20');
    expect(userData).toContain(`memory: ${11 * 20 + 255}Mi`);
  });

  it('with the smallest of several types', () => {
    const { userData, construct } = nodeGroupOf(
      { instanceTypes: ['m7i.xlarge', 'm7i.large', 'c7i.large'] },
      { prefixDelegation: false },
    );
    expect(userData).toContain('maxPods: 29');
    expect(construct.capacity).toMatchObject({ pods: 29, millicores: 1930 });
    // Of c7i.large, the one with 4 GiB.
    expect(construct.capacity?.memoryMiB).toBeLessThan(4096);
  });

  /** What the sandbox's node of a type shows, read from the user data that this type gets. */
  function shown(name: string, os: 'al2023' | 'bottlerocket', options: Partial<EksClusterOptions>) {
    const { userData, construct, cni } = nodeGroupOf({ instanceTypes: [name], os }, options);
    const settings = kubeletSettingsOf(Buffer.from(userData).toString('base64'));
    const type = { name, ...figures(name) };
    const addresses = podsWithAddress(type, cniSettingsOf(cni as Parameters<typeof cniSettingsOf>[0]));
    return { construct, settings, addresses, ...nodeCapacity(type, settings, 50, os) };
  }

  it.each([
    ['m7i.large', true],
    ['m7i.large', false],
    ['m7g.medium', true],
    ['t3.micro', false],
    ['m7g.16xlarge', false],
  ])('with the addresses of Pods in subnets of their own: %s, prefixes %s', (name, prefixDelegation) => {
    const podSubnets = { region: 'eu-west-1', subnetIds: { 'eu-west-1a': 'subnet-pods' } };
    const { capacity, addresses } = shown(name, 'al2023', { prefixDelegation, podSubnets });
    const pods = maxPods(figures(name), { prefixDelegation, ownSubnets: true });
    expect(capacity['pods']).toBe(String(pods));
    // As many as there are addresses for, if EKS allows so many.
    expect(pods).toBe(Math.min(addresses, figures(name).vcpus > 30 ? 250 : 110));
    expect(addresses).toBeLessThan(shown(name, 'al2023', { prefixDelegation }).addresses);
  });

  it.each([
    ['m7i.large', 'al2023', true],
    ['m7i.large', 'al2023', false],
    ['m7i.large', 'bottlerocket', true],
    ['m7g.medium', 'al2023', true],
    ['m7g.16xlarge', 'bottlerocket', false],
    ['m7i.8xlarge', 'al2023', true],
    ['c8gn.48xlarge', 'al2023', true],
  ] as const)('with the nodes of the sandbox: %s, %s, prefixes %s', (name, os, prefixes) => {
    const { construct, capacity, allocatable } = shown(name, os, { prefixDelegation: prefixes });
    const pods = maxPods(figures(name), { prefixDelegation: prefixes, ownSubnets: false });
    expect(capacity).toMatchObject({ pods: String(pods), cpu: String(figures(name).vcpus) });
    expect(allocatable).toMatchObject({
      pods: String(pods),
      cpu: `${construct.capacity?.millicores ?? 0}m`,
    });
    const mebibytes = (quantity = ''): number => Number(quantity.replace('Ki', '')) / 1024;
    // What is kept: for the kubelet by the number of Pods, and below what is evicted.
    expect(mebibytes(capacity['memory']) - mebibytes(allocatable['memory'])).toBe(11 * pods + 255 + 100);
    // The construct expects the hypervisor to keep a little more than the sandbox does.
    const { memoryMiB = 0 } = construct.capacity ?? {};
    expect(memoryMiB).toBeLessThan(mebibytes(allocatable['memory']));
    expect(memoryMiB).toBeGreaterThan(mebibytes(allocatable['memory']) - figures(name).memoryMiB * 0.02);
  });
});
