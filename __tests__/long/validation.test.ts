import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { getTools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import fc from 'fast-check';
import getPort from 'get-port';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'node:https';
import { judge } from '../../src/rules/kubernetes-oracle';
import { VALID_OBJECTS, type Sample } from './valid-objects';

const MINUTES = 60_000;
/** Objects that are judged by both. `VALIDATION_RUNS` sets another number. */
const RUNS = Number(process.env['VALIDATION_RUNS'] ?? 3000);

/** Of the scratch API server, which holds nothing. */
const TOKEN = 'scratch';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Values at limits and beyond them, whatever the field. */
const NUMBERS = [
  -2147483649, -1, 0, 1, 2, 15, 63, 100, 101, 3600, 3601, 30000, 32768, 65535, 65536, 86400, 86401,
];
const VALUES: readonly Json[] = [
  ...NUMBERS,
  2147483647,
  2147483648,
  1.5,
  true,
  null,
  [],
  {},
  ...[
    '',
    'a',
    'A',
    'a-b',
    '-a',
    'a.b',
    'a..b',
    'a_b',
    'a b',
    'a/b',
    'a=b',
    'a:b',
    '/a',
    '/a//b',
    '..',
    '*',
    'é',
  ],
  ...['a'.repeat(15), 'a'.repeat(16), 'a'.repeat(63), 'a'.repeat(64), 'a'.repeat(253), 'a'.repeat(254)],
  ...['0', '1', '-1', '65536', '50%', '101%', '1Gi', '1.5', '0.5', '100m', '1e3', 'x1'],
  ...[
    '10.0.0.0/8',
    '10.0.0.1/8',
    '10.0.0.1',
    '010.0.0.1',
    '::1',
    '2001:db8::/64',
    'Always',
    'TCP',
    'UDP',
    'SCTP',
  ],
  ...['* * * * *', '*/0 * * * *', '61 * * * *', '@daily', 'Europe/Madrid', 'europe/madrid', 'In', 'Exists'],
];

let server: { readonly port: number; readonly stop: () => void };
const agent = new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });

/** A scratch API server that lets everybody do everything, with nothing in it. */
async function startServer(): Promise<typeof server> {
  const { kubernetes } = await getTools(() => undefined, { kubernetes: [DEFAULT_KUBERNETES_VERSION] });
  const tools = kubernetes[DEFAULT_KUBERNETES_VERSION];
  if (!tools) throw new Error('no control plane');
  const folder = mkdtempSync(join(tmpdir(), 'validation-'));
  const [clients, peers, port] = await Promise.all([getPort(), getPort(), getPort()]);
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${TOKEN},admin,admin,system:masters\n`);
  const key = join(folder, 'sa.key');
  execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' });
  const children: ChildProcess[] = [];
  const run = (program: string, flags: Readonly<Record<string, string>>): void => {
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    children.push(spawn(program, args, { stdio: 'ignore' }));
  };
  const at = (number: number): string => `http://127.0.0.1:${number}`;
  run(tools.etcd, {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': at(clients),
    'advertise-client-urls': at(clients),
    'listen-peer-urls': at(peers),
    'initial-advertise-peer-urls': at(peers),
    'initial-cluster': `default=${at(peers)}`,
    'unsafe-no-fsync': 'true',
  });
  run(tools.kubeApiserver, {
    'etcd-servers': at(clients),
    'bind-address': '127.0.0.1',
    'secure-port': String(port),
    'cert-dir': folder,
    'authorization-mode': 'AlwaysAllow',
    'token-auth-file': tokens,
    'service-account-issuer': 'https://127.0.0.1',
    'service-account-key-file': key,
    'service-account-signing-key-file': key,
    'service-cluster-ip-range': '10.0.0.0/24',
    'disable-admission-plugins': 'ServiceAccount,Priority,RuntimeClass,LimitRanger,DefaultStorageClass',
  });
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  server = { port, stop };
  for (let left = 600; ; left -= 1) {
    const { status } = await send('GET', '/readyz').catch(() => ({ status: 0 }));
    if (status === 200) return server;
    if (left === 0) {
      stop();
      throw new Error('the scratch API server is not ready after a minute');
    }
    await sleep(100);
  }
}

function send(method: string, path: string, body?: Json): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
    const options = { host: '127.0.0.1', port: server.port, path, method, headers, agent };
    const sent = request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Why the server refuses an object; undefined when it accepts it. */
async function refusal({ path }: Sample, object: Json): Promise<string | undefined> {
  const { status, text } = await send('POST', `${path}?dryRun=All&fieldValidation=Strict`, object).catch(
    (cause: unknown) => {
      throw new Error(`the API server gives no answer to ${JSON.stringify(object)}`, { cause });
    },
  );
  return status < 300 ? undefined : (JSON.parse(text) as { message: string }).message;
}

/** The places of all values of an object, but for its kind and its version. */
function places(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, inner]) =>
    places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [...(path.length > 0 ? [path] : []), ...inside];
}

function changed(value: Json, [step, ...rest]: readonly (string | number)[], to: Json | undefined): Json {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    Json
  >;
  if (rest.length > 0) copy[step as string] = changed(copy[step as string] as Json, rest, to);
  else if (to !== undefined) copy[step as string] = to;
  else if (Array.isArray(copy)) copy.splice(step as number, 1);
  else Reflect.deleteProperty(copy, step as string);
  return copy;
}

interface Drawn {
  readonly sample: Sample;
  readonly object: Json;
}

const drawn = fc.constantFrom(...VALID_OBJECTS).chain((sample) => {
  // The request's path has the namespace too.
  const all = places(sample.object as Json).filter(
    ([first, second]) => first !== 'kind' && first !== 'apiVersion' && second !== 'namespace',
  );
  const change = fc.tuple(
    fc.constantFrom(...all),
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...VALUES) }, fc.constant(undefined)),
    fc.boolean(),
  );
  return change.map(([path, to, misspelled]): Drawn => {
    const name = path.at(-1);
    // Now and then a field is added that is not there.
    const place =
      misspelled && to === true && typeof name === 'string' ? [...path.slice(0, -1), `${name}x`] : path;
    return { sample, object: changed(sample.object as Json, place, to) };
  });
});

beforeAll(async () => {
  server = await startServer();
}, 20 * MINUTES);

afterAll(() => {
  server.stop();
  agent.destroy();
});

it('accepts the samples', async () => {
  const objects = VALID_OBJECTS.map(({ object }) => ({ object }));
  expect(judge(objects, DEFAULT_KUBERNETES_VERSION)?.refusals.flat()).toEqual([]);
  for (const sample of VALID_OBJECTS) expect(await refusal(sample, sample.object as Json)).toBeUndefined();
});

it(
  'refuses and accepts what the API server does',
  async () => {
    const cases = fc.sample(drawn, { numRuns: RUNS, seed: Number(process.env['VALIDATION_SEED'] ?? 1) });
    const judged = judge(
      cases.map(({ object }) => ({ object: object as never })),
      DEFAULT_KUBERNETES_VERSION,
    );
    expect(judged?.kubernetes).toBe(DEFAULT_KUBERNETES_VERSION);
    const differences: string[] = [];
    for (const [i, { sample, object }] of cases.entries()) {
      const ours = judged?.refusals[i] ?? [];
      const theirs = await refusal(sample, object);
      if (ours.length > 0 === (theirs !== undefined)) continue;
      differences.push(
        `${JSON.stringify(object)}\n  server: ${theirs ?? 'accepts'}\n  here: ${JSON.stringify(ours)}`,
      );
    }
    expect(differences).toEqual([]);
  },
  10 * MINUTES,
);
