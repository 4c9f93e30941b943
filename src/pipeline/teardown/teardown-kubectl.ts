import { execa, ExecaError } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsCli } from '../aws-cli';
import { UserError } from '../../facts/user-error';

/** kubectl could not do what it was asked to: what, and why in its own words. */
export class KubectlError extends UserError {
  readonly code = 'kubectl-failed';
  readonly exitStatus = 2;
}

/** kubectl, signed in to one cluster. */
export interface Kubectl {
  /** Runs one command and gives what it printed. @throws KubectlError */
  run(args: readonly string[]): Promise<string>;
}

/** A cluster, and as whom its API is asked. */
export interface ClusterAccess {
  readonly aws: AwsCli;
  readonly cluster: string;
  /**
   * The variables that kubectl runs with; its sign-in by `aws eks get-token` sees them too.
   * @default process.env
   */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Does something with kubectl. Its kubeconfig, which `aws eks update-kubeconfig` writes, lies in a folder that is gone afterwards:
 * whatever cluster the user's own kubectl is turned to, this one is asked.
 *
 * @throws AwsCliError when there is no such cluster
 */
export async function withKubectl<T>(
  { aws, cluster, environment = process.env, signal }: ClusterAccess,
  work: (kubectl: Kubectl) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  try {
    await aws.run('eks', 'update-kubeconfig', ['--name', cluster, '--kubeconfig', kubeconfig]);
    return await work({
      run: async (args) => {
        try {
          const { stdout } = await execa('kubectl', ['--kubeconfig', kubeconfig, ...args], {
            env: environment,
            extendEnv: false,
            stdin: 'ignore',
            ...(signal && { cancelSignal: signal }),
          });
          return stdout;
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof ExecaError)) throw error;
          const reason =
            error.code === 'ENOENT'
              ? 'kubectl is not installed: https://kubernetes.io/docs/tasks/tools/'
              : String(error.stderr).trim() || error.shortMessage;
          throw new KubectlError(`kubectl ${args.slice(0, 2).join(' ')} in cluster ${cluster}: ${reason}`);
        }
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
