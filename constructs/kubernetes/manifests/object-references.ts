import { isObject } from '../../../src/manifests/field';

/** Words of fields that refer to a kind by another word. */
const WORDS: Readonly<Record<string, string>> = {
  claim: 'persistentvolumeclaim',
  imagepullsecret: 'secret',
};

/** An object as another one refers to it. */
export const referenceTo = (kind: string, name = ''): string => `${kind.toLowerCase()} ${name}`;

/** What an object refers to: by `kind` and `name`, or by a field that has the kind in its name, such as `configMapRef` or `secretName`. */
export function referencesOf(value: unknown, key: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => referencesOf(each, key));
  if (!isObject(value) || key === 'metadata') return [];
  const { kind, name } = value;
  return [
    ...(typeof name === 'string' ? [referenceTo(typeof kind === 'string' ? kind : wordOf(key), name)] : []),
    ...Object.entries(value).flatMap(([field, each]) =>
      typeof each === 'string' && field.endsWith('Name')
        ? [referenceTo(wordOf(field), each)]
        : referencesOf(each, field),
    ),
  ];
}

/** `configmap` of `configMapKeyRef`, `serviceaccount` of `serviceAccountName`. */
function wordOf(field: string): string {
  const word = field.replace(/(Key)?Ref$|Name$|s$/, '').toLowerCase();
  return WORDS[word] ?? word;
}
