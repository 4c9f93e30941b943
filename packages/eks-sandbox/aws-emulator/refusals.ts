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

type Protocol = 's3' | 'ec2' | 'query' | 'json';

/** How the service of a request writes: XML of S3, of EC2 or of the Query protocol, or else JSON. */
function protocolOf({ url, headers }: RawRequest): Protocol {
  const { query } = targetOf(url);
  const signature = headers.authorization ?? query.get('X-Amz-Credential') ?? '';
  const service = /^(?:.*Credential=)?[^/]*\/[^/]*\/[^/]*\/([^/]*)/.exec(signature)?.[1] ?? '';
  if (service === 's3' || service === 'ec2') return service;
  const isForm = query.has('Action') || headers['content-type']?.includes('x-www-form-urlencoded');
  return isForm || XML_OVER_REST.includes(service) ? 'query' : 'json';
}

/** What stands around an error in XML. */
const AROUND: Readonly<Record<Exclude<Protocol, 'json'>, readonly [open: string, close: string]>> = {
  s3: ['', ''],
  ec2: ['<Response><Errors>', '</Errors></Response>'],
  query: ['<ErrorResponse>', '</ErrorResponse>'],
};

/** Writes an error as the service of the request does. */
export function errorAnswer(
  request: RawRequest,
  {
    code,
    message,
    status = 400,
  }: { readonly code: string; readonly message: string; readonly status?: number },
) {
  const protocol = protocolOf(request);
  if (protocol === 'json') {
    const body = JSON.stringify({ __type: code, message });
    return { status, contentType: 'application/json', headers: { 'x-amzn-errortype': code }, body };
  }
  const [open, close] = AROUND[protocol];
  const error = `<Error><Code>${code}</Code><Message>${message.replace(/[&<]/g, ' ')}</Message></Error>`;
  return { status, contentType: 'text/xml', headers: {}, body: `${open}${error}${close}` };
}

/** Writes a refusal as the service of the request does, by its own name and status. */
export function refusalAnswer(request: RawRequest, { code, message, s3Code }: RequestRefusal) {
  const named: Readonly<Record<Protocol, readonly [status: number, code: string]>> = {
    s3: [/Malformed|Token|Mismatch$/.test(s3Code) ? 400 : 403, s3Code],
    ec2: code.includes('Expired') ? [400, 'RequestExpired'] : [401, 'AuthFailure'],
    query: [/^(InvalidIdentityToken|ValidationError)$/.test(code) ? 400 : 403, code],
    json: [request.headers['x-amz-target'] === undefined ? 403 : 400, JSON_CODES[code] ?? `${code}Exception`],
  };
  const [status, name] = named[protocolOf(request)];
  return errorAnswer(request, { status, code: name, message });
}
