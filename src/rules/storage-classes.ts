import type { KubernetesObject } from '../manifests/objects';

/** The annotation of the StorageClass that claims get when they name none. */
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Whether a StorageClass is the default one. */
export const isDefaultClass = ({ metadata }: KubernetesObject): boolean =>
  metadata.annotations?.[DEFAULT_CLASS] === 'true';

/**
 * The StorageClass of a claim.
 *
 * @param name `storageClassName` of the claim: undefined for the default class
 */
export const classNamed = (
  name: unknown,
  classes: readonly KubernetesObject[],
): KubernetesObject | undefined =>
  classes.find((each) => (name === undefined ? isDefaultClass(each) : each.metadata.name === name));
