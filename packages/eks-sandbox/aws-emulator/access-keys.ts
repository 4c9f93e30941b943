import { parseAwsXml } from './aws-query';
import { Refusal } from './refusals';
import { isSame, type RequestSignature } from './request-signature';
import type { AwsCredentials } from '../sandbox-record';

interface AccessKey extends AwsCredentials {
  /** When its session ends; a key of a user, and the sandbox's own session, have no end. */
  readonly endsAt?: Date;
  readonly isInactive?: boolean;
}

/**
 * The access keys that the account gave out, with their secrets: what a signature is verified with. moto keeps them
 * too, but does not tell; so they are remembered as they go through the front door. Never written anywhere.
 */
export class AccessKeys {
  private readonly keys = new Map<string, AccessKey>();

  remember(key: AccessKey): void {
    this.keys.set(key.accessKeyId, key);
  }

  /**
   * The credentials that a request is to be signed with, without the session token, which the request has.
   *
   * @throws {Refusal} when the account has no such key, or its session is another or has ended
   */
  of(
    { accessKeyId, sessionToken }: Pick<RequestSignature, 'accessKeyId' | 'sessionToken'>,
    now: number,
  ): Omit<AwsCredentials, 'sessionToken'> {
    const key = this.keys.get(accessKeyId);
    const invalid = 'The security token included in the request is invalid.';
    if (!key || key.isInactive) throw new Refusal('InvalidClientTokenId', invalid, 'InvalidAccessKeyId');
    if (!isSame(key.sessionToken, sessionToken))
      throw new Refusal('InvalidClientTokenId', invalid, 'InvalidToken');
    if (key.endsAt && key.endsAt.getTime() <= now)
      throw new Refusal('ExpiredToken', 'The security token included in the request is expired');
    return { accessKeyId, secretAccessKey: key.secretAccessKey };
  }

  /**
   * Remembers the keys in an answer of IAM or STS, and what a request did to one.
   * @param request the form's parameters
   * @param answer XML
   */
  learn(request: URLSearchParams, answer: string): void {
    const action = request.get('Action') ?? '';
    const id = request.get('AccessKeyId') ?? '';
    const known = this.keys.get(id);
    if (action === 'DeleteAccessKey') this.keys.delete(id);
    if (action === 'UpdateAccessKey' && known)
      this.remember({ ...known, isInactive: request.get('Status') === 'Inactive' });
    const isCreation = action === 'CreateAccessKey';
    if (!isCreation && !/^(AssumeRole.*|Get(SessionToken|FederationToken))$/.test(action)) return;
    const result = parseAwsXml(answer).find(`${action}Result.${isCreation ? 'AccessKey' : 'Credentials'}`);
    const accessKeyId = result?.value('AccessKeyId');
    const secretAccessKey = result?.value('SecretAccessKey');
    const sessionToken = result?.value('SessionToken');
    const end = result?.value('Expiration');
    if (!accessKeyId || !secretAccessKey) return;
    this.remember({
      ...{ accessKeyId, secretAccessKey },
      ...(sessionToken ? { sessionToken } : {}),
      ...(end ? { endsAt: new Date(end) } : {}),
    });
  }
}
