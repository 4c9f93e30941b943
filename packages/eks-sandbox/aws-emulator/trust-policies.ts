import { isServicePrincipal, partitionOf } from '@kubernetes-on-aws/eks-facts/partitions';
import type { Amendment } from './amendment';
import { queryRefusal } from './aws-query';

/** The parameters of IAM that say who may assume a role. */
const TRUST: Readonly<Record<string, string>> = {
  CreateRole: 'AssumeRolePolicyDocument',
  UpdateAssumeRolePolicy: 'PolicyDocument',
};

interface PolicyDocument {
  readonly Statement?: readonly { readonly Principal?: { readonly Service?: string | readonly string[] } }[];
}

/** Service principals of a role's trust policy. */
export function trustedServices(document: string): string[] {
  const { Statement: statements = [] } = JSON.parse(document) as PolicyDocument;
  return [statements].flat().flatMap(({ Principal }) => Principal?.Service ?? []);
}

/** IAM takes a service only by the name that it has in the partition; moto takes any. */
export function trustAmendment(body: string, region: string): Amendment | undefined {
  const request = new URLSearchParams(body);
  const document = request.get(TRUST[request.get('Action') ?? ''] ?? '');
  if (document === null) return undefined;
  let services: string[];
  try {
    services = trustedServices(document);
  } catch {
    return undefined; // moto says what is wrong with it
  }
  const wrong = services.find((service) => !isServicePrincipal(service, partitionOf(region)));
  if (wrong === undefined) return undefined;
  return queryRefusal('iam', 'MalformedPolicyDocument', `Invalid principal in policy: "SERVICE":"${wrong}"`);
}
