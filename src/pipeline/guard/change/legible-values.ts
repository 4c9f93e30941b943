import { isObject } from '../../../manifests/field';
import type { Json, JsonObject } from '../../../manifests/terraform-document';

/** Stands for a value that is not to be shown. */
export const SENSITIVE = '(sensitive)';

/** Stands for a value that is known only after the change. */
export const UNKNOWN = '(known after apply)';

/**
 * The values of an object as anyone may read them.
 *
 * @param sensitive true, or an object of the same form, where a value is sensitive
 * @param unknown the same, where a value is not known yet
 */
export function legible(
  value: Json | undefined,
  sensitive: Json | undefined,
  unknown?: Json,
): Json | undefined {
  if (unknown === true) return UNKNOWN;
  if (sensitive === true) return value === null ? null : SENSITIVE;
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const items = listOf(value);
    const unknowns = listOf(unknown);
    return Array.from(
      { length: Math.max(items.length, unknowns.length) },
      (_, i) => legible(items[i], listOf(sensitive)[i], unknowns[i]) ?? null,
    );
  }
  if (isObject(value) || isObject(unknown)) {
    const keys = new Set([...Object.keys(mapOf(value)), ...Object.keys(mapOf(unknown))]);
    return Object.fromEntries(
      [...keys].flatMap((key) => {
        const inside = legible(mapOf(value)[key], mapOf(sensitive)[key], mapOf(unknown)[key]);
        return inside === undefined ? [] : [[key, inside]];
      }),
    );
  }
  return value;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
