import { Cidr, EVERYWHERE } from '@kubernetes-on-aws/eks-facts/cidr';
import { isDeepStrictEqual } from 'node:util';
import { blocksOf, scalarText, textOf, textsOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { Json, JsonObject } from '../../../manifests/terraform-document';
import { selectsAll } from '../../../rules/label-selector';
import {
  ALL_PORTS,
  DIRECTIONS,
  directionsOf,
  portNumber,
  rulesOf,
  type Direction,
} from '../../../rules/network-policies';
import { difference, union, type Ranges } from '../../../rules/number-ranges';
import { isRange, publicRanges, rangesBeyond } from './open-ranges';
import { fieldOf } from '../change/kubernetes-change';
import { UNKNOWN } from '../change/legible-values';

/**
 * The connections of Pods that a change of a NetworkPolicy opens: the policy is gone, selects other Pods, or lacks a direction. If
 * another policy isolates every Pod of the namespace in that direction, the change opens nothing: it removes an exception.
 *
 * @param others the objects that there will be
 */
export function lostIsolation(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
  others: readonly KubernetesObject[],
): string[] {
  if (before === undefined) return [];
  const kept =
    after !== undefined && (isOfSamePods(before, after) || isForAllPods(after)) ? directionsOf(after) : [];
  const isolated = others
    .filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === before.metadata.namespace,
    )
    .filter(isForAllPods)
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

/**
 * What a NetworkPolicy lets in or out that it did not before, in words. Of one that is new, or selects other Pods, also what reaches
 * beyond private networks.
 */
export function openedToPods(
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): string[] {
  if (after === undefined) return [];
  const known = before && openingsOf(before);
  const isForOthers = before === undefined || !isOfSamePods(before, after);
  const opened = openingsOf(after).filter(
    (opening) =>
      (known !== undefined && !areCovering(known, opening)) || (isForOthers && reachesFar(opening)),
  );
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

/** Whether openings whose peers hold that of another let through its ports, together. */
function areCovering(outer: readonly Opening[], { way, peer, port }: Opening): boolean {
  const ports = outer
    .filter((each) => each.way === way && coversPeer(each.peer, peer))
    .map((each) => each.port);
  const inner: JsonObject = isEmpty(port) ? port : { protocol: 'TCP', ...port };
  if (ports.some((each) => isEmpty(each) || isDeepStrictEqual({ protocol: 'TCP', ...each }, inner)))
    return true;
  // A name may be any number of its protocol.
  const possible = numbersOf(port) ?? numbersOf({ protocol: inner['protocol'] ?? 'TCP' });
  const known = union(ports.flatMap((each) => [numbersOf(each) ?? []]));
  return possible !== undefined && difference(possible, known).length === 0;
}

/** The numbers of a port; undefined for a name, and for what is not known. */
function numbersOf(port: JsonObject): Ranges | undefined {
  if (isEmpty(port)) return ALL_PORTS;
  const protocol = port['protocol'] ?? 'TCP';
  const all = ALL_PORTS.filter(([first]) => first === portNumber(protocol, 1));
  if (all.length === 0) return undefined;
  if (isUnset(port['port'])) return all;
  const first = Number(port['port']);
  const end = Number(port['endPort'] ?? 0);
  const last = end === 0 ? first : end;
  return [first, last].every(Number.isInteger)
    ? [[portNumber(protocol, first), portNumber(protocol, last)]]
    : undefined;
}

/** No peer is everyone, a range holds ranges of its family, and a selector holds the Pods of a narrower one. */
function coversPeer(outer: JsonObject, inner: JsonObject): boolean {
  if (isEmpty(outer) && !isSelector(outer)) return true;
  if (isDeepStrictEqual(outer, inner)) return true;
  if (!isUnset(inner['ipBlock'])) return coversRange(fieldOf(outer, 'ipBlock'), fieldOf(inner, 'ipBlock'));
  if (!isSelector(inner)) return false;
  // The addresses of Pods, in a cluster of IPv4.
  if (!isUnset(outer['ipBlock'])) return rangeOf(outer) === '0.0.0.0/0' && exceptedOf(outer).length === 0;
  const [around, within] = [outer['namespaceSelector'], inner['namespaceSelector']];
  const hasNamespaces = isObject(around) ? isObject(within) && isWider(around, within) : isUnset(within);
  return hasNamespaces && isWider(fieldOf(outer, 'podSelector'), fieldOf(inner, 'podSelector'));
}

/** A selector selects at least what one with all of its requirements selects. */
function isWider(outer: JsonObject, inner: JsonObject): boolean {
  const labels = fieldOf(inner, 'matchLabels');
  const expressions = blocksOf(inner['matchExpressions']);
  return (
    Object.entries(fieldOf(outer, 'matchLabels')).every(([key, value]) => labels[key] === value) &&
    blocksOf(outer['matchExpressions']).every((one) =>
      expressions.some((other) => isDeepStrictEqual(one, other)),
    )
  );
}

/** What a range excepts, a range within it excepts too, or lies beside it. */
function coversRange(outer: JsonObject, inner: JsonObject): boolean {
  const [around, within] = [Cidr.parse(textOf(outer['cidr'])), Cidr.parse(textOf(inner['cidr']))];
  if (around === undefined || within?.isWithin(around) !== true) return false;
  const kept = textsOf(inner['except']);
  return textsOf(outer['except'])
    .filter((range) => Cidr.parse(range)?.overlaps(within) !== false)
    .every((range) => rangesBeyond([range], kept).length === 0);
}

const isUnset = (value: unknown): boolean => value === undefined || value === null;
const isSelector = (peer: JsonObject): boolean =>
  !isUnset(peer['namespaceSelector']) || !isUnset(peer['podSelector']);

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

const exceptedOf = (peer: JsonObject): string[] => textsOf(fieldOf(peer, 'ipBlock')['except']);

const isOfSamePods = (before: KubernetesObject, after: KubernetesObject): boolean =>
  isDeepStrictEqual(selectorOf(before), selectorOf(after));

/** A selector of which a part is known only after the change may select fewer. */
function isForAllPods(policy: KubernetesObject): boolean {
  const selector = selectorOf(policy);
  return selectsAll(selector) && !JSON.stringify(selector).includes(UNKNOWN);
}

const selectorOf = (policy: KubernetesObject): Json => fieldOf(policy, 'spec')['podSelector'] ?? {};

function isEmpty(block: JsonObject): boolean {
  return Object.values(block).every(
    (value) =>
      value === null || (Array.isArray(value) && value.length === 0) || (isObject(value) && isEmpty(value)),
  );
}
