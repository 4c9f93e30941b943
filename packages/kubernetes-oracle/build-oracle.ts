import { join } from 'node:path';
import { runBuildStep } from '@kubernetes-on-aws/eks-facts/tool-builder/build-step';
import { buildGoTools, type ToolBuildOptions } from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import { prerequisites } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { findOracle, folderOf, oracleModule, wasmOf } from './oracle-program';

/** Whether no build of a version is there, neither of this machine nor of the package, and Go is there to make one. */
export async function canBuildOracle(kubernetes: string): Promise<boolean> {
  const { goVersion } = oracleModule(kubernetes);
  if (findOracle(kubernetes)?.kubernetes === kubernetes) return false;
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
  await runBuildStep({
    tool: `kubernetes-oracle ${kubernetes}`,
    program: 'go',
    args: ['build', ...flags, '-o', file, '.'],
    cwd: folder,
    logFile: join(toolCache(), 'logs', `kubernetes-oracle-${kubernetes}-wasm.log`),
    env: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off', GOOS: 'wasip1', GOARCH: 'wasm' },
  });
  return file;
}
