import { groupOf, isBuiltIn } from '../../../src/facts/built-in-kinds';
import type { KubernetesObject } from '../../../src/manifests/objects';

/** The smallest CustomResourceDefinition of each custom kind that objects have. It allows every field. */
export function definitionsOf(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const custom = objects.filter(({ apiVersion }) => !isBuiltIn(apiVersion));
  const byKind = new Map(custom.map((object) => [`${object.kind}.${groupOf(object.apiVersion)}`, object]));
  return [...byKind.values()].map(({ apiVersion, kind, metadata }) => {
    const [group, singular] = [groupOf(apiVersion), kind.toLowerCase()];
    const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${singular}s.${group}`,
        // Groups below k8s.io are held to an approval.
        annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' },
      },
      spec: {
        group,
        scope: metadata.namespace === undefined ? 'Cluster' : 'Namespaced',
        names: { kind, listKind: `${kind}List`, plural: `${singular}s`, singular },
        versions: [
          {
            name: apiVersion.split('/')[1],
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
          },
        ],
      },
    };
  });
}
