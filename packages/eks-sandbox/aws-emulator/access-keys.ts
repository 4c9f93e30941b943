import { parseAwsXml } from './aws-query';
import type { AwsCredentials } from '../sandbox-record';

/**
 * The access keys that the account gave out, with their secrets: what a signature is verified with. moto keeps them
 * too, but does not tell; so they are remembered as they go through the front door. Never written anywhere.
 */
export class AccessKeys {
  private readonly secrets = new Map<string, string>();

  remember({ accessKeyId, secretAccessKey }: AwsCredentials): void {
    this.secrets.set(accessKeyId, secretAccessKey);
  }

  secretOf(accessKeyId: string): string | undefined {
    return this.secrets.get(accessKeyId);
  }

  /**
   * Remembers the keys in an answer of IAM or STS, and forgets the key that a request deleted.
   * @param request the form's parameters
   * @param answer XML
   */
  learn(request: URLSearchParams, answer: string): void {
    const action = request.get('Action') ?? '';
    if (action === 'DeleteAccessKey') {
      this.secrets.delete(request.get('AccessKeyId') ?? '');
      return;
    }
    const isCreation = action === 'CreateAccessKey';
    if (
      !isCreation &&
      !action.startsWith('AssumeRole') &&
      !/^Get(SessionToken|FederationToken)$/.test(action)
    )
      return;
    const result = parseAwsXml(answer).find(`${action}Result.${isCreation ? 'AccessKey' : 'Credentials'}`);
    const accessKeyId = result?.value('AccessKeyId');
    const secretAccessKey = result?.value('SecretAccessKey');
    if (accessKeyId && secretAccessKey) this.remember({ accessKeyId, secretAccessKey });
  }
}
