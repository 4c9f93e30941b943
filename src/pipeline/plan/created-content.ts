import { saysSecret } from '../../facts/secret-names';
import { isObject } from '../../manifests/field';
import type { Json, JsonObject, TerraformDocument } from '../../manifests/terraform-document';
import { legible, SENSITIVE, UNKNOWN } from '../guard/change/legible-values';
import { documentIn } from './plan-differences';
import type { Change } from './planned-stack';

/**
 * What an object that is created will hold, for a person to read. Secrets are masked, by their names too. Texts that hold JSON are parsed. What
 * is not set is left out. So is what the provider computes: an unknown argument that the document does not set.
 */
export function createdContent({ change, type, name }: Change, document: TerraformDocument): JsonObject {
  const declared = document.resource?.[type]?.[name];
  const content = legible(change.after ?? {}, change.after_sensitive, change.after_unknown);
  return Object.fromEntries(
    Object.entries(isObject(content) ? content : {}).flatMap(([key, value]) => {
      const isComputed = value === UNKNOWN && isObject(declared) && !Object.hasOwn(declared, key);
      const said = isComputed ? undefined : compact(value);
      return said === undefined ? [] : [[key, said]];
    }),
  );
}

/** Without what is null, empty or false, which is what an argument is that is not set. */
function compact(value: Json): Json | undefined {
  if (value === null || value === false || value === '') return undefined;
  // As it is: in a policy, `false` says something.
  if (typeof value === 'string') return documentIn(value) ?? value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).flatMap((item) => compact(item) ?? []);
    return items.length > 0 ? items : undefined;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const said = isSecret(value, key) ? SENSITIVE : compact(member);
    return said === undefined ? [] : [[key, said] as const];
  });
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** A literal whose key or variable says that it is a secret, and what a Secret holds: the guard stops both, and the text is read by many. */
function isSecret(holder: JsonObject, key: string): boolean {
  if (holder['kind'] === 'Secret' && /^(data|stringData)$/.test(key)) return true;
  const name = key === 'value' && typeof holder['name'] === 'string' ? holder['name'] : key;
  return typeof holder[key] === 'string' && holder[key] !== '' && saysSecret(name);
}
