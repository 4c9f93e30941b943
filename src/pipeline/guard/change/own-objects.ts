import { blocksOf, textOf } from '../../../manifests/attributes';
import type { GuardedChange, GuardedStack } from './guarded-change';
import { objectName } from './kubernetes-change';
import { UNKNOWN } from './legible-values';
import { writtenAt, writtenObject } from './written-arguments';

/** IDs that AWS gives, written as they are: of something that exists. */
const LITERAL_ID = /\b(?:acl|eni|igw|nat|pcx|pl|rtb|sg|subnet|tgw|vpc|vpce)-[0-9a-f]{8,}\b/;

/** A reference to what identifies an object, and nothing else: no function, and no argument that may hold any text. */
const IDENTIFIER =
  /^\$\{(([a-z][a-z0-9]*_[a-z0-9_]+)\.[\w-]+)\.(?:arn|id|name|metadata(?:\[0\]|\.0)\.name)\}$/;

/** The address of the object that a value refers to by its identifier; undefined for any other value. */
export const referredAddress = (value: unknown): string | undefined => IDENTIFIER.exec(textOf(value))?.[1];

/**
 * Whether a resource, or an argument of it, refers to nothing but what the same plan creates in the same stack. Then nothing that
 * exists is changed by it.
 *
 * @param type what the argument has to name: anything else may hold the name of something that exists
 */
export function refersToNew(
  { address }: Pick<GuardedChange, 'address'>,
  { changes, document }: Pick<GuardedStack, 'changes' | 'document'>,
  argument?: string,
  type = '',
): boolean {
  const written = writtenAt(document, address);
  const value = argument === undefined ? written : written[argument];
  const text = JSON.stringify(value ?? '');
  const expressions = text.match(/\$\{[^}]*\}/g) ?? [];
  if (argument !== undefined && !expressions.every((one) => referredAddress(one)?.startsWith(type)))
    return false;
  const references = [...text.matchAll(/\b(data\.)?([a-z][a-z0-9]*_[a-z0-9_]+\.[\w-]+)\./g)].map(
    ([, data = '', name = '']) => data + name,
  );
  const created = new Set(
    changes.filter(({ action }) => action === 'create').map((change) => change.address),
  );
  return references.length > 0 && !LITERAL_ID.test(text) && references.every((name) => created.has(name));
}

/** Whether a Kubernetes object stands in a namespace that the same plan creates. */
export function isInNewNamespace(change: GuardedChange, stack: GuardedStack): boolean {
  const namespace = change.objectAfter?.metadata.namespace;
  if (namespace === UNKNOWN) {
    const [metadata = {}] = blocksOf(writtenObject(stack.document, change.address)['metadata']);
    const address = referredAddress(metadata['namespace']);
    return stack.changes.some(
      (other) =>
        other.action === 'create' && other.address === address && other.objectAfter?.kind === 'Namespace',
    );
  }
  return namespace !== undefined && createdNames(stack, 'Namespace').has(namespace);
}

/** The names of the objects of a kind that a plan creates, `namespace/name`; without a namespace the name. */
export function createdNames({ changes }: Pick<GuardedStack, 'changes'>, kind: string): ReadonlySet<string> {
  return new Set(
    changes.flatMap(({ action, objectAfter }) =>
      action === 'create' && objectAfter?.kind === kind ? [objectName(objectAfter)] : [],
    ),
  );
}
