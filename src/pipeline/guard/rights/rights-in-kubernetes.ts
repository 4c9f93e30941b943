import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { fieldOf, objectName } from '../change/kubernetes-change';
import { UNKNOWN } from '../change/legible-values';
import { AGENT_NAMESPACES, STACK } from '../../../facts/stack-names';
import { createdNames, refersToNew } from '../change/own-objects';

/** What more somebody may do in the cluster after a change, in words. */
export function rightsInKubernetes(change: GuardedChange, stack: GuardedStack): string[] {
  const { objectBefore, objectAfter } = change;
  if (objectAfter === undefined) return [];
  const before = objectBefore?.kind === objectAfter.kind ? objectBefore : undefined;
  switch (objectAfter.kind) {
    case 'Role':
      return before === undefined ? riskyRules(objectAfter) : newRules(before, objectAfter);
    case 'ClusterRole':
      return before === undefined && stack.isNew && onlyReads(objectAfter)
        ? []
        : newRules(before, objectAfter);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return before === undefined && stack.isNew && bindsOwn(change, stack)
        ? []
        : binding(before, objectAfter, change, stack);
    case 'Namespace':
      return before === undefined && isOfAgents(change, stack) ? [] : podSecurity(before, objectAfter);
    case 'ConfigMap':
      return awsAuth(before, objectAfter);
    default:
      return [];
  }
}

/** By this ConfigMap, clusters without access entries let roles of AWS in. */
function awsAuth(before: KubernetesObject | undefined, after: KubernetesObject): string[] {
  const { namespace, name } = after.metadata;
  return namespace === 'kube-system' &&
    name === 'aws-auth' &&
    JSON.stringify(before?.['data']) !== JSON.stringify(after['data'])
    ? ['changes who may enter the cluster, and as whom']
    : [];
}

/** One verb on one kind of resource, or on one path of the API server. */
interface Right {
  readonly verb: string;
  /** `apps/deployments`, `/secrets` of the core group, `/healthz`. */
  readonly group: string;
  readonly resource: string;
  /** Empty for all of them. */
  readonly name: string;
}

function rightsOf(role: KubernetesObject): Right[] {
  return blocksOf(role['rules']).flatMap((rule) => {
    const names = textsOf(rule['resourceNames']);
    const paths = textsOf(rule['nonResourceURLs']).map((resource) => ({ group: 'path', resource }));
    const resources = textsOf(rule['apiGroups']).flatMap((group) =>
      textsOf(rule['resources']).map((resource) => ({ group, resource })),
    );
    return textsOf(rule['verbs']).flatMap((verb) =>
      [...resources, ...paths].flatMap((what) =>
        (names.length === 0 ? [''] : names).map((name) => ({ verb, ...what, name })),
      ),
    );
  });
}

function newRules(before: KubernetesObject | undefined, after: KubernetesObject): string[] {
  const known = before === undefined ? [] : rightsOf(before);
  const more = rightsOf(after).filter((right) => !known.some((other) => holds(other, right)));
  const [was, is] = [fieldOf(before, 'aggregationRule'), fieldOf(after, 'aggregationRule')];
  const aggregates = Object.keys(is).length > 0 && JSON.stringify(is) !== JSON.stringify(was);
  return [...told(more), ...(aggregates ? ['takes over the rules of other ClusterRoles'] : [])];
}

function holds(outer: Right, inner: Right): boolean {
  const same = (a: string, b: string): boolean => a === '*' || a === b;
  return (
    same(outer.verb, inner.verb) &&
    same(outer.group, inner.group) &&
    same(outer.resource, inner.resource) &&
    (outer.name === '' || outer.name === inner.name)
  );
}

const READING = ['get', 'list', 'watch'];
const ESCALATING = ['escalate', 'bind', 'impersonate'];
/** By what somebody acts as a ServiceAccount, runs a command in a Pod or asks its ports; a GET opens such a connection, too. */
const CONNECTING = /\/(?:attach|ephemeralcontainers|exec|portforward|proxy|token)$/;

/** The rules of a new Role that reach further than the objects that a workload needs. */
function riskyRules(role: KubernetesObject): string[] {
  return told(
    rightsOf(role).filter(
      ({ verb, group, resource, name }) =>
        [verb, group, resource].includes('*') ||
        resource.startsWith('*/') ||
        ESCALATING.includes(verb) ||
        CONNECTING.test(resource) ||
        (resource === 'secrets' && READING.includes(verb) && name === ''),
    ),
  );
}

