import { NODE_GROUP_LABEL } from '../../../src/facts/affinity-patch';
import { qualifiedKind } from '../../../src/facts/built-in-kinds';
import { OPERATOR_AFFINITY } from '../../../src/facts/pod-templates';
import { isObject } from '../../../src/manifests/field';
import type { KubernetesObject } from '../../../src/manifests/objects';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { listAt } from '../../../src/rules/workload-pods';
import { keepsTo } from '../pods/placement';
import { type Mutable, type Part, partsAt } from '../internal/parts-at';

/** Says what is wrong with a field. */
export type Report = (field: string, message: string) => void;

const REQUIRED = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

/** Containers of Pods, and of the steps of a Workflow. */
const CONTAINERS = [
  'initContainers[]',
  'containers[]',
  'templates[].container',
  'templates[].script',
  'templates[].initContainers[]',
  'templates[].sidecars[]',
];

/** Keeps Pods to node groups: each term of their required node affinity gets the requirement. */
export function keepToNodeGroups({ spec }: Part, nodeGroups: readonly string[], report: Report): void {
  if (spec['nodeName'] !== undefined) {
    report('nodeName', 'names a node, past the scheduler; remove it, and select nodes by their labels');
  }
  const allowed = `the namespace has the node groups ${nodeGroups.join(', ')}; name some of these, or remove it`;
  const { nodeSelector } = spec;
  const selected = isObject(nodeSelector) ? nodeSelector[NODE_GROUP_LABEL] : undefined;
  if (typeof selected === 'string' && !nodeGroups.includes(selected)) {
    report(`nodeSelector[${NODE_GROUP_LABEL}]`, `got "${selected}"; ${allowed}`);
  }
  const given = listAt(spec, REQUIRED);
  // A term without expressions matches no node; with the requirement it would match those of the namespace.
  const terms = given.filter((term) =>
    ['matchExpressions', 'matchFields'].some((field) => listAt(term, field).length > 0),
  );
  if (given.length > 0 && terms.length === 0) {
    report(
      REQUIRED,
      'has empty terms only, which match no node; write an expression, or remove the affinity',
    );
  }
  const wanted = requirement(nodeGroups);
  const placed = terms.map((term, i) => {
    const expressions = listAt(term, 'matchExpressions');
    if (!expressions.some(({ key }) => key === NODE_GROUP_LABEL)) {
      return { ...term, matchExpressions: [...expressions, wanted] };
    }
    const kept = podWith([term]);
    if (!keepsTo(nodeGroups, kept)) report(`${REQUIRED}[${i}]`, `leads to other nodes; ${allowed}`);
    return term;
  });
  const result = podWith(placed.length > 0 ? placed : [{ matchExpressions: [wanted] }]);
  spec['affinity'] = merged(spec['affinity'], result['affinity']);
}

/** A kind from which Karpenter makes nodes, and where these get their labels. */
const NODE_POOL = { kind: 'NodePool.karpenter.sh', labels: 'spec.template.metadata.labels' };

/** Gives the nodes of a NodePool the label of a node group, so that Pods of the namespace find them. */
export function labelNodes(object: KubernetesObject, nodeGroups: readonly string[], report: Report): void {
  if (qualifiedKind(object) !== NODE_POOL.kind) return;
  const labels = NODE_POOL.labels.split('.').reduce(objectIn, object as unknown as Mutable);
  const group = (labels[NODE_GROUP_LABEL] ??= nodeGroups[0]);
  if (typeof group === 'string' && nodeGroups.includes(group)) return;
  report(
    `${NODE_POOL.labels}[${NODE_GROUP_LABEL}]`,
    `got ${JSON.stringify(group)}; the namespace has the node groups ${nodeGroups.join(', ')}; name one of these, or remove it`,
  );
}

/** The affinity of Pods that keeps them to node groups. */
export const requiredAffinity = (nodeGroups: readonly string[]): unknown =>
  podWith([{ matchExpressions: [requirement(nodeGroups)] }])['affinity'];

const requirement = (nodeGroups: readonly string[]): JsonObject => ({
  ...{ key: NODE_GROUP_LABEL, operator: 'In', values: [...nodeGroups] },
});

/** The fields of a custom kind from which its operator's Pods get an affinity, and which do not keep these to node groups. */
export function unplaced(object: KubernetesObject, nodeGroups: readonly string[]): string[] {
  const place = OPERATOR_AFFINITY[qualifiedKind(object)];
  if (place === undefined) return [];
  const parents = partsAt(object, place.replace(/\.affinity$/, ''));
  return parents.length === 0
    ? [place]
    : parents
        .filter(({ spec }) => !keepsTo(nodeGroups, spec as JsonObject))
        .map(({ field }) => `${field}.affinity`);
}

/** A Pod's spec with the terms of its required node affinity alone. */
const podWith = (nodeSelectorTerms: readonly JsonObject[]): JsonObject => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});

function merged(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above;
  const keys = Object.keys(above).map((key) => [key, merged(below[key], above[key])] as const);
  return { ...below, ...Object.fromEntries(keys) };
}

/** Sets what Pod Security `restricted` demands and a Pod leaves open. What it says otherwise stays, and is refused. */
export function fillRestricted({ spec }: Part): void {
  const own = objectIn(spec, 'securityContext');
  own['runAsNonRoot'] ??= true;
  own['seccompProfile'] ??= { type: 'RuntimeDefault' };
  for (const container of containersOf(spec)) {
    const context = objectIn(container, 'securityContext');
    // Together they are invalid, which would hide that the one is not allowed.
    if (context['privileged'] !== true) context['allowPrivilegeEscalation'] ??= false;
    const capabilities = objectIn(context, 'capabilities');
    const drop = capabilities['drop'];
    if (!Array.isArray(drop) || !drop.includes('ALL')) capabilities['drop'] = ['ALL'];
  }
}

/** The containers of a Pod's spec. */
export const containersOf = (spec: Mutable): Mutable[] =>
  CONTAINERS.flatMap((path) => partsAt(spec, path).map((each) => each.spec));

/** The object in a field, which is made where there is none. */
function objectIn(parent: Mutable, name: string): Mutable {
  if (!isObject(parent[name])) parent[name] = {};
  return parent[name] as Mutable;
}
