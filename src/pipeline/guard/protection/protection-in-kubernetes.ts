import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { Json } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { fieldOf, podTemplates } from '../change/kubernetes-change';
import { isSelected } from '../loss/object-use';
import type { GuardedPlans } from '../guard-rule';

/** By kind, what is lost without an object that protects. */
const PROTECTING: Readonly<Record<string, string>> = {
  PodDisruptionBudget: 'lets all Pods that it selects be evicted at once',
  ResourceQuota: 'lets the namespace take all of the cluster',
  LimitRange: 'lets Pods of the namespace run without requests and limits',
  ValidatingAdmissionPolicy: 'lets in what the policy refuses',
  ValidatingAdmissionPolicyBinding: 'lets in what the policy refuses',
  ValidatingWebhookConfiguration: 'lets in what the webhook refuses',
};

/** Which protection of Kubernetes a change takes away, in words. */
export function protectionInKubernetes(
  change: GuardedChange,
  stack: GuardedStack,
  plans: GuardedPlans,
): string[] {
  const { objectBefore: before, objectAfter: after } = change;
  if (before === undefined) return [];
  if (after?.kind !== before.kind) {
    const lost = PROTECTING[before.kind];
    return lost === undefined || hasNothingToProtect(before, stack, plans) ? [] : [lost];
  }
  switch (before.kind) {
    case 'ValidatingAdmissionPolicy':
      return admission(before, after, ['matchConstraints', 'matchConditions', 'paramKind']);
    case 'ValidatingAdmissionPolicyBinding':
      return [
        ...admission(before, after, ['matchResources', 'policyName', 'paramRef']),
        ...actions(before, after),
      ];
    case 'PersistentVolume':
      return released(
        fieldOf(before, 'spec')['persistentVolumeReclaimPolicy'],
        fieldOf(after, 'spec')['persistentVolumeReclaimPolicy'],
      );
    case 'StorageClass':
      return released(before['reclaimPolicy'], after['reclaimPolicy']);
    case 'StatefulSet':
      return retention(before, after);
    default:
      return [];
  }
}

/** The namespace goes, or with a budget the Pods that it is for. */
function hasNothingToProtect(
  object: KubernetesObject,
  { changes }: GuardedStack,
  { declared }: GuardedPlans,
): boolean {
  const { namespace } = object.metadata;
  const namespaceGoes = changes.some(
    ({ objectBefore, objectAfter }) =>
      objectBefore?.kind === 'Namespace' &&
      objectBefore.metadata.name === namespace &&
      objectAfter === undefined,
  );
  if (namespaceGoes || object.kind !== 'PodDisruptionBudget') return namespaceGoes;
  const selector = fieldOf(object, 'spec')['selector'];
  return !declared
    .filter(({ object: other }) => other.metadata.namespace === namespace)
    .some(({ object: other }) => podTemplates(other).some((template) => isSelected(template, selector)));
}

/** @param scope fields that say what is looked at: a change of them is stopped unless it plainly looks at more */
function admission(before: KubernetesObject, after: KubernetesObject, scope: readonly string[]): string[] {
  const [was, is] = [fieldOf(before, 'spec'), fieldOf(after, 'spec')];
  const expressions = (spec: typeof was): string[] =>
    blocksOf(spec['validations']).map(({ expression }) => textOf(expression));
  const lost = expressions(was).filter((expression) => !expressions(is).includes(expression));
  return [
    ...(lost.length === 0 ? [] : [`no longer refuses what does not meet: ${lost.join('; ')}`]),
    ...(was['failurePolicy'] !== 'Ignore' && is['failurePolicy'] === 'Ignore'
      ? ['lets in what the policy fails on']
      : []),
    ...scope
      .filter((name) => !looksAtAll(was[name], is[name]))
      .map((name) => `changes what the policy looks at: ${name}`),
  ];
}

function actions(before: KubernetesObject, after: KubernetesObject): string[] {
  const of = (object: KubernetesObject): string[] => textsOf(fieldOf(object, 'spec')['validationActions']);
  const lost = of(before).filter((action) => !of(after).includes(action));
  return lost.length === 0 ? [] : [`no longer does: ${lost.join(', ')}`];
}

/** The same, or the same with more values of which one has to be met: a namespace that is looked at, too. */
function looksAtAll(before: Json | undefined, after: Json | undefined): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return (
      before.length === after.length && before.every((item: Json, i) => looksAtAll(item, after[i] as Json))
    );
  }
  if (!isObject(before) || !isObject(after)) return before === after;
  if (before['operator'] === 'In' && after['operator'] === 'In' && before['key'] === after['key']) {
    const values = textsOf(after['values']);
    return textsOf(before['values']).every((value) => values.includes(value));
  }
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((key) =>
    looksAtAll(before[key], after[key]),
  );
}

function released(before: unknown, after: unknown): string[] {
  return before === 'Retain' && after !== 'Retain'
    ? ['deletes the data together with the claim, and keeps it no longer']
    : [];
}

function retention(before: KubernetesObject, after: KubernetesObject): string[] {
  const of = (object: KubernetesObject) =>
    fieldOf(fieldOf(object, 'spec'), 'persistentVolumeClaimRetentionPolicy');
  return (['whenDeleted', 'whenScaled'] as const)
    .filter((when) => of(before)[when] !== 'Delete' && of(after)[when] === 'Delete')
    .map(
      (when) =>
        `deletes the data of its Pods ${when === 'whenDeleted' ? 'together with it' : 'when it is scaled down'}, and keeps it no longer`,
    );
}
