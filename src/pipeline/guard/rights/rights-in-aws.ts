import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import type { JsonObject } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { UNKNOWN } from '../change/legible-values';
import { goesWithOwner } from '../change/change-owner';
import { permissionsOf, statementsOf, widened } from './iam-policy';
import { writtenAt } from '../change/written-arguments';

type Look = (change: GuardedChange, stack: GuardedStack) => string[];

/** By Terraform type, what gives rights in AWS. */
const LOOKS: Readonly<Record<string, Look>> = {
  aws_iam_role: role,
  aws_iam_role_policy: (change, stack) => identityPolicy(change, stack, madeWith(change, stack, 'role')),
  aws_iam_user_policy: (change, stack) => identityPolicy(change, stack, false),
  aws_iam_group_policy: (change, stack) => identityPolicy(change, stack, false),
  // What it is attached to is another matter.
  aws_iam_policy: (change, stack) => identityPolicy(change, stack, change.action === 'create'),
  aws_iam_role_policy_attachment: attachment,
  aws_iam_user_policy_attachment: attachment,
  aws_iam_group_policy_attachment: attachment,
  aws_iam_policy_attachment: attachment,
  aws_eks_access_entry: accessEntry,
  aws_eks_access_policy_association: accessPolicy,
  aws_eks_cluster: accessConfig,
  aws_eks_pod_identity_association: podIdentity,
  aws_kms_grant: ({ action, after }) =>
    action === 'create'
      ? [`grants ${textsOf(after?.['operations']).join(', ')} to ${textOf(after?.['grantee_principal'])}`]
      : [],
};

/** What more somebody may do in AWS after a change, in words. */
export function rightsInAws(change: GuardedChange, stack: GuardedStack): string[] {
  const look = LOOKS[change.type];
  if (look !== undefined) return look(change, stack);
  return change.type.startsWith('aws_') ? resourcePolicy(change, stack) : [];
}

/** Actions that get their holder more rights than they are. */
const ESCALATING =
  /^(iam|sts|organizations|account):|^kms:(creategrant|putkeypolicy)$|^lambda:invokefunction$/i;

function identityPolicy(change: GuardedChange, stack: GuardedStack, isPartOfNew: boolean): string[] {
  if (change.after === undefined) return [];
  const is = policyText(change, stack, 'policy');
  return isPartOfNew ? reachingFar(statementsOf(is)) : compared(textOf(change.before?.['policy']), is);
}

/** Of what is part of something new: what it allows beyond named actions on named resources. */
function reachingFar(statements: readonly JsonObject[]): string[] {
  const isOpen = (text: string): boolean => text === '*' || text.startsWith('not ');
  return statements
    .flatMap(permissionsOf)
    .filter(({ effect }) => effect === 'Allow')
    .filter(
      ({ action, resource }) =>
        action.includes('*') || isOpen(action) || isOpen(resource) || ESCALATING.test(action),
    )
    .map(({ action, resource }) => `allows ${action} on ${resource}`);
}

/** Policies that hang on what they protect: a key, a bucket, a queue, a secret, a file system. */
function resourcePolicy(change: GuardedChange, stack: GuardedStack): string[] {
  const { before, after, action } = change;
  if (before?.['policy'] === undefined || action === 'create') return [];
  // The policy goes with what it protects.
  if (after === undefined && (!change.type.endsWith('_policy') || goesWithOwner(change, stack))) return [];
  if (after === undefined && change.type === 'aws_efs_file_system_policy') {
    return ['takes away the policy of a file system: everybody who reaches it may mount it then'];
  }
  return compared(textOf(before['policy']), after === undefined ? '{}' : policyText(change, stack, 'policy'));
}

function role(change: GuardedChange, stack: GuardedStack): string[] {
  const { before, after } = change;
  if (after === undefined) return [];
  const trust = policyText(change, stack, 'assume_role_policy');
  const boundary = textOf(before?.['permissions_boundary']);
  const managed = textsOf(after['managed_policy_arns']).filter(
    (arn) => !textsOf(before?.['managed_policy_arns']).includes(arn),
  );
  return [
    ...(before === undefined ? trustOfOthers(trust) : compared(textOf(before['assume_role_policy']), trust)),
    ...(boundary !== '' && boundary !== after['permissions_boundary']
      ? [`takes away the permissions boundary ${boundary}`]
      : []),
    ...(before === undefined ? reachingFar(inlineOf(after)) : widened(inlineOf(before), inlineOf(after))),
    // Policies that are attached by a resource of their own are listed here too, as soon as they are there.
    ...(managed.length > 0 && before !== undefined ? [`attaches ${managed.join(', ')}`] : []),
  ];
}

