import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A refusal to accept a presigned request; the message says why, and holds no secret. */
export class SignatureError extends Error {}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Percent-encoding of Signature Version 4: everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A presigned GET whose signature was found right. */
export interface VerifiedRequest {
  readonly accessKeyId: string;
  /** When it was signed. */
  readonly signedAt: Date;
}

/**
 * Verifies a presigned GET (Signature Version 4 by query parameters) by signing it once more.
 *
 * @param url the presigned URL
 * @param headers values of the signed headers besides `host`, by their lower-case names
 * @param secretOf the secret of an access key; undefined when the account has none of that name
 * @throws {SignatureError}
 */
export function verifyPresignedGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  secretOf: (accessKeyId: string) => string | undefined,
): VerifiedRequest {
  const parameter = (name: string): string => {
    const value = url.searchParams.get(name);
    if (value === null) throw new SignatureError(`the URL has no ${name}`);
    return value;
  };
  if (parameter('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256')
    throw new SignatureError('unknown signature algorithm');
  const [accessKeyId = '', day = '', region = '', service = '', terminal = ''] =
    parameter('X-Amz-Credential').split('/');
  if (service !== 'sts' || terminal !== 'aws4_request') throw new SignatureError('not signed for STS');
  const secret = secretOf(accessKeyId);
  if (secret === undefined) throw new SignatureError('unknown access key');
  const date = parameter('X-Amz-Date');
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.slice(1) ?? [];
  const signedAt = new Date(`${parts.slice(0, 3).join('-')}T${parts.slice(3).join(':')}Z`);
  if (Number.isNaN(signedAt.getTime()) || !date.startsWith(day))
    throw new SignatureError('malformed X-Amz-Date');

  const signedHeaders = parameter('X-Amz-SignedHeaders').toLowerCase().split(';');
  const values: Readonly<Record<string, string>> = { ...headers, host: url.host };
  const canonicalHeaders = signedHeaders.map((name) => {
    const value = values[name];
    if (value === undefined) throw new SignatureError(`the signed header ${name} is not known here`);
    return `${name}:${value.trim()}\n`;
  });
  for (const name of Object.keys(values)) {
    if (!signedHeaders.includes(name)) throw new SignatureError(`${name} is not among the signed headers`);
  }
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const canonical = [
    'GET',
    url.pathname,
    query,
    canonicalHeaders.join(''),
    signedHeaders.join(';'),
    hash(''),
  ].join('\n');
  const scope = `${day}/${region}/${service}/${terminal}`;
  const key = [day, region, service, terminal].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const expected = hmac(key, ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n'));
  const given = Buffer.from(parameter('X-Amz-Signature'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new SignatureError('the signature does not match');
  }
  return { accessKeyId, signedAt };
}
