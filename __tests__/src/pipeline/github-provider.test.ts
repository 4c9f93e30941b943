import { readFileSync } from 'node:fs';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import { AwsCli } from '../../../src/pipeline/aws-cli';
import { githubProviderError } from '../../../src/pipeline/state/github-provider';
import { synthesized } from '../../stacks/synthesized-platform';
import { FakePrograms, tagList } from './fake-programs';

const ARN = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
const LIST = 'iam list-open-id-connect-providers';
const GET = 'iam get-open-id-connect-provider';

/** The stack of the pipeline, as the platform declares it. */
function pipeline(settings: string): TerraformDocument {
  const text = `${readFileSync('platform.yaml', 'utf8')}\nstate: { bucket: seed-state }\npipeline: ${settings}\n`;
  const document = synthesized(text)['pipeline'];
  if (!document) throw new Error('no stack pipeline');
  return JSON.parse(JSON.stringify(document)) as TerraformDocument;
}
const MADE = pipeline('{ repository: acme/platform }');
const EXISTING = pipeline('{ repository: acme/platform, oidcProvider: existing }');

let programs: FakePrograms;
beforeEach(() => {
  programs = new FakePrograms();
});
afterEach(() => {
  programs.remove();
});

const error = (document: TerraformDocument): Promise<string | undefined> =>
  githubProviderError(
    document,
    'seed',
    new AwsCli({ region: 'eu-west-1', environment: programs.environment }),
  );

const account = (arns: readonly string[], tags: Readonly<Record<string, string>> = {}): void => {
  programs.have({
    [LIST]: { OpenIDConnectProviderList: arns.map((Arn) => ({ Arn })) },
    [GET]: { Tags: tagList(tags) },
  });
};

describe('the OIDC provider of GitHub', () => {
  it('can be created if there is none, and if the platform has created it', async () => {
    account(['arn:aws:iam::111122223333:oidc-provider/accounts.example.com']);
    expect(await error(MADE)).toBeUndefined();
    account([ARN], { Platform: 'seed' });
    expect(await error(MADE)).toBeUndefined();
  });

  it('is not created a second time: an account can have one', async () => {
    account([ARN], { Platform: 'other' });
    expect(await error(MADE)).toBe(
      `the account has ${ARN} already, made by somebody else, and can have one such provider; write oidcProvider: existing under pipeline`,
    );
    expect(await error(EXISTING)).toBeUndefined();
  });

  it('must exist if the file says so', async () => {
    account([]);
    expect(await error(EXISTING)).toMatch(
      /^pipeline\.oidcProvider: existing, and the account has no provider .*; leave the key out, and it is made$/,
    );
  });

  it('is not read if GitHub plans nothing', async () => {
    expect(await error(pipeline('{}'))).toBeUndefined();
    expect(programs.calls('aws')).toEqual([]);
  });
});
