import { execa } from 'execa';
import { strToU8, zipSync } from 'fflate';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { clientRelease } from '@kubernetes-on-aws/eks-facts/tool-builder/releases';

// Each test runs the program several times, and the first run builds it.
jest.setTimeout(90_000);

let folder: string;
let server: Server;
let files: Map<string, Uint8Array>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(execFileSync('which', ['ps'], { encoding: 'utf8' }).trim(), join(bin, 'ps'));
  for (const [name, says] of Object.entries({
    npm: '10.8.2',
    aws: 'aws-cli/2.17.3 Python/3.11.8',
    go: 'go1.26.3\nauto',
    python3: 'Python 3.12.1',
    kubectl: '{ "gitVersion": "v1.30.2" }',
    'apt-get': '',
  })) {
    program(join(bin, name), says);
  }
  files = new Map();
  server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

function program(path: string, says: string): void {
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
}

/** Lets the mirror have a program. */
function publish(name: 'terraform' | 'kubectl', file: Uint8Array): void {
  const { url, checksums } = clientRelease(name);
  const path = new URL(url).pathname;
  const sum = createHash('sha256').update(file).digest('hex');
  files.set(path, file);
  files.set(new URL(checksums).pathname, strToU8(`${sum}  ${path.split('/').at(-1) ?? ''}\n`));
}

const KUBECTL = strToU8(`#!/bin/sh\necho '{ "gitVersion": "v1.36.3" }'\n`);
const TERRAFORM = zipSync({
  'LICENSE.txt': strToU8('a license'),
  terraform: strToU8(`#!/bin/sh\necho '{ "terraform_version": "1.11.4" }'\n`),
});

async function doctor(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['src/cli/run.mjs', 'doctor', ...args], {
    env: {
      PATH: join(folder, 'bin'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      TOOLS_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      NO_COLOR: '1',
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { status: exitCode, stdout, stderr };
}

interface Report {
  readonly ok: boolean;
  readonly prerequisites: readonly {
    readonly name: string;
    readonly found?: string;
    readonly suits: boolean;
  }[];
}

const unsuited = (stdout: string): string[] =>
  (JSON.parse(stdout) as Report).prerequisites.filter(({ suits }) => !suits).map(({ name }) => name);

it('doctor reports what is missing or too old, how to get it, and exits with 1', async () => {
  const { status, stdout } = await doctor();
  expect(status).toBe(1);
  expect(stdout).toMatch(/^✔ {2}Go +1\.26 or later +1\.26\.3/m);
  expect(stdout).toMatch(/^✖ {2}terraform +1\.11 or later +not found/m);
  expect(stdout).toMatch(/^✖ {2}kubectl +1\.31 or later +v1\.30\.2/m);
  expect(stdout).toMatch(
    /^ {2}terraform: npm run doctor -- --download, or https:\/\/developer\.hashicorp\.com\/terraform\/install$/m,
  );
});

it('doctor downloads what is missing; afterward it is found, and all is well', async () => {
  publish('terraform', TERRAFORM);
  publish('kubectl', KUBECTL);
  const before = await doctor('--json');
  expect([before.status, unsuited(before.stdout)]).toEqual([1, ['terraform', 'kubectl']]);
  const { status, stdout, stderr } = await doctor('--download', '--json');
  expect({ status, missing: unsuited(stdout) }).toEqual({ status: 0, missing: [] });
  expect(stderr).toMatch(/^downloading http:\/\/127\.0\.0\.1:\d+\/terraform\/1\.\d+\.\d+\/terraform_/m);
  files.clear();
  expect(await doctor('--download', '--json')).toMatchObject({ status: 0, stderr: '' });
});

it('doctor exits with 2 if a download fails, and if a checksum is wrong', async () => {
  const nowhere = await doctor('--download', '--json');
  expect(nowhere.status).toBe(2);
  expect(JSON.parse(nowhere.stdout)).toMatchObject({ error: { code: 'not-downloaded' } });
  publish('kubectl', KUBECTL);
  publish('terraform', TERRAFORM);
  files.set(new URL(clientRelease('kubectl').url).pathname, strToU8('#!/bin/sh\necho another\n'));
  const wrong = await doctor('--download', '--json');
  expect(wrong.status).toBe(2);
  expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'wrong-checksum' } });
  expect(unsuited((await doctor('--json')).stdout)).toContain('kubectl');
});

it('doctor downloads the version of Terraform in the workflows', () => {
  const action = parse(readFileSync('.github/actions/set-up/action.yml', 'utf8')) as {
    runs: { steps: { with?: { terraform_version?: string } }[] };
  };
  const pinned = action.runs.steps.flatMap((step) => step.with?.terraform_version ?? []);
  expect(clientRelease('terraform').url).toContain(`/terraform/${pinned[0] ?? 'none'}/`);
});
