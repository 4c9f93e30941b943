import { STACK } from '../facts/stack-names';
import { isObject } from '../manifests/field';
import { blocksOf, referredTo, textOf } from './aws-resources';
import { matches } from '../rules/iam-policy';
import { foundInAws, resourcesIn, type ClusterFacts } from './cluster-facts';
import { findingOf, meaningOf, type Code, type Finding } from './finding';
import { rolesIn, UNKNOWN, type AwsStatement, type IamRole } from './iam-role';

/**
 * Actions by which a principal of IAM gets rights that it does not have, where they hold for more than single resources.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const ESCALATIONS: Readonly<Partial<Record<Code, readonly string[]>>> = {
  'IAM-001': [
    ...[
      ...['AttachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy', 'DeleteRolePermissionsBoundary'],
      ...['PutRolePermissionsBoundary', 'CreatePolicyVersion', 'SetDefaultPolicyVersion', 'AddUserToGroup'],
      ...['AttachUserPolicy', 'PutUserPolicy', 'AttachGroupPolicy', 'PutGroupPolicy'],
      ...['CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile'],
    ].map((action) => `iam:${action}`),
    ...['CreateAccessEntry', 'UpdateAccessEntry', 'AssociateAccessPolicy'].map((action) => `eks:${action}`),
  ],
  'IAM-002': ['iam:PassRole'],
  'IAM-003': ['sts:AssumeRole'],
};

/** Policies of AWS that hold them, with their codes. Source: AWS Managed Policy Reference Guide. */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['IAM-001', 'IAM-002', 'IAM-003'],
  IAMFullAccess: ['IAM-001', 'IAM-002'],
};

/** Who has the rights of a role without a person, or may be anyone. */
const INSIDE =
  /^(pods\.eks\.amazonaws\.com|ec2\.amazonaws\.com(\.cn)?|\*|\(known after apply\))$|oidc-provider\/|aws_iam_openid_connect_provider/;

/** Ways by which Pods and nodes can give themselves more rights in AWS. A condition counts as a limit, and so do single resources. */
export function awsEscalations({ stacks }: ClusterFacts): Finding[] {
  const given = [
    ...resourcesIn(stacks, 'aws_eks_pod_identity_association').map(
      ({ attributes }) => attributes['role_arn'],
    ),
    ...resourcesIn(stacks, 'aws_eks_node_group').map(({ attributes }) => attributes['node_role_arn']),
    ...resourcesIn(stacks, 'aws_eks_addon').flatMap(({ attributes }) =>
      blocksOf(attributes['pod_identity_association']).map((each) => each['role_arn']),
    ),
  ].map(textOf);
  const isInside = ({ assumedBy, address, name }: IamRole): boolean =>
    assumedBy.some((who) => INSIDE.test(who)) ||
    given.some((arn) => referredTo(arn) === address || (name !== '' && arn.endsWith(`/${name}`)));
  return (
    rolesIn(stacks)
      // The jobs of the pipeline change roles: that is what they are for.
      .filter(({ stack, role }) => stack !== STACK.pipeline && isInside(role))
      .flatMap(({ stack, role }) =>
        (Object.entries(ESCALATIONS) as [Code, readonly string[]][]).flatMap(([code, actions]) => {
          const found = waysOf(role, code, actions);
          if (found.length === 0) return [];
          return findingOf(
            code,
            foundInAws(stacks, { stack, address: role.address }, 'IAM role', role.name),
            `${meaningOf(code)}: ${found.slice(0, 4).join(', ')}`,
            'name single roles or policies as the resources of the statement, or take the action out of it',
          );
        }),
      )
  );
}

function waysOf(role: IamRole, code: Code, actions: readonly string[]): string[] {
  const policies = role.managedPolicies.filter((arn) => {
    const name = arn.replace(/^.*\//, '');
    return arn.startsWith('${') || (/:iam::aws:policy\//.test(arn) && MANAGED[name]?.includes(code));
  });
  if (policies.length > 0) return policies.map((arn) => arn.replace(/^.*\//, ''));
  const wide = role.statements.filter((statement) => !isLimited(statement, role));
  const of = (effect: AwsStatement['effect']) => wide.filter((statement) => statement.effect === effect);
  return actions.filter(
    (action) =>
      of('Allow').some((statement) => holds(statement, action)) &&
      !of('Deny').some((statement) => statement.resources.includes('*') && holds(statement, action)),
  );
}

/** Whether a statement is for single resources, other than the role itself, or under a condition. */
function isLimited({ resources, condition }: AwsStatement, { name, address }: IamRole): boolean {
  const isConditional =
    isObject(condition) &&
    Object.values(condition).some((each) => isObject(each) && Object.keys(each).length > 0);
  const isOwn = (resource: string): boolean =>
    [name, address].includes(resource) || (name !== '' && resource.endsWith(`/${name}`));
  const isWide = (resource: string): boolean => {
    const parts = resource.split(':');
    return (
      resource.startsWith('not ') ||
      (/[*?]/.test(resource) && (parts.length < 6 || /[*?]/.test(parts.slice(5).join(':'))))
    );
  };
  return isConditional || !resources.some((resource) => isWide(resource) || isOwn(resource));
}

/** Whether a statement is about an action: one of those that it names, or none of those that it leaves out. */
function holds(statement: AwsStatement, name: string): boolean {
  const action = name.toLowerCase();
  const actions = statement.actions.map((pattern) => pattern.toLowerCase());
  const leftOut = actions.filter((pattern) => pattern.startsWith('not '));
  return (
    actions.some((pattern) => pattern === UNKNOWN || matches(pattern, action)) ||
    (leftOut.length > 0 && !leftOut.some((pattern) => matches(pattern.slice('not '.length), action)))
  );
}
