import { KINDS } from './kinds';
import type { Step } from './traversal';

/**
 * What the provider returns for an attribute that a document omits, as a Terraform string. These are the namespace of an object
 * without one, the name of the default account, and the ID, which consists of both.
 */
export function providerTemplate(type: string, name: string, steps: readonly Step[]): string | undefined {
  const kind = KINDS[type];
  const metadata = kind?.fields['metadata'];
  if (metadata?.shape !== 'object') return undefined;
  const namespaced = 'namespace' in metadata.block;
  const attribute = steps.filter((step) => step !== 0).join('.');
  if (attribute === 'metadata.namespace' && namespaced) return 'default';
  if (attribute === 'metadata.name') {
    const byDefault = metadata.block['name']?.leftOut?.value;
    return typeof byDefault === 'string' ? byDefault : undefined;
  }
  if (attribute !== 'id') return undefined;
  const of = (field: string) => `\${${type}.${name}.metadata[0].${field}}`;
  return namespaced ? `${of('namespace')}/${of('name')}` : of('name');
}
