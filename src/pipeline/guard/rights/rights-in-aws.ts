import { existingResources } from '../../plan/planned-stack';
import { STACK } from '../../../facts/stack-names';
import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import type { JsonObject } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { UNKNOWN } from '../change/legible-values';
import { goesWithOwner } from '../change/change-owner';
import {
  isLegible,
  isPublic,
  type Permission,
  permissionsOf,
  statementsOf,
  widened,
} from '../../../rules/iam-policy';
import { refersToNew } from '../change/own-objects';
import { writtenIn } from '../change/written-arguments';

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
  return (LOOKS[change.type] ?? resourcePolicy)(change, stack);
}

/** Actions that get their holder more rights than they are. */
const ESCALATING =
  /^(?:iam|sts|organizations|account|ec2-instance-connect):|^kms:(?:creategrant|putkeypolicy)$|^lambda:(?:addpermission|invokefunction|updatefunction\w+)$|^eks:(?:associateaccesspolicy|(?:create|update)(?:accessentry|podidentityassociation))$|^ssm:(?:sendcommand|startsession)$|^cloudformation:(?:create|update)stack$|^codebuild:startbuild$|^ec2:modifyinstanceattribute$|^ecs:executecommand$|^glue:updatedevendpoint$|:(?:delete|put|set)(?:bucket|repository|resource|registry|object|accesspoint|account)?(?:acl|policy|publicaccessblock)$|^s[nq]s:addpermission$/i;

/** Actions that say what there is, which AWS grants for everything or not at all. */
const LISTING = /^[a-z0-9-]+:(?:Describe|List)[A-Za-z]*$/;

/** `*`, all but something, and ARNs that name nothing but a service and a type: `arn:aws:s3:::*`, `arn:aws:ec2:eu-west-1:111122223333:instance/*`. */
const EVERYTHING =
  /^(?:(?!arn:)|arn(?::[^:]*){0,4}$|arn:[^:]*:s3:[^:]*:[^:]*:[*?/]+$|arn:[^:]*:(?!s3:)[^:]*:[^:]*:[^:]*:(?:[a-z-]+[:/])?[*?][*?:/]*$)/i;

function identityPolicy(change: GuardedChange, stack: GuardedStack, isPartOfNew: boolean): string[] {
  if (change.after === undefined) return [];
  const is = policyText(change, stack, 'policy');
  if (!isLegible(is)) return [ILLEGIBLE];
  return isPartOfNew
    ? reachingFar(statementsOf(is).flatMap(permissionsOf), mayBeOfController(stack))
    : widened(statementsOf(change.before?.['policy']), statementsOf(is), (permission) =>
        isOfNew(permission, stack),
      );
}

/** Whether a permission is for an object that the same plan creates: a log group for an agent that writes the others. */
const isOfNew = (permission: Permission, { changes }: GuardedStack): boolean => {
  const [, address] = /^\$\{(aws_\w+\.[\w-]+)\.arn\}(?:$|[/:])/.exec(permission.resource) ?? [];
  return (
    changes.some((other) => other.action === 'create' && other.address === address) &&
    reachingFar([permission], false).length === 0
  );
};

/** What the load balancer controller and Karpenter do to what they make themselves. */
const OF_CONTROLLERS =
  /^(?:elasticloadbalancing|shield|waf-regional|wafv2):|^(?:cognito-idp:DescribeUserPoolClient|pricing:GetProducts)$|^ec2:(?:AuthorizeSecurityGroupIngress|CreateFleet|CreateLaunchTemplate|CreateSecurityGroup|CreateTags|DeleteLaunchTemplate|DeleteSecurityGroup|DeleteTags|RevokeSecurityGroupIngress|RunInstances|TerminateInstances)$|^iam:(?:GetInstanceProfile|GetServerCertificate)$/;

/** What they do in IAM, under a condition. */
const OF_CONTROLLERS_IN_IAM = ['iam:CreateServiceLinkedRole', 'iam:PassRole'];

/** The stacks that they are in. */
const STACKS_OF_CONTROLLERS: readonly string[] = [
  STACK.cluster,
  STACK.loadBalancerController,
  STACK.platform,
];
const mayBeOfController = ({ isNew, name }: GuardedStack): boolean =>
  isNew && STACKS_OF_CONTROLLERS.includes(name);

