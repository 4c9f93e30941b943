import { execa } from 'execa';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { kubeconfigOf } from './kubeconfig';
import { isolatedEnvironment } from './sandbox-environment';
import type { SandboxRecord } from './sandbox-record';

/** Path of the kubeconfig of a sandbox's cluster, for people too: `export KUBECONFIG=…`. */
export function kubeconfigFile(directory: string): string {
  return join(directory, 'kubeconfig');
}

/**
 * Writes the kubeconfig of the sandbox's cluster. It signs in by `aws eks get-token`, as the one that `aws eks
 * update-kubeconfig` writes. It holds no credentials: kubectl uses those of its shell, which must be one of the sandbox.
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
  const file = kubeconfigFile(directory);
  // Elsewhere, `aws` would sign with the credentials of a real account, and may ask AWS for them.
  const script = [
    'if [ "$AWS_ENDPOINT_URL" = "$1" ]; then shift',
    `if [ -z "$${SIGN_IN_FILE}" ]; then exec aws eks get-token --output json "$@"; fi`,
    `if [ -z "$(find "$${SIGN_IN_FILE}" -mmin -10 2>/dev/null)" ]; then umask 077`,
    `aws eks get-token --output json "$@" >"$${SIGN_IN_FILE}.$$" || exit 1`,
    `mv "$${SIGN_IN_FILE}.$$" "$${SIGN_IN_FILE}"; fi`,
    `exec cat "$${SIGN_IN_FILE}"; fi`,
    'echo "This shell does not reach the sandbox at $1: AWS_ENDPOINT_URL is ${AWS_ENDPOINT_URL:-not set}." >&2',
    'echo "Run kubectl in the shell of the sandbox." >&2; exit 1',
  ].join('; ');
  const user = signingInBy(script, record.endpoint, '--cluster-name', cluster);
  const config = kubeconfigOf(endpoint, cluster, { ca: certificateAuthority.data, user });
  writeFileSync(file, config, { mode: 0o600 });
  return file;
}

/** Where nothing listens: without a server, kubectl would go to localhost:8080. */
const NO_SERVER = 'https://127.0.0.1:1';

/** Writes the kubeconfig of a sandbox without a cluster: kubectl refuses and says why. */
export function writeEmptyKubeconfig(directory: string): void {
  const script =
    'echo "The sandbox has no cluster yet. For one that you created yourself: aws eks update-kubeconfig --name CLUSTER" >&2; exit 1';
  const config = kubeconfigOf(NO_SERVER, 'no-cluster', { user: signingInBy(script) });
  writeFileSync(kubeconfigFile(directory), config, { mode: 0o600 });
}

/** Whether the kubeconfig of a sandbox is that of a cluster. */
export function hasCluster(directory: string): boolean {
  const file = kubeconfigFile(directory);
  return existsSync(file) && !readFileSync(file, 'utf8').includes(`"${NO_SERVER}"`);
}

function signingInBy(script: string, ...args: readonly string[]) {
  const apiVersion = 'client.authentication.k8s.io/v1beta1';
  return {
    exec: { apiVersion, command: 'sh', args: ['-c', script, 'sh', ...args], interactiveMode: 'Never' },
  };
}

/** Variable that names the file of a token. It is valid for 14 minutes, and `aws` takes a second of CPU to make one. */
const SIGN_IN_FILE = 'EKS_SANDBOX_SIGN_IN_FILE';

/** kubectl, signed in to the sandbox's cluster as the platform's first admin. */
export function adminKubectl(directory: string, record: SandboxRecord, signal?: AbortSignal): Kubectl {
  const token = join(directory, `token-${record.credentials.accessKeyId}.json`);
  return new Kubectl(
    kubeconfigFile(directory),
    { ...isolatedEnvironment(record), [SIGN_IN_FILE]: token },
    signal,
  );
}

/** What a watch reports. */
export interface WatchHandlers<T> {
  /** A watch has begun: what follows is all that there is, then each change. */
  readonly onOpen: () => void;
  readonly onEvent: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  /** A watch has ended, with what kubectl said. */
  readonly onBreak: (reason: string) => void;
}

/** Before a watch that the API server closed is opened again. */
const WATCH_AGAIN_MS = 500;

/** kubectl with one kubeconfig. */
export class Kubectl {
  /**
   * @param environment all of its variables. @default - those of this process
   * @param signal ends what `run` has under way. @default - nothing does
   */
  constructor(
    private readonly kubeconfig: string,
    private readonly environment?: Readonly<Record<string, string>>,
    private readonly signal?: AbortSignal,
  ) {}

  /** Runs kubectl and gives what it printed. @throws ExecaError when it fails */
  async run(args: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
    const { stdout } = await execa('kubectl', ['--kubeconfig', this.kubeconfig, ...args], {
      ...(this.environment && { env: this.environment, extendEnv: false }),
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      ...(this.signal && { cancelSignal: this.signal }),
    });
    return stdout;
  }

  /** The objects of a kind in all namespaces. */
  async list<T>(kind: string): Promise<T[]> {
    const text = await this.run(['get', kind, '--all-namespaces', '--output', 'json']);
    return (JSON.parse(text) as { items: T[] }).items;
  }

  /** Reports the objects of a kind in all namespaces, then each change, until `signal`. A watch that breaks is opened again. */
  async watch<T>(
    kind: string,
    { onOpen, onEvent, onBreak }: WatchHandlers<T>,
    signal: AbortSignal,
  ): Promise<void> {
    const args = ['get', kind, '--all-namespaces', '--watch', '--output-watch-events', '--output', 'json'];
    while (!signal.aborted) {
      const child = execa('kubectl', ['--kubeconfig', this.kubeconfig, ...args], {
        ...(this.environment && { env: this.environment, extendEnv: false }),
        ...{ stdin: 'ignore', buffer: { stdout: false }, reject: false, cancelSignal: signal },
      });
      let isOpen = false;
      // An event is a line.
      for await (const line of createInterface({ input: child.stdout })) {
        if (!isOpen) onOpen();
        isOpen = true;
        const { type, object } = JSON.parse(line) as { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T };
        onEvent(type, object);
      }
      const { stderr, shortMessage } = await child;
      // The signal ends it: TypeScript does not know that it has changed meanwhile.
      if ((signal as { aborted: boolean }).aborted) return;
      onBreak(stderr.trim() || (shortMessage ?? 'it ended'));
      await sleep(WATCH_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
