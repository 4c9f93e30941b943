import { blocksOf, textOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import type { Change } from './planned-stack';

/** By Terraform type, why an object that carries data or traffic is not replaced, and how to get there by hand. */
const BY_HAND: Readonly<Record<string, (name: string) => string>> = {
  kubernetes_persistent_volume_claim_v1: () =>
    'its data would be deleted: a claim keeps its class and access mode, and never shrinks. Declare another claim under another ID, copy the data, ' +
    'and mount the other claim (docs/guides/change-what-runs.md)',
  kubernetes_stateful_set_v1: (name) =>
    'all of its Pods would be deleted at once. Delete it alone, plan and apply again, and delete its Pods one by one while the apply waits: ' +
    `kubectl delete statefulset ${name} --cascade=orphan`,
  kubernetes_service_v1: (name) =>
    'its name and address would be missing meanwhile. Add another Service and move its clients, or accept the interruption, delete it, and plan again: ' +
    `kubectl delete service ${name}`,
};

/**
 * What is wrong with a plan that replaces objects which carry data or traffic. An object whose creation failed may be replaced: it has
 * no arguments that cause it.
 */
export function refusedReplacements(changes: readonly Change[]): string[] {
  return changes.flatMap(({ address, action, type, change }) => {
    const causes = (change.replace_paths ?? []).map((path) =>
      path.filter((step) => typeof step === 'string' && step !== 'spec').join('.'),
    );
    if (action !== 'replace' || causes.length === 0) return [];
    const name = nameOf(change.before);
    const remedy =
      BY_HAND[type]?.(name) ??
      (change.actions[0] === 'create' && name !== '' && name === nameOf(change.after)
        ? 'the API server has one object of a name, and this one must outlive its use. Give the new one another name'
        : undefined);
    return remedy === undefined
      ? []
      : [`${address}: replaced for its ${[...new Set(causes)].join(', ')}; ${remedy}`];
  });
}

/** What to do where Terraform itself refuses to destroy an object, as its message names it. */
export function remedyFor(refusal: string): string {
  return Object.keys(BY_HAND)
    .filter((type) => refusal.includes(`${type}.`))
    .map((type) => BY_HAND[type]?.('NAME --namespace NAMESPACE'))
    .join('\n');
}

/** As kubectl takes it; empty for what is no object of Kubernetes. */
function nameOf(values: unknown): string {
  const [metadata] = blocksOf(isObject(values) ? values['metadata'] : undefined);
  if (metadata === undefined) return '';
  const namespace = textOf(metadata['namespace']);
  return `${textOf(metadata['name'])}${namespace === '' ? '' : ` --namespace ${namespace}`}`;
}
