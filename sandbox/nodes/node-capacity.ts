import type { InstanceType } from '../aws-emulator/account';
import type { KubeletSettings } from './kubelet-settings';

/** Resources of a Node: what it has, and what of it Pods may use. */
export interface NodeCapacity {
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
}

/** Share of an instance's memory that its hypervisor and kernel keep; Karpenter assumes 7.5 %. */
const MEMORY_OVERHEAD = 0.06;
/** The kubelet evicts Pods below this much free memory (its default on EKS). */
const EVICTION_THRESHOLD_MIB = 100;

/** Pods that the VPC CNI has addresses for, one address a Pod (EKS AMI, `eni-max-pods.txt`). */
export function defaultMaxPods(instance: InstanceType): number {
  return instance.networkInterfaces * (instance.ipv4PerInterface - 1) + 2;
}

/** Millicores that the EKS AMI reserves: a share of each core that falls with their number. */
function reservedMillicores(cores: number): number {
  let reserved = 0;
  for (let core = 1; core <= cores; core++)
    reserved += core === 1 ? 60 : core === 2 ? 10 : core <= 4 ? 5 : 2.5;
  return Math.floor(reserved);
}

const MEMORY_UNITS: Readonly<Record<string, number>> = {
  Ki: 1 / 1024,
  Mi: 1,
  Gi: 1024,
  M: 1e6 / 2 ** 20,
  G: 1e9 / 2 ** 20,
};

function mebibytes(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)(\w*)$/.exec(quantity);
  return Number(match?.[1] ?? 0) * (MEMORY_UNITS[match?.[2] ?? ''] ?? 1 / 2 ** 20);
}

function millicores(quantity: string): number {
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000;
}

/**
 * What a Node of the instance type reports.
 * @param diskGiB size of the root volume
 */
export function nodeCapacity(
  instance: InstanceType,
  settings: KubeletSettings,
  diskGiB: number,
): NodeCapacity {
  const defaultPods = defaultMaxPods(instance);
  const pods = settings.maxPods ?? defaultPods;
  const memory = Math.floor(instance.memoryMiB * (1 - MEMORY_OVERHEAD));
  const kube = settings.kubeReserved ?? {};
  const system = settings.systemReserved ?? {};
  // nodeadm reserves memory by the number of Pods that the instance type supports, whatever maxPods says.
  const memoryReserved =
    (kube.memory === undefined ? 11 * defaultPods + 255 : mebibytes(kube.memory)) +
    (system.memory === undefined ? 0 : mebibytes(system.memory)) +
    EVICTION_THRESHOLD_MIB;
  const cpuReserved =
    (kube.cpu === undefined ? reservedMillicores(instance.vcpus) : millicores(kube.cpu)) +
    (system.cpu === undefined ? 0 : millicores(system.cpu));
  const disk = diskGiB * 1024 * 1024;
  return {
    capacity: {
      cpu: String(instance.vcpus),
      memory: `${memory * 1024}Ki`,
      pods: String(pods),
      'ephemeral-storage': `${disk}Ki`,
    },
    allocatable: {
      cpu: `${instance.vcpus * 1000 - cpuReserved}m`,
      memory: `${Math.floor(memory - memoryReserved) * 1024}Ki`,
      pods: String(pods),
      // Ten per cent stay free for the kubelet's eviction threshold, and a gigabyte is reserved.
      'ephemeral-storage': `${Math.max(0, Math.floor(disk * 0.9) - 1024 * 1024)}Ki`,
    },
  };
}
