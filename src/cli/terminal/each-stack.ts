import type { ListrTask } from 'listr2';
import type { Stack } from '../../manifests/stacks';
import { stackTerraform } from '../../pipeline/state/stack-terraform';
import type { Terraform } from '../../terraform/terraform';
import { findProviderSource } from '../../terraform/terraform-providers';
import { reportTo, runTasks } from './task-list';

/** Terraforms at once: each takes a core while its providers start. */
const AT_ONCE = 2;

export interface EachStackOptions {
  readonly outdir: string;
  readonly signal: AbortSignal;
  readonly json: boolean;
}

/**
 * Does something with the Terraform of every stack, two at a time, and shows how far each is.
 *
 * @param describe what is said of a stack once it is done
 * @returns what came of each, in the order of the stacks
 */
export async function eachStack<Result>(
  stacks: readonly Stack[],
  { outdir, signal, json }: EachStackOptions,
  action: (stack: Stack, terraform: Terraform, report: (text: string) => void) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result[]> {
  const providers = await findProviderSource();
  const results = new Map<Stack, Result>();
  const terminal = process.stdout.isTTY && !json;
  const task = (stack: Stack): ListrTask => ({
    title: stack.name,
    task: async (_, task) => {
      const show = reportTo(task);
      const terraform = stackTerraform(stack, {
        outdir,
        providers,
        signal,
        report: (progress) => {
          // Elsewhere than on a terminal each line stays: there the changes are told, not what is read and installed.
          const isChange = progress.kind === 'resource' && progress.total > 0;
          if (terminal || isChange) show(progress);
        },
      });
      const result = await action(stack, terraform, (text) => {
        task.output = text;
      });
      if (signal.aborted) return;
      results.set(stack, result);
      task.title = `${stack.name}: ${describe(result)}`;
    },
  });
  await runTasks(stacks.map(task), { json, concurrent: AT_ONCE });
  signal.throwIfAborted();
  return stacks.flatMap((stack) => results.get(stack) ?? []);
}
