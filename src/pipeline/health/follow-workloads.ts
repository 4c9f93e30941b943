import { setTimeout as wait } from 'node:timers/promises';
import { describeUnhealthy, type StackHealth } from './platform-health';

/** Terraform reports every ten seconds that it still waits. By then most rollouts have ended, or have shown what keeps them. */
const EVERY_MS = 15_000;

/** How workloads are followed. */
export interface FollowOptions {
  /** Asks the cluster for what is not ready. */
  readonly ask: () => Promise<readonly StackHealth[]>;
  readonly report: (text: string) => void;
  /** Milliseconds between two questions. @default 15000 */
  readonly every?: number;
}

/**
 * Does something that waits for workloads, and meanwhile reports what waiting does not cure, each cause once. A question that fails
 * is reported once, and asked again.
 */
export async function followed<Result>(
  work: Promise<Result>,
  { ask, report, every = EVERY_MS }: FollowOptions,
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
  for (;;) {
    const hasEnded = await wait(every, false, { signal: ended.signal }).catch(() => true);
    if (hasEnded) return work;
    try {
      // What waits no more does not wait for the question.
      const answer = await Promise.race([ask(), work.then(nothing, nothing)]);
      const stuck = answer.flatMap(({ workloads }) => workloads).filter(({ state }) => state === 'stuck');
      for (const workload of stuck) tell(describeUnhealthy(workload));
    } catch (error) {
      tell(`workloads cannot be followed: ${(error as Error).message}`);
    }
  }
}
