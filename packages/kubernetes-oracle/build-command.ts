import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { isUserError } from '@kubernetes-on-aws/eks-facts/user-error';
import { buildOracle, buildOracleWasm, canBuildOracle } from './build-oracle';
import { findOracle } from './oracle-program';

async function build(args: readonly string[]): Promise<void> {
  const [version = DEFAULT_KUBERNETES_VERSION] = args.filter((arg) => !arg.startsWith('-'));
  if (args.includes('--wasm')) {
    process.stdout.write(`${await buildOracleWasm(version)}\n`);
    return;
  }
  if (await canBuildOracle(version)) {
    process.stderr.write(`Building the validation of Kubernetes ${version}, once for this machine\n`);
    await buildOracle(version, { report: () => undefined, signal: undefined });
  }
  if (findOracle(version)) return;
  process.stderr.write(`the validation of Kubernetes ${version} is not built: that needs Go\n`);
  process.exitCode = 2;
}

build(process.argv.slice(2)).catch((error: unknown) => {
  if (!isUserError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitStatus;
});
