import { setTimeout as sleep } from 'node:timers/promises';
import type { TerraformDocument } from '../../manifests/terraform-document';
import type { AwsCli } from '../aws-cli';
import { describeCluster, findVpc, readAccount } from './account';
import { ClusterObjects } from './cluster-objects';
import { withKubectl, type Kubectl } from './kubectl';
import { findLeftovers, heldByServices, type Leftover } from './leftovers';
import { remove, removalPhases, stillThere, type RemovalPhase } from './removal';

/** What is taken down, and by which means. */
export interface TeardownOptions {
  /** Name of the cluster, and of the platform. */
  readonly cluster: string;
  readonly aws: AwsCli;
  /** The synthesised stacks: they say what is Terraform's. */
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
    if (sight.kubectl) {
      for (const phase of removalPhases(sight.objects)) {
        for (const { title, objects } of phase.steps) {
          if (objects.length === 0) continue;
          progress(`removing ${title}`);
          await remove(sight.kubectl, objects);
        }
        stuck.push(...(await untilGone(options, patience, sight, phase, progress)));
      }
    }
    const after = await look(options, sight);
    return { ...after, found: after.found.map(overdue), stuck };
  });
}

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
): Promise<Omit<TeardownPlan, 'stuck'>> {
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
 * Waits until nothing of a phase is left, in the cluster or in AWS.
 *
 * @returns the objects of the cluster that are still there when the time is over
 */
async function untilGone(
  options: TeardownOptions,
  { timeout, interval }: Patience,
  sight: Sight,
  phase: RemovalPhase,
  progress: (message: string) => void,
): Promise<string[]> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const now = sight.kubectl ? await ClusterObjects.read(sight.kubectl) : ClusterObjects.NONE;
    const objects = stillThere(
      phase.steps.flatMap((step) => step.objects),
      now,
    );
    const { found } = await look(options, sight);
    const going = found.filter(({ fate, kind }) => fate === 'removed' && phase.awaits(kind));
    const waiting = [...objects, ...going.map(({ kind, name }) => `${kind} ${name}`)];
    if (waiting.length === 0 || Date.now() > deadline) return objects;
    progress(`waiting for ${waiting.slice(0, 3).join(', ')}${more(waiting.length - 3)}`);
    await sleep(interval, undefined, options.signal && { signal: options.signal });
  }
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** What was to go with its owner and is still there: nobody takes it away any more. */
function overdue(found: Leftover): Leftover {
  if (found.fate !== 'removed') return found;
  return {
    ...found,
    fate: 'left',
    because: `${found.owner ?? 'its owner'} was removed, and no controller has taken it away in time`,
  };
}

/** Names of the log groups that Terraform makes. */
function logGroupsIn(documents: readonly TerraformDocument[]): string[] {
  return documents
    .flatMap(({ resource }) => Object.values(resource?.['aws_cloudwatch_log_group'] ?? {}))
    .flatMap(({ name }) => (typeof name === 'string' ? name : []));
}
