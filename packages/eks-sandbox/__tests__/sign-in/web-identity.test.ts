import { RequestRefusal } from '../../aws-emulator/refusals';
import { verifyWebIdentity } from '../../sign-in/web-identity';

it('a web identity without a token is refused before a cluster is asked', async () => {
  const eks = { clusterNames: () => ['seed'], cluster: () => undefined };
  for (const form of ['Action=AssumeRoleWithWebIdentity', 'WebIdentityToken=']) {
    const refused = verifyWebIdentity(new URLSearchParams(form), eks);
    await expect(refused).rejects.toBeInstanceOf(RequestRefusal);
    await expect(refused).rejects.toMatchObject({ code: 'ValidationError' });
  }
});
