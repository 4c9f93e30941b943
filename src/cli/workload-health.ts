import { setTimeout as wait } from 'node:timers/promises';
import type { Stack } from '../manifests/stacks';
import { AwsCli, AwsCliError } from '../pipeline/aws-cli';
import { describeUnhealthy, platformHealth, type StackHealth } from '../pipeline/health/platform-health';
import type { Unready } from '../pipeline/guard/guard-rule';
import { EXIT } from './terminal/exit';
import { KubectlError, kubectlOf } from '../pipeline/kubectl';

/** What the cluster says of the workloads, or why it could not be asked. */
export type Health = { readonly stacks: readonly StackHealth[] } | { readonly problem: string };

/** Asks the cluster of a platform which workloads of the stacks are not ready. */
export async function healthOf(
  stacks: readonly Pick<Stack, 'name' | 'document'>[],
  { name, region }: { readonly name: string; readonly region: string },
): Promise<Health> {
  try {
    return {
      stacks: await platformHealth(stacks, kubectlOf({ aws: new AwsCli({ region }), cluster: name })),
    };
  } catch (error) {
    if (!(error instanceof AwsCliError) && !(error instanceof KubectlError)) throw error;
    return { problem: `the cluster ${name} could not be asked: ${error.message}` };
  }
}

/** Seconds for a workload whose cause says nothing of how long it may last. */
const SETTLES_AFTER = 30;
const ASK_AGAIN_MS = 10_000;

/** What is not ready once its cause has lasted: nodes, disks and Pods of a rollout that has just ended may be on their way. */
export async function settled(ask: () => Promise<Health>): Promise<Health> {
  const begun = Date.now();
  for (;;) {
    const health = await ask();
    if ('problem' in health) return health;
    const causes = health.stacks.flatMap(({ workloads }) => workloads);
    const patience = Math.max(0, ...causes.map(({ hopelessAfter = SETTLES_AFTER }) => hopelessAfter));
    if (Date.now() - begun >= patience * 1000) return health;
    await wait(ASK_AGAIN_MS);
  }
}

/** The same without workloads that make progress, except in stacks that failed. */
export function withoutProgressing(
  health: Health,
  hasFailed: (stack: { readonly name: string }) => boolean,
): Health {
  if ('problem' in health) return health;
  const stacks = health.stacks.flatMap(({ stack, workloads }) => {
    const named = hasFailed({ name: stack })
      ? workloads
      : workloads.filter(({ state }) => state !== 'progressing');
    return named.length === 0 ? [] : [{ stack, workloads: named }];
  });
  return { stacks };
}

/** The same for the guard, by the names of the stacks that the cluster was asked about. */
export function unreadyIn(
  stacks: readonly { readonly name: string }[],
  health: Health,
): ReadonlyMap<string, readonly Unready[]> {
  if ('problem' in health) return new Map(stacks.map(({ name }) => [name, [{ reason: health.problem }]]));
  return new Map(
    health.stacks.map(({ stack, workloads }) => [
      stack,
      workloads.map(({ workload }) => ({ workload, reason: `${workload} is not ready` })),
    ]),
  );
}

/** The same in lines; empty when all workloads are ready. */
export function healthText(health: Health): string {
  if ('problem' in health) return `${health.problem}\n`;
  const lines = health.stacks.flatMap(({ stack, workloads }) => [
    `${stack}: ${workloads.length} ${workloads.length === 1 ? 'workload is' : 'workloads are'} not ready`,
    ...workloads.map((workload) => describeUnhealthy(workload).replace(/^/gm, '  ')),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

/** The exit status that it asks for. */
export function healthStatus(health: Health): number {
  if ('problem' in health) return EXIT.broken;
  return health.stacks.length > 0 ? EXIT.wrong : EXIT.done;
}
