import { isObject } from '../manifests/field';
import type { Json, JsonObject, TerraformDocument } from '../manifests/terraform-document';
import { isLegible, statementsOf } from '../rules/iam-policy';
import { blocksOf, referredTo, type Resource, resourcesOf, textOf, textsOf } from './aws-resources';

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

/** A resource with the document that has it. */
interface Placed extends Resource {
  readonly stack: string;
  readonly document: TerraformDocument;
}

/** The IAM roles of the stacks, and those that exist elsewhere and get rights from them. */
export const iamRoles = (documents: readonly TerraformDocument[]): IamRole[] =>
  rolesIn(documents.map((document) => ({ name: '', document }))).map(({ role }) => role);

/** The same, each with the stack that has it or gives it rights. */
export function rolesIn(
  stacks: readonly { readonly name: string; readonly document: TerraformDocument }[],
): { readonly stack: string; readonly role: IamRole }[] {
  const of = (...types: readonly string[]): Placed[] =>
    stacks.flatMap(({ name: stack, document }) =>
      resourcesOf(document, ...types).map((resource) => ({ ...resource, stack, document })),
    );
  const roles = of('aws_iam_role');
  // An attachment for several roles is one for each of them.
  const grants = [
    ...of('aws_iam_role_policy', 'aws_iam_role_policy_attachment'),
    ...of('aws_iam_policy_attachment').flatMap((grant) =>
      textsOf(grant.attributes['roles']).map((role) => ({
        ...grant,
        attributes: { ...grant.attributes, role },
      })),
    ),
  ];
  const isOf =
    ({ address, attributes, document }: Placed) =>
    (grant: Placed): boolean => {
      const role = textOf(grant.attributes['role']);
      // By name when it is written, by reference when AWS makes it up.
      return (
        role === textOf(attributes['name']) || (document === grant.document && roleReferred(role) === address)
      );
    };
  const others = grants.filter((grant) => !roles.some((role) => isOf(role)(grant)));
  const roleOf = ({ attributes }: Placed): string => textOf(attributes['role']);
  return [
    ...roles.map((role) => ({
      stack: role.stack,
      role: describeRole(role, grants.filter(isOf(role))),
    })),
    ...[...new Set(others.map(roleOf))].flatMap((name) => {
      const own = others.filter((grant) => roleOf(grant) === name);
      const [first] = own;
      if (first === undefined) return [];
      const role = describeRole({ ...first, attributes: { name } }, own);
      return [{ stack: first.stack, role: { ...role, isElsewhere: true } }];
    }),
  ];
}

/** The role that a reference is for, one of several by `count` or `for_each` too. */
const roleReferred = (text: string): string | undefined =>
  /^\$\{(aws_iam_role\.\w+)(?:\[[^\]]*\])?\.\w+\}$/.exec(text)?.[1];

function describeRole({ address, attributes, document }: Placed, grants: readonly Placed[]): IamRole {
  const boundary = textOf(attributes['permissions_boundary']);
  const trust = textOf(attributes['assume_role_policy']);
  const attached = grants.flatMap(({ attributes: { policy_arn: arn }, document: own }) => {
    const text = textOf(arn);
    const written =
      own.resource?.['aws_iam_policy']?.[referredTo(text)?.replace(/^aws_iam_policy\./, '') ?? ''];
    return text === '' ? [] : [{ text, policy: written && textOf(written['policy']), document: own }];
  });
  return {
    address,
    name: textOf(attributes['name']),
    path: textOf(attributes['path']) || '/',
    ...(boundary !== '' && { permissionsBoundary: boundary }),
    assumedBy: isLegible(trust)
      ? statementsOf(trust).flatMap(({ Principal: principal }) =>
          isObject(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal),
        )
      : [UNKNOWN],
    managedPolicies: [
      ...attached.filter(({ policy }) => policy === undefined).map(({ text }) => text),
      ...textsOf(attributes['managed_policy_arns']),
    ],
    statements: [
      ...grants.flatMap(({ attributes: { policy }, document: own }) =>
        policy === undefined ? [] : describePolicy(textOf(policy), own),
      ),
      ...attached.flatMap(({ policy, document: own }) =>
        policy === undefined ? [] : describePolicy(policy, own),
      ),
      ...blocksOf(attributes['inline_policy']).flatMap(({ policy }) =>
        policy === undefined ? [] : describePolicy(textOf(policy), document),
      ),
    ],
  };
}

function describePolicy(policy: string, document: TerraformDocument): AwsStatement[] {
  // The guard stops such a policy for the same reason.
  if (!isLegible(policy)) return [{ effect: 'Allow', actions: [UNKNOWN], resources: ['*'] }];
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

/** Stands for what only Terraform knows: the actions of a policy, or who assumes a role. */
export const UNKNOWN = '(known after apply)';

/** An ARN that AWS makes up, by the name of its resource. */
function readable(text: string, document: TerraformDocument): string {
  return text.replace(/\$\{(([a-z]\w*)\.(\w+))\.\w+\}/g, (_, address: string, type: string, name: string) => {
    const written = document.resource?.[type]?.[name]?.['name'];
    return typeof written === 'string' && !written.includes('${') ? written : address;
  });
}
