import type { Account } from '../aws-emulator/emulated-account';
import type { AccessEntryState, ClusterState } from '../eks-emulator/cluster-state';
import type { RequestVerifier } from '../aws-emulator/request-verifier';
import { RequestRefusal, targetOf } from '../aws-emulator/refusals';

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
/** Names the cluster that a token is for. */
const CLUSTER_HEADER = 'x-k8s-aws-id';
/** The parameters that a token's URL has, and may have (aws-iam-authenticator, `token.go`). */
const PARAMETERS =
  /^(Action|Version|X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|Signature|SignedHeaders|User-Agent))$/i;

/** Says who holds a token of `aws eks get-token`, as the authenticator of an EKS cluster does. */
export class SignIn {
  constructor(
    private readonly account: Account,
    private readonly verifier: RequestVerifier,
  ) {}

  /** Answers a review for a cluster; an unknown user is not authenticated, which is no error. */
  async review(cluster: ClusterState, review: TokenReview): Promise<TokenReview> {
    try {
      const status = await this.identify(cluster, review.spec?.token);
      return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      const status = { authenticated: false, error: error.message } as const;
      return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status };
    }
  }

  private async identify(
    state: ClusterState,
    token: string | undefined,
  ): Promise<NonNullable<TokenReview['status']>> {
    if (!token?.startsWith(TOKEN_PREFIX)) throw invalid('not a token of EKS');
    const text = Buffer.from(token.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8');
    if (!URL.canParse(text)) throw invalid('the token holds no URL');
    const { host, origin } = new URL(text);
    const url = text.slice(origin.length);
    const { path, query } = targetOf(url);
    for (const name of query.keys()) {
      if (!PARAMETERS.test(name)) throw invalid(`the token's URL has the parameter ${name}`);
    }
    if (query.get('Action') !== 'GetCallerIdentity' || path !== '/')
      throw invalid('the token is no GetCallerIdentity');
    const request = { method: 'GET', url, headers: { host, [CLUSTER_HEADER]: state.cluster.name ?? '' } };
    const signature = await this.verifier.verify(request, () => Promise.resolve(Buffer.of()));
    const { accessKeyId, service, signedHeaders, isPresigned } = signature;
    if (!isPresigned || service !== 'sts' || !signedHeaders.includes(CLUSTER_HEADER))
      throw invalid(`the token is not presigned for STS with ${CLUSTER_HEADER}`);
    const arn = await this.account.callerArn(accessKeyId);
    const principal = await this.account.principalOf(arn);
    const entry = state.accessEntries.get(principal);
    if (!entry) throw invalid(`no access entry for ${principal}`);
    return { authenticated: true, user: userOf(entry, arn, principal, accessKeyId) };
  }
}

function invalid(message: string): RequestRefusal {
  return new RequestRefusal('SignatureDoesNotMatch', message);
}

function userOf(
  { entry }: AccessEntryState,
  arn: string,
  principal: string,
  accessKeyId: string,
): Extract<TokenReview['status'], { authenticated: true }>['user'] {
  const session = arn.slice(arn.lastIndexOf('/') + 1);
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
