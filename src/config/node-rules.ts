import { amiRelease, DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { nodeTypeErrors } from '../rules/node-type-errors';
import { entriesOf, reportDuplicates } from './config-rule';
import type { Rule } from './config-rule';
import { NODE_NAME } from './schema/node-schema';

const thereAreNodes: Rule = ({ nodes }, { report }) => {
  if (nodes && Object.keys(nodes).length === 0) {
    report(['nodes'], 'got an empty mapping; expected at least one node');
  }
};

const namesAreLabels: Rule = ({ nodes }, { report }) => {
  for (const name of Object.keys(nodes ?? {})) {
    if (NODE_NAME.test(name)) continue;
    const message = 'not a name for a node; expected 1 to 30 of a-z, 0-9 and "-", first and last no "-"';
    report(['nodes', name], message, 'key');
  }
};

const zoneIsOfTheNetwork: Rule = ({ network, nodes }, { report }) => {
  const zones = network?.zones;
  // A zone that could not be read may be the one that the node names.
  if (!zones || zones.includes(undefined)) return;
  for (const [name, { zone }] of entriesOf(nodes)) {
    if (zone === undefined || zones.includes(zone)) continue;
    const message = `the network has no zone "${zone}"; known: ${zones.join(', ')}; use one, or add ${zone} to network.zones`;
    report(['nodes', name, 'zone'], message);
  }
};

const instanceTypesAreUnique: Rule = ({ nodes }, context) => {
  for (const [name, { instanceTypes }] of entriesOf(nodes)) {
    reportDuplicates(instanceTypes, ['nodes', name, 'instanceTypes'], context);
  }
};

/** What the construct would find too: told here with its line. */
const instanceTypesFit: Rule = ({ network, nodes }, { report }) => {
  for (const [name, { instanceTypes = [], kubelet }] of entriesOf(nodes)) {
    if (instanceTypes.includes(undefined)) continue;
    const group = {
      instanceTypes: instanceTypes.filter((type) => type !== undefined),
      maxPods: kubelet?.maxPods,
      reservedMemory: kubelet?.kubeReserved?.memory,
    };
    const addresses = {
      prefixDelegation: network?.prefixDelegation === true,
      ownSubnets: network?.secondaryCidr !== undefined,
    };
    for (const { path, message } of nodeTypeErrors(group, addresses)) {
      report(['nodes', name, ...path], message);
    }
  }
};

const minIsNotAboveMax: Rule = ({ nodes }, { report }) => {
  for (const [name, { min, max }] of entriesOf(nodes)) {
    if (min === undefined || max === undefined || min <= max) continue;
    report(['nodes', name, 'min'], `${min} is more than max, which is ${max}; lower min or raise max`);
  }
};

const desiredIsWithin: Rule = ({ nodes }, { report }) => {
  for (const [name, { min, max, desired }] of entriesOf(nodes)) {
    if (desired === undefined) continue;
    const path = ['nodes', name, 'desired'];
    const allowed = `allowed: ${min ?? 'min'} to ${max ?? 'max'}`;
    if (min !== undefined && desired < min) report(path, `${desired} is less than min; ${allowed}`);
    else if (max !== undefined && desired > max) report(path, `${desired} is more than max; ${allowed}`);
  }
};

/** Each release of Amazon Linux is of one Kubernetes version; those of Bottlerocket are numbered apart from it. */
const releaseIsOfTheVersion: Rule = ({ cluster, nodes }, { report }) => {
  for (const [name, { os, release }] of entriesOf(nodes)) {
    if (release === undefined || release === 'tracked' || os === undefined) continue;
    const path = ['nodes', name, 'release'];
    const ofAmazonLinux = /^\d+\.\d+\.\d+-\d{8}$/.test(release);
    const version = cluster?.version;
    if (os === 'al2023' && !ofAmazonLinux) {
      report(
        path,
        `"${release}" is not a release of Amazon Linux 2023; write one such as ${amiRelease(DEFAULT_KUBERNETES_VERSION)}`,
      );
    } else if (os === 'al2023' && version !== undefined && !release.startsWith(`${version}.`)) {
      const message = `"${release}" is not of Kubernetes ${version}, which cluster.version says; write a release of it`;
      report(path, message);
    }
  }
};

/** The kubelet does not start otherwise. */
const imagesAreRemovedDownwards: Rule = ({ nodes }, { report }) => {
  for (const [name, { kubelet }] of entriesOf(nodes)) {
    const { imageGCHighThresholdPercent: high, imageGCLowThresholdPercent: low } = kubelet ?? {};
    if (low === undefined || high === undefined || low < high) continue;
    const path = ['nodes', name, 'kubelet', 'imageGCLowThresholdPercent'];
    report(path, `${low} is not below imageGCHighThresholdPercent, which is ${high}`);
  }
};

/**
 * With prefixes a node takes two at the least, one in use and one in reserve, in the subnet of its Pods: the zone's private one,
 * 1/8 of the VPC, or the Pods' own, 1/8 of their range.
 */
const zonesHoldTheNodes: Rule = ({ network, nodes }, { report }) => {
  if (network?.cidr === undefined || network.prefixDelegation !== true) return;
  const { cidr, secondaryCidr } = network;
  const prefix = new Cidr(secondaryCidr ?? cidr).prefix + 3;
  const [subnet, key] = secondaryCidr === undefined ? ['private', 'cidr'] : ['Pod', 'secondaryCidr'];
  const held = new Map<string, number>();
  for (const [name, { zone, max }] of entriesOf(nodes)) {
    if (zone === undefined || max === undefined) continue;
    const before = held.get(zone) ?? 0;
    const total = before + max;
    held.set(zone, total);
    const room = instancesIn(prefix);
    if (before > room || total <= room) continue;
    const message =
      `with this node zone ${zone} has up to ${total} instances, but its ${subnet} subnet, a /${prefix}, has prefixes ` +
      `for ${room}, two each. Lower max, widen network.${key}, or set network.prefixDelegation to false`;
    report(['nodes', name, 'max'], message);
  }
};

/** What a node's settings must be to the network and to each other. */
export const NODE_RULES: readonly Rule[] = [
  thereAreNodes,
  namesAreLabels,
  zoneIsOfTheNetwork,
  instanceTypesAreUnique,
  instanceTypesFit,
  minIsNotAboveMax,
  desiredIsWithin,
  releaseIsOfTheVersion,
  imagesAreRemovedDownwards,
  zonesHoldTheNodes,
];

/** No error: EKS takes one type, and some workloads bear it. A node is in one zone, where spot capacity of a type is one pool. */
const spotHasAChoice: Rule = ({ nodes }, { report }) => {
  for (const [name, { capacity, instanceTypes = [] }] of entriesOf(nodes)) {
    if (capacity !== 'spot' || instanceTypes.length !== 1) continue;
    const message =
      'EC2 can take spot capacity of one type back all at once; name at least two types, of the same vCPUs and memory';
    report(['nodes', name, 'instanceTypes'], message);
  }
};

/** What of a node's settings is likely not meant. */
export const NODE_WARNINGS: readonly Rule[] = [spotHasAChoice];

/** How many instances a subnet has two prefixes and an address for; AWS keeps addresses of its first prefix and its last. */
function instancesIn(prefix: number): number {
  return Math.floor((2 ** (28 - prefix) - 2) / (2 + 1 / 16));
}
