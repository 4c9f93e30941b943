import { isObject } from '../manifests/field';
import type { Json, TerraformDocument } from '../manifests/terraform-document';
import { blocksOf, referredTo, resourcesOf, textOf, textsOf } from './aws-resources';

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
}

/** The IAM roles of a stack. */
export function iamRoles(document: TerraformDocument): IamRole[] {
  const attachments = resourcesOf(document, 'aws_iam_role_policy_attachment');
  const policies = resourcesOf(document, 'aws_iam_role_policy');
  return resourcesOf(document, 'aws_iam_role').map(({ address, attributes }) => {
    const name = textOf(attributes['name']);
    // By name when it is written, by reference when AWS makes it up.
    const isOfRole = (role: Json | undefined): boolean => role === name || referredTo(role) === address;
    const boundary = textOf(attributes['permissions_boundary']);
    return {
      address,
      name,
      path: textOf(attributes['path']) || '/',
      ...(boundary !== '' && { permissionsBoundary: boundary }),
      assumedBy: statementsOf(attributes['assume_role_policy']).flatMap(({ Principal: principal }) =>
        isObject(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal),
      ),
      managedPolicies: [
        ...attachments
          .filter((attachment) => isOfRole(attachment.attributes['role']))
          .map((attachment) => textOf(attachment.attributes['policy_arn'])),
        ...textsOf(attributes['managed_policy_arns']),
      ],
      statements: policies
        .filter((policy) => isOfRole(policy.attributes['role']))
        .flatMap((policy) => statementsOf(policy.attributes['policy']))
        .map((statement) => ({
          effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
          actions: textsOf(statement['Action']),
          resources: textsOf(statement['Resource']).map((resource) => readable(resource, document)),
          ...(statement['Condition'] !== undefined && { condition: statement['Condition'] }),
        })),
    };
  });
}

function statementsOf(policy: Json | undefined): ReturnType<typeof blocksOf> {
  const parsed: unknown = JSON.parse(textOf(policy) || '{}');
  return isObject(parsed) ? blocksOf(parsed['Statement']) : [];
}

/** An ARN that AWS makes up, by the name of its resource. */
function readable(text: string, document: TerraformDocument): string {
  return text.replace(/\$\{(([a-z]\w*)\.(\w+))\.\w+\}/g, (_, address: string, type: string, name: string) => {
    const written = document.resource?.[type]?.[name]?.['name'];
    return typeof written === 'string' && !written.includes('${') ? written : address;
  });
}
