import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EksRequest } from '../eks-emulator/routes';
import type { EksAnswer } from '../eks-emulator/emulator';
import { logCall } from './call-log';
import { BUCKET_SETTINGS, MotoAmendments, type Amendment } from './moto-amendments';

/** What stands behind the front door. */
export interface FrontDoorOptions {
  /** `http://127.0.0.1:PORT` of moto. */
  readonly moto: string;
  readonly region: string;
  readonly eks: { handle(request: EksRequest): Promise<EksAnswer> };
  /** Sees the requests to IAM and STS with their answers: where access keys come from. */
  readonly onKeys: (request: URLSearchParams, answer: string) => void;
  /** The sandbox's own paths below `/__sandbox/`: an answer to be sent as JSON, or undefined for 404. */
  readonly admin: (method: string, path: string, body: string) => Promise<unknown>;
  readonly report: (message: string) => void;
  /** File that every call to AWS is written to. @default - none */
  readonly callLog?: string | undefined;
}

/** Requests to these services are small, and some are to be looked into; all others stream through. */
const READ_SERVICES = new Set([
  'ec2',
  'elasticfilesystem',
  'iam',
  'rds',
  'secretsmanager',
  'sqs',
  'sts',
  'ssm',
]);
/** Headers that belong to one connection and not to the message. */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'expect',
  'proxy-connection',
  'te',
  'upgrade',
]);

/** Who calls which service: from the Authorization header, or from the query of a presigned request. */
export function credentialOf(
  headers: IncomingMessage['headers'],
  url: URL,
): { service: string; region: string; accessKeyId: string } {
  const scope =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ??
    url.searchParams.get('X-Amz-Credential') ??
    '';
  const [accessKeyId = '', , region = '', service = ''] = scope.split('/');
  return { service, region, accessKeyId };
}

/** Of the requests to S3 these alone are small for sure. */
function isOfBucketSetting(service: string, { searchParams }: URL): boolean {
  return service === 's3' && BUCKET_SETTINGS.some((name) => searchParams.has(name));
}

/** The one endpoint of the emulated AWS. It listens on 127.0.0.1 only. */
export class FrontDoor {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly server: Server;
  private readonly amendments: MotoAmendments;

  constructor(private readonly options: FrontDoorOptions) {
    this.amendments = new MotoAmendments(options.region);
    this.server = createServer((incoming, outgoing) => {
      this.answer(incoming, outgoing).catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
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
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    const method = incoming.method ?? 'GET';
    if (url.pathname.startsWith('/__sandbox/')) {
      const result = await this.options.admin(
        method,
        url.pathname.slice('/__sandbox/'.length),
        await read(incoming),
      );
      const status = result === undefined ? 404 : 200;
      send(outgoing, status, 'application/json', JSON.stringify(result ?? { message: 'no such path' }));
      return;
    }
    const { service, region, accessKeyId } = credentialOf(incoming.headers, url);
    if (this.options.callLog) logCall(this.options.callLog, { service, region }, incoming, outgoing);
    if (service === 'eks') {
      await this.answerEks(method, url, accessKeyId, await read(incoming), outgoing);
    } else if (READ_SERVICES.has(service) || isOfBucketSetting(service, url)) {
      await this.answerRead(incoming, outgoing, service, method, url);
    } else {
      incoming.pipe(this.forward(incoming, outgoing));
    }
  }

  private async answerEks(
    method: string,
    { pathname: path, searchParams: query }: URL,
    accessKeyId: string,
    text: string,
    outgoing: ServerResponse,
  ): Promise<void> {
    let body: unknown;
    try {
      body = text === '' ? {} : JSON.parse(text);
    } catch {
      const headers = { 'x-amzn-errortype': 'BadRequestException' };
      send(outgoing, 400, 'application/json', JSON.stringify({ message: 'the body is no JSON' }), headers);
      return;
    }
    const {
      status,
      headers,
      body: answer,
    } = await this.options.eks.handle({ method, path, query, body, accessKeyId });
    send(outgoing, status, 'application/json', answer, headers);
  }

  private async answerRead(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    service: string,
    method: string,
    { pathname: path, searchParams: query }: URL,
  ): Promise<void> {
    const body = await read(incoming);
    const header = incoming.headers['x-amz-target'];
    const target = typeof header === 'string' ? header : '';
    const amendment = this.amendments.for({ service, method, path, query, target, body });
    if (amendment?.answer) {
      const { status, contentType, body: text } = amendment.answer;
      send(outgoing, status, contentType, text);
      return;
    }
    const form = new URLSearchParams(body);
    const seen = service === 'iam' || service === 'sts';
    this.forward(
      incoming,
      outgoing,
      amendment,
      seen
        ? (text) => {
            this.options.onKeys(form, text);
          }
        : undefined,
    ).end(amendment?.instead ? amendment.instead.body : body);
  }

  /** Passes a request on to moto; the answer streams unless somebody is to look at it. */
  private forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { instead, rewrite }: Amendment = {},
    onAnswer?: (body: string) => void,
  ): ReturnType<typeof request> {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !HOP_HEADERS.has(name)),
    );
    if (instead) {
      headers['content-length'] = String(Buffer.byteLength(instead.body ?? ''));
    } else if (incoming.headers['transfer-encoding'] !== undefined) {
      // A message without a length would otherwise be taken for one without a body.
      headers['transfer-encoding'] = 'chunked';
    }
    const { method, path } = instead ?? { method: incoming.method, path: incoming.url };
    const target = { method, headers, agent: this.agent, path };
    const passed = request(this.options.moto, target, (response) => {
      const answerHeaders = Object.fromEntries(
        Object.entries(response.headers).filter(([name]) => !HOP_HEADERS.has(name)),
      );
      const status = response.statusCode ?? 502;
      if (!rewrite && !onAnswer) {
        outgoing.writeHead(status, answerHeaders);
        response.pipe(outgoing);
        return;
      }
      read(response).then(
        (text) => {
          if (status < 300) onAnswer?.(text);
          const body = status < 300 && rewrite ? rewrite(text) : text;
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
    const message = `moto does not answer: ${error instanceof Error ? error.message : String(error)}`;
    this.options.report(message);
    if (outgoing.headersSent) outgoing.destroy();
    else send(outgoing, 503, 'application/json', JSON.stringify({ message }));
  }
}

async function read(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

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
