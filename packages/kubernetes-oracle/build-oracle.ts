import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuildStep } from '@kubernetes-on-aws/eks-facts/tool-builder/build-step';
import {
  buildGoTools,
  missingGoTools,
  type ToolBuildOptions,
} from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import { prerequisites } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { folderOf, oracleModule, pinsOf, sources, wasmOf } from './oracle-program';

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
  const file = join(folder, wasmOf(kubernetes));
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
