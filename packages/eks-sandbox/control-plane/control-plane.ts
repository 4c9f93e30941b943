import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { writeConfiguration, writeCredentials, type ClusterFilesOptions } from './cluster-files';
import { readState, writeState } from '../sandbox-files';
import { KubernetesApiClient } from './kubernetes-api';
import type { ManagedProcess, Processes } from '../sandbox-processes';

/** The programs of one Kubernetes minor version, as absolute paths. */
export interface KubernetesBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
}

/** What a cluster's control plane is made from. */
export interface ControlPlaneOptions extends ClusterFilesOptions {
  readonly binaries: KubernetesBinaries;
  /** Issuer of service account tokens: what DescribeCluster gives as identity.oidc.issuer. */
  readonly issuer: string;
  /** Whether Secrets are encrypted in etcd; a random key stands in for the KMS key. */
  readonly encryptSecrets: boolean;
  /** Whether requests are written to an audit log. */
  readonly audit: boolean;
  /** Absolute path of a stopped cluster's files, from which it continues. @default - a new cluster */
  readonly files?: string | undefined;
}

/** How a cluster is reached, in a file beside its others. */
type Connection = Record<'etcd' | 'etcdPeers' | 'api', number> & Record<'ca' | 'cert' | 'key', string>;

const CONNECTION = 'connection.json';

/** How long a component may take to become ready, in milliseconds; it takes about three seconds. */
const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 50;

/** A failure to bring up a control plane; names the log file to read. */
export class ControlPlaneError extends Error {}

/** A real etcd, kube-apiserver, kube-controller-manager and kube-scheduler of one cluster, on 127.0.0.1. */
export class ControlPlane {
  /** etcd is the first. */
  private readonly children: ManagedProcess[] = [];
  /** What the Kubernetes components run from. */
  private running: KubernetesBinaries;

  private constructor(
    private readonly options: ControlPlaneOptions,
    private readonly processes: Processes,
    private readonly ports: { readonly etcd: number; readonly etcdPeers: number; readonly api: number },
    /** The certificate that clients verify the endpoint with, PEM. */
    readonly ca: string,
    readonly api: KubernetesApiClient,
  ) {
    this.running = options.binaries;
  }

