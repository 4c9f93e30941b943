import { setTimeout as sleep } from 'node:timers/promises';
import type { TerraformDocument } from '../../manifests/terraform-document';
import type { AwsCli } from '../aws-cli';
import { readAccount, vpcOfCluster, vpcOfPlatform } from './account-resources';
import { ClusterObjects, type ClusterObject } from './cluster-objects';
import { objectTitle } from '../../manifests/object-title';
import { findLeftovers, heldByServices, type Leftover } from './leftovers';
import { withKubectl, type Kubectl } from '../kubectl';

/** What is taken down, and by which means. */
export interface TeardownOptions {
  /** Name of the cluster, and of the platform. */
  readonly cluster: string;
  readonly aws: AwsCli;
  /** The synthesized stacks: they say what is Terraform's. */
  readonly documents: readonly TerraformDocument[];
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** What a destroy would meet or leave. */
export interface TeardownPlan {
  readonly cluster: string;
  /** Whether EKS has the cluster: without it no controller removes anything. */
  readonly clusterExists: boolean;
  readonly found: readonly Leftover[];
  /** Objects of the cluster that were asked to go and did not: `Service dev/web`. */
  readonly stuck: readonly string[];
  /** What else is to be known. */
  readonly notes: readonly string[];
}

/** How long controllers are waited for, in milliseconds. */
export interface Patience {
  readonly timeout: number;
  /** Between two looks. */
  readonly interval: number;
}

/** Looks at the account and the cluster, and changes nothing. @throws AwsCliError, KubectlError */
export async function planTeardown(options: TeardownOptions): Promise<TeardownPlan> {
  return withCluster(options, look);
}

/** Objects that are removed in this order; then it is waited until they, and what AWS has made for them, are gone. */
interface Phase {
  readonly steps: readonly (readonly ClusterObject[])[];
  /** Whether this is when a resource goes. */
  readonly awaits: (found: Leftover) => boolean;
}

/** Nodes go last: the controllers that remove the rest may run on them. */
function phasesOf(objects: ClusterObjects): Phase[] {
  const claims = objects.disposableClaims;
  const isNode = ({ kind }: Leftover): boolean => kind === 'instance';
  const phases: Phase[] = [
    // A claim in use goes only once its last Pod has gone.
    { steps: [objects.loadBalanced, objects.usersOf(claims), claims], awaits: (found) => !isNode(found) },
    { steps: ['NodePool', 'NodeClaim', 'EC2NodeClass'].map((kind) => objects.ofKind(kind)), awaits: isNode },
  ];
  return phases.filter(({ steps }) => steps.flat().length > 0);
}

/**
 * Removes the objects of the cluster that AWS has made something for, and waits until that is gone. A disk whose reclaim policy is
 * Retain stays.
 *
 * @param progress told what is waited for
 * @returns what is there afterward: what nothing removes, and what did not go in time
 * @throws AwsCliError, KubectlError
 */
export async function removeWorkloads(
  options: TeardownOptions,
  patience: Patience,
  progress: (message: string) => void,
): Promise<TeardownPlan> {
  return withCluster(options, async (cluster) => {
    const begun: Phase[] = [];
    let seen = await (cluster.kubectl ? undefined : look(cluster));
    for (const phase of cluster.kubectl ? phasesOf(cluster.objects) : []) {
      begun.push(phase);
      seen = await removePhase(cluster, phase, patience, progress);
      // The controllers that are behind may run on the very nodes that are next.
      if (seen.stuck.length > 0) break;
    }
    seen ??= await look(cluster);
    const found = seen.found.map((each) =>
      overdue(
        each,
        begun.some(({ awaits }) => awaits(each)),
      ),
    );
    return { ...seen, found };
  });
}

/** A cluster as it was when it was first looked at. */
interface Cluster {
  readonly options: TeardownOptions;
  readonly vpcId: string | undefined;
  readonly objects: ClusterObjects;
  /** Undefined where there is no cluster any more. */
  readonly kubectl: Kubectl | undefined;
}

async function withCluster<T>(options: TeardownOptions, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const vpcId = await vpcOfCluster(options.aws, options.cluster);
  if (vpcId === undefined) {
    const ofPlatform = await vpcOfPlatform(options.aws, options.cluster);
    return work({ options, vpcId: ofPlatform, objects: ClusterObjects.NONE, kubectl: undefined });
  }
  return withKubectl(options, async (kubectl) =>
    work({ options, vpcId, objects: await ClusterObjects.read(kubectl), kubectl }),
  );
}

async function look({ options, vpcId, objects, kubectl }: Cluster): Promise<TeardownPlan> {
  const { aws, cluster, documents } = options;
  const account = await readAccount(aws, cluster, vpcId);
  const logGroupsOfTerraform = documents
    .flatMap(({ resource }) => Object.values(resource?.['aws_cloudwatch_log_group'] ?? {}))
    .flatMap(({ name }) => (typeof name === 'string' ? name : []));
  return {
    cluster,
    clusterExists: kubectl !== undefined,
    found: findLeftovers({ cluster, vpcId, account, objects, logGroupsOfTerraform }),
    stuck: [],
    notes: heldByServices(account).map(
      (held) =>
        `A service of AWS holds the network interface ${held}: the VPC can be deleted after it. ` +
        'This is right where a stack has made it.',
    ),
  };
}

/**
 * Asks for the objects to go, without waiting: their finalizers hold them until the controllers have done their part. The account is
 * asked only once they are gone, since that takes a while.
 */
async function removePhase(
  cluster: Cluster,
  { steps, awaits }: Phase,
  { timeout, interval }: Patience,
  progress: (message: string) => void,
): Promise<TeardownPlan> {
  const { kubectl, options } = cluster;
  if (!kubectl) throw new Error('there is no cluster to remove objects from');
  const removed = steps.flat().map(objectTitle);
  progress(`removing ${some(removed)}`);
  for (const step of steps) await remove(kubectl, step);
  const deadline = Date.now() + timeout;
  for (;;) {
    const now = await ClusterObjects.read(kubectl);
    const stuck = removed.filter((name) => now.has(name));
    const isLate = Date.now() > deadline;
    let waiting = stuck;
    if (stuck.length === 0 || isLate) {
      const seen = await look(cluster);
      waiting = seen.found
        .filter((found) => found.fate === 'removed' && awaits(found))
        .map(({ kind, name }) => `${kind} ${name}`);
      if (waiting.length === 0 || isLate) return { ...seen, stuck };
    }
    progress(`waiting for ${some(waiting)}`);
    await sleep(interval, undefined, options.signal && { signal: options.signal });
  }
}

async function remove(kubectl: Kubectl, objects: readonly ClusterObject[]): Promise<void> {
  const groups = new Map<string, { readonly target: readonly string[]; readonly names: string[] }>();
  for (const { apiVersion, kind, metadata } of objects) {
    const { name, namespace } = metadata;
    const [group = '', version] = apiVersion.split('/');
    // A kind as kubectl takes it without a doubt: `StatefulSet.v1.apps`, and `Service` of the core group.
    const resource = version === undefined ? kind : `${kind}.${version}.${group}`;
    const target = [resource, ...(namespace === undefined ? [] : ['--namespace', namespace])];
    const { names } = groups.get(target.join()) ?? { names: [] };
    groups.set(target.join(), { target, names: [...names, name] });
  }
  for (const {
    target: [resource = '', ...namespace],
    names,
  } of groups.values()) {
    await kubectl('delete', resource, ...names, ...namespace, '--ignore-not-found', '--wait=false');
  }
}

function some(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What was to go with its owner and is still there: nothing removes it any more. */
function overdue(found: Leftover, wasRemoved: boolean): Leftover {
  if (found.fate !== 'removed') return found;
  const owner = found.owner ?? 'its owner';
  const because = wasRemoved
    ? `${owner} was removed, and no controller has deleted it in time`
    : `${owner} was not removed, since what goes before it is still there`;
  return { ...found, fate: 'left', because };
}
