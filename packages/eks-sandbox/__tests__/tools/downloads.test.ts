import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ChecksumError } from '@kubernetes-on-aws/eks-facts/tool-builder/download';
import { PrerequisiteError } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import {
  clientRelease,
  toolRelease,
  ToolsMirrorError,
} from '@kubernetes-on-aws/eks-facts/tool-builder/releases';
import { getTools, toolsState, type GetOptions } from '../../tools/sandbox-tools';

jest.setTimeout(120_000);

const isReleased = process.platform === 'linux';
if (!isReleased && process.env.CI === 'true')
  throw new Error('servers are released for Linux only, and CI may skip nothing');
const describeOnLinux = isReleased ? describe : describe.skip;

const { PATH, TOOLS_MIRROR } = process.env;
const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;
const KUBERNETES = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
const PROGRAMS = [...KUBERNETES, 'etcd', 'kwok'];
const SCHEDULER = `/v1.35.9/bin/linux/${ARCH}/kube-scheduler`;
const ETCD = '/etcd-io/etcd/releases/download/v3.6.1';
const KWOK = `/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-${ARCH}`;

/** What a mirror answers by path: a file, or what is done with the request. */
type Files = Map<string, Buffer | RequestListener>;

let folder: string;
let server: Server;
let files: Files;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'downloads-'));
  files = releasedFiles();
  asked = [];
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const file = files.get(path);
    if (typeof file === 'function') file(request, response);
    else response.writeHead(file ? 200 : 404).end(file ?? 'not found');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  process.env.TOOLS_MIRROR = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  process.env.PATH = PATH;
  delete process.env.TOOLS_MIRROR;
  if (TOOLS_MIRROR !== undefined) process.env.TOOLS_MIRROR = TOOLS_MIRROR;
  rmSync(folder, { recursive: true, force: true });
});

const released = (program: string): Buffer =>
  Buffer.from(`#!/bin/sh\necho released ${program}\n`.padEnd(300_000, '\n'));
const sha256 = (file: Buffer): string => createHash('sha256').update(file).digest('hex');

/** The files of a mirror that has everything, with the checksums in the forms in which the projects publish them. */
function releasedFiles(): Files {
  const found: Files = new Map();
  for (const program of KUBERNETES) {
    const path = `/v1.35.9/bin/linux/${ARCH}/${program}`;
    found.set(path, released(program)).set(`${path}.sha256`, Buffer.from(sha256(released(program))));
  }
  const name = `etcd-v3.6.1-linux-${ARCH}`;
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'etcd'), released('etcd'));
  execFileSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: folder });
  const archive = readFileSync(join(folder, `${name}.tar.gz`));
  found.set(`${ETCD}/${name}.tar.gz`, archive);
  found.set(
    `${ETCD}/SHA256SUMS`,
    Buffer.from(`${'0'.repeat(64)}  other.zip\n${sha256(archive)}  ${name}.tar.gz\n`),
  );
  found
    .set(KWOK, released('kwok'))
    .set(`${KWOK}.sha256`, Buffer.from(`${sha256(released('kwok'))}  kwok-linux-${ARCH}\n`));
  return found;
}

/** Pins of all programs. */
function pinned(): GetOptions & { cache: string } {
  const pins = join(folder, 'pins');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(pins, path)), { recursive: true });
    writeFileSync(join(pins, path), text);
  };
  const modules = {
    'k8s.io/kubernetes': 'v1.35.9',
    'go.etcd.io/etcd/server/v3': 'v3.6.1',
    'sigs.k8s.io/kwok': 'v0.8.0',
  };
  const packages = [
    ...KUBERNETES.map((program) => `k8s.io/kubernetes/cmd/${program}`),
    'go.etcd.io/etcd/server/v3',
    'sigs.k8s.io/kwok/cmd/kwok',
  ];
  const lines = (all: readonly string[]): string => `(\n${all.map((line) => `\t${line}\n`).join('')})\n`;
  write(
    'kubernetes-1.35/go.mod',
    `module tool.test/kubernetes\n\ngo 1.24\n\ntool ${lines(packages)}\n` +
      `require ${lines(Object.entries(modules).map(([module, version]) => `${module} ${version} // indirect`))}`,
  );
  write('kubernetes-1.35/go.sum', '');
  write('moto/requirements.txt', '# nothing\n');
  return { pins, cache: join(folder, 'cache'), assets: undefined };
}

