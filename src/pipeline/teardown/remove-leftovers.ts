import { setTimeout as sleep } from 'node:timers/promises';
import type { TerraformDocument } from '../../manifests/terraform-document';
import type { AwsCli } from '../aws-cli';
import { describeCluster, findVpc, readAccount } from './account-queries';
import { ClusterObjects, type ClusterObject } from './cluster-objects';
import { withKubectl, type Kubectl } from './teardown-kubectl';
import { findLeftovers, heldByServices, type Leftover } from './leftovers';
import { remove, removalPhases, stillThere, type RemovalPhase } from './removal';

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
  return withCluster(options, async (sight) => ({
    ...(await look(options, sight)),
    stuck: [],
  }));
}

/**
 * Removes the objects of the cluster that AWS has made something for, and waits until that is gone. A disk whose reclaim policy is
 * Retain stays.
 *
 * @param progress told what is waited for
 * @returns what is there afterwards: what nobody removes, and what did not go in time
 * @throws AwsCliError, KubectlError
 */
export async function removeWorkloads(
  options: TeardownOptions,
  patience: Patience,
  progress: (message: string) => void,
): Promise<TeardownPlan> {
  return withCluster(options, async (sight) => {
    const stuck: string[] = [];
    let seen: Seen | undefined;
    const begun: RemovalPhase[] = [];
    for (const phase of sight.kubectl ? removalPhases(sight.objects) : []) {
      const { steps, awaits } = phase;
      const objects = steps.flatMap((step) => step.objects);
      if (objects.length === 0) continue;
      begun.push(phase);
      for (const step of steps) {
        if (step.objects.length === 0) continue;
        progress(`removing ${step.title}`);
        if (sight.kubectl) await remove(sight.kubectl, step.objects);
      }
      const waited = await untilGone(options, patience, sight, { objects, awaits }, progress);
      stuck.push(...waited.stuck);
      seen = waited.seen;
      // The controllers that are behind may run on the very nodes that are next.
      if (stuck.length > 0) break;
    }
    seen ??= await look(options, sight);
    const wasRemoved = ({ kind }: Leftover): boolean => begun.some(({ awaits }) => awaits(kind));
    return { ...seen, found: seen.found.map((found) => overdue(found, wasRemoved(found))), stuck };
  });
}

/** What is seen of the account at one time. */
type Seen = Omit<TeardownPlan, 'stuck'>;

/** A cluster as it was when it was first looked at. */
interface Sight {
  readonly vpcId: string | undefined;
  readonly objects: ClusterObjects;
  /** Undefined where there is no cluster any more. */
  readonly kubectl: Kubectl | undefined;
}

async function withCluster<T>(options: TeardownOptions, work: (sight: Sight) => Promise<T>): Promise<T> {
  const { aws, cluster } = options;
  const described = await describeCluster(aws, cluster);
  if (described === undefined) {
    return work({ vpcId: await findVpc(aws, cluster), objects: ClusterObjects.NONE, kubectl: undefined });
  }
  return withKubectl(options, async (kubectl) =>
    work({ vpcId: described.vpcId, objects: await ClusterObjects.read(kubectl), kubectl }),
  );
}

async function look(
  { aws, cluster, documents }: TeardownOptions,
  { vpcId, objects, kubectl }: Sight,
): Promise<Seen> {
  const account = await readAccount(aws, cluster, vpcId);
  return {
    cluster,
    clusterExists: kubectl !== undefined,
    found: findLeftovers({ cluster, account, objects, logGroupsOfTerraform: logGroupsIn(documents) }),
    notes: heldByServices({ account }).map(
      ({ id, description }) =>
        `A service of AWS holds the network interface ${id} (${description || 'without a description'}): the VPC ` +
        'can go once that is gone, which is right where a stack has made it.',
    ),
  };
}

/**
 * Waits until objects of the cluster are gone, and then what AWS has made for them: most of it went before, since finalizers hold
 * the objects until then, and asking all of AWS takes a while.
 *
 * @returns the objects that are still there when the time is over, and what was seen last
 */
async function untilGone(
  options: TeardownOptions,
  { timeout, interval }: Patience,
  sight: Sight,
  removed: Pick<RemovalPhase, 'awaits'> & { readonly objects: readonly ClusterObject[] },
  progress: (message: string) => void,
): Promise<{ readonly stuck: string[]; readonly seen: Seen }> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const now = sight.kubectl ? await ClusterObjects.read(sight.kubectl) : ClusterObjects.NONE;
    const stuck = stillThere(removed.objects, now);
    const isLate = Date.now() > deadline;
    let waiting = stuck;
    if (stuck.length === 0 || isLate) {
      const seen = await look(options, sight);
      const going = seen.found.filter(({ fate, kind }) => fate === 'removed' && removed.awaits(kind));
      if (going.length === 0 || isLate) return { stuck, seen };
      waiting = going.map(({ kind, name }) => `${kind} ${name}`);
    }
    progress(`waiting for ${waiting.slice(0, 3).join(', ')}${more(waiting.length - 3)}`);
    await sleep(interval, undefined, options.signal && { signal: options.signal });
  }
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** What was to go with its owner and is still there: nobody takes it away any more. */
function overdue(found: Leftover, wasRemoved: boolean): Leftover {
  if (found.fate !== 'removed') return found;
  const owner = found.owner ?? 'its owner';
  const because = wasRemoved
    ? `${owner} was removed, and no controller has taken it away in time`
    : `${owner} was not removed, since what goes before it is still there`;
  return { ...found, fate: 'left', because };
}

/** Names of the log groups that Terraform makes. */
function logGroupsIn(documents: readonly TerraformDocument[]): string[] {
  return documents
    .flatMap(({ resource }) => Object.values(resource?.['aws_cloudwatch_log_group'] ?? {}))
    .flatMap(({ name }) => (typeof name === 'string' ? name : []));
}
