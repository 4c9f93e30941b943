import { setTimeout as wait } from 'node:timers/promises';
import { objectTitle } from '../../manifests/object-title';
import { convertObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import { describeUnhealthy, type StackHealth } from './platform-health';
import type { UnhealthyWorkload } from './workload-health';

/** Terraform reports every ten seconds that it still waits. By then most rollouts have ended, or have shown what keeps them. */
const EVERY_MS = 15_000;

/** How workloads are followed. */
export interface FollowOptions {
  readonly stack: Pick<Stack, 'document'>;
  /** What waits for them: it is ended where waiting cures nothing. */
  readonly terraform: Pick<Terraform, 'underWay' | 'end'>;
  /** Asks the cluster for what is not ready. */
  readonly ask: () => Promise<readonly StackHealth[]>;
  readonly report: (text: string) => void;
  /** Milliseconds between two questions. @default 15000 */
  readonly every?: number;
}

/**
 * Does something that waits for workloads, and meanwhile reports what waiting does not cure, each cause once. A question that fails
 * is reported once, and asked again. Terraform is ended once it waits for nothing but workloads that waiting does not cure: it saves
 * its state, as at its timeout.
 */
export async function followed<Result>(
  work: Promise<Result>,
  { stack, terraform, ask, report, every = EVERY_MS }: FollowOptions,
): Promise<Result> {
  const told = new Set<string>();
  const tell = (text: string): void => {
    if (!told.has(text)) report(text);
    told.add(text);
  };
  const nothing = (): readonly StackHealth[] => [];
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  work.then(end, end);
  let since = new Map<string, number>();
  for (;;) {
    const hasEnded = await wait(every, false, { signal: ended.signal }).catch(() => true);
    if (hasEnded) return work;
    try {
      // What waits no more does not wait for the question.
      const answer = await Promise.race([ask(), work.then(nothing, nothing)]);
      const stuck = answer.flatMap(({ workloads }) => workloads).filter(({ state }) => state === 'stuck');
      for (const workload of stuck) tell(describeUnhealthy(workload));
      // The words of a cause count Pods and nodes, and change. A workload that gets on waits for another Pod by now.
      const keyOf = ({ workload, found, remedy = '' }: UnhealthyWorkload): string =>
        `${workload} ${found} ${remedy}`;
      since = new Map(stuck.map((each) => [keyOf(each), since.get(keyOf(each)) ?? Date.now()]));
      const hopeless = stuck.filter(
        (each) => Date.now() - (since.get(keyOf(each)) ?? 0) >= (each.hopelessAfter ?? Infinity) * 1000,
      );
      if (waitsForNothingElse(terraform.underWay, hopeless, stack)) {
        terraform.end(['waiting cures nothing here:', ...hopeless.map(describeUnhealthy)].join('\n'));
      }
    } catch (error) {
      tell(`workloads cannot be followed: ${(error as Error).message}`);
    }
  }
}

/** What is ended with others under way would have to be made again, so that these come first. */
function waitsForNothingElse(
  underWay: ReadonlySet<string>,
  hopeless: readonly UnhealthyWorkload[],
  { document }: Pick<Stack, 'document'>,
): boolean {
  if (underWay.size === 0 || hopeless.length === 0) return false;
  const titles = new Map(
    convertObjects(document, { resolve: asWritten }).objects.map(({ address, object }) => [
      address,
      objectTitle(object),
    ]),
  );
  return [...underWay].every((address) => hopeless.some(({ workload }) => workload === titles.get(address)));
}
