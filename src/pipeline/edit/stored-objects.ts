import { blocksOf, textOf, textsOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import type { KubernetesObject } from '../../manifests/objects';
import type { JsonObject } from '../../manifests/terraform-document';
import { classNamed } from '../../rules/storage-classes';
import { fieldOf, kubernetesObject, podTemplates } from '../guard/change/kubernetes-change';

/** A resource as a state has it. */
export interface StoredResource {
  readonly type: string;
  readonly attributes: JsonObject;
}

/** Attributes of a state as a document has them. A state keeps the type of a manifest beside its value. */
export function plainAttributes(attributes: JsonObject): JsonObject {
  const { manifest } = attributes;
  const value = isObject(manifest) && 'type' in manifest ? manifest['value'] : undefined;
  return isObject(value) ? { ...attributes, manifest: value } : attributes;
}

/** The spec of an object of either form, with the references of a document. */
export function writtenSpec(attributes: JsonObject | undefined): unknown {
  const manifest = attributes?.['manifest'];
  return (isObject(manifest) ? manifest : attributes)?.['spec'];
}

/** The Kubernetes objects of a state, whichever type they have. */
export const storedObjects = (resources: Iterable<StoredResource>): KubernetesObject[] =>
  [...resources].flatMap(({ type, attributes }) => kubernetesObject(type, attributes) ?? []);

/** The names of all claims: of those that are objects, and of those that StatefulSets make. Some are both. */
export function claimNames(objects: readonly KubernetesObject[]): Set<string> {
  return new Set(
    objects.flatMap(({ kind, metadata: { name = '', namespace = 'default' }, ...fields }): string[] => {
      if (kind === 'PersistentVolumeClaim') return [`${namespace}/${name}`];
      const spec = fieldOf(fields, 'spec');
      const templates = kind === 'StatefulSet' ? blocksOf(spec['volumeClaimTemplates']) : [];
      return templates.flatMap((template) =>
        Array.from(
          { length: Number(spec['replicas'] ?? 1) },
          (_, i) => `${namespace}/${textOf(fieldOf(template, 'metadata')['name'])}-${name}-${i}`,
        ),
      );
    }),
  );
}

/** Drivers whose volumes the nodes of every zone reach. */
const OF_ALL_ZONES = ['efs.csi.aws.com', 'fsx.csi.aws.com', 's3.csi.aws.com', 'nfs.csi.k8s.io'];
const OF_ONE_NODE = ['ReadWriteOnce', 'ReadWriteOncePod'];

/** Whether the Pods of a workload have volumes that only nodes of one zone reach. Of a claim that is not known, they do. */
export function hasZonalVolumes(workload: KubernetesObject, objects: readonly KubernetesObject[]): boolean {
  const find = (kind: string, name: unknown, namespace?: string): KubernetesObject | undefined =>
    objects.find(
      (object) =>
        object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace,
    );
  const classes = objects.filter(({ kind }) => kind === 'StorageClass');
  const isZonal = (claim: JsonObject): boolean => {
    const volume = find('PersistentVolume', claim['volumeName']);
    if (volume !== undefined) {
      const spec = fieldOf(volume, 'spec');
      return !('nfs' in spec) && !OF_ALL_ZONES.includes(textOf(fieldOf(spec, 'csi')['driver']));
    }
    const storage = classNamed(claim['storageClassName'], classes);
    return storage === undefined
      ? textsOf(claim['accessModes']).every((mode) => OF_ONE_NODE.includes(mode))
      : !OF_ALL_ZONES.includes(textOf(storage['provisioner']));
  };
  const templates = blocksOf(fieldOf(workload, 'spec')['volumeClaimTemplates']);
  const mounted = podTemplates(workload)
    .flatMap((template) => blocksOf(fieldOf(template, 'spec')['volumes']))
    .flatMap((volume) => textOf(fieldOf(volume, 'persistentVolumeClaim')['claimName']) || []);
  return (
    templates.some((template) => isZonal(fieldOf(template, 'spec'))) ||
    mounted.some((name) => {
      const claim = find('PersistentVolumeClaim', name, workload.metadata.namespace);
      return claim === undefined || isZonal(fieldOf(claim, 'spec'));
    })
  );
}