const isOfController = ({ action, conditions }: Permission): boolean =>
  OF_CONTROLLERS.test(action) || (OF_CONTROLLERS_IN_IAM.includes(action) && conditions.length > 0);

/** Of what is part of something new: what it allows beyond named actions on named resources. */
function reachingFar(permissions: readonly Permission[], mayBeController: boolean): string[] {
  const isOpen = (text: string): boolean => EVERYTHING.test(text) && !text.startsWith('${');
  return permissions
    .filter(({ effect }) => effect === 'Allow')
    .filter(
      (permission) => !LISTING.test(permission.action) && !(mayBeController && isOfController(permission)),
    )
    .filter(
      ({ action, resource }) =>
        /[*?]/.test(action) || action.startsWith('not ') || isOpen(resource) || ESCALATING.test(action),
    )
    .map(({ action, resource }) => `allows ${action} on ${resource}`);
}

/** Policies that hang on what they protect: a key, a bucket, a queue, a secret, a file system. */
function resourcePolicy(change: GuardedChange, stack: GuardedStack): string[] {
  const { before, after, action } = change;
  if (action === 'create') return openedToOthers(change, stack);
  if (before?.['policy'] === undefined) return [];
  // The policy goes with what it protects.
  if (after === undefined && (!change.type.endsWith('_policy') || goesWithOwner(change, stack))) return [];
  if (after === undefined && change.type === 'aws_efs_file_system_policy') {
    return ['takes away the policy of a file system: every client that reaches it may then mount it'];
  }
  return compared(textOf(before['policy']), policyText(change, stack, 'policy'));
}

/** What a new policy lets in besides the platform's account and services of AWS. The policy of an endpoint only narrows. */
function openedToOthers(change: GuardedChange, stack: GuardedStack): string[] {
  if (change.type === 'aws_vpc_endpoint') return [];
  const policy = policyText(change, stack, 'policy');
  if (!isLegible(policy)) return [ILLEGIBLE];
  const statements = statementsOf(policy).filter((statement) => !isForMounts(statement));
  // A bucket that is public for everyone is the concern of the rule on exposure.
  if (change.type === 'aws_s3_bucket_policy' && isPublic(statements)) return [];
  const own = ownAccount(stack);
  const others = statements
    .flatMap(permissionsOf)
    .filter(({ effect, principal }) => effect === 'Allow' && principal !== '')
    .map(({ principal }) => principal)
    .filter((principal) => !principal.startsWith('Service:') && !isOfAccount(principal, own));
  return others.length === 0 ? [] : [`lets in ${[...new Set(others)].join(', ')}`];
}

/** Who reaches the network of a file system may mount it. */
const isForMounts = ({ Condition }: JsonObject): boolean =>
  JSON.stringify(Condition) === '{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}';

function isOfAccount(principal: string, own: string | undefined): boolean {
  const [, account] = /^AWS:(?:arn:[^:]*:(?:iam|sts)::)?(\$\{[^}]*\}|\d{12})(?::.*)?$/.exec(principal) ?? [];
  return (
    (account !== undefined && account === own) ||
    /^\$\{(?:data\.aws_caller_identity|aws_iam_role)\./.test(account ?? '')
  );
}

/** The account that is planned for, where the plan has asked for it. */
function ownAccount({ plan }: GuardedStack): string | undefined {
  const { resources = [] } = plan.prior_state?.values?.root_module ?? {};
  const asked = resources.find(({ type, mode }) => mode === 'data' && type === 'aws_caller_identity');
  return asked === undefined ? undefined : textOf(asked.values['account_id']);
}

