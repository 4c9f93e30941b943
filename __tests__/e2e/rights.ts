import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';

const RBAC = 'rbac.authorization.k8s.io';
const NAMESPACE = 'rights';
const role = (kind: string, name: string, more: object): object => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata: { name, ...(kind.startsWith('Cluster') ? {} : { namespace: NAMESPACE }) },
  ...more,
});
const subject = (name: string): object => ({ kind: 'ServiceAccount', name, namespace: NAMESPACE });
const binding = (kind: string, name: string, of: string, ...names: string[]): object => {
  const roleRef = { apiGroup: RBAC, kind: of.startsWith('own') ? 'Role' : 'ClusterRole', name: of };
  return role(kind, name, { roleRef, subjects: names.map(subject) });
};

/** ServiceAccounts with rights of all kinds: their own, default ones, aggregated ones, of single objects, of paths. */
export const SUBJECTS = ['reader', 'editor', 'viewer', 'owner', 'monitor', 'stranger'];

/** Roles and bindings beside those that the API server makes. */
export const ROLES: readonly object[] = [
  role('Role', 'own-reader', {
    rules: [
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['login'], verbs: ['get'] },
      { apiGroups: ['apps', 'batch'], resources: ['*'], verbs: ['list', 'watch'] },
    ],
  }),
  role('ClusterRole', 'paths', {
    rules: [
      { nonResourceURLs: ['/metrics', '/healthz/*'], verbs: ['get'] },
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ],
  }),
  binding('RoleBinding', 'reads', 'own-reader', 'reader', 'monitor'),
  binding('RoleBinding', 'edits', 'edit', 'editor'),
  binding('RoleBinding', 'views', 'view', 'viewer'),
  binding('RoleBinding', 'owns', 'admin', 'owner'),
  binding('RoleBinding', 'dangles', 'nothing', 'stranger'),
  binding('ClusterRoleBinding', 'monitors', 'paths', 'monitor'),
];

/** The question about these subjects. */
export const RIGHTS_QUESTION = {
  objects: ROLES as readonly Record<string, unknown>[],
  subjects: SUBJECTS.map(subject) as Record<string, unknown>[],
  asked: [],
  namespaces: [NAMESPACE],
};

type Rule = Readonly<Record<string, readonly string[] | undefined>>;

/** Single rights of rules, so that the order of rules and of what is in them does not matter. */
export function rightsOf(rules: readonly object[]): string[] {
  const single = (rules as readonly Rule[]).flatMap((rule) => {
    const { verbs = [], apiGroups = [], resources = [], resourceNames = [''], nonResourceURLs = [] } = rule;
    return verbs.flatMap((verb) => [
      ...apiGroups.flatMap((group) =>
        resources.flatMap((resource) => resourceNames.map((name) => `${verb} ${resource}.${group} ${name}`)),
      ),
      ...nonResourceURLs.map((path) => `${verb} ${path}`),
    ]);
  });
  return [...new Set(single)].sort();
}

/** What the API server lists for a ServiceAccount, as `kubectl auth can-i --list` asks for it. */
export async function listedRights(kubectl: Kubectl, name: string): Promise<string[]> {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace: NAMESPACE },
  };
  const as = `--as=system:serviceaccount:${NAMESPACE}:${name}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'];
  const answer = await kubectl.run(
    ['create', '--raw', path, '--filename', '-', as, ...groups.map((group) => `--as-group=${group}`)],
    { input: JSON.stringify(review) },
  );
  const { status } = JSON.parse(answer) as {
    status: { resourceRules: object[]; nonResourceRules: object[] };
  };
  return rightsOf([...status.resourceRules, ...status.nonResourceRules]);
}