/** A machine with few programs; its Go builds programs that say so, and its Python makes environments at once. */
function machine({ hasGo = true } = {}): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['sh', 'ps', 'tar', 'gzip', 'mkdir', 'cp', 'chmod', 'basename', 'dirname']) {
    symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  }
  const say = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  say(
    'python3',
    'case "$2" in venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;; *) echo Python 3.12.1 ;; esac',
  );
  if (hasGo) say('go', GO);
  say('npm', 'echo 10.8.2');
  say('terraform', `echo '{ "terraform_version": "1.11.4" }'`);
  say('kubectl', `echo '{ "gitVersion": "v1.36.0" }'`);
  say('aws', 'echo aws-cli/2.17.3');
  process.env.PATH = bin;
}

/** Builds of a path like go.etcd.io/etcd/server/v3 the program `server`, as Go names it. */
const GO = `case "$1" in
  env) printf 'go1.26.3\\nauto\\n' ;;
  install)
    for path; do
      case "$path" in
        */v3) name=server program=etcd ;;
        */*) name=$(basename "$path") program=$name ;;
        *) continue ;;
      esac
      case "$path" in -*) continue ;; esac
      printf '#!/bin/sh\\necho built %s\\n' "$program" > "$GOBIN/$name"
      chmod +x "$GOBIN/$name"
    done ;;
esac`;

interface Got {
  /** What each program says. */
  readonly said: Record<string, string>;
  readonly notices: string[];
  readonly report: string[];
}

async function get(options: GetOptions): Promise<Got> {
  const notices: string[] = [];
  const report: string[] = [];
  const tools = await getTools((tool, message) => report.push(`${tool}: ${message}`), {
    ...options,
    onNotice: (notice) => notices.push(notice),
  });
  const { etcd, kubeApiserver, kubeControllerManager, kubeScheduler } = tools.kubernetes['1.35'] ?? {};
  const paths = [kubeApiserver, kubeControllerManager, kubeScheduler, etcd, tools.kwok];
  const said = paths.map((path = '', i) => {
    accessSync(path, constants.X_OK);
    const { stdout, stderr } = spawnSync(path, { encoding: 'utf8', env: { PATH } });
    return [PROGRAMS[i], (stdout + stderr).trim()];
  });
  return { said: Object.fromEntries(said) as Record<string, string>, notices, report };
}

const allReleased = Object.fromEntries(PROGRAMS.map((program) => [program, `released ${program}`]));

