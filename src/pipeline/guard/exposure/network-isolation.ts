import { isDeepStrictEqual } from 'node:util';
import { scalarText, textOf, textsOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';
import { selectsAll } from '../../../rules/label-selector';
import { DIRECTIONS, directionsOf, rulesOf, type Direction } from '../../../rules/network-policies';
import { EVERYWHERE, isRange, publicRanges, rangesBeyond } from './open-ranges';
import { fieldOf } from '../change/kubernetes-change';

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
  const kept = after !== undefined && (samePods || selectsAll(selectorOf(after))) ? directionsOf(after) : [];
  const isolated = others
    .filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === before.metadata.namespace,
    )
    .filter((policy) => selectsAll(selectorOf(policy)))
    .flatMap(directionsOf);
  const lost = directionsOf(before).filter((way) => !kept.includes(way) && !isolated.includes(way));
  return lost.map(
    (way) =>
      `takes away the isolation of Pods for ${DIRECTIONS[way]}: no other NetworkPolicy isolates every Pod of ${before.metadata.namespace ?? 'the namespace'}`,
  );
}

/** One peer and one port that a rule lets through; an empty one stands for all of them. */
interface Opening {
  readonly way: Direction;
  readonly peer: JsonObject;
  readonly port: JsonObject;
}

/** What a NetworkPolicy lets in or out that it did not before, in words. Of a new one, what reaches beyond private networks. */
export function openedToPods(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): string[] {
  const known = before === undefined ? [] : openingsOf(before);
  const opened = (after === undefined ? [] : openingsOf(after))
    .filter((opening) => !known.some((other) => covers(other, opening)))
    .filter((opening) => before !== undefined || reachesFar(opening));
  return [...new Set(opened.map(sentence))];
}

function openingsOf(policy: KubernetesObject): Opening[] {
  const orAll = (blocks: readonly JsonObject[]): readonly JsonObject[] =>
    blocks.length === 0 ? [{}] : blocks;
  return directionsOf(policy).flatMap((way) =>
    rulesOf(policy, way).flatMap(({ peers, ports }) =>
      orAll(peers).flatMap((peer) => orAll(ports).map((port) => ({ way, peer, port }))),
    ),
  );
}

const rangeOf = (peer: JsonObject): string => textOf(fieldOf(peer, 'ipBlock')['cidr']);

/** Whether a peer is every address, or all Pods of all namespaces. A selector of Pods alone is for the policy's own namespace. */
const isEveryone = (peer: JsonObject): boolean =>
  EVERYWHERE.includes(rangeOf(peer)) ||
  (isEmpty(peer) && (isObject(peer['namespaceSelector']) || !isObject(peer['podSelector'])));

/** What is new may be reached from the network around it, and reaches ports of everyone. */
const reachesFar = ({ way, peer, port }: Opening): boolean =>
  way === 'Ingress'
    ? isEveryone(peer) || publicRanges([rangeOf(peer)].filter(isRange)).length > 0
    : isEveryone(peer) && isEmpty(port);

function covers(outer: Opening, inner: Opening): boolean {
  const excepted = (peer: JsonObject): string[] => textsOf(fieldOf(peer, 'ipBlock')['except']);
  return (
    outer.way === inner.way &&
    (isEmpty(outer.port) || isDeepStrictEqual(outer.port, inner.port)) &&
    (isDeepStrictEqual(outer.peer, inner.peer) ||
      (excepted(outer.peer).every((range) => excepted(inner.peer).includes(range)) &&
        (isEveryone(outer.peer) ||
          (isRange(rangeOf(inner.peer)) &&
            rangesBeyond([rangeOf(inner.peer)], [rangeOf(outer.peer)]).length === 0))))
  );
}

function sentence({ way, peer, port }: Opening): string {
  const who = isEveryone(peer) ? 'everyone' : rangeOf(peer) || JSON.stringify(peer);
  const ports = isEmpty(port)
    ? 'all ports'
    : [port['protocol'] ?? 'TCP', port['port'] ?? 'all', port['endPort']].map(scalarText).join(' ').trim();
  if (who === 'everyone' && isEmpty(port)) return `allows all ${DIRECTIONS[way]} of the Pods that it selects`;
  return way === 'Ingress'
    ? `lets ${who} reach ${ports} of the Pods that it selects`
    : `lets the Pods that it selects reach ${ports} of ${who}`;
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
