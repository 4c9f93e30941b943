import { RequestRefusal } from '../aws-emulator/refusals';
import type { EksEmulator } from '../eks-emulator/emulator';

/**
 * Verifies what AssumeRoleWithWebIdentity has instead of a signature: the token of a ServiceAccount, by the cluster that
 * issued it. Whether the role trusts it is not looked at, as with AssumeRole.
 *
 * @throws {RequestRefusal} for tokens of anybody else too: to fetch their keys would be a request to the outside
 */
export async function verifyWebIdentity(
  request: URLSearchParams,
  eks: Pick<EksEmulator, 'clusterNames' | 'cluster'>,
): Promise<void> {
  const token = request.get('WebIdentityToken');
  if (!token)
    throw new RequestRefusal(
      'ValidationError',
      "Value null at 'webIdentityToken' failed to satisfy constraint",
    );
  for (const name of eks.clusterNames()) {
    const review = await eks.cluster(name)?.runtime?.api.create({
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: { name: '' } },
      spec: { token, audiences: ['sts.amazonaws.com'] },
    });
    const status = review?.['status'] as { authenticated?: boolean; audiences?: string[] } | undefined;
    if (status?.authenticated && status.audiences?.includes('sts.amazonaws.com')) return;
  }
  throw new RequestRefusal(
    'InvalidIdentityToken',
    'The token is none of a ServiceAccount of a cluster in this sandbox.',
  );
}
