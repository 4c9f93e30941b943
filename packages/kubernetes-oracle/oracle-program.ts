import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { minorOf } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { readGoModule, type GoModule } from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';

export { minorOf };

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
/** The pinned modules of a version. */
export const pinsOf = (kubernetes: string): string => join(sandbox(), 'tools', `kubernetes-${kubernetes}`);

/** This folder. The program runs from a bundle, which is in `src/cli`. */
export function sources(): string {
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
export function oracleModule(kubernetes: string): GoModule {
  const { key, flags, goVersion } = readGoModule(pinsOf(kubernetes));
  const folder = sources();
  return {
    folder,
    tools: [{ package: '.', installedAs: 'kubernetes', binary: 'kubernetes-oracle' }],
    goVersion,
    key: hashOfSources(key),
    // A tag for what has another name in another version.
    flags: [...flags, `-modfile=${join(pinsOf(kubernetes), 'go.mod')}`, `-tags=kubernetes${kubernetes}`],
  };
}

/** A hash of the oracle's own sources, and of what else a build depends on. */
function hashOfSources(beside: string): string {
  const hash = createHash('sha256').update(beside);
  for (const name of readdirSync(sources()).sort()) {
    if (name.endsWith('.go')) hash.update(readFileSync(join(sources(), name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Where a build is. */
export const folderOf = (kubernetes: string, key: string): string =>
  join(toolCache(), 'tools', `kubernetes-oracle-${kubernetes}-${key}`);

/**
 * The build that is there for a version, or for the nearest one: a newer one before an older one. It is the program that was built
 * on this machine, otherwise the WebAssembly that the package brings.
 */
export function findOracle(kubernetes: string): OracleProgram | undefined {
  const program = found.get(kubernetes) ?? lookFor(kubernetes);
  if (program?.kubernetes === kubernetes) found.set(kubernetes, program);
  return program;
}

/** Those that were found by this process. */
const found = new Map<string, OracleProgram>();

function lookFor(kubernetes: string): OracleProgram | undefined {
  const distance = (other: string): number => {
    const ahead = minorOf(other) - minorOf(kubernetes);
    return ahead >= 0 ? ahead : 100 - ahead;
  };
  // Who installs the program without the sandbox has no pins, and the WebAssembly only.
  const [built, packed] = [oracleVersions(), packedVersions()];
  const nearest = [...new Set([...built, ...packed])].sort((a, b) => distance(a) - distance(b));
  for (const version of nearest) {
    if (built.includes(version)) {
      const { key } = oracleModule(version);
      const native = join(folderOf(version, key), 'kubernetes-oracle');
      if (existsSync(native)) return { kubernetes: version, command: native, args: [], key };
    }
    if (packed.includes(version)) {
      const wasm = join(sources(), wasmOf(version));
      const key = hashOfSources(String(statSync(wasm).size));
      // To optimize the code takes longer than to run it.
      const args = ['--no-warnings', '--liftoff-only', join(sources(), 'run-wasm.mjs'), wasm];
      return { kubernetes: version, command: process.execPath, args, key };
    }
  }
  return undefined;
}

/** The name of the WebAssembly of a version. */
export const wasmOf = (kubernetes: string): string => `kubernetes-oracle-${kubernetes}.wasm`;

/** The versions whose WebAssembly lies beside the sources. */
const packedVersions = (): string[] =>
  readdirSync(sources()).flatMap((name) => /^kubernetes-oracle-(\d+\.\d+)\.wasm$/.exec(name)?.[1] ?? []);

/** Where it is kept which objects a build has found nothing in. */
export function verdictsFile({ kubernetes, key }: OracleProgram): string {
  return join(toolCache(), 'verdicts', `${kubernetes}-${key}.txt`);
}
