import type { AccessKeys } from '../aws-emulator/access-keys';
import type { Account } from '../aws-emulator/emulated-account';
import type { AccessEntryState, ClusterState } from '../eks-emulator/cluster-state';
import { SignatureError, verifyPresignedGet } from './signature';

/** What kube-apiserver asks and is answered (Kubernetes API reference, TokenReview v1), as far as it is used. */
export interface TokenReview {
  readonly apiVersion: 'authentication.k8s.io/v1';
  readonly kind: 'TokenReview';
  readonly spec?: { readonly token?: string };
  readonly status?:
    | { readonly authenticated: false; readonly error: string }
    | {
        readonly authenticated: true;
        readonly user: {
          readonly username: string;
          readonly uid: string;
          readonly groups: readonly string[];
          readonly extra: Readonly<Record<string, readonly string[]>>;
        };
      };
}

const TOKEN_PREFIX = 'k8s-aws-v1.';
/** Tokens are good for fifteen minutes after they were signed, whatever X-Amz-Expires says; clocks may differ a little. */
const VALIDITY_MS = 15 * 60 * 1000;
const CLOCK_SKEW_MS = 60 * 1000;
/** The parameters that a token's URL has, and may have (aws-iam-authenticator, `token.go`). */
const PARAMETERS = new Set([
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-User-Agent',
  'x-amz-user-agent',
]);

/** Says who holds a token of `aws eks get-token`, as the authenticator of an EKS cluster does. */
export class SignIn {
  constructor(
    private readonly account: Account,
    private readonly keys: AccessKeys,
    private readonly now: () => number = Date.now,
  ) {}

  /** Answers a review for a cluster; whoever is not known is not authenticated, which is no error. */
  async review(cluster: ClusterState, review: TokenReview): Promise<TokenReview> {
    try {
      const status = await this.identify(cluster, review.spec?.token ?? '');
      return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      const status = { authenticated: false, error: error.message } as const;
      return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
    }
  }

  private async identify(state: ClusterState, token: string): Promise<NonNullable<TokenReview['status']>> {
    if (!token.startsWith(TOKEN_PREFIX)) throw new SignatureError('not a token of EKS');
    const text = Buffer.from(token.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8');
    if (!URL.canParse(text)) throw new SignatureError('the token holds no URL');
    const url = new URL(text);
    for (const name of url.searchParams.keys()) {
      if (!PARAMETERS.has(name)) throw new SignatureError(`the token's URL has the parameter ${name}`);
    }
    if (url.searchParams.get('Action') !== 'GetCallerIdentity' || url.pathname !== '/') {
      throw new SignatureError('the token is no GetCallerIdentity');
    }
    const headers = { 'x-k8s-aws-id': state.cluster.name ?? '' };
    const { accessKeyId, signedAt } = verifyPresignedGet(url, headers, (id) => this.keys.secretOf(id));
    const age = this.now() - signedAt.getTime();
    if (age > VALIDITY_MS || age < -CLOCK_SKEW_MS) throw new SignatureError('the token has expired');
    const arn = await this.account.callerArn(accessKeyId);
    const principal = await this.account.principalOf(arn);
    const entry = state.accessEntries.get(principal);
    if (!entry) throw new SignatureError(`no access entry for ${principal}`);
    return { authenticated: true, user: userOf(entry, arn, principal, accessKeyId) };
  }
}

function userOf(
  { entry }: AccessEntryState,
  arn: string,
  principal: string,
  accessKeyId: string,
): Extract<TokenReview['status'], { authenticated: true }>['user'] {
  const session = arn.split('/').at(-1) ?? '';
  // EKS replaces what a user name may not have.
  const username = (entry.username ?? principal)
    .replaceAll('{{SessionName}}', session.replaceAll('@', '-'))
    .replaceAll('{{SessionNameRaw}}', session);
  return {
    username,
    uid: `aws-iam-authenticator:${principal}`,
    groups: entry.kubernetesGroups ?? [],
    extra: { accessKeyId: [accessKeyId], arn: [arn], canonicalArn: [principal], sessionName: [session] },
  };
}
