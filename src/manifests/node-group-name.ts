import { textOf } from './attributes';
import type { JsonObject } from './terraform-document';

/** A suffix of the provider: the time, and a counter in hexadecimal digits. */
const SUFFIX = /^[0-9a-f]{26}$/;

/**
 * What platform.yaml calls a node group, by its arguments or by what a state has of it. In EKS the name has a suffix, and each
 * successor of the group has another one.
 */
export function nodeGroupName(attributes: JsonObject): string {
  const prefix = textOf(attributes['node_group_name_prefix']);
  return prefix === '' ? textOf(attributes['node_group_name']) : prefix.replace(/-$/, '');
}

/** Whether EKS may call a declared node group so: by its prefix and a suffix, or by the name alone, as older ones are called. */
export function isNodeGroupNamed(attributes: JsonObject, inEks: string): boolean {
  const prefix = textOf(attributes['node_group_name_prefix']);
  return (
    inEks === nodeGroupName(attributes) ||
    (prefix !== '' && inEks.startsWith(prefix) && SUFFIX.test(inEks.slice(prefix.length)))
  );
}
