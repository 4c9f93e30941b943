import { isObject } from '../manifests/field';
import { askRights } from '../rules/kubernetes-oracle';
import { listAt, valueAt } from '../rules/workload-pods';
import { textOf } from './aws-resources';
import type { ClusterFacts, Found } from './cluster-facts';
import { findingOf, meaningOf, type Code, type Finding } from './finding';

/** Ways to more rights than a subject has, and the requests that open them: `verb resource[/subresource][.group]`. */
const ESCALATIONS: Readonly<Partial<Record<Code, readonly string[]>>> = {
  'RBA-001': ['* *.*'],
  'RBA-002': [
    ...['pods', 'replicationcontrollers', 'deployments.apps', 'daemonsets.apps', 'statefulsets.apps'],
    ...['replicasets.apps', 'jobs.batch', 'cronjobs.batch'],
  ].flatMap((kind) => [`create ${kind}`, ...(kind === 'pods' ? [] : [`update ${kind}`, `patch ${kind}`])]),
  'RBA-003': ['roles', 'clusterroles'].flatMap((kind) =>
    ['bind', 'escalate'].map((verb) => `${verb} ${kind}.rbac.authorization.k8s.io`),
  ),
  'RBA-004': ['users', 'groups', 'serviceaccounts'].map((kind) => `impersonate ${kind}`),
  'RBA-005': ['get secrets', 'list secrets', 'watch secrets'],
  'RBA-006': ['create serviceaccounts/token'],
  'RBA-007': ['get nodes/proxy', 'create nodes/proxy'],
  'RBA-008': [
    ...['pods/exec', 'pods/attach'].flatMap((each) => [`get ${each}`, `create ${each}`]),
    ...['update', 'patch'].map((verb) => `${verb} pods/ephemeralcontainers`),
  ],
  'RBA-009': ['update', 'patch'].flatMap((verb) => [
    `${verb} certificatesigningrequests/approval.certificates.k8s.io`,
    `${verb} certificatesigningrequests/status.certificates.k8s.io`,
  ]),
  'RBA-010': [
    ...['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    ...['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'],
    ...['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
  ].flatMap((kind) =>
    ['create', 'update', 'patch', 'delete'].map((verb) => `${verb} ${kind}.admissionregistration.k8s.io`),
  ),
};

const REQUESTS = Object.entries(ESCALATIONS).flatMap(([code, texts]) =>
  texts.map((text) => {
    const [, verb = '', resource = '', subresource = '', apiGroup = ''] =
      /^(\S+) ([^/.]+)(?:\/([^.]+))?(?:\.(.+))?$/.exec(text) ?? [];
    return { code: code as Code, text, verb, resource, subresource, apiGroup };
  }),
);

/** ServiceAccounts of the platform's namespaces that have rights, and whose token no Pod has. */
export function unusedRights({ objects, pods, platform, stacks }: ClusterFacts): Finding[] {
  const withCharts = stacks.filter(({ document }) => document.resource?.['helm_release'] !== undefined);
  const withToken = new Set<string>();
  const tokenless = new Set(
    objects
      .filter(({ object }) => object.kind === 'ServiceAccount')
      .filter(({ object }) => valueAt(object, 'automountServiceAccountToken') === false)
      .map(({ object: { metadata } }) => keyOf(metadata.namespace, metadata.name)),
  );
  for (const { workload } of pods) {
    const { pod, namespace } = workload;
    const key = keyOf(namespace, pod['serviceAccountName']);
    // What the Pod says goes before what its account says.
    const isMounted = pod['automountServiceAccountToken'] ?? !tokenless.has(key);
    // A token for another audience is none of the API server.
    const isProjected = listAt(pod, 'volumes')
      .flatMap((volume) => listAt(volume, 'projected.sources'))
      .map((source) => source['serviceAccountToken'])
      .some((token) => isObject(token) && /^$|kubernetes\.default/.test(textOf(token['audience'])));
    if (isMounted === true || isProjected) withToken.add(key);
  }
  return (
    objects
      .filter(({ object }) => /^(Cluster)?RoleBinding$/.test(object.kind))
      // The Pods of a chart are not known.
      .filter(({ stack }) => !withCharts.some(({ name }) => name === stack))
      .flatMap((binding) =>
        listAt(binding.object, 'subjects').flatMap((subject) => {
          const namespace = textOf(subject['namespace']) || binding.object.metadata.namespace;
          const key = keyOf(namespace, subject['name']);
          // Elsewhere, others run Pods.
          const isOwn =
            subject['kind'] === 'ServiceAccount' && platform.namespaces[namespace ?? ''] !== undefined;
          return !isOwn || withToken.has(key)
            ? []
            : findingOf(
                'RBA-011',
                binding,
                `no Pod has a token of ServiceAccount ${key}, and the binding gives it rights`,
                'remove the binding, or give a workload the ServiceAccount, with automountToken: true',
                'warning',
              );
        }),
      )
  );
}

const keyOf = (namespace: unknown, name: unknown): string =>
  `${textOf(namespace) || 'default'}/${textOf(name) || 'default'}`;

/**
 * Ways by which a subject of the platform's bindings can give itself more rights.
 *
 * @returns undefined when the API server's resolver is not there
 * @throws OracleError
 */
export function permissionFindings({ objects, platform }: ClusterFacts): Finding[] | undefined {
  const roles = objects.filter(({ object }) => /^(Cluster)?Role$/.test(object.kind));
  const bindings = objects.filter(({ object }) => /^(Cluster)?RoleBinding$/.test(object.kind));
  const clusterWide = bindings.filter(({ object }) => object.kind === 'ClusterRoleBinding');
  const namespaces = new Set(bindings.map(({ object }) => object.metadata.namespace ?? ''));
  // Bindings of one namespace matter in no other one.
  const questions = [...namespaces].sort().map((namespace) => {
    const own = bindings.filter(({ object }) => (object.metadata.namespace ?? '') === namespace);
    const subjects = own.flatMap(({ object }) =>
      listAt(object, 'subjects').map((subject): Record<string, unknown> => ({
        ...subject,
        ...(subject['kind'] === 'ServiceAccount' && { namespace: textOf(subject['namespace']) || namespace }),
      })),
    );
    return {
      namespace,
      subjects: [...new Map(subjects.map((each) => [JSON.stringify(each), each])).values()],
      bindings: namespace === '' ? own : [...clusterWide, ...own],
    };
  });
  const answers = askRights(
    questions.map(({ namespace, subjects, bindings: there }) => ({
      objects: [...roles, ...there].map(({ object }) => object),
      subjects,
      asked: REQUESTS.map(({ verb, resource, subresource, apiGroup }) => ({
        verb,
        resource,
        subresource,
        apiGroup,
        namespace,
      })),
      namespaces: [],
    })),
    platform.kubernetes,
  );
  if (answers === undefined) return undefined;
  const inCluster = new Set<string>();
  return questions.flatMap(({ namespace, subjects, bindings: there }, q) =>
    subjects.flatMap((subject, s) => {
      const who = `${textOf(subject['kind'])} ${[subject['namespace'], subject['name']]
        .filter((part) => part !== undefined)
        .map(String)
        .join('/')}`;
      const allowed = answers[q]?.[s]?.allowed ?? [];
      const ways = REQUESTS.map((request, i) => ({ ...request, reason: allowed[i] ?? '' })).filter(
        ({ reason }) => reason !== '',
      );
      const codes = [...new Set(ways.map(({ code }) => code))];
      // Who has every right has the others too.
      return (codes.includes('RBA-001') ? (['RBA-001'] as const) : codes).flatMap((code) => {
        if (inCluster.has(`RBA-001 ${who}`) || inCluster.has(`${code} ${who}`)) return [];
        if (namespace === '') inCluster.add(`${code} ${who}`);
        const own = ways.filter((way) => way.code === code);
        const binding = grantedBy(own[0]?.reason ?? '', there);
        if (!binding) return [];
        const where = namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`;
        return findingOf(
          code,
          binding,
          `${who}: ${meaningOf(code)}: ${own
            .map(({ text }) => text)
            .slice(0, 4)
            .join(', ')} ${where}`,
          'take the rule out of the role, name single objects by resourceNames, or bind the role to another subject',
        );
      });
    }),
  );
}

/** `RBAC: allowed by RoleBinding "name/namespace" of Role "…" to …` */
function grantedBy(reason: string, bindings: readonly Found[]): Found | undefined {
  const [, kind, name] = /allowed by (\w+) "([^"/]+)/.exec(reason) ?? [];
  return bindings.find(({ object }) => object.kind === kind && object.metadata.name === name);
}