/** Whether a ClusterRole reads named kinds of objects, other than Secrets, and does nothing else. */
function onlyReads(role: KubernetesObject): boolean {
  return (
    riskyRules(role).length === 0 &&
    Object.keys(fieldOf(role, 'aggregationRule')).length === 0 &&
    rightsOf(role).every(({ verb, resource }) => READING.includes(verb) && !resource.startsWith('secrets'))
  );
}

/** Whether a binding gives a role of the stack to ServiceAccounts of the stack, all of which the same plan creates. */
function bindsOwn(change: GuardedChange, stack: GuardedStack): boolean {
  const { objectAfter } = change;
  const { kind, name } = fieldOf(objectAfter, 'roleRef');
  const roles = createdNames(stack, textOf(kind));
  const accounts = createdNames(stack, 'ServiceAccount');
  const isOwnRole =
    name === UNKNOWN
      ? refersToNew(change, stack, 'role_ref', 'kubernetes_cluster_role')
      : roles.has(textOf(name));
  return (
    isOwnRole &&
    blocksOf(objectAfter?.['subjects']).every((subject) =>
      subject['name'] === UNKNOWN
        ? refersToNew(change, stack, 'subject', 'kubernetes_')
        : subject['kind'] === 'ServiceAccount' &&
          accounts.has(`${textOf(subject['namespace'])}/${textOf(subject['name'])}`),
    )
  );
}

function told(rights: readonly Right[]): string[] {
  const verbs = new Map<string, string[]>();
  for (const { verb, group, resource, name } of rights) {
    const what =
      (group === '' || group === 'path' ? resource : `${resource}.${group}`) +
      (name === '' ? '' : ` ${name}`);
    verbs.set(what, [...(verbs.get(what) ?? []), verb]);
  }
  return [...verbs].map(([what, all]) => `allows ${all.join(', ')} on ${what}`);
}

function binding(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  change: GuardedChange,
  stack: GuardedStack,
): string[] {
  const role = fieldOf(after, 'roleRef');
  const isSameRole =
    before !== undefined && JSON.stringify(fieldOf(before, 'roleRef')) === JSON.stringify(role);
  const known = isSameRole ? blocksOf(before['subjects']).map((subject) => subjectName(subject)) : [];
  const subjects = blocksOf(after['subjects']).filter((subject) => !known.includes(subjectName(subject)));
  const roles = createdNames(stack, 'Role');
  const isOfNamespace =
    after.kind === 'RoleBinding' &&
    role['kind'] === 'Role' &&
    before === undefined &&
    ((role['name'] === UNKNOWN && refersToNew(change, stack, 'role_ref', 'kubernetes_role')) ||
      roles.has(`${textOf(after.metadata.namespace)}/${textOf(role['name'])}`));
  const counted = isOfNamespace
    ? subjects.filter(
        ({ kind, namespace }) => kind !== 'ServiceAccount' || namespace !== after.metadata.namespace,
      )
    : subjects;
  if (counted.length === 0) return [];
  const where =
    after.kind === 'ClusterRoleBinding' ? ' in the whole cluster' : ` in ${after.metadata.namespace ?? ''}`;
  return [
    `gives the ${textOf(role['kind'])} ${textOf(role['name'])} to ${counted.map(subjectName).join(', ')}${where}`,
  ];
}

function subjectName({ kind, namespace, name }: JsonObject): string {
  return `${textOf(kind)} ${kind === 'ServiceAccount' ? `${textOf(namespace)}/` : ''}${textOf(name)}`;
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';
/** From loose to strict; a namespace without the label is privileged. */
const LEVELS = ['privileged', 'baseline', 'restricted'];

/** Agents of the program read the files of their node, in a namespace of their own. */
function isOfAgents({ objectAfter }: GuardedChange, { isNew, name }: GuardedStack): boolean {
  return isNew && name === STACK.platform && AGENT_NAMESPACES.includes(objectAfter?.metadata.name ?? '');
}

function podSecurity(before: KubernetesObject | undefined, after: KubernetesObject): string[] {
  const level = ({ metadata: { labels = {} } }: KubernetesObject): string => labels[ENFORCE] ?? 'privileged';
  const is = level(after);
  if (before === undefined) {
    return is !== 'baseline' && is !== 'restricted'
      ? [`creates ${objectName(after)} without a Pod Security Standard that is enforced`]
      : [];
  }
  const was = level(before);
  return LEVELS.indexOf(is) < LEVELS.indexOf(was)
    ? [`loosens the Pod Security Standard of ${objectName(after)} from ${was} to ${is}`]
    : [];
}
