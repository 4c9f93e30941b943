import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';
import { fieldOf, podTemplates } from '../change/kubernetes-change';
import { isDefaultClass } from '../../../rules/storage-classes';

/** Namespaces with Pods that demand a node with one of these labels, sorted. */
export function namespacesOn(labels: JsonObject, objects: readonly KubernetesObject[]): string[] {
  const namespaces = objects
    .filter((object) =>
      podTemplates(object).some((template) => demandsOne(fieldOf(template, 'spec'), labels)),
    )
    .map(({ metadata }) => metadata.namespace ?? 'default');
  return [...new Set(namespaces)].sort();
}

function demandsOne(spec: JsonObject, labels: JsonObject): boolean {
  const selected = Object.entries(fieldOf(spec, 'nodeSelector')).some(
    ([key, value]) => labels[key] === value,
  );
  const affinity = fieldOf(fieldOf(spec, 'affinity'), 'nodeAffinity');
  const terms = blocksOf(
    fieldOf(affinity, 'requiredDuringSchedulingIgnoredDuringExecution')['nodeSelectorTerms'],
  );
  return (
    selected ||
    terms
      .flatMap((term) => blocksOf(term['matchExpressions']))
      .some(
        ({ key, operator, values }) =>
          typeof key === 'string' &&
          operator === 'In' &&
          textsOf(values).some((value) => labels[key] === value),
      )
  );
}

/** Whether claims get their volumes by this StorageClass. */
export function usesOf(storageClass: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const users = objects
    .filter((object) =>
      claimSpecs(object).some((spec) => spec['storageClassName'] === storageClass.metadata.name),
    )
    .map(
      ({ kind, metadata: { name = '', namespace } }) =>
        `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
    );
  return [...new Set(users), ...(isDefaultClass(storageClass) ? ['every claim that names no class'] : [])];
}

function claimSpecs(object: KubernetesObject): JsonObject[] {
  const spec = fieldOf(object, 'spec');
  if (object.kind === 'PersistentVolumeClaim') return [spec];
  const templates = object.kind === 'StatefulSet' ? blocksOf(spec['volumeClaimTemplates']) : [];
  const ephemeral = podTemplates(object)
    .flatMap((template) => blocksOf(fieldOf(template, 'spec')['volumes']))
    .map((volume) => fieldOf(fieldOf(volume, 'ephemeral'), 'volumeClaimTemplate'));
  return [...templates, ...ephemeral].map((template) => fieldOf(template, 'spec'));
}

/** The labels that a selector demands, when it demands nothing else. */
export function isSelected(template: JsonObject, selector: unknown): boolean {
  const wanted = isObject(selector) ? fieldOf(selector, 'matchLabels') : {};
  const labels = fieldOf(fieldOf(template, 'metadata'), 'labels');
  return Object.entries(wanted).every(([key, value]) => textOf(labels[key]) === value);
}
