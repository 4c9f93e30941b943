import { instanceType, instanceTypeNames, type InstanceType } from '../../../constructs/aws/instance-types';
import { architectureOf } from '../../../constructs/aws/node-image';
import { maxPods } from '../../../constructs/aws/pod-density';
import { kubeletSettingsOf } from '../../../sandbox/nodes/kubelet-settings';
import { nodeCapacity } from '../../../sandbox/nodes/node-capacity';
import { nodeGroupOf } from './node-group-of';

function figures(name: string): InstanceType {
  const found = instanceType(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

describe('the table of instance types', () => {
  const names = instanceTypeNames();

  it('has each type once, of the architecture that its name says, with figures that can be', () => {
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

  it('lacks types with accelerators, of Xen, and that do not exist', () => {
    for (const name of [
      'g5.xlarge',
      'p5.48xlarge',
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

describe('the most Pods of a node', () => {
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
    expect(maxPods(figures(name), false)).toBe(without);
    expect(maxPods(figures(name), true)).toBe(prefixes);
  });

  it('is capped by EKS under 30 vCPUs, with prefixes or without', () => {
    // 8 × (30 − 1) + 2 = 234 addresses, 16 vCPUs.
    expect(maxPods(figures('m7i.4xlarge'), false)).toBe(110);
    expect(maxPods(figures('m7i.4xlarge'), true)).toBe(110);
  });

  it('counts the interfaces of the default network card alone', () => {
    expect(figures('c8gn.48xlarge')).toMatchObject({ networkInterfaces: 12, ipv4PerInterface: 50 });
  });
});

describe('pod density agrees', () => {
  const PREFIXES = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };

  it('between the VPC CNI and the kubelet, with prefixes', () => {
    const { cni, userData } = nodeGroupOf();
    expect(cni).toEqual({ enableNetworkPolicy: 'true', env: PREFIXES });
    expect(userData).toContain('maxPods: 110');
  });

  it('between the VPC CNI and the kubelet, without prefixes', () => {
    const { cni, userData } = nodeGroupOf({}, { prefixDelegation: false });
    expect(cni).toEqual({ enableNetworkPolicy: 'true' });
    expect(userData).toContain('maxPods: 29');
    expect(userData).toContain(`memory: ${11 * 29 + 255}Mi`);
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
  function shown(name: string, os: 'al2023' | 'bottlerocket', prefixDelegation: boolean) {
    const { userData, construct } = nodeGroupOf({ instanceTypes: [name], os }, { prefixDelegation });
    const settings = kubeletSettingsOf(Buffer.from(userData).toString('base64'));
    return { construct, settings, ...nodeCapacity({ name, ...figures(name) }, settings, 50, os) };
  }

  it.each([
    ['m7i.large', 'al2023', true],
    ['m7i.large', 'al2023', false],
    ['m7i.large', 'bottlerocket', true],
    ['m7g.medium', 'al2023', true],
    ['m7g.16xlarge', 'bottlerocket', false],
    ['m7i.8xlarge', 'al2023', true],
    ['c8gn.48xlarge', 'al2023', true],
  ] as const)('with the nodes of the sandbox: %s, %s, prefixes %s', (name, os, prefixes) => {
    const { construct, capacity, allocatable } = shown(name, os, prefixes);
    const pods = maxPods(figures(name), prefixes);
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
