import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a request before anything is made of it. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** A refusal to take a request for that of its caller; the message says why, and holds no secret. */
export class Refusal extends Error {
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
export function refusalAnswer(
  { url, headers }: RawRequest,
  { code, message, s3Code }: Refusal,
): { status: number; contentType: string; body: string; headers?: Record<string, string> } {
  const { query } = targetOf(url);
  const signature = headers.authorization ?? query.get('X-Amz-Credential') ?? '';
  const service = /^(?:.*Credential=)?[^/]*\/[^/]*\/[^/]*\/([^/]*)/.exec(signature)?.[1] ?? '';
  const error = (name: string): string =>
    `<Error><Type>Sender</Type><Code>${name}</Code><Message>${message.replace(/[&<]/g, ' ')}</Message></Error>`;
  const contentType = 'text/xml';
  if (service === 's3')
    return {
      status: /Malformed|Token|Mismatch$/.test(s3Code) ? 400 : 403,
      contentType,
      body: error(s3Code),
    };
  if (service === 'ec2') {
    const name = /Expired/.test(code) ? 'RequestExpired' : 'AuthFailure';
    const body = `<Response><Errors>${error(name)}</Errors></Response>`;
    return { status: name === 'AuthFailure' ? 401 : 400, contentType, body };
  }
  const isForm = query.has('Action') || headers['content-type']?.includes('x-www-form-urlencoded');
  if (isForm || XML_OVER_REST.includes(service))
    return { status: 403, contentType, body: `<ErrorResponse>${error(code)}</ErrorResponse>` };
  const type = JSON_CODES[code] ?? `${code}Exception`;
  return {
    status: headers['x-amz-target'] === undefined ? 403 : 400,
    contentType: 'application/json',
    headers: { 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message }),
  };
}
