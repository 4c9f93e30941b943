import { acceleratorOf, lacksDrivers } from '@kubernetes-on-aws/eks-facts/accelerators';
import {
  instanceType,
  INSTANCE_TYPES_AS_OF,
  sizesOf,
  type InstanceType,
} from '@kubernetes-on-aws/eks-facts/instance-types';
import { maxPods, nodeCapacity, type PodAddresses } from '@kubernetes-on-aws/eks-facts/node-figures';
import { architectureOf, runsOnXen } from '@kubernetes-on-aws/eks-facts/node-image';

/** What of a node group the number of its Pods depends on. */
interface TypesAndPods {
  /** Names of EC2 instance types. */
  readonly instanceTypes: readonly string[];
  readonly maxPods?: number | undefined;
  /** Memory that the kubelet keeps; where none is given, it follows from the number of Pods. */
  readonly reservedMemory?: string | undefined;
}

/** A mistake, and the option of the node group that has it. */
export interface NodeTypeError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const MAX_PODS = ['kubelet', 'maxPods'];

/** What is wrong with the instance types of a node group, and with the number of Pods that it says its nodes take. */
export function nodeTypeErrors(group: TypesAndPods, addresses: PodAddresses): NodeTypeError[] {
  const { instanceTypes: names } = group;
  const [first = ''] = names;
  const errors = names.flatMap((name, i) =>
    typeErrors(name, first, group, addresses).map((message) => ({ path: ['instanceTypes', i], message })),
  );
  const types = names.flatMap((name) => instanceType(name) ?? []);
  return [...errors, ...tooManyPods(types, group, addresses)];
}

/** A managed node group boots one image: what each type has to have in common with the first. */
const IN_COMMON: readonly (readonly [what: string, of: (name: string) => string])[] = [
  ['architecture', architectureOf],
  ['accelerator', (name) => acceleratorOf(name) ?? 'none'],
];

function typeErrors(
  name: string,
  first: string,
  group: TypesAndPods,
  { prefixDelegation }: PodAddresses,
): string[] {
  const unlike = IN_COMMON.filter(([, of]) => of(name) !== of(first)).map(
    ([what, of]) =>
      `the ${what} of ${name} is ${of(name)}, but that of ${first} is ${of(first)}; put it in a node group of its own`,
  );
  if (lacksDrivers(name)) {
    const message = `no image of EKS has drivers for the accelerators of ${name}; choose another type`;
    return [...unlike, message];
  }
  if (prefixDelegation && runsOnXen(name)) return [...unlike, withoutPrefixes(name)];
  return group.maxPods !== undefined || instanceType(name) ? unlike : [...unlike, unknownType(name)];
}

function withoutPrefixes(name: string): string {
  return (
    `${name} runs on Xen, which has no prefixes of addresses; choose a type of the Nitro System, such as t3.large, ` +
    'or set network.prefixDelegation to false'
  );
}

function unknownType(name: string): string {
  const sizes = sizesOf(name.split('.')[0] ?? '');
  const known = sizes.length > 0 ? `; known of the family: ${sizes.join(', ')}` : '';
  return (
    `${name} is not in the table of Nitro types of ${INSTANCE_TYPES_AS_OF}${known}; choose one that is, ` +
    'or set kubelet.maxPods to what its addresses suffice for'
  );
}

function tooManyPods(
  types: readonly InstanceType[],
  { maxPods: given, reservedMemory }: TypesAndPods,
  addresses: PodAddresses,
): NodeTypeError[] {
  const limit = Math.min(...types.map((type) => maxPods(type, addresses)));
  if (given !== undefined && given > limit) {
    const message = `kubelet.maxPods is ${given}, but the instance types' addresses and EKS allow ${limit}`;
    return [{ path: MAX_PODS, message: `${message}; lower it, or choose larger types` }];
  }
  const pods = given ?? limit;
  const small = types.find((type) => nodeCapacity(type, pods).memoryMiB <= 0);
  if (reservedMemory !== undefined || !small) return [];
  const message = `the memory that ${pods} Pods need of the kubelet is all that a node of ${small.memoryMiB} MiB has`;
  return [
    {
      path: given === undefined ? ['instanceTypes'] : MAX_PODS,
      message: `${message}; set kubelet.maxPods to a lower number, or choose larger types`,
    },
  ];
}
