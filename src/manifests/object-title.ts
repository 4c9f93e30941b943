import type { KubernetesObject } from './objects';

/** `Deployment dev/orders-web` */
export function objectTitle({
  kind,
  metadata,
}: Pick<KubernetesObject, 'kind'> & {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}): string {
  const where = metadata.namespace === undefined ? '' : `${metadata.namespace}/`;
  return `${kind} ${where}${metadata.name ?? ''}`;
}
