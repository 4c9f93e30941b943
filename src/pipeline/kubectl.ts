import { execa } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsCli } from './aws-cli';
import { UserError } from '../facts/user-error';

/** kubectl could not do what it was asked to: what, and why in its own words. */
export class KubectlError extends UserError {
  readonly code = 'kubectl-failed';
  readonly exitStatus = 2;
}

/** kubectl, signed in to one cluster: runs one command and gives what it printed. @throws KubectlError */
export type Kubectl = (...args: readonly string[]) => Promise<string>;

/** A cluster, and as which user its API is asked. */
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

/** kubectl that signs in for each command, so that it asks for a cluster only where it is used. */
export const kubectlOf =
  (access: ClusterAccess): Kubectl =>
  (...args) =>
    withKubectl(access, (kubectl) => kubectl(...args));

/**
 * Does something with kubectl. Its kubeconfig, which `aws eks update-kubeconfig` writes, is in a folder that is gone afterward:
 * the user's own kubeconfig does not matter.
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
    return await work(async (...args) => {
      const { exitCode, code, stdout, stderr, shortMessage } = await execa(
        'kubectl',
        ['--kubeconfig', kubeconfig, ...args],
        {
          env: environment,
          extendEnv: false,
          stdin: 'ignore',
          reject: false,
          ...(signal && { cancelSignal: signal }),
        },
      );
      signal?.throwIfAborted();
      if (exitCode === 0) return stdout;
      const reason =
        code === 'ENOENT'
          ? 'kubectl is not installed: https://kubernetes.io/docs/tasks/tools/'
          : stderr.trim() || shortMessage;
      throw new KubectlError(`kubectl ${args.slice(0, 2).join(' ')} in cluster ${cluster}: ${reason ?? ''}`);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