  /** Starts everything and returns once kube-apiserver is ready. */
  static async start(options: ControlPlaneOptions, processes: Processes): Promise<ControlPlane> {
    const { directory, files } = options;
    rmSync(directory, { recursive: true, force: true });
    if (files === undefined) await writeFiles(options);
    else cpSync(files, directory, { recursive: true });
    const connection = readState(directory, CONNECTION) as Connection;
    const client = new KubernetesApiClient({ port: connection.api, ...connection });
    const plane = new ControlPlane(options, processes, connection, connection.ca, client);
    try {
      await plane.startEtcd();
      await plane.startKubernetes(options.binaries);
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  get endpoint(): string {
    return `https://127.0.0.1:${this.ports.api}`;
  }

  /** Absolute path of a kubeconfig with all rights: for the sandbox's own components, never for people. */
  get adminKubeconfig(): string {
    return join(this.options.directory, 'admin.kubeconfig');
  }

  /**
   * Replaces the Kubernetes components by another version's, the API server before its clients. The etcd with all objects, the ports,
   * certificates and keys stay.
   * @throws ControlPlaneError when the new version does not come up; the old one runs again then, as on EKS
   */
  async upgrade(binaries: KubernetesBinaries): Promise<void> {
    await this.stopKubernetes();
    try {
      await this.startKubernetes(binaries);
    } catch (error) {
      await this.stopKubernetes();
      await this.startKubernetes(this.running);
      throw error;
    }
    this.running = binaries;
  }

  private async stopKubernetes(): Promise<void> {
    await Promise.all(this.children.splice(1).map((child) => child.kill()));
  }

  /**
   * Ends the processes.
   *
   * @param keep where its files go. @default - they are removed
   */
  async stop(keep?: string): Promise<void> {
    this.api.close();
    await Promise.all(this.children.splice(0).map((child) => child.kill()));
    if (keep === undefined) rmSync(this.options.directory, { recursive: true, force: true });
    else renameSync(this.options.directory, keep);
  }

  private file(name: string): string {
    return join(this.options.directory, name);
  }

  private async startEtcd(): Promise<void> {
    const clients = `https://127.0.0.1:${this.ports.etcd}`;
    const peers = `https://127.0.0.1:${this.ports.etcdPeers}`;
    await this.start('etcd', this.options.binaries.etcd, {
      'data-dir': this.file('etcd'),
      'listen-client-urls': clients,
      'advertise-client-urls': clients,
      'listen-peer-urls': peers,
      'initial-advertise-peer-urls': peers,
      'initial-cluster': `default=${peers}`,
      'cert-file': this.file('server.crt'),
      'key-file': this.file('server.key'),
      'trusted-ca-file': this.file('ca.crt'),
      'client-cert-auth': 'true',
      'peer-cert-file': this.file('server.crt'),
      'peer-key-file': this.file('server.key'),
      'peer-trusted-ca-file': this.file('ca.crt'),
      'peer-client-cert-auth': 'true',
      // Nothing here outlives the machine: waiting for the disk would only make it slow.
      'unsafe-no-fsync': 'true',
      'log-level': 'warn',
    });
  }

  private async startKubernetes(binaries: KubernetesBinaries): Promise<void> {
    const apiserver = await this.start('kube-apiserver', binaries.kubeApiserver, this.apiserverFlags());
    const deadline = Date.now() + READY_LIMIT_MS;
    while (!(await this.api.isReady())) {
      if (!apiserver.isRunning() || Date.now() > deadline) {
        throw new ControlPlaneError(
          `kube-apiserver of ${this.options.name} did not become ready: ${apiserver.log}`,
        );
      }
      await sleep(READY_POLL_MS);
    }
    await Promise.all([
      this.start('kube-controller-manager', binaries.kubeControllerManager, {
        kubeconfig: this.file('kube-controller-manager.kubeconfig'),
        'leader-elect': 'false',
        'secure-port': '0',
        'use-service-account-credentials': 'true',
        'service-account-private-key-file': this.file('service-accounts.key'),
        'root-ca-file': this.file('ca.crt'),
        'service-cluster-ip-range': this.options.serviceCidr,
        'kube-api-qps': '200',
        'kube-api-burst': '400',
      }),
      this.start('kube-scheduler', binaries.kubeScheduler, {
        kubeconfig: this.file('kube-scheduler.kubeconfig'),
        'leader-elect': 'false',
        'secure-port': '0',
      }),
    ]);
  }

  private apiserverFlags(): Record<string, string> {
    const { options } = this;
    return {
      'etcd-servers': `https://127.0.0.1:${this.ports.etcd}`,
      'etcd-cafile': this.file('ca.crt'),
      'etcd-certfile': this.file('server.crt'),
      'etcd-keyfile': this.file('server.key'),
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': String(this.ports.api),
      // The Service `kubernetes` cannot have a loopback address as its endpoint.
      'endpoint-reconciler-type': 'none',
      'tls-cert-file': this.file('server.crt'),
      'tls-private-key-file': this.file('server.key'),
      'client-ca-file': this.file('ca.crt'),
      'service-cluster-ip-range': options.serviceCidr,
      'service-account-issuer': options.issuer,
      'service-account-key-file': this.file('service-accounts.pub'),
      'service-account-signing-key-file': this.file('service-accounts.key'),
      'authorization-mode': 'Node,RBAC,Webhook',
      'authorization-webhook-config-file': this.file('authorization-webhook.kubeconfig'),
      'authorization-webhook-version': 'v1',
      // Access policies take effect at once.
      'authorization-webhook-cache-authorized-ttl': '1s',
      'authorization-webhook-cache-unauthorized-ttl': '1s',
      'authentication-token-webhook-config-file': this.file('token-webhook.kubeconfig'),
      'authentication-token-webhook-version': 'v1',
      'authentication-token-webhook-cache-ttl': '2s',
      'authentication-config': this.file('authentication.json'),
      // Never to the machine's own network or DNS: the front door refuses all but its own webhooks. The API server itself looks
      // up the name of a node before it connects, but no address.
      'kubelet-preferred-address-types': 'InternalIP',
      'egress-selector-config-file': this.file('egress.json'),
      // Beside those that are on by default, as on EKS (User Guide, platform versions).
      'enable-admission-plugins': 'NodeRestriction,ExtendedResourceToleration',
      'allow-privileged': 'true',
      profiling: 'false',
      ...(options.encryptSecrets ? { 'encryption-provider-config': this.file('encryption.json') } : {}),
      ...(options.audit
        ? {
            'audit-policy-file': this.file('audit-policy.json'),
            'audit-log-path': this.processes.logOf(`audit-${options.name}`),
            'audit-log-maxsize': '20',
            'audit-log-maxbackup': '1',
          }
        : {}),
    };
  }

  private async start(
    component: string,
    command: string,
    flags: Readonly<Record<string, string>>,
  ): Promise<ManagedProcess> {
    const child = await this.processes.start({
      name: `${component}-${this.options.name}`,
      command,
      args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    });
    this.children.push(child);
    return child;
  }
}

/** Writes all that a new cluster is made from. */
async function writeFiles(options: ControlPlaneOptions): Promise<void> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const [etcd, etcdPeers, api] = await Promise.all([getPort(), getPort(), getPort()]);
  const credentials = await writeCredentials(options, api);
  writeConfiguration(options);
  writeState(options.directory, CONNECTION, { etcd, etcdPeers, api, ...credentials });
}