/** All that lies in the folder of a set of tools. */
function inCache(cache: string): string[] {
  return readdirSync(join(cache, 'tools'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.startsWith('kubernetes-'),
  );
}

describeOnLinux('a mirror of releases', () => {
  it('has all programs, and Go is no prerequisite', async () => {
    const options = pinned();
    machine({ hasGo: false });
    const { needs, missing, releases } = await toolsState(options);
    expect({ needs, missing }).toEqual({
      needs: { go: undefined, python: true },
      missing: ['kubernetes 1.35', 'moto'],
    });
    const { said, notices, report } = await get({ ...options, releases });
    expect(said).toEqual(allReleased);
    expect(notices).toEqual([]);
    expect(report).toContainEqual(expect.stringMatching(/^kubernetes 1\.35: downloaded in \d+ s$/));
    expect(inCache(options.cache).filter((path) => path.includes('.draft'))).toEqual([]);
    asked = [];
    expect((await toolsState(options)).missing).toEqual([]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a file', SCHEDULER, false],
    ['a checksum', `${SCHEDULER}.sha256`, true],
  ])(
    'that lacks %s makes the sandbox build that program, with the reason in one line',
    async (_, path, isKnownBefore) => {
      const options = pinned();
      machine();
      files.delete(path);
      expect((await toolsState(options)).needs.go).toBe(isKnownBefore ? '1.24' : undefined);
      const { said, notices } = await get(options);
      expect(said).toEqual({ ...allReleased, 'kube-scheduler': 'built kube-scheduler' });
      expect(notices).toEqual([
        expect.stringMatching(
          new RegExp(`^not downloaded: 127\\.0\\.0\\.1:\\d+ \\(status 404 for ${path}\\)$`),
        ),
      ]);
    },
  );

  it('that breaks off makes the sandbox build that program, without a partial file', async () => {
    const options = pinned();
    machine();
    files.set(KWOK, (_, response) => {
      response.writeHead(200, { 'content-length': 300_000 });
      response.write(released('kwok').subarray(0, 1000), () => response.destroy());
    });
    const { said, notices } = await get(options);
    expect(said).toEqual({ ...allReleased, kwok: 'built kwok' });
    expect(notices).toEqual([
      expect.stringMatching(/^not downloaded: 127\.0\.0\.1:\d+ \(the connection broke off\)$/),
    ]);
    expect(inCache(options.cache).filter((path) => path.includes('.draft'))).toEqual([]);
  });

  it.each([
    ['a program', SCHEDULER, Buffer.from('another'), 'kube-scheduler'],
    ['an archive', `${ETCD}/etcd-v3.6.1-linux-${ARCH}.tar.gz`, Buffer.from('another'), 'etcd'],
  ])(
    'that has %s with another checksum is an error, and the sandbox does not build it instead',
    async (_, path, file, program) => {
      const options = pinned();
      const before = files.get(path);
      files.set(path, file);
      const failure = get(options);
      await expect(failure).rejects.toThrow(ChecksumError);
      await expect(failure).rejects.toThrow(
        new RegExp(`${path} has the SHA-256 checksum ${sha256(file)}; .* states ${sha256(before as Buffer)}`),
      );
      expect(
        inCache(options.cache).filter((each) => each.includes(program) || each.includes('.draft')),
      ).toEqual([]);
    },
  );

  it('that states no checksum of a file makes the sandbox build that program', async () => {
    const options = pinned();
    machine();
    files.set(`${ETCD}/SHA256SUMS`, Buffer.from(`${'0'.repeat(64)}  other.tar.gz\n`));
    const { said, notices } = await get(options);
    expect(said.etcd).toBe('built etcd');
    expect(notices).toEqual([expect.stringContaining('(states no checksum)')]);
  });
});

describeOnLinux('an unreachable mirror', () => {
  it('costs no time if it refuses, and the sandbox builds everything', async () => {
    const options = pinned();
    machine();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    const started = Date.now();
    const { needs, releases } = await toolsState(options);
    expect(Date.now() - started).toBeLessThan(2000);
    expect(needs.go).toBe('1.24');
    const { said, notices } = await get({ ...options, releases });
    expect(said).toEqual(Object.fromEntries(PROGRAMS.map((program) => [program, `built ${program}`])));
    expect(notices).toEqual([expect.stringMatching(/^not downloaded: 127\.0\.0\.1:\d+ \(ECONNREFUSED\)$/)]);
  });

  it('costs a few seconds if it does not answer, and gets no second request', async () => {
    const options = pinned();
    machine();
    for (const path of files.keys()) files.set(path, () => undefined);
    const started = Date.now();
    const { releases, needs } = await toolsState(options);
    expect(Date.now() - started).toBeLessThan(9000);
    expect(releases.unavailable).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ \(no answer within 5 s\)$/),
    ]);
    expect(needs.go).toBe('1.24');
    asked = [];
    await get({ ...options, releases });
    expect(asked).toEqual([]);
  });

  it('is an error that names Go, if Go is missing', async () => {
    const options = pinned();
    machine({ hasGo: false });
    for (const path of files.keys()) files.set(path, (_, response) => response.writeHead(503).end());
    const failure = get(options);
    await expect(failure).rejects.toThrow(PrerequisiteError);
    await expect(failure).rejects.toThrow(
      /Go 1\.24 or later \(not found\): builds what of the control plane/,
    );
  });
});

describeOnLinux('the addresses of releases', () => {
  const urls = (path: string, binary: string, version: string) => {
    const { url, checksums } = toolRelease(path, binary, version) ?? {};
    return [url, checksums];
  };

  it('are those of the projects', () => {
    delete process.env.TOOLS_MIRROR;
    const kubernetes = `https://dl.k8s.io/v1.36.3/bin/linux/${ARCH}/kube-apiserver`;
    expect(urls('k8s.io/kubernetes/cmd/kube-apiserver', 'kube-apiserver', 'v1.36.3')).toEqual([
      kubernetes,
      `${kubernetes}.sha256`,
    ]);
    const etcd = 'https://github.com/etcd-io/etcd/releases/download/v3.6.16';
    expect(urls('go.etcd.io/etcd/server/v3', 'etcd', 'v3.6.16')).toEqual([
      `${etcd}/etcd-v3.6.16-linux-${ARCH}.tar.gz`,
      `${etcd}/SHA256SUMS`,
    ]);
    expect(urls('sigs.k8s.io/kwok/cmd/kwok', 'kwok', 'v0.8.0')).toEqual([
      `https://github.com${KWOK}`,
      'https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0',
    ]);
    expect(clientRelease('terraform').checksums).toMatch(
      /^https:\/\/releases\.hashicorp\.com\/terraform\/(1\.[\d.]+)\/terraform_\1_SHA256SUMS$/,
    );
  });

  it('are unknown for a package of another project', () => {
    expect(toolRelease('tool.test/cmd/kube-apiserver', 'kube-apiserver', 'v1.36.3')).toBeUndefined();
  });

  it.each(['mirror.example.com', 'file:///srv/mirror', 'https://user:secret@mirror.example.com'])(
    'exclude %s, which is no URL of a mirror',
    (url) => {
      process.env.TOOLS_MIRROR = url;
      const located = (): unknown => clientRelease('kubectl');
      expect(located).toThrow(ToolsMirrorError);
      expect(located).not.toThrow('secret');
    },
  );
});
