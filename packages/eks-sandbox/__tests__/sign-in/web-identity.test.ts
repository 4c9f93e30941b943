import { RequestRefusal } from '../../aws-emulator/refusals';
import { verifyWebIdentity } from '../../sign-in/web-identity';

it('a web identity without a token is refused before any request to a cluster', async () => {
  const eks = { clusterNames: () => ['seed'], cluster: () => undefined };
  for (const form of ['Action=AssumeRoleWithWebIdentity', 'WebIdentityToken=']) {
    const refused = verifyWebIdentity(new URLSearchParams(form), eks);
    await expect(refused).rejects.toBeInstanceOf(RequestRefusal);
    await expect(refused).rejects.toMatchObject({ code: 'ValidationError' });
  }
});

describe('a web identity', () => {
  const AUDIENCE = 'sts.amazonaws.com';
  const asked: unknown[] = [];
  /** Clusters by name, with what each says of the token; undefined for one that is not up. */
  const verified = (clusters: Readonly<Record<string, object | undefined>>): Promise<void> => {
    const eks = {
      clusterNames: () => Object.keys(clusters),
      cluster: (name: string) =>
        clusters[name] === undefined
          ? undefined
          : {
              runtime: {
                api: {
                  create: (review: object) => {
                    asked.push(review);
                    return Promise.resolve({ status: clusters[name] });
                  },
                },
              },
            },
    };
    return verifyWebIdentity(
      new URLSearchParams('WebIdentityToken=t'),
      eks as unknown as Parameters<typeof verifyWebIdentity>[1],
    );
  };
  const known = { authenticated: true, audiences: [AUDIENCE] };

  it('is valid if the cluster that issued it verifies it', async () => {
    asked.length = 0;
    await expect(verified({ down: undefined, seed: known })).resolves.toBeUndefined();
    await expect(verified({ other: { authenticated: false }, seed: known })).resolves.toBeUndefined();
    expect(asked[0]).toEqual({
      ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: { name: '' } },
      spec: { token: 't', audiences: [AUDIENCE] },
    });
  });

  it.each<[string, Record<string, object | undefined>]>([
    ['no cluster knows it', { seed: { authenticated: false, audiences: [AUDIENCE] } }],
    ['it is for somebody else', { seed: { authenticated: true, audiences: ['vault'] } }],
    ['it is for no audience', { seed: { authenticated: true } }],
    ['no cluster is up', { seed: undefined }],
    ['there is no cluster', {}],
  ])('is refused if %s', async (_, clusters) => {
    await expect(verified(clusters)).rejects.toMatchObject({
      code: 'InvalidIdentityToken',
      message: 'The token is none of a ServiceAccount of a cluster in this sandbox.',
    });
  });

  it('is refused with the words of AWS if it is missing', async () => {
    const eks = { clusterNames: () => [], cluster: () => undefined };
    await expect(verifyWebIdentity(new URLSearchParams(''), eks)).rejects.toMatchObject({
      message: "Value null at 'webIdentityToken' failed to satisfy constraint",
    });
  });
});
