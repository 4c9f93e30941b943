import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';
import { EVERYWHERE, publicRanges, rangesBeyond } from './open-ranges';
import { fieldOf } from '../change/kubernetes-change';

/** Direction of traffic, by the name that a NetworkPolicy has for its rules. */
const DIRECTIONS = { Ingress: 'ingress', Egress: 'egress' } as const;
type Direction = keyof typeof DIRECTIONS;

/**
 * The connections of Pods that a change of a NetworkPolicy opens: the policy is gone, selects other Pods, or lacks a direction. If
 * another policy isolates every Pod of the namespace in that direction, the change opens nothing: it removes an exception.
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
  const ofPorts = (Object.keys(DIRECTIONS) as Direction[])
    .filter((way) => way === 'Ingress' || before !== undefined)
    .filter((way) => all.length === 0 && allowsEveryone(after, way))
    .filter((way) => !(before !== undefined && allowsEveryone(before, way)))
    .map((way) =>
      way === 'Ingress'
        ? 'lets everyone reach ports of the Pods that it selects'
        : 'lets the Pods that it selects reach ports of everyone',
    );
  const beyond = rangesBeyond(rangesOf(after), before === undefined ? [] : rangesOf(before));
  const reached =
    before === undefined ? [] : rangesBeyond(rangesOf(after, 'Egress'), rangesOf(before, 'Egress'));
  const excepted =
    before === undefined ? [] : exceptedOf(before).filter((range) => !exceptedOf(after).includes(range));
  // What is new may be reached from the network around it.
  const counted = before === undefined ? publicRanges(beyond) : beyond;
  return [
    ...all,
    ...ofPorts,
    ...(reached.length === 0 ? [] : [`lets the Pods that it selects reach ${reached.join(', ')}`]),
    ...(excepted.length === 0 ? [] : [`no longer leaves out ${excepted.join(', ')}`]),
    ...(counted.length === 0 ? [] : [`lets ${counted.join(', ')} reach the Pods that it selects`]),
  ];
}

function allowsAll(policy: KubernetesObject, way: Direction): boolean {
  return rulesOf(policy, way).some((rule) => isOfEveryone(rule, way) && blocksOf(rule['ports']).length === 0);
}

const allowsEveryone = (policy: KubernetesObject, way: Direction): boolean =>
  rulesOf(policy, way).some((rule) => isOfEveryone(rule, way));

/** Whether a rule names no peer, every address, or all Pods of all namespaces. A selector of Pods alone is for the policy's own namespace. */
function isOfEveryone(rule: JsonObject, way: Direction): boolean {
  const peers = blocksOf(rule[PEERS[way]]);
  return (
    peers.length === 0 ||
    peers.some(
      (peer) =>
        EVERYWHERE.includes(textOf(fieldOf(peer, 'ipBlock')['cidr'])) ||
        (isEmpty(peer) && (isObject(peer['namespaceSelector']) || !isObject(peer['podSelector']))),
    )
  );
}

const PEERS = { Ingress: 'from', Egress: 'to' } as const;

const rangesOf = (policy: KubernetesObject, way: Direction = 'Ingress'): string[] =>
  ipBlocksOf(policy, way).flatMap(({ cidr }) => textsOf(cidr));

const exceptedOf = (policy: KubernetesObject): string[] =>
  (Object.keys(DIRECTIONS) as Direction[]).flatMap((way) =>
    ipBlocksOf(policy, way).flatMap(({ except }) => textsOf(except)),
  );

function ipBlocksOf(policy: KubernetesObject, way: Direction): JsonObject[] {
  return rulesOf(policy, way)
    .flatMap((rule) => blocksOf(rule[PEERS[way]]))
    .map((peer) => fieldOf(peer, 'ipBlock'));
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
