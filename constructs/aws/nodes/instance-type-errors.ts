import { acceleratorOf, lacksDrivers } from '@kubernetes-on-aws/eks-facts/accelerators';
import { instanceType, INSTANCE_TYPES_AS_OF, sizesOf } from '@kubernetes-on-aws/eks-facts/instance-types';
import type { PodAddresses } from '@kubernetes-on-aws/eks-facts/node-figures';
import { architectureOf, runsOnXen } from '@kubernetes-on-aws/eks-facts/node-image';

/**
 * What is wrong with the instance types of a node group.
 *
 * @param saysMaxPods whether the group says how many Pods a node takes, so that the types need not be in the table
 */
export function instanceTypeErrors(
  names: readonly string[],
  { prefixDelegation }: PodAddresses,
  saysMaxPods: boolean,
): string[] {
  const unsuited = names.filter((name) => lacksDrivers(name) || (prefixDelegation && runsOnXen(name)));
  return [
    ...unlike('architecture', names, architectureOf),
    ...unlike('accelerator', names, (name) => acceleratorOf(name) ?? 'none'),
    ...unsuited.map((name) => (lacksDrivers(name) ? withoutDrivers(name) : withoutPrefixes(name))),
    ...(saysMaxPods ? [] : unknownTypes(names.filter((name) => !unsuited.includes(name)))),
  ];
}

/** A managed node group boots one image. */
function unlike(what: string, names: readonly string[], of: (name: string) => string): string[] {
  if (new Set(names.map(of)).size < 2) return [];
  const got = names.map((name) => `${name} (${of(name)})`).join(', ');
  return [`instance types of one ${what} are needed, got ${got}; make a node group for each`];
}

function withoutDrivers(name: string): string {
  return `no image of EKS has drivers for the accelerators of ${name}; choose another type`;
}

function withoutPrefixes(name: string): string {
  return (
    `instance type ${name} runs on Xen, and prefixes of addresses need the Nitro System; choose a type of it, such as ` +
    't3.large or m7i.large, or set network.prefixDelegation to false'
  );
}

function unknownTypes(names: readonly string[]): string[] {
  return names
    .filter((name) => !instanceType(name))
    .map((name) => {
      const sizes = sizesOf(name.split('.')[0] ?? '');
      const known = sizes.length > 0 ? `; known of the family: ${sizes.join(', ')}` : '';
      return (
        `instance type ${name} is not in the table of ${INSTANCE_TYPES_AS_OF} (types of the Nitro System)${known}; choose one ` +
        'that is, or say with kubelet.maxPods how many Pods its addresses suffice for'
      );
    });
}