function role(change: GuardedChange, stack: GuardedStack): string[] {
  const { before, after } = change;
  if (after === undefined) return [];
  const trust = policyText(change, stack, 'assume_role_policy');
  const boundary = textOf(before?.['permissions_boundary']);
  const isUnset = writtenIn(stack.document, change.address)?.['managed_policy_arns'] === undefined;
  const managed = textsOf(after['managed_policy_arns']).filter(
    (arn) => !(arn === UNKNOWN && isUnset) && !textsOf(before?.['managed_policy_arns']).includes(arn),
  );
  const inline = inlineTexts(change, stack);
  return [
    ...(before === undefined && isLegible(trust)
      ? trustOfOthers(trust)
      : compared(textOf(before?.['assume_role_policy']), trust)),
    ...(boundary !== '' && boundary !== after['permissions_boundary']
      ? [`takes away the permissions boundary ${boundary}`]
      : []),
    ...(inline.every(isLegible)
      ? before === undefined
        ? reachingFar(inline.flatMap(statementsOf).flatMap(permissionsOf), mayBeOfController(stack))
        : widened(inlineOf(before), inline.flatMap(statementsOf))
      : [ILLEGIBLE]),
    // Policies that are attached by a resource of their own are listed here too, as soon as they are there.
    ...(managed.length > 0 ? [`attaches ${managed.join(', ')}`] : []),
  ];
}

/** The policies that are written into the role itself. */
function inlineOf(role: JsonObject): JsonObject[] {
  return blocksOf(role['inline_policy']).flatMap(({ policy }) => statementsOf(policy));
}

/** Their texts after a change, as they are written where parts are unknown until the apply. AWS lists those that the code does not set. */
function inlineTexts({ address, after }: GuardedChange, { document }: GuardedStack): string[] {
  const planned = after?.['inline_policy'];
  const written = writtenIn(document, address)?.['inline_policy'];
  const isKnown = !JSON.stringify(planned ?? null).includes(UNKNOWN);
  if (planned === UNKNOWN && written === undefined) return [];
  const blocks = blocksOf(isKnown ? planned : (written ?? planned));
  return planned === UNKNOWN && blocks.length === 0 ? [UNKNOWN] : blocks.map(({ policy }) => textOf(policy));
}

/** The principals other than services of AWS that may assume a new role. */
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
  const isOwn =
    policy === UNKNOWN
      ? refersToNew(change, stack, 'policy_arn', 'aws_iam_policy')
      : OF_THE_PROGRAM.includes(name);
  if (isOwn && madeWith(change, stack, 'role')) return [];
  return [`attaches the policy ${policy} to ${textOf(after['role'])}`];
}

/** Who enters a cluster that the same plan creates is who it is made for. */
function ofCluster(look: Look): Look {
  return (change, stack) =>
    change.action === 'create' && refersToNew(change, stack, 'cluster_name', 'aws_eks_cluster')
      ? []
      : look(change, stack);
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
  const written = writtenIn(document, address)?.[attribute];
  const referred = /^\$\{(aws_iam_role\.[\w-]+)\.(?:arn|id|name)\}$/.exec(textOf(written))?.[1];
  const value = after?.[attribute];
  return changes.some(
    ({ type, action, address: other, after: role }) =>
      type === 'aws_iam_role' &&
      action === 'create' &&
      (other === referred || (value !== UNKNOWN && value !== undefined && value === role?.['name'])),
  );
}

/** The text of a policy after a change: as it is written in the code, when parts of it are known only later. */
function policyText({ address, type, after }: GuardedChange, stack: GuardedStack, attribute: string): string {
  const planned = after?.[attribute];
  if (planned !== UNKNOWN) return textOf(planned);
  const written = writtenIn(stack.document, address);
  // Of a resource of a module the text is nowhere; where it may be left out, the provider computes it.
  const isNowhere = written === undefined && (type.endsWith('_policy') || attribute !== 'policy');
  return isNowhere ? UNKNOWN : withKnown(textOf(written?.[attribute]), stack);
}

/** A text in which what exists, and stays as it is, has the ARN, ID or name that it has. */
const withKnown = (text: string, stack: GuardedStack): string =>
  text.replace(/\$\{(aws_\w+\.[\w-]+)\.(arn|id|name)\}/g, (reference, address: string, attribute: string) => {
    if (stack.changes.some((change) => change.address === address)) return reference;
    const found = existingResources(stack).find((one) => one.address === address);
    return textOf(found?.values[attribute]) || reference;
  });

function compared(before: string, after: string): string[] {
  return isLegible(after) ? widened(statementsOf(before), statementsOf(after)) : [ILLEGIBLE];
}

const ILLEGIBLE =
  'has a policy that Terraform knows only after the apply: write it so that its text is known, or look at it';
