import { execa } from 'execa';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isolatedEnvironment, sandboxEnvironment } from './sandbox-environment';
import type { SandboxRecord } from './sandbox-record';

/** Path of the kubeconfig of a sandbox's cluster, for people too: `export KUBECONFIG=…`. */
export function kubeconfigFile(directory: string): string {
  return join(directory, 'kubeconfig');
}

/**
 * Writes the kubeconfig of the sandbox's cluster. It signs in by `aws eks get-token`, as the one that `aws eks
 * update-kubeconfig` writes, and brings the variables that turn `aws` to the sandbox with it.
 *
 * @param cluster name of the cluster, which must exist
 */
export async function writeKubeconfig(
  directory: string,
  record: SandboxRecord,
  cluster: string,
): Promise<string> {
  const { stdout } = await execa('aws', ['eks', 'describe-cluster', '--name', cluster, '--output', 'json'], {
    env: isolatedEnvironment(record),
    extendEnv: false,
  });
  const { endpoint, certificateAuthority } = (
    JSON.parse(stdout) as { cluster: { endpoint: string; certificateAuthority: { data: string } } }
  ).cluster;
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1beta1',
    // A profile of the user's shell would go before the credentials below.
    command: 'env',
    args: [
      ...['-u', 'AWS_PROFILE', '-u', 'AWS_DEFAULT_PROFILE'],
      ...['aws', 'eks', 'get-token', '--cluster-name', cluster, '--output', 'json'],
    ],
    env: Object.entries(sandboxEnvironment(record)).map(([name, value]) => ({ name, value })),
    interactiveMode: 'Never',
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': cluster,
    clusters: [
      {
        name: cluster,
        cluster: { server: endpoint, 'certificate-authority-data': certificateAuthority.data },
      },
    ],
    users: [{ name: cluster, user: { exec } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
  };
  const file = kubeconfigFile(directory);
  // JSON is YAML, and kubectl reads either.
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** kubectl, signed in to the sandbox's cluster as the platform's first admin. */
export class Kubectl {
  constructor(private readonly kubeconfig: string) {}

  /** Runs kubectl and gives what it printed. @throws ExecaError when it fails */
  async run(args: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
    const { stdout } = await execa('kubectl', ['--kubeconfig', this.kubeconfig, ...args], {
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    });
    return stdout;
  }

  /** The objects of a kind in all namespaces. */
  async list<T>(kind: string): Promise<T[]> {
    const text = await this.run(['get', kind, '--all-namespaces', '--output', 'json']);
    return (JSON.parse(text) as { items: T[] }).items;
  }
}
