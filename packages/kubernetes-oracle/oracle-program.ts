import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { minorOf } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { runBuildStep } from '@kubernetes-on-aws/eks-facts/tool-builder/build-step';
import { readGoModule, type GoModule } from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import {
  buildGoTools,
  missingGoTools,
  type ToolBuildOptions,
} from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import { prerequisites } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';

/** A build of the oracle that can be run. */
export interface OracleProgram {
  /** The minor version of Kubernetes whose code it links: `1.36`. */
  readonly kubernetes: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Changes with the code and the pinned modules. */
  readonly key: string;
}

const sandbox = (): string => dirname(require.resolve('@kubernetes-on-aws/eks-sandbox/package.json'));
const pinsOf = (kubernetes: string): string => join(sandbox(), 'tools', `kubernetes-${kubernetes}`);

/** This folder. The program runs from a bundle, which lies in `src/cli`. */
function sources(): string {
  return existsSync(join(__dirname, 'main.go'))
    ? __dirname
    : join(__dirname, '../../packages/kubernetes-oracle');
}

/** The versions of Kubernetes for which the oracle can be built, oldest first: none without the sandbox, which has the pins. */
export function oracleVersions(): string[] {
  let pins: string;
  try {
    pins = dirname(pinsOf(''));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return [];
    throw error;
  }
  return readdirSync(pins)
    .flatMap((name) => /^kubernetes-(\d+\.\d+)$/.exec(name)?.[1] ?? [])
    .sort((a, b) => minorOf(a) - minorOf(b));
}

/** What a version of the oracle is built from: its own sources, with the control plane's modules. */
function oracleModule(kubernetes: string): GoModule {
  const { key, flags, goVersion } = readGoModule(pinsOf(kubernetes));
  const folder = sources();
  const hash = createHash('sha256').update(key);
  for (const name of readdirSync(folder).sort()) {
    if (name.endsWith('.go')) hash.update(readFileSync(join(folder, name)));
  }
  return {
    folder,
    tools: [{ package: '.', installedAs: 'kubernetes', binary: 'kubernetes-oracle' }],
    goVersion,
    key: hash.digest('hex').slice(0, 12),
    flags: [...flags, `-modfile=${join(pinsOf(kubernetes), 'go.mod')}`],
  };
}

const folderOf = (kubernetes: string, key: string): string =>
  join(toolCache(), 'tools', `kubernetes-oracle-${kubernetes}-${key}`);

/**
 * The build that is there for a version, or for the nearest one: a newer one before an older one. It is the program that was built
 * on this machine, otherwise the WebAssembly that the package brings.
 */
export function findOracle(kubernetes: string): OracleProgram | undefined {
  const distance = (other: string): number => {
    const ahead = minorOf(other) - minorOf(kubernetes);
    return ahead >= 0 ? ahead : 100 - ahead;
  };
  for (const version of oracleVersions().sort((a, b) => distance(a) - distance(b))) {
    const { key } = oracleModule(version);
    const native = join(folderOf(version, key), 'kubernetes-oracle');
    if (existsSync(native)) return { kubernetes: version, command: native, args: [], key };
    const wasm = join(sources(), `kubernetes-oracle-${version}.wasm`);
    if (existsSync(wasm)) {
      const args = ['--no-warnings', join(sources(), 'run-wasm.mjs'), wasm];
      return { kubernetes: version, command: process.execPath, args, key };
    }
  }
  return undefined;
}

/** Whether the oracle of a version is not built on this machine, and Go is there to build it. */
export async function canBuildOracle(kubernetes: string): Promise<boolean> {
  const { tools, key, goVersion } = oracleModule(kubernetes);
  if (missingGoTools(tools, folderOf(kubernetes, key)).length === 0) return false;
  return (await prerequisites({ go: goVersion })).some(({ name, suits }) => name === 'Go' && suits);
}

/**
 * Builds the oracle of a version, if it is not there: in seconds where the control plane of the version is built, otherwise in
 * minutes.
 *
 * @throws ToolBuildError
 */
export async function buildOracle(
  kubernetes: string,
  options: Pick<ToolBuildOptions, 'report' | 'signal'>,
): Promise<void> {
  const module = oracleModule(kubernetes);
  await buildGoTools(module, module.tools, {
    tool: `kubernetes-oracle ${kubernetes}`,
    into: folderOf(kubernetes, module.key),
    logFile: join(toolCache(), 'logs', `kubernetes-oracle-${kubernetes}.log`),
    ...options,
  });
}

/**
 * Builds the WebAssembly of the oracle into its folder, for machines without Go: the package brings it.
 *
 * @returns the file
 * @throws ToolBuildError
 */
export async function buildOracleWasm(kubernetes: string): Promise<string> {
  const { folder, flags } = oracleModule(kubernetes);
  const file = join(folder, `kubernetes-oracle-${kubernetes}.wasm`);
  const logFile = join(toolCache(), 'logs', `kubernetes-oracle-${kubernetes}-wasm.log`);
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off', GOOS: 'wasip1', GOARCH: 'wasm' };
  const go = (...args: string[]) =>
    runBuildStep({ tool: `kubernetes-oracle ${kubernetes}`, program: 'go', args, cwd: folder, logFile, env });
  // Two modules on the way, which the oracle has no use for, make system calls that WebAssembly has not.
  const draft = mkdtempSync(join(tmpdir(), 'kubernetes-oracle-'));
  try {
    const pins = pinsOf(kubernetes);
    let goMod = readFileSync(join(pins, 'go.mod'), 'utf8');
    for (const [name, edit] of Object.entries(WITHOUT_SYSTEM_CALLS)) {
      const [source = ''] = await go(
        'list',
        `-modfile=${join(pins, 'go.mod')}`,
        '-m',
        '-f',
        '{{.Dir}}',
        name,
      );
      const copy = join(draft, name.replaceAll('/', '-'));
      cpSync(source, copy, { recursive: true });
      for (const file of readdirSync(copy, { recursive: true, encoding: 'utf8' }))
        chmodSync(join(copy, file), 0o755);
      edit(copy);
      goMod += `\nreplace ${name} => ${copy}\n`;
    }
    writeFileSync(join(draft, 'go.mod'), goMod);
    cpSync(join(pins, 'go.sum'), join(draft, 'go.sum'));
    const others = flags.filter((flag) => !flag.startsWith('-modfile='));
    await go('build', ...others, `-modfile=${join(draft, 'go.mod')}`, '-o', file, '.');
  } finally {
    rmSync(draft, { recursive: true });
  }
  return file;
}

/** What is done to copies of the modules: the journal of Windows is none at all, and files are not locked. */
const WITHOUT_SYSTEM_CALLS: Readonly<Record<string, (folder: string) => void>> = {
  'github.com/coreos/go-systemd/v22': (folder) => {
    renameSync(join(folder, 'journal', 'journal_windows.go'), join(folder, 'journal', 'journal_unix.go'));
  },
  'go.etcd.io/etcd/client/pkg/v3': (folder) => {
    cpSync(join(sources(), 'wasm', 'lock_flock.go.txt'), join(folder, 'fileutil', 'lock_flock.go'));
  },
};

/** Where it is kept which objects a build has found nothing in. */
export function verdictsFile({ kubernetes, key }: OracleProgram): string {
  return join(toolCache(), 'verdicts', `${kubernetes}-${key}.txt`);
}
