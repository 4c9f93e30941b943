import { isDeepStrictEqual } from 'node:util';
import { scalarText } from '../../../manifests/attributes';
import type { Json, JsonObject } from '../../../manifests/terraform-document';

/** Whether a value changes in the direction that the table of classes calls safe. */
export function isSafe(safe: string | undefined, before: Json, after: Json): boolean {
  switch (safe) {
    case undefined:
      return false;
    case 'judged':
      return true;
    case 'true':
      return after === true || after === 'true';
    case 'false':
      return after === null || after === false || after === 'false';
    case 'node-config':
      return isNodeConfig(Buffer.from(scalarText(after), 'base64').toString());
    case 'set':
      return before === null;
    case 'keys':
      return keepsKeys(before, after);
    case 'longer':
      return endless(after) >= endless(before);
    case 'more':
      return before === null || isWithin(before, after);
    case 'fewer':
      // An amount that is not set is without end.
      if (after === null) return Array.isArray(before);
      return (before === null && !Number.isNaN(amount(after)[0])) || isWithin(after, before);
    default:
      return scalarText(after) === safe.slice(1);
  }
}

/** A line of a NodeConfig or of the settings of Bottlerocket that limits or reserves, and runs nothing. */
const NODE_LIMIT =
  /^(?:|MIME-Version: 1\.0|Content-Type: (?:multipart\/mixed; boundary="[\w-]+"|application\/node\.eks\.aws)|--[\w-]+|apiVersion: node\.eks\.aws\/v1alpha1|kind: NodeConfig|spec:| +(?:kubelet|config):|\[settings\.kubernetes(?:\.[\w-]+)?\]| *"?(?:max-?pods|(?:kube|system)-?reserved|eviction-?hard|image-?gc-?(?:high|low)-?threshold-?percent|container-?log-?max-?(?:size|files)|pod-?pids-?limit|cpu|memory|ephemeral-storage|(?:memory|nodefs|imagefs|pid)\.(?:available|inodesFree))"?(?::| =).*)$/i;

const isNodeConfig = (text: string): boolean =>
  text !== '' && text.split('\n').every((line) => NODE_LIMIT.test(line));

/** Days; 0 and none are without end. */
function endless(value: Json): number {
  return typeof value === 'number' && value > 0 ? value : Infinity;
}

/** Whether a list has no element that the other lacks, or an amount is not above the other. Amounts of different units are not compared. */
function isWithin(inner: Json, outer: Json): boolean {
  if (Array.isArray(inner)) {
    const all = Array.isArray(outer) ? (outer as readonly Json[]) : [];
    return inner.every((item: Json) => all.includes(item));
  }
  const [[less, unit], [more, otherUnit]] = [amount(inner), amount(outer)];
  return unit === otherUnit && less <= more;
}

function amount(value: Json): readonly [number, string] {
  const [, digits = 'NaN', unit = ''] = /^(\d+(?:\.\d+)?)(\D*)$/.exec(scalarText(value)) ?? [];
  return [Number(digits), unit];
}

/** Whether a text that begins with a map keeps each key with its value, and all that follows: a lookup that knows one namespace more. */
const keepsKeys = (before: Json, after: Json): boolean => changedKeys(before, after)?.length === 0;

/** The keys whose values another map lacks or has in another way; undefined where more than the map differs. */
export function changedKeys(before: Json, after: Json): readonly string[] | undefined {
  const [was, is] = [split(before), split(after)];
  if (was === undefined || is === undefined || was.rest !== is.rest) return undefined;
  return Object.keys(was.map).filter((key) => !isDeepStrictEqual(is.map[key], was.map[key]));
}

function split(text: Json): { readonly map: JsonObject; readonly rest: string } | undefined {
  const [, map = '', rest = ''] = /^(\{[^}]*\})(.*)$/s.exec(scalarText(text)) ?? [];
  try {
    return { map: JSON.parse(map) as JsonObject, rest };
  } catch {
    return undefined;
  }
}
