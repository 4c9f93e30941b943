import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { getTools } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import getPort from 'get-port';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../../src/rules/kubernetes-oracle';
import { ApiServer } from './api-server';
import { disagreements, type Json } from './drawn-objects';
import { VALID_OBJECTS } from './valid-objects';

const MINUTES = 60_000;
/** Objects that are judged by both. `VALIDATION_RUNS` sets another number. */
const RUNS = Number(process.env['VALIDATION_RUNS'] ?? 3000);
const SEED = Number(process.env['VALIDATION_SEED'] ?? 1);

/** Of the scratch API server, which holds nothing. */
const TOKEN = 'scratch';

let server: { readonly api: ApiServer; readonly stop: () => void };

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
  const api = new ApiServer(at(port).replace('http', 'https'), { token: TOKEN, rejectUnauthorized: false });
  const stop = (): void => {
    api.close();
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let left = 600; ; left -= 1) {
    const { status } = await api.send('GET', '/readyz').catch(() => ({ status: 0 }));
    if (status === 200) return { api, stop };
    if (left === 0) {
      stop();
      throw new Error('the scratch API server is not ready after a minute');
    }
    await sleep(100);
  }
}

beforeAll(async () => {
  server = await startServer();
}, 20 * MINUTES);

afterAll(() => {
  server.stop();
});

const options = { kubernetes: DEFAULT_KUBERNETES_VERSION, runs: RUNS, seed: SEED };

it('the linked validation accepts the samples', async () => {
  const objects = VALID_OBJECTS.map(({ object }) => ({ object }));
  expect(judge(objects, DEFAULT_KUBERNETES_VERSION)?.refusals.flat()).toEqual([]);
  for (const sample of VALID_OBJECTS) {
    expect(await server.api.refusal({ sample, object: sample.object as Json })).toBeUndefined();
  }
});

it(
  'the linked validation refuses and accepts the same new objects as the API server',
  async () => {
    expect(await disagreements(server.api.refusal, options)).toEqual([]);
  },
  60 * MINUTES,
);

it(
  'the linked validation refuses and accepts the same replaced objects as the API server',
  async () => {
    // A Job that replaces another has to repeat the selector that the API server gave the first.
    const samples = VALID_OBJECTS.filter(({ object }) => object.kind !== 'Job');
    for (const sample of samples) await server.api.store(sample);
    const update = { ...options, update: true, samples };
    expect(await disagreements(server.api.refusalOfUpdate, update)).toEqual([]);
  },
  60 * MINUTES,
);
