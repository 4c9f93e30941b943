import { blocksOf, textOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';
import { ownsLoadBalancer } from '../../../rules/load-balancer-front';
import type { GuardedChange } from '../change/guarded-change';
import { fieldOf, objectName } from '../change/kubernetes-change';
import { listed } from './listed';

/** What Kubernetes deletes because of a change, beside the object that Terraform deletes, in words. */
export function consequentLosses({ action, objectBefore: before, objectAfter }: GuardedChange): string[] {
  // Kubernetes does not learn of what Terraform forgets.
  if (before === undefined || action === 'forget') return [];
  const after = action === 'replace' || objectAfter?.kind !== before.kind ? undefined : objectAfter;
  switch (before.kind) {
    case 'StatefulSet':
      return deletedClaims(before, after);
    case 'CustomResourceDefinition':
      return after === undefined ? [] : [...endedVersions(before, after), ...prunedFields(before, after)];
    case 'Ingress':
    case 'Service':
      return ownsLoadBalancer(before) && !(after && ownsLoadBalancer(after))
        ? [
            `deletes the load balancer of the ${before.kind} ${objectName(before)}, whose DNS name does not come back`,
          ]
        : [];
    default:
      return [];
  }
}

/** Claims that the controller of a StatefulSet deletes with its Pods. By default it keeps them. */
function deletedClaims(before: KubernetesObject, after: KubernetesObject | undefined): string[] {
  const when = after === undefined ? 'whenDeleted' : 'whenScaled';
  const spec = fieldOf(before, 'spec');
  const templates = blocksOf(spec['volumeClaimTemplates']).length;
  const policy = fieldOf(fieldOf(after ?? before, 'spec'), 'persistentVolumeClaimRetentionPolicy')[when];
  if (templates === 0 || policy !== 'Delete') return [];
  const [was, is] = [spec['replicas'], after === undefined ? 0 : fieldOf(after, 'spec')['replicas']];
  // A claim may be there without its Pod.
  if (after !== undefined && (was === is || Number(was) <= Number(is))) return [];
  // A number that an autoscaler sets, or that is not known yet, is none.
  const claims = (Number(was) - Number(is)) * templates;
  const count = claims > 0 ? `${claims} ${claims === 1 ? 'claim' : 'claims'}` : 'the claims';
  return [`deletes ${count} of its Pods with the data: its ${when} is Delete`];
}

function versionsOf(definition: KubernetesObject): Map<string, JsonObject> {
  const versions = blocksOf(fieldOf(definition, 'spec')['versions']);
  return new Map(versions.map((version) => [textOf(version['name']), version]));
}

function endedVersions(before: KubernetesObject, after: KubernetesObject): string[] {
  const versions = versionsOf(after);
  const ended = [...versionsOf(before)]
    .filter(([name, { served }]) => served === true && versions.get(name)?.['served'] !== true)
    .map(([name]) => name);
  return ended.length === 0
    ? []
    : [`no longer serves ${listed(ended)} of ${objectName(before)}: what still uses it fails`];
}

function prunedFields(before: KubernetesObject, after: KubernetesObject): string[] {
  const versions = versionsOf(after);
  return [...versionsOf(before)].flatMap(([name, version]) => {
    const kept = versions.get(name);
    if (kept === undefined) return [];
    const fields = prunedIn(schemaOf(version), schemaOf(kept)).filter(
      (field) => !OF_EVERY_OBJECT.includes(field),
    );
    return fields.length === 0
      ? []
      : [
          `takes ${listed(fields)} out of the schema of ${name}: each object loses the values at its next write`,
        ];
  });
}

/** The API server keeps these without a schema. */
const OF_EVERY_OBJECT = ['apiVersion', 'kind', 'metadata'];

const schemaOf = (version: JsonObject): JsonObject => fieldOf(fieldOf(version, 'schema'), 'openAPIV3Schema');

/**
 * Fields that a schema has no place for any more, by the API server's rules of pruning: `spec.size`, `spec.hosts[].name`,
 * and `spec.labels.*` for any key.
 */
function prunedIn(before: JsonObject, after: JsonObject, path = ''): string[] {
  const others = after['additionalProperties'] ?? false;
  const keepsOthers = others === true || after['x-kubernetes-preserve-unknown-fields'] === true;
  const inner = (field: unknown, kept: unknown, at: string): string[] => {
    if (isObject(field) && isObject(kept)) return prunedIn(field, kept, at);
    return field === undefined || field === false || keepsOthers ? [] : [at];
  };
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const properties = fieldOf(after, 'properties');
  const keptOthers =
    before['x-kubernetes-preserve-unknown-fields'] === true || before['additionalProperties'];
  return [
    ...Object.entries(fieldOf(before, 'properties')).flatMap(([name, field]) =>
      inner(field, properties[name] ?? others, below(name)),
    ),
    ...inner(before['items'], after['items'], `${path}[]`),
    ...inner(keptOthers, others, below('*')),
  ];
}
