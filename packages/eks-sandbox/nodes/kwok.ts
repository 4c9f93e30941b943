import { join } from 'node:path';
import { packagePath } from '../package-folder';
import type { ManagedProcess, Processes } from '../sandbox-processes';

/** The annotation by which KWOK knows the Nodes that it plays the kubelet of. */
export const KWOK_NODE_ANNOTATION = 'kwok.x-k8s.io/node';
/** Set on a Node once a network plug-in runs on it; before that its kubelet reports NotReady. */
export const NETWORK_READY_ANNOTATION = 'sandbox.local/network-ready';

/** The kubelet renews a Node's Lease each ten seconds; the node controller waits for forty. */
const LEASE_SECONDS = 40;

/** Starts the program that plays the kubelets of a cluster's Nodes. */
export function startKwok(
  processes: Processes,
  options: {
    readonly cluster: string;
    /** Absolute path of the program. */
    readonly kwok: string;
    /** Absolute path of the cluster's folder. */
    readonly directory: string;
    /** Absolute path of a kubeconfig with all rights. */
    readonly kubeconfig: string;
    /** IPv4 range of which Pods get their addresses: a subnet of the nodes. */
    readonly podCidr: string;
  },
): Promise<ManagedProcess> {
  return processes.start({
    name: `kwok-${options.cluster}`,
    command: options.kwok,
    args: [
      `--config=${packagePath('nodes', 'kwok-stages.yaml')}`,
      `--kubeconfig=${options.kubeconfig}`,
      `--manage-nodes-with-annotation-selector=${KWOK_NODE_ANNOTATION}=fake`,
      `--node-lease-duration-seconds=${LEASE_SECONDS}`,
      `--cidr=${options.podCidr}`,
    ],
    // The user's own configuration of KWOK is none of ours.
    env: { KWOK_WORKDIR: join(options.directory, 'kwok') },
  });
}
