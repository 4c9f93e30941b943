import { parseAwsXml, type XmlElement } from './aws-query';
import { withoutUndefined } from './emulated-account';
import { Memory } from './memory';
import { RequestRefusal } from './refusals';
import { isSame, type RequestSignature } from './request-signature';
import type { AwsCredentials } from '../sandbox-record';

interface AccessKey extends AwsCredentials {
  /** When its session ends; a key of a user, and the sandbox's own session, have no end. */
  readonly endsAt?: Date;
  readonly isInactive?: boolean;
}

/**
 * The access keys that the account gave out, with their secrets: what a signature is verified with. moto keeps them
 * too, but does not tell; so they are remembered as they go through the front door. Not written by this class.
 */
export class AccessKeys {
  private readonly keys: Map<string, AccessKey>;

  constructor(memory = new Memory()) {
    this.keys = memory.map();
  }

  remember(key: AccessKey): void {
    this.keys.set(key.accessKeyId, key);
  }

  /**
   * The credentials that a request is to be signed with, without the session token, which the request has.
   *
   * @throws {RequestRefusal} when the account has no such key, or its session is another or has ended
   */
  of(
    { accessKeyId, sessionToken }: Pick<RequestSignature, 'accessKeyId' | 'sessionToken'>,
    now: number,
  ): Omit<AwsCredentials, 'sessionToken'> {
    const key = this.keys.get(accessKeyId);
    const invalid = 'The security token included in the request is invalid.';
    if (!key || key.isInactive)
      throw new RequestRefusal('InvalidClientTokenId', invalid, 'InvalidAccessKeyId');
    if (!isSame(key.sessionToken, sessionToken))
      throw new RequestRefusal('InvalidClientTokenId', invalid, 'InvalidToken');
    if (key.endsAt && key.endsAt.getTime() <= now)
      throw new RequestRefusal('ExpiredToken', 'The security token included in the request is expired');
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
    const made = keyIn(action, parseAwsXml(answer));
    if (made) this.remember(made);
  }
}

/** The access key that an answer of IAM or STS gives; undefined of another action than those that give one. */
export function keyIn(action: string, answer: XmlElement): AccessKey | undefined {
  const isGiven = /^(CreateAccessKey|AssumeRole.*)$/.test(action);
  const found = answer.find(`${action}Result.${action === 'CreateAccessKey' ? 'AccessKey' : 'Credentials'}`);
  const [accessKeyId, secretAccessKey] = [found?.value('AccessKeyId'), found?.value('SecretAccessKey')];
  if (!isGiven || !accessKeyId || !secretAccessKey) return undefined;
  const [sessionToken, end] = [found?.value('SessionToken'), found?.value('Expiration')];
  return withoutUndefined({
    accessKeyId,
    secretAccessKey,
    sessionToken,
    endsAt: end ? new Date(end) : undefined,
  });
}
