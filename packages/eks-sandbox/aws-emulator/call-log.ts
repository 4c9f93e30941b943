import { appendFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request to AWS, with what of the answer names what it made. */
export interface RecordedCall {
  /** As the signature names it: `ec2`, `elasticfilesystem`. */
  readonly service: string;
  readonly region: string;
  /** The name that the request gives; `POST /path?query` where it gives none. */
  readonly operation: string;
  /** A form's fields, or a JSON body; nothing of an object in S3, and no value that may be a secret. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly status: number;
  /** ARNs and IDs in the answer. */
  readonly answered: readonly string[];
  /** The `User-Agent`: which program asked, and as what (`app/…`, from AWS_SDK_UA_APP_ID). */
  readonly agent: string;
}

const SECRET = /secret(string|binary)|password|token|userdata|plaintext|ciphertext|^value$|parametervalue/i;
const NAMES =
  /arn:aws[\w-]*:[^\s"'<>\\]+|\b[a-z]{1,10}(?:-[a-z]{1,10}){0,3}-[0-9a-f]{8,17}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

/** Writes a call to a file, a line of JSON, once it is answered. */
export function logCall(
  file: string,
  { service, region, body }: Pick<RecordedCall, 'service' | 'region'> & { readonly body: Buffer },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const answer: Buffer[] = [];
  // S3 carries states and files of every size.
  if (service !== 's3') {
    for (const name of ['write', 'end'] as const) {
      const send = outgoing[name].bind(outgoing) as (...args: unknown[]) => never;
      outgoing[name] = (...args: unknown[]) => {
        if (typeof args[0] === 'string' || Buffer.isBuffer(args[0])) answer.push(Buffer.from(args[0]));
        return send(...args);
      };
    }
  }
  outgoing.once('finish', () => {
    const parameters = parametersOf(service === 's3' ? '' : body.toString('utf8'));
    const operation = operationOf(incoming, parameters);
    // What is got may be a secret.
    const seen = operation.startsWith('Get') ? '' : Buffer.concat(answer).toString('utf8');
    const answered = [...new Set(seen.match(NAMES))];
    const call: RecordedCall = {
      service,
      region,
      operation,
      parameters,
      status: outgoing.statusCode,
      answered,
      agent: incoming.headers['user-agent'] ?? '',
    };
    appendFileSync(file, `${JSON.stringify(call)}\n`, { mode: 0o600 });
  });
}

/** The name that a request gives its operation; method and path with the query where it gives none. */
export function operationOf(
  { method = '', url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  parameters: Readonly<Record<string, unknown>>,
): string {
  const named = headers['x-amz-target']?.toString().split('.').at(-1) ?? parameters['Action'];
  return typeof named === 'string' ? named : `${method} ${url}`;
}

/** A form's fields, or a JSON body, without what may be a secret. */
export function parametersOf(body: string): Record<string, unknown> {
  if (body === '') return {};
  try {
    return JSON.parse(body, function (this: object, key: string, value: unknown) {
      // The value of a tag is none.
      return SECRET.test(key) && !('Key' in this) ? undefined : value;
    }) as Record<string, unknown>;
  } catch {
    return Object.fromEntries([...new URLSearchParams(body)].filter(([key]) => !SECRET.test(key)));
  }
}
