import { as, type Block, byDefault, dropped, object, text, textMap } from '../field';

const reported: Block = { generation: dropped, resource_version: dropped, uid: dropped };

const named: Block = {
  name: text,
  generate_name: text,
  labels: textMap,
  annotations: textMap,
  ...reported,
};

const namespaced: Block = { name: text, generate_name: text, namespace: text, ...named };

/** Metadata of what stands beside the namespaces, such as a ClusterRole. */
export const clusterMetadata = object(named);

/** Metadata of a cluster-wide object whose name the API server cannot make up. */
export const clusterMetadataWithName = object(without(named, 'generate_name'));

/** Metadata of what lives in a namespace; a namespace that is left out is left to the reader, as Kubernetes does. */
export const metadata = object(namespaced);

/** Metadata of the account that every namespace has. */
export const defaultAccountMetadata = object({
  ...without(namespaced, 'generate_name'),
  name: byDefault('default', text),
});

/** Metadata that a template passes on, without a name. */
export const templateLabels = object({ labels: textMap, annotations: textMap });

/** References to objects of the same namespace by name. */
export const localReference: Block = { name: text };

/** A reference to an object of any namespace. */
export const namespacedReference: Block = { name: text, namespace: text };

/** A reference from an object of a namespace, of which the provider passes on the name only. */
export const nameOnlyReference: Block = { name: text, namespace: dropped };

/** A typed reference, as Ingress backends and IngressClass parameters have. */
export const typedReference: Block = { api_group: as('apiGroup', text), kind: text, name: text };

function without(block: Block, name: string): Block {
  return Object.fromEntries(Object.entries(block).filter(([key]) => key !== name));
}