/** The policies that are written into the role itself. */
function inlineOf(role: JsonObject): JsonObject[] {
  return blocksOf(role['inline_policy']).flatMap(({ policy }) => statementsOf(policy));
}

/** Who else than a service of AWS may assume a role that is made anew. */
function trustOfOthers(trust: string): string[] {
  const principals = statementsOf(trust)
    .flatMap(permissionsOf)
    .filter(({ effect, principal }) => effect === 'Allow' && !principal.startsWith('Service:'))
    .map(({ principal }) => principal);
  return principals.length === 0 ? [] : [`lets ${[...new Set(principals)].join(', ')} assume a new role`];
}

function attachment({ action, after, before }: GuardedChange): string[] {
  const policy = textOf(after?.['policy_arn']);
  if (after === undefined || (action === 'update' && policy === before?.['policy_arn'])) return [];
  const to =
    ['role', 'user', 'group', 'name'].map((name) => textOf(after[name])).find((name) => name !== '') ?? '';
  return [`attaches the policy ${policy} to ${to}`];
}

function accessEntry({ action, before, after }: GuardedChange): string[] {
  if (after === undefined) return [];
  const who = textOf(after['principal_arn']);
  if (action === 'create' || who !== before?.['principal_arn']) return [`lets ${who} enter the cluster`];
  const known = textsOf(before['kubernetes_groups']);
  const groups = textsOf(after['kubernetes_groups']).filter((group) => !known.includes(group));
  return groups.length === 0 ? [] : [`puts ${who} into the groups ${groups.join(', ')}`];
}

/** The access policies of EKS that read and do not write; of the others, each is a right to change. */
function accessPolicy({ before, after }: GuardedChange): string[] {
  if (after === undefined) return [];
  const told = ({ principal_arn, policy_arn }: JsonObject): string =>
    `${textOf(policy_arn).split('/').at(-1) ?? ''} to ${textOf(principal_arn)}`;
  const [scope = {}] = blocksOf(after['access_scope']);
  const [known = {}] = blocksOf(before?.['access_scope']);
  const isSame = before !== undefined && told(before) === told(after);
  const namespaces = textsOf(scope['namespaces']);
  const isWithin =
    known['type'] === 'cluster' ||
    (scope['type'] === 'namespace' &&
      namespaces.every((name) => textsOf(known['namespaces']).includes(name)));
  if (isSame && isWithin) return [];
  return [
    `gives ${told(after)} in ${scope['type'] === 'cluster' ? 'the whole cluster' : namespaces.join(', ')}`,
  ];
}

function accessConfig({ before, after }: GuardedChange): string[] {
  const [was = {}] = blocksOf(before?.['access_config']);
  const [is = {}] = blocksOf(after?.['access_config']);
  const mode = textOf(is['authentication_mode']);
  return was['authentication_mode'] === 'API' && mode !== '' && mode !== 'API' && mode !== UNKNOWN
    ? [`lets the ConfigMap aws-auth give rights in the cluster: its authentication mode becomes ${mode}`]
    : [];
}

function podIdentity(change: GuardedChange, stack: GuardedStack): string[] {
  const { action, before, after } = change;
  if (after === undefined) return [];
  const is = textOf(after['role_arn']);
  // A role that is made together with its association is looked at by itself.
  if (action === 'create' && madeWith(change, stack, 'role_arn')) return [];
  const account = `the ServiceAccount ${textOf(after['namespace'])}/${textOf(after['service_account'])}`;
  return is === before?.['role_arn'] && action !== 'replace' ? [] : [`gives ${account} the role ${is}`];
}

/** Whether the role of a resource is created by the same plan. */
function madeWith(
  { address, after, before }: GuardedChange,
  { changes, document }: GuardedStack,
  attribute: string,
): boolean {
  if (before !== undefined) return false;
  const written = writtenAt(document, address)[attribute];
  const referred =
    typeof written === 'string' ? /^\$\{(aws_iam_role\.\w+)\.\w+\}$/.exec(written)?.[1] : undefined;
  const value = after?.[attribute];
  return changes.some(
    ({ type, action, address: other, after: role }) =>
      type === 'aws_iam_role' &&
      action === 'create' &&
      (other === referred || (value !== UNKNOWN && value !== undefined && value === role?.['name'])),
  );
}

/** The text of a policy after a change: as it is written in the code, when parts of it are known only later. */
function policyText(
  { address, after }: GuardedChange,
  { document }: GuardedStack,
  attribute: string,
): string {
  const planned = after?.[attribute];
  return textOf(planned === UNKNOWN ? writtenAt(document, address)[attribute] : planned);
}

function compared(before: string, after: string): string[] {
  return widened(statementsOf(before), statementsOf(after));
}
