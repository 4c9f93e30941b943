import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';
import { timingSafeEqual } from 'node:crypto';
import { RequestRefusal, targetOf, type RawRequest } from './refusals';

/** What Signature Version 4 says of itself, in a header or, of a presigned request, in the query. */
export type RequestSignature = ReturnType<typeof readSignature>;

/**
 * Reads the signature of a request without a look at whether it is right (IAM User Guide, Signature Version 4).
 *
 * @throws {RequestRefusal} when there is none, or it is incomplete
 */
export function readSignature({ url, headers }: RawRequest) {
  const { query } = targetOf(url);
  const isPresigned = query.has('X-Amz-Signature');
  const header = headers.authorization ?? '';
  if (!isPresigned && header === '')
    throw new RequestRefusal(
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
      'AccessDenied',
    );
  const part = (name: string): string =>
    (isPresigned
      ? query.get(`X-Amz-${name}`)
      : new RegExp(`^AWS4-HMAC-SHA256 (?:.*?[ ,])?${name}=([^, ]+)`).exec(header)?.[1]) ?? '';
  const property = (name: string): string | undefined =>
    (isPresigned ? query.get(`X-Amz-${name}`) : headers[`x-amz-${name.toLowerCase()}`])?.toString();
  const date = property('Date') ?? '';
  const [credential, value, signedHeaders] = [
    part('Credential'),
    part('Signature'),
    part('SignedHeaders').split(';'),
  ];
  const [accessKeyId = '', day, region = '', service = '', end] = credential.split('/');
  const signedAt = new Date(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const isWhole =
    end === 'aws4_request' && day === date.slice(0, 8) && value !== '' && !(isPresigned && header);
  if (!isWhole || Number.isNaN(signedAt.getTime()))
    throw new RequestRefusal(
      'IncompleteSignature',
      'The signature is none of AWS4-HMAC-SHA256 with Credential, SignedHeaders, Signature and date.',
      'AuthorizationHeaderMalformed',
    );
  const open = ['host', ...Object.keys(headers)].find(
    (name) => /^(host|x-amz-.*)$/.test(name) && !signedHeaders.includes(name),
  );
  if (open !== undefined)
    throw new RequestRefusal('SignatureDoesNotMatch', `'${open}' must be a 'SignedHeader' of the signature.`);
  const [expiresIn, sessionToken] = [Number(part('Expires')), property('Security-Token')];
  const scope = { accessKeyId, region, service, credential };
  return { ...scope, isPresigned, signedAt, expiresIn, sessionToken, signedHeaders, value };
}

/** Signs for somebody. S3 alone signs a path as it is sent (Amazon S3 API Reference, Authenticating Requests). */
export function signerFor(
  service: string,
  region: string,
  credentials: SignatureV4Init['credentials'],
): SignatureV4 {
  const uriEscapePath = service !== 's3';
  return new SignatureV4({
    service,
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath,
    applyChecksum: false,
  });
}

/**
 * Verifies a signature by making it again.
 *
 * @param payloadHash what stands for the body in what is signed
 * @throws {RequestRefusal} when it does not match
 */
export async function verifySignature(
  { method, url, headers: given }: RawRequest,
  { signedAt: signingDate, signedHeaders, expiresIn, isPresigned, value }: RequestSignature,
  signer: SignatureV4,
  payloadHash: string,
): Promise<void> {
  const { path, query: parameters } = targetOf(url);
  const headers: Record<string, string> = { 'x-amz-content-sha256': payloadHash };
  for (const name of signedHeaders) headers[name] = String(given[name] ?? '');
  const query: Record<string, string[]> = {};
  for (const [name, text] of parameters) (query[name] ??= []).push(text);
  const again = { method, protocol: 'http:', hostname: 'sandbox', path, query, headers };
  const added = ['x-amz-date', 'x-amz-content-sha256'].filter((name) => !signedHeaders.includes(name));
  const options = { signingDate, signableHeaders: new Set(signedHeaders), unsignableHeaders: new Set(added) };
  const made = isPresigned
    ? await signer.presign(again, {
        ...options,
        expiresIn,
        unhoistableHeaders: new Set(Object.keys(headers)),
      })
    : await signer.sign(again, options);
  const expected = isPresigned
    ? made.query?.['X-Amz-Signature']
    : made.headers['authorization']?.split('Signature=')[1];
  requireSame(String(expected), value);
}

/** @throws {RequestRefusal} when a signature is not the one that it should be */
export function requireSame(expected: string, given: string | undefined): void {
  if (isSame(expected, given)) return;
  throw new RequestRefusal(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

/** Compares secrets in a time that tells nothing of them. */
export function isSame(a = '', b = ''): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
