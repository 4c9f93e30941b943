/** What must hold for a statement to count: operator, then key, then values. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an IAM policy. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: { readonly Service?: string; readonly AWS?: string; readonly Federated?: string };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  /** Every resource but these: for what is denied, since in what is allowed it would allow the rest. */
  readonly NotResource?: readonly string[];
  readonly Condition?: PolicyCondition;
}

/**
 * An IAM policy document as JSON.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyDocument(...statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/**
 * Refuses everybody who does not come by TLS.
 *
 * @param action every action of the service, as its resource policies take it
 */
export function onlyThroughTls(action: string, ...resources: readonly string[]): PolicyStatement {
  return {
    Sid: 'OnlyThroughTls',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: [action],
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
