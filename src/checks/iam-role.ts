import { isObject } from '../manifests/field';
import type { Json, JsonObject, TerraformDocument } from '../manifests/terraform-document';
import { isLegible, statementsOf } from '../rules/iam-policy';
import { referredTo, type Resource, resourcesOf, textOf, textsOf } from './aws-resources';

/** One statement of a role's own policies. */
export interface AwsStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Names where the document knows them (`/seed/pods/dev:*`), Terraform addresses otherwise. */
  readonly resources: readonly string[];
  /** What else must hold, as the policy says it. */
  readonly condition?: Json;
}

/** An IAM role of the platform and what it may do. */
export interface IamRole {
  /** Terraform address. */
  readonly address: string;
  readonly name: string;
  /** @default / */
  readonly path: string;
  /** ARN of its permissions boundary. */
  readonly permissionsBoundary?: string;
  /** Who assumes it: `eks.amazonaws.com`. */
  readonly assumedBy: readonly string[];
  /** ARNs of policies that are not written here. */
  readonly managedPolicies: readonly string[];
  readonly statements: readonly AwsStatement[];
  /** Whether no stack declares it, so that it is known by its name and by the rights that it gets here. @default false */
  readonly isElsewhere?: boolean;
}

/** What gives rights to a role: a policy, or the attachment of one. */
interface Grant extends Resource {
  readonly document: TerraformDocument;
}

/** The IAM roles of the stacks, and those that exist elsewhere and get rights from them. */
export function iamRoles(documents: readonly TerraformDocument[]): IamRole[] {
  const roles = documents.flatMap((document) =>
    resourcesOf(document, 'aws_iam_role').map((role) => ({ ...role, document })),
  );
  const grants = documents.flatMap((document) =>
    resourcesOf(document, 'aws_iam_role_policy', 'aws_iam_role_policy_attachment').map((grant): Grant => ({
      ...grant,
      document,
    })),
  );
  const isOf =
    ({ address, attributes, document }: Grant) =>
    (grant: Grant): boolean => {
      const role = textOf(grant.attributes['role']);
      // By name when it is written, by reference when AWS makes it up.
      return (
        role === textOf(attributes['name']) || (document === grant.document && referredTo(role) === address)
      );
    };
  const others = grants.filter((grant) => !roles.some((role) => isOf(role)(grant)));
  const roleOf = ({ attributes }: Grant): string => textOf(attributes['role']);
  return [
    ...roles.map((role) => describeRole(role, grants.filter(isOf(role)))),
    ...[...new Set(others.map(roleOf))].map((name) => {
      const own = others.filter((grant) => roleOf(grant) === name);
      return {
        ...describeRole({ address: own[0]?.address ?? '', attributes: { name } }, own),
        isElsewhere: true,
      };
    }),
  ];
}

function describeRole({ address, attributes }: Resource, grants: readonly Grant[]): IamRole {
  const boundary = textOf(attributes['permissions_boundary']);
  return {
    address,
    name: textOf(attributes['name']),
    path: textOf(attributes['path']) || '/',
    ...(boundary !== '' && { permissionsBoundary: boundary }),
    assumedBy: statementsOf(textOf(attributes['assume_role_policy'])).flatMap(({ Principal: principal }) =>
      isObject(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal),
    ),
    managedPolicies: [
      ...grants.map(({ attributes: { policy_arn: arn } }) => textOf(arn)).filter((arn) => arn !== ''),
      ...textsOf(attributes['managed_policy_arns']),
    ],
    statements: grants.flatMap(({ attributes: { policy }, document }) =>
      policy === undefined ? [] : describePolicy(textOf(policy), document),
    ),
  };
}

function describePolicy(policy: string, document: TerraformDocument): AwsStatement[] {
  // The guard stops such a policy for the same reason.
  if (!isLegible(policy)) return [{ effect: 'Allow', actions: [UNKNOWN_ACTIONS], resources: ['*'] }];
  const listed = (statement: JsonObject, key: string): string[] => [
    ...textsOf(statement[key]),
    ...textsOf(statement[`Not${key}`]).map((text) => `not ${text}`),
  ];
  return statementsOf(policy).map((statement) => ({
    effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    actions: listed(statement, 'Action'),
    resources: listed(statement, 'Resource').map((resource) => readable(resource, document)),
    ...(statement['Condition'] !== undefined && { condition: statement['Condition'] }),
  }));
}

/** Stands for the actions of a policy whose text only Terraform knows. */
export const UNKNOWN_ACTIONS = '(known after apply)';

/** An ARN that AWS makes up, by the name of its resource. */
function readable(text: string, document: TerraformDocument): string {
  return text.replace(/\$\{(([a-z]\w*)\.(\w+))\.\w+\}/g, (_, address: string, type: string, name: string) => {
    const written = document.resource?.[type]?.[name]?.['name'];
    return typeof written === 'string' && !written.includes('${') ? written : address;
  });
}
