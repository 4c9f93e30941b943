import { partitionOf } from '@kubernetes-on-aws/eks-facts/partitions';
import type {
  AccessEntry,
  Addon,
  AssociatedAccessPolicy,
  Cluster,
  PodIdentityAssociation,
} from '@aws-sdk/client-eks';
import type { Account } from '../aws-emulator/emulated-account';
import type { ClusterRuntime, ClusterRuntimes, ClusterSpecification } from '../control-plane/cluster-runtime';
import { invalidRequest, notFound } from './eks-errors';
import type { NodeGroupState } from './node-group-state';
import type { Updates } from './update-api';
import type { Wire } from './wire';

/** An access entry and what it may, by the ARN of the policy. */
export interface AccessEntryState {
  readonly entry: Wire<AccessEntry>;
  readonly policies: Map<string, Wire<AssociatedAccessPolicy>>;
}

/** An add-on and what the emulator remembers about its objects in the cluster. */
export interface AddOnState {
  readonly addon: Wire<Addon>;
  /** Until when it may be short of Pods before it counts as degraded, milliseconds since 1970; unset while it is not. */
  graceUntil?: number;
  /** Settles when the objects are in the cluster. */
  installed: Promise<void>;
}

/** A cluster of the emulated account and everything that belongs to it. */
export interface ClusterState {
  readonly cluster: Wire<Cluster>;
  /** Settles, and never fails, once the control plane runs or could not be started. */
  ready: Promise<void>;
  /** What the running cluster was started with; undefined until it is. */
  specification?: Omit<ClusterSpecification, 'hasRole' | 'version'>;
  /** The running cluster; undefined until it is ready. */
  runtime?: ClusterRuntime;
  readonly nodeGroups: Map<string, NodeGroupState>;
  readonly addOns: Map<string, AddOnState>;
  /** By ARN of the principal. */
  readonly accessEntries: Map<string, AccessEntryState>;
  /** By association ID. */
  readonly podIdentities: Map<string, Wire<PodIdentityAssociation>>;
  readonly updates: Updates;
}

/** What the parts of the emulator share. */
export interface EmulatorContext {
  readonly account: Account;
  readonly runtimes: ClusterRuntimes;
  /** By cluster name. */
  readonly clusters: Map<string, ClusterState>;
  /** One line for the sandbox's log. */
  readonly report: (message: string) => void;
}

/** @throws {EksError} ResourceNotFoundException */
export function clusterNamed(context: EmulatorContext, name: string): ClusterState {
  const state = context.clusters.get(name);
  if (!state) throw notFound(`No cluster found for name: ${name}.`, { clusterName: name });
  return state;
}

/**
 * The cluster with its running control plane.
 * @throws {EksError} ResourceNotFoundException; InvalidRequestException when it is not ACTIVE
 */
export function activeCluster(
  context: EmulatorContext,
  name: string,
): { readonly state: ClusterState; readonly runtime: ClusterRuntime } {
  const state = clusterNamed(context, name);
  const { status } = state.cluster;
  if (!state.runtime || (status !== 'ACTIVE' && status !== 'UPDATING')) {
    throw invalidRequest(`Cluster '${name}' is not in ACTIVE status: ${String(status)}`, {
      clusterName: name,
    });
  }
  return { state, runtime: state.runtime };
}

/** `arn:aws:eks:eu-west-1:111122223333:cluster/seed` */
export function eksArn(account: Account, resource: string): string {
  return `arn:${partitionOf(account.region)}:eks:${account.region}:${account.accountId}:${resource}`;
}
