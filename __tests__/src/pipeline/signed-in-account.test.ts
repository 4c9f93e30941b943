import { AwsCli } from '../../../src/pipeline/aws-cli';
import { requireAccount, signedInTo } from '../../../src/pipeline/signed-in-account';
import { FakePrograms } from './fake-programs';

const path = process.env['PATH'];
let programs: FakePrograms;

beforeEach(() => {
  programs = new FakePrograms();
  process.env['PATH'] = `${programs.folder}:${path ?? ''}`;
});

afterEach(() => {
  process.env['PATH'] = path;
  programs.remove();
});

const cli = (): AwsCli => new AwsCli({ region: 'eu-west-1' });
const ARN = 'arn:aws:iam::111122223333:user/admin';

it('credentials of the account of the platform are accepted', async () => {
  expect(await signedInTo(cli(), '111122223333')).toEqual({ ok: true, value: ARN });
  await expect(requireAccount(cli(), '111122223333')).resolves.toBeUndefined();
});

it('credentials of another account are refused', async () => {
  const message = `signed in as ${ARN}, and the platform is in the account 444455556666; sign in there`;
  await expect(requireAccount(cli(), '444455556666')).rejects.toMatchObject({
    ...{ code: 'wrong-account', exitStatus: 1, message },
  });
});

it('missing credentials are refused, with how to get them', async () => {
  programs.have({ 'sts get-caller-identity': 'Unable to locate credentials' });
  const message =
    'not signed in to AWS; sign in to the account 111122223333, such as by aws sso login with AWS_PROFILE set: ';
  await expect(requireAccount(cli(), '111122223333')).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`^${message}.*Unable to locate credentials`)) as string,
  });
});
