import { ACCESS_POLICIES } from '../eks-emulator/access-policies';
import type { ClusterState } from '../eks-emulator/cluster-state';

/** What kube-apiserver asks and is answered (Kubernetes API reference, SubjectAccessReview v1), as far as it is used. */
export interface SubjectAccessReview {
  readonly apiVersion: 'authorization.k8s.io/v1';
  readonly kind: 'SubjectAccessReview';
  readonly spec?: {
    readonly extra?: Readonly<Record<string, readonly string[]>>;
    readonly resourceAttributes?: {
      readonly namespace?: string;
      readonly verb?: string;
      readonly group?: string;
      readonly resource?: string;
      readonly subresource?: string;
      readonly name?: string;
    };
    readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  };
  readonly status?: { readonly allowed: boolean; readonly reason?: string };
}

interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

type ResourceAttributes = NonNullable<NonNullable<SubjectAccessReview['spec']>['resourceAttributes']>;

const READ_VERBS = ['get', 'list', 'watch'];

/**
 * Says whether the access policies of a principal allow a request. Those of EKS mirror Kubernetes' own roles for
 * people, so the rules are read from the cluster. What they do not allow is left to RBAC.
 */
export async function reviewAccess(
  cluster: ClusterState,
  review: SubjectAccessReview,
): Promise<SubjectAccessReview> {
  const reason = await allowingPolicy(cluster, review);
  const status =
    reason === undefined ? { allowed: false } : { allowed: true, reason: `EKS access policy ${reason}` };
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', status };
}

async function allowingPolicy(
  state: ClusterState,
  { spec = {} }: SubjectAccessReview,
): Promise<string | undefined> {
  const { extra, resourceAttributes: resource } = spec;
  const principal = (extra?.canonicalArn ?? extra?.canonicalarn)?.[0];
  const entry = principal === undefined ? undefined : state.accessEntries.get(principal);
  for (const { policyArn = '', accessScope } of entry?.policies.values() ?? []) {
    const name = policyArn.slice(policyArn.lastIndexOf('/') + 1);
    const { namespaces } = accessScope ?? {};
    if (accessScope?.type === 'namespace' && !namespaces?.some((scope) => isIn(scope, resource?.namespace)))
      continue;
    const rights = ACCESS_POLICIES[name];
    if (rights?.kind === 'everything') return name;
    // Of the others, none has a word on paths that are no resources, such as /metrics.
    if (resource === undefined) continue;
    if (rights?.kind === 'read-everything' && READ_VERBS.some((verb) => verb === resource.verb)) return name;
    if (
      rights?.kind === 'cluster-role' &&
      (await rulesOf(state, rights.name))?.some((rule) => allows(rule, resource))
    )
      return name;
  }
  return undefined;
}

/** Whether a namespace is in a scope, which may end in a wildcard: `dev-*`. What is in no namespace is in no scope. */
function isIn(scope: string, namespace: string | undefined): boolean {
  if (!namespace) return false;
  return scope.endsWith('*') ? namespace.startsWith(scope.slice(0, -1)) : scope === namespace;
}

async function rulesOf(state: ClusterState, name: string): Promise<readonly PolicyRule[] | undefined> {
  const role = await state.runtime?.api.get({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
  });
  return role?.rules as readonly PolicyRule[] | undefined;
}

function allows(
  { verbs, apiGroups, resources, resourceNames }: PolicyRule,
  { verb, group = '', resource, subresource, name }: ResourceAttributes,
): boolean {
  const covers = (list: readonly string[] | undefined, value: string | undefined): boolean =>
    list?.some((item) => item === '*' || item === value) === true;
  return (
    covers(verbs, verb) &&
    covers(apiGroups, group) &&
    covers(resources, subresource ? [resource, subresource].join('/') : resource) &&
    (!resourceNames?.length || resourceNames.some((one) => one === name))
  );
}
