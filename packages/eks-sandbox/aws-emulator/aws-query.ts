import { request, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AwsCredentials } from '../sandbox-record';
import { targetOf } from './refusals';
import { signerFor } from './request-signature';

/** An element of an answer of AWS's Query protocol: text, or elements by name (repeated ones as they come). */
export class XmlElement {
  readonly children: { readonly name: string; readonly element: XmlElement }[] = [];
  text = '';

  /** The first element on the path `a.b.c`; undefined when there is none. */
  find(path: string): XmlElement | undefined {
    return path
      .split('.')
      .reduce<XmlElement | undefined>(
        (at, name) => at?.children.find((child) => child.name === name)?.element,
        this,
      );
  }

  /** The text of the first element on the path, undefined when there is none. */
  value(path: string): string | undefined {
    return this.find(path)?.text;
  }

  /** The items of the list on the path: `item` in EC2's answers, `member` elsewhere. */
  items(path: string): XmlElement[] {
    const list = this.find(path)?.children ?? [];
    return list.filter(({ name }) => name === 'item' || name === 'member').map(({ element }) => element);
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal) return String.fromCodePoint(Number(decimal));
      return ENTITIES[name ?? ''] ?? whole;
    },
  );
}

/**
 * Reads an answer of the Query protocol, which is plain XML: elements and text, attributes only for namespaces. It is
 * no general XML parser.
 */
export function parseAwsXml(xml: string): XmlElement {
  const root = new XmlElement();
  const open = [root];
  for (const [, close, name, selfClosing, text] of xml.matchAll(
    /<(\/?)([\w:.-]+)(?:\s[^<>]*?)?(\/?)>|([^<]+)|<[?!][^>]*>/g,
  )) {
    const current = open.at(-1) ?? root;
    if (text !== undefined) current.text += decodeEntities(text).trim();
    else if (name === undefined) continue;
    else if (close) open.pop();
    else {
      const element = new XmlElement();
      current.children.push({ name, element });
      if (!selfClosing) open.push(element);
    }
  }
  return root.children[0]?.element ?? root;
}

