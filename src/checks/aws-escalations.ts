import type { Stack } from '../manifests/stacks';
import { foundInAws, type ClusterFacts } from './cluster-facts';
import { CODES, findingOf, type Code, type Finding } from './finding';
import { iamRoles, UNKNOWN_ACTIONS, type AwsStatement, type IamRole } from './iam-role';

/**
 * Actions by which a principal of IAM gets rights that it does not have, where they hold for many resources.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const ESCALATIONS: Readonly<Partial<Record<Code, readonly string[]>>> = {
  'IAM-001': [
    ...['AttachRolePolicy', 'PutRolePolicy', 'UpdateAssumeRolePolicy', 'DeleteRolePermissionsBoundary'],
    ...['PutRolePermissionsBoundary', 'CreatePolicyVersion', 'SetDefaultPolicyVersion', 'AddUserToGroup'],
    ...['AttachUserPolicy', 'PutUserPolicy', 'AttachGroupPolicy', 'PutGroupPolicy'],
    ...['CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile'],
  ].map((action) => `iam:${action}`),
  'IAM-002': ['iam:PassRole'],
  'IAM-003': ['sts:AssumeRole'],
};

/** Managed policies that hold all of them. */
const ADMINISTRATION = /:policy\/(AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;

/** Who has the rights of a role without a person: Pods and nodes. */
const INSIDE = ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'];

/** Ways by which Pods and nodes can give themselves more rights in AWS. A condition counts as a limit, and so does a single resource. */
export function awsEscalations({ stacks }: ClusterFacts): Finding[] {
  return iamRoles(stacks.map(({ document }) => document))
    .filter(({ assumedBy }) =>
      assumedBy.some((who) => INSIDE.includes(who) || who.includes(':oidc-provider/')),
    )
    .flatMap((role) =>
      (Object.entries(ESCALATIONS) as [Code, readonly string[]][]).flatMap(([code, actions]) => {
        const found = waysOf(role, actions);
        if (found.length === 0) return [];
        return findingOf(
          code,
          foundInAws(stacks, { stack: stackOf(role, stacks), address: role.address }, 'IAM role', role.name),
          `${CODES[code].replace(/^./, (letter) => letter.toLowerCase())}: ${found.slice(0, 4).join(', ')}`,
          'name single roles or policies as the resources of the statement, or take the action out of it',
        );
      }),
    );
}

function waysOf({ statements, managedPolicies }: IamRole, actions: readonly string[]): string[] {
  const policy = managedPolicies.find((arn) => ADMINISTRATION.test(arn));
  if (policy !== undefined) return [policy.replace(/^.*\//, '')];
  const wide = statements.filter(
    ({ resources, condition }) => condition === undefined && resources.some(isWide),
  );
  const of = (effect: AwsStatement['effect']) => wide.filter((statement) => statement.effect === effect);
  return actions.filter(
    (action) =>
      of('Allow').some((statement) => holds(statement, action)) &&
      !of('Deny').some((statement) => statement.resources.includes('*') && holds(statement, action)),
  );
}

/** Whether resources are all roles, users or policies of an account, or those that begin alike. */
const isWide = (resource: string): boolean =>
  resource.startsWith('not ') ||
  /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:(\*|(role|user|group|policy)\/?\*))/.test(resource);

const holds = ({ actions }: AwsStatement, action: string): boolean =>
  actions.some((pattern) => {
    if (pattern === UNKNOWN_ACTIONS) return true;
    const [, isNot, glob = ''] = /^(not )?(.*)$/.exec(pattern) ?? [];
    const text = glob.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
    const matches = new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(action);
    return matches !== (isNot !== undefined);
  });

function stackOf({ address }: IamRole, stacks: readonly Stack[]): string {
  const [type = '', name = ''] = address.split('.');
  return stacks.find(({ document }) => document.resource?.[type]?.[name] !== undefined)?.name ?? '';
}
