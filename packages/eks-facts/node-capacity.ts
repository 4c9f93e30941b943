import {
  EVICTION_DEFAULTS,
  type PodAddresses,
  podsWithAddress,
  reservedMemoryMiB,
  reservedMillicores,
} from './node-figures';
import type { NodeOs } from './node-image';
import { quantityAmount } from './quantity';
import type { InstanceType } from './instance-types';
import type { KubeletSettings } from './kubelet-settings';

/** Resources of a Node: what it has, and what of it Pods may use. */
export interface NodeCapacity {
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
}

/** Share of an instance's memory that its hypervisor and kernel keep; Karpenter assumes 7.5 %. */
const MEMORY_OVERHEAD = 0.06;
/** Storage that the EKS AMI reserves. */
const RESERVED_STORAGE = '1Gi';

/** Pods that the VPC CNI has addresses for, one address a Pod (EKS AMI, `eni-max-pods.txt`). */
export function defaultMaxPods(instance: InstanceType): number {
  return podsWithAddress(instance, { prefixDelegation: false, ownSubnets: false });
}

/** How the VPC CNI hands out addresses. */
export interface CniSettings extends PodAddresses {
  /** The subnet of the Pods of each zone, by its ID; left out where Pods are in their node's subnet. */
  readonly podSubnets?: Readonly<Record<string, string>>;
}

/** What of an add-on's configuration the VPC CNI reads. */
interface CniConfiguration {
  readonly env?: Readonly<Record<string, unknown>>;
  readonly eniConfig?: {
    readonly create?: unknown;
    readonly subnets?: Readonly<Record<string, { readonly id?: string }>>;
  };
}

/** Reads the configuration of the add-on `vpc-cni`. */
export function cniSettingsOf({ env = {}, eniConfig }: CniConfiguration): CniSettings {
  // JSON and YAML may have a boolean here.
  const isOn = (variable: string): boolean => [true, 'true'].includes(env[variable] as boolean | string);
  const named = eniConfig?.create === true ? Object.entries(eniConfig.subnets ?? {}) : [];
  const ownSubnets = isOn('AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG');
  return {
    prefixDelegation: isOn('ENABLE_PREFIX_DELEGATION'),
    ownSubnets,
    ...(ownSubnets && {
      podSubnets:
        // Without the label, nodes look for an ENIConfig of the name `default`.
        env['ENI_CONFIG_LABEL_DEF'] === 'topology.kubernetes.io/zone'
          ? Object.fromEntries(named.map(([zone, { id = '' }]) => [zone, id]))
          : {},
    }),
  };
}

function amount(quantity: string): number {
  const found = quantityAmount(quantity);
  if (found === undefined) throw new RangeError(`"${quantity}" is not a Kubernetes quantity`);
  return found;
}

function mebibytes(quantity: string): number {
  return amount(quantity) / 2 ** 20;
}

/** A threshold of eviction: a quantity, or a percentage of the whole. */
function threshold(text: string, whole: number): number {
  return text.endsWith('%') ? (whole * Number(text.slice(0, -1))) / 100 : mebibytes(text);
}

function millicores(quantity: string): number {
  return amount(quantity) * 1000;
}

/**
 * What a Node of the instance type reports.
 * @param diskGiB size of the volume that holds images and logs
 */
export function nodeCapacity(
  instance: InstanceType,
  settings: KubeletSettings,
  diskGiB: number,
  os: NodeOs = 'al2023',
): NodeCapacity {
  const defaults: Readonly<Record<string, string>> = EVICTION_DEFAULTS;
  const pods = settings.maxPods ?? defaultMaxPods(instance);
  const memory = Math.floor(instance.memoryMiB * (1 - MEMORY_OVERHEAD));
  const disk = diskGiB * 1024;
  const { kubeReserved: kube = {}, systemReserved: system = {} } = settings;
  // Thresholds that are given take the place of all others, but where nodeadm adds its own.
  const eviction = os === 'al2023' ? { ...defaults, ...settings.evictionHard } : settings.evictionHard;
  const evicted = (signal: string, whole: number): number =>
    threshold((eviction ?? defaults)[signal] ?? '0', whole);
  // nodeadm reserves memory by the number of Pods that the instance type supports, whatever maxPods says; Bottlerocket by maxPods.
  const podsOfReserve = os === 'al2023' ? defaultMaxPods(instance) : pods;
  const memoryReserved =
    mebibytes(kube.memory ?? `${reservedMemoryMiB(podsOfReserve)}Mi`) + mebibytes(system.memory ?? '0');
  const cpuReserved =
    millicores(kube.cpu ?? `${reservedMillicores(instance.vcpus)}m`) + millicores(system.cpu ?? '0');
  const storageReserved =
    mebibytes(kube['ephemeral-storage'] ?? RESERVED_STORAGE) + mebibytes(system['ephemeral-storage'] ?? '0');
  const kibibytes = (amount: number): string => `${Math.max(0, Math.floor(amount)) * 1024}Ki`;
  return {
    capacity: {
      cpu: String(instance.vcpus),
      memory: kibibytes(memory),
      pods: String(pods),
      'ephemeral-storage': kibibytes(disk),
    },
    allocatable: {
      cpu: `${Math.max(0, instance.vcpus * 1000 - cpuReserved)}m`,
      memory: kibibytes(memory - memoryReserved - evicted('memory.available', memory)),
      pods: String(pods),
      'ephemeral-storage': kibibytes(disk - storageReserved - evicted('nodefs.available', disk)),
    },
  };
}
