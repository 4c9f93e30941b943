import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../aws-emulator/emulated-account';
import type { LoadBalancers } from '../aws-emulator/emulated-load-balancers';
import { ControlPlane, type ControlPlaneOptions, type KubernetesBinaries } from './control-plane';
import type { KubernetesApi } from './kubernetes-api';
import { watchDevicePlugins } from '../nodes/device-plugins';
import { startKwok } from '../nodes/kwok';
import { watchLoadBalancers } from '../nodes/load-balancer-stand-in';
import { watchNetworkPlugin } from '../nodes/simulated-nodes';
import type { ManagedProcess, Processes } from '../sandbox-processes';
import { watchVolumeClaims } from '../nodes/volume-stand-in';

/** What a cluster is started with, as far as EKS decides it. */
export interface ClusterSpecification {
  readonly name: string;
  /** `1.35` */
  readonly version: string;
  readonly serviceCidr: string;
  readonly issuer: string;
  /** IPv4 range of the cluster's VPC, of which Pods get their addresses. */
  readonly vpcCidr: string;
  readonly encryptSecrets: boolean;
  readonly audit: boolean;
  readonly vpcId: string;
  /** Whether the Pods of a ServiceAccount have an IAM role by Pod Identity, now. */
  readonly hasRole: (namespace: string, serviceAccount: string) => boolean;
}

/** A cluster that runs. */
export interface ClusterRuntime {
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** PEM. */
  readonly ca: string;
  readonly api: KubernetesApi;
  upgrade(version: string): Promise<void>;
  /**
   * Ends it.
   *
   * @param keep absolute path that its files go to. @default - they are removed
   */
  stop(keep?: string): Promise<void>;
}

/** Starts clusters: a seam, so that the EKS emulator is tested without programs. */
export interface ClusterRuntimes {
  /** Kubernetes versions that this machine can run, oldest first. */
  readonly versions: readonly string[];
  /** @param files absolute path of a stopped cluster's files, from which it continues. @default - a new cluster */
  start(specification: ClusterSpecification, files?: string): Promise<ClusterRuntime>;
}

/** Where the programs are; absolute paths. */
export interface RuntimeBinaries {
  readonly kwok: string;
  /** By Kubernetes minor version, `1.35`; which of them are built may change while the sandbox runs. */
  readonly kubernetes: Readonly<Record<string, KubernetesBinaries>>;
}

/** Runs clusters as processes of this machine. */
export class LocalClusterRuntimes implements ClusterRuntimes {
  constructor(
    private readonly options: {
      readonly directory: string;
      readonly binaries: RuntimeBinaries;
      readonly frontDoor: ControlPlaneOptions['frontDoor'];
      readonly account: Account;
      readonly loadBalancers: LoadBalancers;
      readonly processes: Processes;
      readonly report: (message: string) => void;
    },
  ) {}

  get versions(): readonly string[] {
    return Object.entries(this.options.binaries.kubernetes)
      .filter(([, programs]) => Object.values(programs).every((program: string) => existsSync(program)))
      .map(([version]) => version)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  async start(specification: ClusterSpecification, files?: string): Promise<ClusterRuntime> {
    const { directory, binaries, processes, frontDoor, account, loadBalancers, report } = this.options;
    const { name, vpcId, vpcCidr, version, hasRole, ...settings } = specification;
    const folder = join(directory, 'clusters', name);
    const plane = await ControlPlane.start(
      { name, ...settings, binaries: this.binariesOf(version), directory: folder, frontDoor, files },
      processes,
    );
    let kwok: ManagedProcess;
    try {
      kwok = await startKwok(processes, {
        cluster: name,
        kwok: binaries.kwok,
        directory: folder,
        kubeconfig: plane.adminKubeconfig,
        podCidr: vpcCidr,
      });
    } catch (error) {
      await plane.stop();
      throw error;
    }
    const stop = new AbortController();
    // Each watch listens to it.
    setMaxListeners(0, stop.signal);
    const controllers = [
      watchNetworkPlugin(plane.api, stop.signal, report),
      watchDevicePlugins(plane.api, stop.signal, report),
      watchVolumeClaims(plane.api, account, name, stop.signal, report),
      watchLoadBalancers(
        { api: plane.api, loadBalancers, cluster: name, vpcId, hasRole, report },
        stop.signal,
      ),
    ];
    for (const controller of controllers) {
      controller.catch((error: unknown) => {
        report(
          `a controller of ${name} stopped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      });
    }
    return {
      endpoint: plane.endpoint,
      ca: plane.ca,
      api: plane.api,
      upgrade: (to) => plane.upgrade(this.binariesOf(to)),
      stop: async (keep) => {
        stop.abort();
        await Promise.allSettled(controllers);
        await kwok.kill();
        await plane.stop(keep);
      },
    };
  }

  private binariesOf(version: string): KubernetesBinaries {
    const binaries = this.options.binaries.kubernetes[version];
    if (!binaries)
      throw new Error(`no programs for Kubernetes ${version}; there are ${this.versions.join(', ')}`);
    return binaries;
  }
}
