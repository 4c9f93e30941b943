import { canonicalQuantity } from '@kubernetes-on-aws/eks-facts/quantity';
import { isBuiltIn } from '../../../src/facts/built-in-kinds';
import { POD_SPECS } from '../../../src/facts/pod-templates';
import { isObject } from '../../../src/manifests/field';
import type { KubernetesObject } from '../../../src/manifests/objects';
import type { Json, JsonObject } from '../../../src/manifests/terraform-document';
import { QUANTITIES } from '../internal/manifest-errors';

/** Fields beside those of Pods that are a quantity, or a map of them, by kind. */
const QUANTITIES_OF: Readonly<Record<string, readonly string[]>> = {
  HorizontalPodAutoscaler: ['averageValue', 'value'],
  LimitRange: ['default', 'defaultRequest', 'max', 'min'],
  PersistentVolume: ['capacity'],
  PersistentVolumeClaim: [],
  ResourceQuota: ['hard'],
};

/** What only the API server and kubectl write, which kubectl get prints too. */
const OF_THE_SERVER = [
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Maps whose values are texts of the user's own. */
const TEXTS = new Set(['annotations', 'binaryData', 'data', 'labels', 'matchLabels', 'nodeSelector']);

/** Whether the API server drops what is empty in an object. The schema of a definition is data, and so are custom resources. */
export const isCanonical = ({ apiVersion, kind }: KubernetesObject): boolean =>
  isBuiltIn(apiVersion) && kind !== 'CustomResourceDefinition';

/**
 * A copy of an object in the form in which the API server returns it, without what only the server writes. Otherwise the provider reports a
 * difference at every plan.
 */
export function canonicalObject(object: KubernetesObject): KubernetesObject {
  const { apiVersion, kind } = object;
  const own = QUANTITIES_OF[kind] ?? (POD_SPECS[kind] ? [] : undefined);
  const quantities = new Set(isBuiltIn(apiVersion) && own ? [...QUANTITIES, ...own] : []);
  const keepsEmpty = !isCanonical(object);
  const canonical = (value: Json, isQuantity: boolean): Json => {
    if (typeof value === 'string' || (typeof value === 'number' && kind !== 'HorizontalPodAutoscaler')) {
      return isQuantity ? (canonicalQuantity(String(value)) ?? value) : value;
    }
    if (Array.isArray(value)) return (value as readonly Json[]).map((each) => canonical(each, isQuantity));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      // A condition in TypeScript leaves an option undefined.
      Object.entries(value as Readonly<Record<string, Json | undefined>>)
        .flatMap(([key, each]): [string, Json][] => (each === undefined ? [] : [[key, each]]))
        .filter(([, each]) => each !== null && (keepsEmpty || !Array.isArray(each) || each.length > 0))
        .map(([key, each]) => [
          key,
          TEXTS.has(key) && isObject(each) ? { ...each } : canonical(each, isQuantity || quantities.has(key)),
        ]),
    );
  };
  const { metadata, ...rest } = canonical(
    object as unknown as JsonObject,
    false,
  ) as unknown as KubernetesObject;
  const { annotations = {}, ...named } = metadata;
  const kept = Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED);
  return {
    apiVersion,
    kind,
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'status')),
    metadata: {
      ...Object.fromEntries(Object.entries(named).filter(([key]) => !OF_THE_SERVER.includes(key))),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
  };
}
