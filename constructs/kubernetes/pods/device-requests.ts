import { ACCELERATORS, devicesOf } from '@kubernetes-on-aws/eks-facts/accelerators';
import type { Namespace } from '../namespaces/namespace';
import { type Placement, type Toleration } from './placement';
import type { PodTemplate } from './pod-template';

type Taint = Namespace['nodeGroupFacts'][string]['taints'][number];

const EXAMPLES = Object.fromEntries([
  [ACCELERATORS.nvidia.resource, 'g6.xlarge'],
  [ACCELERATORS.neuron.resource, 'inf2.xlarge'],
]);

/** Why the Pods of a template would wait for ever for the GPUs or Neuron devices that they ask for, where the nodes are known. */
export function deviceErrors(template: PodTemplate, namespace: Namespace, placement: Placement): string[] {
  const { nodeGroupFacts: facts } = namespace;
  const groups = placement.nodeGroups ?? Object.keys(facts);
  if (groups.some((group) => !Object.hasOwn(facts, group))) return [];
  return Object.entries(template.extended).flatMap(([resource, count]) => {
    const example = EXAMPLES[resource];
    if (example === undefined) return [];
    const nodes = groups.map((name) => ({
      name,
      has: devicesOf(facts[name]?.instanceTypes ?? [])[resource] ?? 0,
      kept: (facts[name]?.taints ?? []).filter(
        (taint) => !isTolerated(taint, resource, template.tolerations),
      ),
    }));
    const asks = `asks for ${count} ${resource}`;
    const owners = nodes.filter(({ has }) => has > 0);
    if (owners.length === 0) {
      const where = `the node groups of namespace ${namespace.literalName} (${groups.join(', ')})`;
      return [`${asks}, and none of ${where} has any; add one of instances such as ${example} to them`];
    }
    const large = owners.filter(({ has }) => has >= count);
    if (large.length === 0) {
      const found = owners.map(({ name, has }) => `a node of ${name} has ${has}`).join(', ');
      return [`${asks}, but ${found}; ask for fewer, or give the node group a larger instance type`];
    }
    if (large.some(({ kept }) => kept.length === 0)) return [];
    const found = large.map(({ name, kept }) => `${name} has ${kept.map(taintText).join(', ')}`).join(', ');
    return [`${asks}, but does not tolerate the taints of the nodes: ${found}; add tolerations for them`];
  });
}

/** Whether a taint keeps Pods off that ask for the resource: EKS lets them tolerate the one of its name. */
function isTolerated(taint: Taint, resource: string, tolerations: readonly Toleration[]): boolean {
  if (taint.effect === 'PreferNoSchedule') return true;
  return [{ key: resource, operator: 'Exists', effect: 'NoSchedule' } as const, ...tolerations].some(
    ({ key, operator, value, effect }: Toleration) =>
      (key === undefined || key === taint.key) &&
      (effect === undefined || effect === taint.effect) &&
      (operator === 'Exists' || (value ?? '') === (taint.value ?? '')),
  );
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined ? '' : `=${value}`}:${effect}`;
}
