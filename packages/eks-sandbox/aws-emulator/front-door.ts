import {
  Agent,
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import type { EksRequest } from '../eks-emulator/routes';
import type { EksAnswer } from '../eks-emulator/emulator';
import type { AccessKeys } from './access-keys';
import { logCall, operationOf, parametersOf } from './call-log';
import { addressOf, OWN_AGENT } from './aws-query';
import { merged, type Fault, type Faults } from './faults';
import type { Amendment } from './amendment';
import type { Memory } from './memory';
import { MotoAmendments } from './moto-amendments';
import { errorAnswer, RequestRefusal, refusalAnswer, targetOf, type RawRequest } from './refusals';
import { isSame, type RequestSignature } from './request-signature';
import type { RequestVerifier } from './request-verifier';

/** What stands behind the front door. */
export interface FrontDoorOptions {
  /** Path of moto's socket, or `http://127.0.0.1:PORT`. */
  readonly moto: string;
  /** Whose letters the zones have. @default - those of an account with an even number */
  readonly accountId?: string;
  /** Path of a socket that does not exist yet, for the connections of API servers. */
  readonly egress: string;
  readonly region: string;
  readonly eks: { handle(request: EksRequest): Promise<EksAnswer> };
  /** Learns the keys that IAM and STS give out. */
  readonly keys: AccessKeys;
  readonly verifier: RequestVerifier;
  /** Verifies the token that a request to STS has instead of a signature; throws a RequestRefusal. */
  readonly webIdentity: (request: URLSearchParams) => Promise<void>;
  /** The sandbox's own paths below `/__sandbox/`: an answer to be sent as JSON, or undefined for 404. */
  readonly admin: (method: string, path: string, body: string) => Promise<unknown>;
  readonly report: (message: string) => void;
  /** File that every call to AWS is written to. @default - none */
  readonly callLog?: string | undefined;
  /** What AWS is to answer instead; not to the sandbox's own questions. @default - none */
  readonly faults?: Faults;
  /** Keeps what moto would forget. @default - one of its own */
  readonly memory?: Memory;
}

/** Headers that belong to one connection and not to the message. */
const HOP_HEADERS = /^(connection|keep-alive|transfer-encoding|expect|proxy-connection|te|upgrade)$/;
const NO_CONTAINERS =
  'The nodes of the sandbox are simulated: no container runs, so there are no logs, and nothing to exec into or forward to. ' +
  'API servers connect to nothing outside the sandbox';
/** A path of the sandbox's own, and not of AWS. */
const OWN_PATH = /^\/__sandbox\/(.*)$/;
/** A target that moto would read as a path of the sandbox's own. */
const READ_AS_OWN = /^(\w+:\/\/[^/]*)?\/*__sandbox/i;

/** Who calls, of a request without a signature. */
const UNSIGNED = { service: 'sts', region: '', accessKeyId: '' };

/** A request whose caller is known. */
interface Known
  extends ReturnType<typeof targetOf>, Pick<RequestSignature, 'service' | 'region' | 'accessKeyId'> {
  readonly method: string;
  readonly body: Buffer;
}

/** The one endpoint of the emulated AWS. It listens on 127.0.0.1 only. */
export class FrontDoor {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server: Server;
  /** Where API servers come with all that they would connect to but etcd: names and addresses may be somebody's. */
  private readonly egress = createServer().on('connect', ({ url }, socket, head) => {
    socket.on('error', () => undefined);
    // The webhooks that decide who signs in and what they may.
    if (url === this.host) {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.unshift(head);
      this.server.emit('connection', socket);
    } else {
      socket.end(`HTTP/1.1 501 ${NO_CONTAINERS}\r\nconnection: close\r\n\r\n`);
    }
  });
  private readonly amendments: MotoAmendments;
  private host = '';
  /** Opens the sandbox's own paths to the API servers of clusters, which send no token over plain HTTP. */
  private readonly webhookToken = randomBytes(32).toString('hex');

  constructor(private readonly options: FrontDoorOptions) {
    this.amendments = new MotoAmendments(options.region, options.accountId, options.memory);
    this.server = createServer((incoming, outgoing) => {
      this.answer(incoming, outgoing).catch((error: unknown) => {
        const message = messageOf(error);
        this.options.report(`${incoming.method ?? ''} ${incoming.url?.split('?')[0] ?? ''}: ${message}`);
        if (outgoing.headersSent) outgoing.destroy();
        else send(outgoing, 502, 'application/json', JSON.stringify({ message }));
      });
    });
    // Terraform's providers keep connections for long; cutting one in the middle of a request is an error to them.
    this.server.keepAliveTimeout = 120_000;
    this.server.requestTimeout = 0;
  }

  /** @returns `http://127.0.0.1:PORT`, on a port that is free */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
    this.egress.listen(this.options.egress);
    this.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return `http://${this.host}`;
  }

  /** Where the webhooks of clusters are; only who knows the address gets in. */
  get webhooks(): string {
    return `http://${this.host}/__sandbox/${this.webhookToken}`;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.egress.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = { method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers: incoming.headers };
    try {
      await this.answerKnown(await this.identify(request, incoming), incoming, outgoing);
    } catch (error) {
      if (!(error instanceof RequestRefusal)) throw error;
      const { status, contentType, headers, body } = refusalAnswer(request, error);
      // What is left of the request is not read.
      send(outgoing, status, contentType, body, { ...headers, connection: 'close' });
    }
  }

  /** @throws {RequestRefusal} when the caller is not known */
  private async identify({ method, url, headers }: RawRequest, incoming: IncomingMessage): Promise<Known> {
    const { path, query } = targetOf(url);
    // A web page has an origin; one that a DNS name leads here, the wrong host.
    if (headers.host !== this.host || headers.origin !== undefined)
      throw new RequestRefusal(
        'AccessDenied',
        `The sandbox answers programs only, and by the name ${this.host}.`,
      );
    if (!OWN_PATH.test(path) && READ_AS_OWN.test(decoded(url)))
      throw new RequestRefusal('AccessDenied', 'AWS has no path that begins with /__sandbox.');
    let read: Promise<Buffer> | undefined;
    const body = (): Promise<Buffer> => (read ??= buffer(incoming));
    const known = async (caller: typeof UNSIGNED): Promise<Known> => ({
      ...{ method, path, query, body: await body() },
      ...caller,
    });
    const [, place, token, ...webhook] = path.split('/');
    if (place === '__sandbox' && isSame(token, this.webhookToken))
      return { ...(await known(UNSIGNED)), path: `/__sandbox/${webhook.join('/')}` };
    // What has a token in the place of a signature, which is verified before moto sees it.
    const isForm = headers['content-type']?.includes('x-www-form-urlencoded');
    if (method === 'POST' && url === '/' && isForm && headers.authorization === undefined) {
      const actions = new URLSearchParams((await body()).toString()).getAll('Action');
      if (actions.join() === 'AssumeRoleWithWebIdentity') return known(UNSIGNED);
    }
    const signature = await this.options.verifier.verify({ method, url, headers }, body);
    // Of a presigned request, moto would guess the service.
    headers.authorization ??= `AWS4-HMAC-SHA256 Credential=${signature.credential}`;
    return known(signature);
  }

  private async answerKnown(
    known: Known,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const { method, path, query, body, service, accessKeyId } = known;
    const own = OWN_PATH.exec(path)?.[1];
    if (this.options.callLog && own === undefined) logCall(this.options.callLog, known, incoming, outgoing);
    const fault = own === undefined ? this.faultOf(known, incoming) : undefined;
    if (fault?.error) {
      const { url = '/', headers } = incoming;
      const refused = errorAnswer({ method, url, headers }, fault.error);
      send(outgoing, refused.status, refused.contentType, refused.body, refused.headers);
    } else if (own !== undefined) {
      const result = await this.options.admin(method, own, body.toString());
      const status = result === undefined ? 404 : 200;
      send(outgoing, status, 'application/json', JSON.stringify(result ?? { message: 'no such path' }));
    } else if (service === 'eks') {
      await this.answerEks({ method, path, query, accessKeyId }, body.toString(), outgoing, fault?.answer);
    } else {
      await this.answerFromMoto(known, incoming, outgoing);
    }
  }

  private async answerEks(
    request: Omit<EksRequest, 'body'>,
    json: string,
    outgoing: ServerResponse,
    instead: Fault['answer'],
  ): Promise<void> {
    let body: unknown;
    try {
      body = json === '' ? {} : JSON.parse(json);
    } catch {
      const headers = { 'x-amzn-errortype': 'BadRequestException' };
      send(outgoing, 400, 'application/json', JSON.stringify({ message: 'the body is no JSON' }), headers);
      return;
    }
    const { status, headers, body: answer } = await this.options.eks.handle({ ...request, body });
    const isChanged = instead !== undefined && status < 300;
    send(outgoing, status, 'application/json', isChanged ? merged(answer, instead) : answer, headers);
  }

  private faultOf({ service, body }: Known, incoming: IncomingMessage): Fault | undefined {
    const { faults } = this.options;
    if (faults === undefined || incoming.headers['user-agent'] === OWN_AGENT) return undefined;
    const parameters = service === 's3' ? {} : parametersOf(body.toString());
    return faults.take(service, operationOf(incoming, parameters));
  }

  /** @throws {RequestRefusal} */
  private async answerFromMoto(
    known: Known,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const { service, query } = known;
    const body = known.body.toString();
    const target = incoming.headers['x-amz-target']?.toString() ?? '';
    const amendment = this.amendments.for({ ...known, target, body });
    if (amendment?.answer) {
      const { status, contentType, body: answer } = amendment.answer;
      send(outgoing, status, contentType, answer);
      return;
    }
    const mayGiveKeys = service === 'iam' || service === 'sts';
    const form = new URLSearchParams(mayGiveKeys ? `${query.toString()}&${body}` : '');
    if (form.getAll('Action').some((action) => action.startsWith('AssumeRoleWith')))
      await this.options.webIdentity(form);
    const learn = (answer: string): void => {
      this.options.keys.learn(form, answer);
    };
    this.forward(incoming, outgoing, amendment, mayGiveKeys ? learn : undefined).end(
      amendment?.instead ? amendment.instead.body : known.body,
    );
  }

  /** Passes a request on to moto; the answer streams unless somebody is to look at it. */
  private forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { instead, rewrite }: Amendment = {},
    onAnswer?: (body: string) => void,
  ): ReturnType<typeof request> {
    const headers = endToEnd(incoming.headers);
    if (instead) {
      headers['content-length'] = String(Buffer.byteLength(instead.body ?? ''));
    } else if (incoming.headers['transfer-encoding'] !== undefined) {
      // A message without a length would otherwise be taken for one without a body.
      headers['transfer-encoding'] = 'chunked';
    }
    const { method, path } = instead ?? { method: incoming.method, path: incoming.url };
    const target = { ...addressOf(this.options.moto), method, headers, agent: this.agent, path };
    const passed = request(target, (response) => {
      const answerHeaders = endToEnd(response.headers);
      const status = response.statusCode ?? 502;
      if (!rewrite && !onAnswer) {
        outgoing.writeHead(status, answerHeaders);
        response.pipe(outgoing);
        return;
      }
      text(response).then(
        (answer) => {
          if (status < 300) onAnswer?.(answer);
          const body = status < 300 && rewrite ? rewrite(answer) : answer;
          outgoing.writeHead(status, { ...answerHeaders, 'content-length': Buffer.byteLength(body) });
          outgoing.end(body);
        },
        (error: unknown) => {
          this.fail(outgoing, error);
        },
      );
    });
    passed.on('error', (error) => {
      this.fail(outgoing, error);
    });
    return passed;
  }

  private fail(outgoing: ServerResponse, error: unknown): void {
    const message = `moto does not answer: ${messageOf(error)}`;
    this.options.report(message);
    if (outgoing.headersSent) outgoing.destroy();
    else send(outgoing, 503, 'application/json', JSON.stringify({ message }));
  }
}

const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.test(name)));

/** The target with its escapes read byte by byte: one that is wrong stays. */
const decoded = (url: string): string =>
  url.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function send(
  outgoing: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  outgoing.writeHead(status, {
    'content-type': contentType,
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
}
