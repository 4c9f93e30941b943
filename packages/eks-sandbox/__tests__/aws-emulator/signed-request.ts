import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AwsCredentials } from '../../sandbox-record';

export const REGION = 'eu-west-1';
export const KEY: AwsCredentials = { accessKeyId: 'AKIAX', secretAccessKey: 'se/cr+et' };

/** A path for the socket that a front door has beside its port. */
export const egressSocket = (): string => join(mkdtempSync(join(tmpdir(), 'egress-')), 'socket');

/** What a request is made of; left out: a GET of `/`, signed now by `KEY` for the region. */
export interface Asked {
  readonly service: string;
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: AwsCredentials;
  readonly region?: string;
  readonly signedAt?: Date;
  /** Seconds: the request is presigned. */
  readonly expiresIn?: number;
  /** What an attacker changes once it is signed. */
  readonly tamper?: (sent: Sent) => Partial<Sent>;
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** The error's name, in whatever protocol; empty when there is none. */
  readonly code: string;
}

export function signer({ service, region = REGION, key = KEY }: Asked): SignatureV4 {
  const uriEscapePath = service !== 's3';
  return new SignatureV4({ service, region, credentials: key, sha256: Sha256, uriEscapePath });
}

/** Signs a request as the clients of AWS do, and sends it. */
export async function ask(endpoint: string, asked: Asked): Promise<Answer> {
  const { method = 'GET', url = '/', body = '', expiresIn, signedAt: signingDate = new Date() } = asked;
  const { host, hostname, pathname, searchParams } = new URL(endpoint + url);
  const hash = { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') };
  const unsigned = {
    ...{ method, protocol: 'http:', hostname, path: pathname, query: Object.fromEntries(searchParams), body },
    headers: { host, ...(asked.service === 's3' && expiresIn === undefined ? hash : {}), ...asked.headers },
  };
  const signed =
    expiresIn === undefined
      ? await signer(asked).sign(unsigned, { signingDate })
      : await signer(asked).presign(
          asked.service === 's3'
            ? { ...unsigned, headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }
            : unsigned,
          { signingDate, expiresIn, unhoistableHeaders: new Set(['x-amz-content-sha256']) },
        );
  const query = new URLSearchParams(signed.query as Record<string, string>).toString();
  const sent = {
    ...{ method, url: query === '' ? url : `${pathname}?${query.replace(/\+/g, '%20')}`, body },
    headers: signed.headers,
  };
  return send(endpoint, { ...sent, ...asked.tamper?.(sent) });
}

/** Sends what may not be signed. */
export function send(
  endpoint: string,
  { method = 'GET', url = '/', headers = {}, body = '' }: Partial<Sent>,
): Promise<Answer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
    const target = { hostname, port, method, path: url, headers: { ...headers, ...length } };
    const outgoing = request(target, (response) => {
      text(response).then((answer) => {
        const code = response.headers['x-amzn-errortype'] ?? /<Code>(\w+)/.exec(answer)?.[1] ?? '';
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, body: answer, code: String(code) });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
