import { createHash } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';
import type { AccessKeys } from './access-keys';
import { RequestRefusal, type RawRequest } from './refusals';
import {
  readSignature,
  requireSame,
  signerFor,
  verifySignature,
  type RequestSignature,
} from './request-signature';

const MINUTE = 60_000;
/** What S3's clients may give in the place of the body's hash (Amazon S3 API Reference, Authenticating Requests). */
const S3_PAYLOADS =
  /^(UNSIGNED-PAYLOAD|STREAMING-(UNSIGNED-PAYLOAD-TRAILER|AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?))$/;

/** Finds out who sent a request, as AWS does. */
export class RequestVerifier {
  constructor(
    private readonly keys: AccessKeys,
    private readonly region: string,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param body is read only once the key is known
   * @throws {RequestRefusal} when the request is not signed by a key of the account, or not now, or not for here
   */
  async verify(request: RawRequest, body: () => Promise<Buffer>): Promise<RequestSignature> {
    const signature = readSignature(request);
    const { service, region, isPresigned } = signature;
    const signer = signerFor(service, region, this.keys.of(signature, this.now()));
    this.checkScope(signature);
    this.checkTime(signature);
    const payload = await body();
    const actual = sha256(payload);
    const unsigned = service === 's3' && isPresigned ? 'UNSIGNED-PAYLOAD' : actual;
    const declared = request.headers['x-amz-content-sha256']?.toString() ?? unsigned;
    const isStandIn = service === 's3' && S3_PAYLOADS.test(declared);
    if (!isStandIn && declared !== actual)
      throw new RequestRefusal(
        'SignatureDoesNotMatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        'XAmzContentSHA256Mismatch',
      );
    await verifySignature(request, signature, signer, declared);
    if (declared.startsWith('STREAMING-AWS4')) await verifyChunks(signature, signer, payload);
    return signature;
  }

  /** Every region of the partition is served, except for EKS; the service decides who answers. */
  private checkScope({ region, service }: RequestSignature): void {
    const partition = (name: string): string => /^(cn|us-gov|us-iso[a-z]?|eusc)-/.exec(name)?.[1] ?? '';
    const isRegion = /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region) && partition(region) === partition(this.region);
    if (isRegion && (service !== 'eks' || region === this.region) && /^[a-z][\w-]+$/.test(service)) return;
    throw new RequestRefusal(
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region and service, such as ${this.region}/eks.`,
      'AuthorizationHeaderMalformed',
    );
  }

  /** STS takes a presigned request for 15 minutes, whatever X-Amz-Expires says (Amazon EKS, aws-iam-authenticator). */
  private checkTime({ service, isPresigned, signedAt, expiresIn }: RequestSignature): void {
    const skew = (service === 's3' ? 15 : 5) * MINUTE;
    const age = this.now() - signedAt.getTime();
    if (isPresigned && age > (service === 'sts' ? 15 * MINUTE : expiresIn * 1000))
      throw new RequestRefusal('RequestExpired', 'Request has expired', 'AccessDenied');
    if (age >= -skew && (isPresigned || age <= skew)) return;
    const message = `Signature ${age > 0 ? 'expired' : 'not yet current'}: it is of ${signedAt.toISOString()}.`;
    throw new RequestRefusal('RequestExpired', message, 'RequestTimeTooSkewed');
  }
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * Verifies the chunks of an upload, each signed together with the signature before it, and the trailing headers (Amazon S3
 * API Reference, Transferring Payload in Multiple Chunks).
 */
async function verifyChunks(seed: RequestSignature, signer: SignatureV4, body: Buffer): Promise<void> {
  const { signedAt: signingDate, region, service } = seed;
  const date = signingDate.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  let prior = seed.value;
  const verify = async (kind: string, given: string | undefined, ...hashes: string[]): Promise<void> => {
    const text = [`AWS4-HMAC-SHA256-${kind}`, date, scope, prior, ...hashes].join('\n');
    prior = await signer.sign(text, { signingDate });
    requireSame(prior, given);
  };
  let at = 0;
  for (let size = -1; size !== 0;) {
    const start = body.indexOf('\r\n', at) + 2;
    const line = body.toString('latin1', at, Math.max(at, start));
    const [, length = '0', signature] = /^([0-9a-f]+);chunk-signature=(\w+)\r\n$/.exec(line) ?? [];
    size = parseInt(length, 16);
    await verify('PAYLOAD', signature, sha256(''), sha256(body.subarray(start, start + size)));
    at = start + size + (size === 0 ? 0 : 2);
  }
  const lines = body.toString('latin1', at).split('\r\n').filter(Boolean);
  const trailer = lines.pop();
  if (trailer === undefined) return;
  const hash = sha256(lines.map((line) => `${line}\n`).join(''));
  await verify('TRAILER', /^x-amz-trailer-signature:(\w+)$/.exec(trailer)?.[1], hash);
}
