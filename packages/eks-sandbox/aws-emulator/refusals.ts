import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a request before anything is made of it. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A refusal to take a request for that of its caller; the message says why, and holds no secret. */
export class RequestRefusal extends Error {
  constructor(
    /** AWS's name for it (Common Errors of each API Reference). */
    readonly code: string,
    message: string,
    /** S3's name for it (Amazon S3 API Reference, Error Responses). */
    readonly s3Code = code,
  ) {
    super(message);
  }
}

/** The path as it was sent, which a URL would write in its own way, and the query. */
export function targetOf(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const [path = '', ...query] = url.split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
}

const JSON_CODES: Readonly<Record<string, string>> = {
  InvalidClientTokenId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
};
const XML_OVER_REST = ['cloudfront', 'route53'];

/** Writes a refusal as the service of the request does: XML of S3, of EC2 or of the Query protocol, or else JSON. */
export function refusalAnswer({ url, headers }: RawRequest, { code, message, s3Code }: RequestRefusal) {
  const { query } = targetOf(url);
  const signature = headers.authorization ?? query.get('X-Amz-Credential') ?? '';
  const service = /^(?:.*Credential=)?[^/]*\/[^/]*\/[^/]*\/([^/]*)/.exec(signature)?.[1] ?? '';
  const xml = (status: number, name: string, open = '', close = '') => ({
    ...{ status, contentType: 'text/xml', headers: {} },
    body: `${open}<Error><Code>${name}</Code><Message>${message.replace(/[&<]/g, ' ')}</Message></Error>${close}`,
  });
  if (service === 's3') return xml(/Malformed|Token|Mismatch$/.test(s3Code) ? 400 : 403, s3Code);
  if (service === 'ec2') {
    const [status, name] = code.includes('Expired') ? [400, 'RequestExpired'] : [401, 'AuthFailure'];
    return xml(status, name, '<Response><Errors>', '</Errors></Response>');
  }
  const isForm = query.has('Action') || headers['content-type']?.includes('x-www-form-urlencoded');
  if (isForm || XML_OVER_REST.includes(service))
    return xml(
      /^(InvalidIdentityToken|ValidationError)$/.test(code) ? 400 : 403,
      code,
      '<ErrorResponse>',
      '</ErrorResponse>',
    );
  const type = JSON_CODES[code] ?? `${code}Exception`;
  const status = headers['x-amz-target'] === undefined ? 403 : 400;
  const body = JSON.stringify({ __type: type, message });
  return { status, contentType: 'application/json', headers: { 'x-amzn-errortype': type }, body };
}
