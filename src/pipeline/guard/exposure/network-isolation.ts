import { blocksOf, textsOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';
import { publicRanges, rangesBeyond } from './open-ranges';
import { fieldOf } from '../change/kubernetes-change';

/** Direction of traffic, by the name that a NetworkPolicy has for its rules. */
const DIRECTIONS = { Ingress: 'ingress', Egress: 'egress' } as const;
type Direction = keyof typeof DIRECTIONS;

/**
 * What Pods are reached, or reach, without a NetworkPolicy that they had: one that is gone, or that selects other Pods or no
 * longer one of the directions. While another one isolates every Pod of the namespace in that direction, nothing is opened: an
 * exception to that is taken away.
 *
 * @param others the policies that there will be besides it
 */
export function lostIsolation(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
  others: readonly KubernetesObject[],
): string[] {
  if (before === undefined) return [];
  const samePods = JSON.stringify(selectorOf(before)) === JSON.stringify(after && selectorOf(after));
  const kept = after !== undefined && (samePods || isEmpty(selectorOf(after))) ? directionsOf(after) : [];
  const isolated = others
    .filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === before.metadata.namespace,
    )
    .filter((policy) => isEmpty(selectorOf(policy)))
    .flatMap(directionsOf);
  const lost = directionsOf(before).filter((way) => !kept.includes(way) && !isolated.includes(way));
  return lost.map(
    (way) =>
      `takes away the isolation of Pods for ${DIRECTIONS[way]}: no other NetworkPolicy isolates every Pod of ${before.metadata.namespace ?? 'the namespace'}`,
  );
}

/** What a NetworkPolicy lets in or out that it did not before: everything, or ranges of addresses that reach Pods. */
export function openedToPods(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): string[] {
  if (after === undefined) return [];
  const all = (Object.keys(DIRECTIONS) as Direction[])
    .filter((way) => allowsAll(after, way) && !(before !== undefined && allowsAll(before, way)))
    .map((way) => `allows all ${DIRECTIONS[way]} of the Pods that it selects`);
  const beyond = rangesBeyond(sourcesOf(after), before === undefined ? [] : sourcesOf(before));
  // What is new may be reached from the network around it.
  const counted = before === undefined ? publicRanges(beyond) : beyond;
  return [
    ...all,
    ...(counted.length === 0 ? [] : [`lets ${counted.join(', ')} reach the Pods that it selects`]),
  ];
}

function allowsAll(policy: KubernetesObject, way: Direction): boolean {
  const peers = way === 'Ingress' ? 'from' : 'to';
  return rulesOf(policy, way).some(
    (rule) =>
      blocksOf(rule[peers]).filter((peer) => !isEmpty(peer)).length === 0 &&
      blocksOf(rule['ports']).length === 0,
  );
}

function sourcesOf(policy: KubernetesObject): string[] {
  return rulesOf(policy, 'Ingress')
    .flatMap((rule) => blocksOf(rule['from']))
    .flatMap((peer) => textsOf(fieldOf(peer, 'ipBlock')['cidr']));
}

function rulesOf(policy: KubernetesObject, way: Direction): JsonObject[] {
  return directionsOf(policy).includes(way) ? blocksOf(fieldOf(policy, 'spec')[DIRECTIONS[way]]) : [];
}

/** Those that are said; left out, ingress, and egress where there are rules for it. */
function directionsOf(policy: KubernetesObject): Direction[] {
  const spec = fieldOf(policy, 'spec');
  const said = textsOf(spec['policyTypes']);
  const types = said.length > 0 ? said : ['Ingress', ...(spec['egress'] === undefined ? [] : ['Egress'])];
  return (Object.keys(DIRECTIONS) as Direction[]).filter((way) => types.includes(way));
}

function selectorOf(policy: KubernetesObject): JsonObject {
  return fieldOf(fieldOf(policy, 'spec'), 'podSelector');
}

function isEmpty(block: JsonObject): boolean {
  return Object.values(block).every(
    (value) =>
      value === null || (Array.isArray(value) && value.length === 0) || (isObject(value) && isEmpty(value)),
  );
}
