import type { TerraformDocument } from '../../manifests/terraform-document';
import type { AwsCli } from '../aws-cli';

const TYPE = 'aws_iam_openid_connect_provider';
const HOST = 'token.actions.githubusercontent.com';

/**
 * What is wrong with the provider by which GitHub signs in. An account has one: another program has made it, or there is none.
 * Undefined when all is well, or nothing of GitHub may sign in.
 *
 * @param document the synthesized stack with the pipeline's roles
 */
export async function githubProviderError(
  { resource = {} }: TerraformDocument,
  platform: string,
  cli: AwsCli,
): Promise<string | undefined> {
  if (!JSON.stringify(resource['aws_iam_role'] ?? {}).includes(HOST)) return undefined;
  const isMade = TYPE in resource;
  const list = await cli.json<{ OpenIDConnectProviderList: readonly { Arn: string }[] }>(
    'iam',
    'list-open-id-connect-providers',
  );
  const arn = list.OpenIDConnectProviderList.find(({ Arn }) => Arn.endsWith(`:oidc-provider/${HOST}`))?.Arn;
  if (arn === undefined) {
    return isMade
      ? undefined
      : `pipeline.oidcProvider: existing, and the account has no provider ${HOST}, so that no job could sign in; leave the key out, and it is made`;
  }
  if (!isMade) return undefined;
  const { Tags: tags = [] } = await cli.json<{ Tags?: readonly { Key: string; Value: string }[] }>(
    'iam',
    'get-open-id-connect-provider',
    ['--open-id-connect-provider-arn', arn],
  );
  if (tags.some(({ Key, Value }) => Key === 'Platform' && Value === platform)) return undefined;
  return `the account has ${arn} already, made by somebody else, and can have one such provider; write oidcProvider: existing under pipeline`;
}
