import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import type { JsonObject } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { UNKNOWN } from '../change/legible-values';
import { goesWithOwner } from '../change/change-owner';
import { type Permission, permissionsOf, statementsOf, widened } from './iam-policy';
import { refersToNew } from '../change/own-objects';
import { writtenAt } from '../change/written-arguments';

type Look = (change: GuardedChange, stack: GuardedStack) => string[];

/** By Terraform type, what gives rights in AWS. */
const LOOKS: Readonly<Record<string, Look>> = {
  aws_iam_role: role,
  aws_iam_role_policy: (change, stack) => identityPolicy(change, stack, madeWith(change, stack, 'role')),
  // What it is attached to is another matter.
  aws_iam_policy: (change, stack) => identityPolicy(change, stack, change.action === 'create'),
  aws_iam_role_policy_attachment: attachment,
  aws_eks_access_entry: ofCluster(accessEntry),
  aws_eks_access_policy_association: ofCluster(accessPolicy),
  aws_eks_cluster: accessConfig,
  aws_eks_pod_identity_association: podIdentity,
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

/** Actions that say what there is, which AWS grants for everything or not at all. */
const LISTING = /^[a-z0-9-]+:(?:Describe|List)[A-Za-z]*$/;

/** `*`, and ARNs that name nothing but a service and a type: `arn:aws:s3:::*`, `arn:aws:ec2:eu-west-1:111122223333:instance/*`. */
const EVERYTHING =
  /^(?:\*|arn:[^:]*:s3:::\*(?:\/\*)?|arn:[^:]*:(?!s3:)[^:]*:[^:]*:[^:]*:(?:[a-z-]+[:/])?\*(?:\/\*)?)$/;

function identityPolicy(change: GuardedChange, stack: GuardedStack, isPartOfNew: boolean): string[] {
  if (change.after === undefined) return [];
  const is = policyText(change, stack, 'policy');
  if (!isPartOfNew) return compared(textOf(change.before?.['policy']), is);
  return isLegible(is) ? reachingFar(statementsOf(is), stack.isNew) : [ILLEGIBLE];
}

/** What the load balancer controller and Karpenter do to what they make themselves. */
const OF_CONTROLLERS =
  /^(?:elasticloadbalancing|shield|waf-regional|wafv2):|^(?:cognito-idp:DescribeUserPoolClient|pricing:GetProducts)$|^ec2:(?:AuthorizeSecurityGroupIngress|CreateFleet|CreateLaunchTemplate|CreateSecurityGroup|CreateTags|DeleteLaunchTemplate|DeleteSecurityGroup|DeleteTags|RevokeSecurityGroupIngress|RunInstances|TerminateInstances)$|^iam:(?:GetInstanceProfile|GetServerCertificate)$/;

/** What they do in IAM, under a condition. */
const OF_CONTROLLERS_IN_IAM = ['iam:CreateServiceLinkedRole', 'iam:PassRole'];

const isOfController = ({ action, conditions }: Permission): boolean =>
  OF_CONTROLLERS.test(action) || (OF_CONTROLLERS_IN_IAM.includes(action) && conditions.length > 0);

/** Of what is part of something new: what it allows beyond named actions on named resources. */
function reachingFar(statements: readonly JsonObject[], isNewStack: boolean): string[] {
  const isOpen = (text: string): boolean => text.startsWith('not ') || EVERYTHING.test(text);
  return statements
    .flatMap(permissionsOf)
    .filter(({ effect }) => effect === 'Allow')
    .filter((permission) => !LISTING.test(permission.action) && !(isNewStack && isOfController(permission)))
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
    (arn) => arn !== UNKNOWN && !textsOf(before?.['managed_policy_arns']).includes(arn),
  );
  return [
    ...(before === undefined ? trustOfOthers(trust) : compared(textOf(before['assume_role_policy']), trust)),
    ...(boundary !== '' && boundary !== after['permissions_boundary']
      ? [`takes away the permissions boundary ${boundary}`]
      : []),
    ...(before === undefined
      ? reachingFar(inlineOf(after), stack.isNew)
      : widened(inlineOf(before), inlineOf(after))),
    // Policies that are attached by a resource of their own are listed here too, as soon as they are there.
    ...(managed.length > 0 ? [`attaches ${managed.join(', ')}`] : []),
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

/** Managed policies of AWS that the program attaches to the roles of its own parts, which need no more and get no less. */
const OF_THE_PROGRAM = [
  'AmazonEBSCSIDriverEKSClusterScopedPolicy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEKSClusterPolicy',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AWSXrayWriteOnlyAccess',
  'AmazonSSMManagedInstanceCore',
  'CloudWatchAgentServerPolicy',
  'service-role/AmazonEBSCSIDriverPolicy',
  'service-role/AmazonEFSCSIDriverPolicy',
];

function attachment(change: GuardedChange, stack: GuardedStack): string[] {
  const { action, after, before } = change;
  const policy = textOf(after?.['policy_arn']);
  if (after === undefined || (action === 'update' && policy === before?.['policy_arn'])) return [];
  const [, name = ''] = /^arn:[a-z-]+:iam::aws:policy\/(.+)$/.exec(policy) ?? [];
  const isOwn = policy === UNKNOWN ? refersToNew(change, stack, 'policy_arn') : OF_THE_PROGRAM.includes(name);
  if (isOwn && madeWith(change, stack, 'role')) return [];
  return [`attaches the policy ${policy} to ${textOf(after['role'])}`];
}

/** Who enters a cluster that the same plan creates is who it is made for. */
function ofCluster(look: Look): Look {
  return (change, stack) =>
    change.action === 'create' && refersToNew(change, stack, 'cluster_name') ? [] : look(change, stack);
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
  return isLegible(after) ? widened(statementsOf(before), statementsOf(after)) : [ILLEGIBLE];
}

const ILLEGIBLE =
  'has a policy that Terraform knows only after the apply: write it so that its text is known, or look at it';

/** Whether a text is a policy, or none at all. */
function isLegible(policy: string): boolean {
  return policy.trim() === '' || policy.trimStart().startsWith('{');
}