/** A refusal by the emulated AWS. */
export class AwsQueryError extends Error {
  constructor(
    readonly status: number,
    /** The error code of the service, `NoSuchEntity`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'AwsQueryError';
  }
}

/** The answer of an HTTP request to the emulated AWS. */
export interface AwsAnswer {
  readonly status: number;
  readonly body: string;
}

const VERSIONS = {
  ec2: '2016-11-15',
  // Of Application and Network Load Balancers: Classic ones have the same name and another version.
  elasticloadbalancing: '2015-12-01',
  iam: '2010-05-08',
  sts: '2011-06-15',
} as const;

/** Where to connect to, from the path of a socket or `http://127.0.0.1:PORT`. */
export function addressOf(endpoint: string): RequestOptions {
  if (endpoint.startsWith('/')) return { socketPath: endpoint };
  const { hostname, port } = new URL(endpoint);
  return { hostname, port };
}

/** moto asks for a signature and does not verify it, since nothing comes to it but through the front door. */
const UNVERIFIED: AwsCredentials = { accessKeyId: 'sandbox', secretAccessKey: 'none' };

/** The `User-Agent` of what the sandbox asks itself: people it makes known, and proofs. */
export const OWN_AGENT = 'eks-sandbox';

/** Asks the emulated AWS: moto in the name of the account itself, or the front door in that of a caller. */
export class AwsQuery {
  constructor(
    /** Path of moto's socket, or `http://127.0.0.1:PORT`. */
    readonly endpoint: string,
    private readonly region: string,
    private readonly credentials = UNVERIFIED,
  ) {}

  /**
   * One action of EC2, Elastic Load Balancing, IAM or STS; lists are given as `SubnetId.1`.
   * @throws {AwsQueryError} when the service refuses
   */
  async query(
    service: keyof typeof VERSIONS,
    action: string,
    parameters: Readonly<Record<string, string>> = {},
    as: Partial<AwsCredentials> = {},
  ): Promise<XmlElement> {
    const body = new URLSearchParams({
      Action: action,
      Version: VERSIONS[service],
      ...parameters,
    }).toString();
    const type = 'application/x-www-form-urlencoded';
    const answer = await this.send(service, 'POST', '/', { 'content-type': type }, body, as);
    const root = parseAwsXml(answer.body);
    if (answer.status >= 300) {
      const error = root.find('Errors.Error') ?? root.find('Error') ?? root;
      const code = error.value('Code') ?? `HTTP ${answer.status}`;
      throw new AwsQueryError(answer.status, code, error.value('Message') ?? answer.body.slice(0, 500));
    }
    return root;
  }

  /**
   * One operation of a service that speaks JSON, by its target `Logs_20140328.CreateLogGroup`.
   * @throws {AwsQueryError} when the service refuses
   */
  async json(service: string, target: string, input: unknown = {}): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
    return outputOf(await this.send(service, 'POST', '/', headers, JSON.stringify(input)));
  }

  /**
   * One request of a service that speaks JSON over REST, such as EFS.
   * @throws {AwsQueryError} when the service refuses
   */
  async restJson(
    service: string,
    method: string,
    path: string,
    input?: unknown,
  ): Promise<Record<string, unknown>> {
    return outputOf(await this.rest(service, method, path, input === undefined ? '' : JSON.stringify(input)));
  }

  /** One request of a service that speaks REST (S3, EFS, Lambda). */
  rest(
    service: string,
    method: string,
    path: string,
    body = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AwsAnswer> {
    return this.send(service, method, path, headers, body);
  }

  private async send(
    service: string,
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    as: Partial<AwsCredentials> = {},
  ): Promise<AwsAnswer> {
    const { path, query } = targetOf(url);
    const host = this.endpoint.replace(/^http:\/\//, '');
    const signed = await signerFor(service, this.region, { ...this.credentials, ...as }).sign({
      ...{ method, protocol: 'http:', hostname: host, path, query: Object.fromEntries(query), body },
      headers: { ...headers, host: host.startsWith('/') ? 'moto' : host },
    });
    const all = { ...signed.headers, 'user-agent': OWN_AGENT, 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { ...addressOf(this.endpoint), method, path: url, headers: all },
        (response) => {
          text(response).then((answer) => {
            resolve({ status: response.statusCode ?? 0, body: answer });
          }, reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

function outputOf({ status, body }: AwsAnswer): Record<string, unknown> {
  const output = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
  if (status < 300) return output;
  const code = typeof output.__type === 'string' ? output.__type : `HTTP ${status}`;
  const message = output.message ?? output.Message;
  throw new AwsQueryError(status, code, typeof message === 'string' ? message : body);
}

/** The answer, or undefined when the service says that there is no such thing. */
export async function whenFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const missing = /NotFound|NoSuchEntity|InvalidInstanceType|Malformed/;
    if (error instanceof AwsQueryError && missing.test(error.code)) return undefined;
    throw error;
  }
}

/** Tags as the parameters of a list: `Tags.member.1.Key`. */
export function tagParameters(list: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value], index) => [
      [`${list}.${index + 1}.Key`, key],
      [`${list}.${index + 1}.Value`, value],
    ]),
  );
}

/** Lists, texts and elements by name, as they stand in an answer. */
type Xml = string | readonly Xml[] | { readonly [name: string]: Xml };

function xml(value: Xml): string {
  if (typeof value === 'string') return value.replace(/[&<"]/g, (c) => `&#${c.charCodeAt(0)};`);
  if (Array.isArray(value)) return value.map((item: Xml) => `<item>${xml(item)}</item>`).join('');
  return Object.entries(value)
    .map(([name, content]) => `<${name}>${xml(content)}</${name}>`)
    .join('');
}

/** An answer of EC2 instead of moto's. */
export function queryAnswer(action: string, result: Readonly<Record<string, Xml>>) {
  const body = xml({ [`${action}Response`]: { requestId: 'sandbox', ...result } });
  return { answer: { status: 200, contentType: 'text/xml', body } };
}

/** A refusal by EC2 or IAM instead of moto's answer. */
export function queryRefusal(service: 'ec2' | 'iam' | 'sts', Code: string, Message: string) {
  const Error = { Type: 'Sender', Code, Message };
  const body = xml(service === 'ec2' ? { Response: { Errors: { Error } } } : { ErrorResponse: { Error } });
  return { answer: { status: 400, contentType: 'text/xml', body } };
}

/** The values of a list's parameters, such as `ZoneName.1` and `ZoneName.2`. */
export function parametersOf(request: URLSearchParams, prefix: string): string[] {
  return [...request].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
}
