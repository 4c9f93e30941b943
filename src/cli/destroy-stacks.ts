import type { ListrTask } from 'listr2';
import type { Stack } from '../manifests/stacks';
import { stackTerraform, type StackTerraformOptions } from '../pipeline/state/stack-terraform';
import { localStateFile, readLocalState } from '../pipeline/state/local-state';
import { StateStore } from '../pipeline/state/state-store';
import { StateTeardown } from '../pipeline/teardown/state-teardown';
import { elapsed } from './terminal/elapsed';
import { reportTo, runTasks } from './terminal/task-list';

export interface DestroyOptions extends Omit<StackTerraformOptions, 'report'> {
  readonly json: boolean | undefined;
}

/**
 * Destroys stacks with Terraform, the last one first.
 *
 * @param stacks in the order in which they are deployed
 * @returns their names in the order in which they were destroyed
 * @throws BackendError, TerraformError
 */
export async function destroyStacks(
  stacks: readonly Stack[],
  { json, ...options }: DestroyOptions,
): Promise<string[]> {
  const { outdir, signal } = options;
  const stored = await new StateStore(stacks, outdir, { ...(signal && { signal }) }).read();
  const destroyed: string[] = [];
  const tasks = [...stacks].reverse().map((stack): ListrTask => ({
    title: stack.name,
    task: async (_, task) => {
      const since = Date.now();
      const { state } = stored.get(stack.name) ?? {};
      if (state === undefined || state.isEmpty) {
        task.title = `${stack.name}: nothing to destroy in its state`;
      } else {
        const terraform = stackTerraform(stack, {
          ...options,
          report: reportTo(task),
        });
        await terraform.init();
        const { remove } = await terraform.destroy();
        task.title = `${stack.name}: ${remove} destroyed in ${elapsed(since)}`;
      }
      destroyed.push(stack.name);
    },
  }));
  await runTasks(tasks, { json });
  return destroyed;
}

/**
 * Destroys the stack of the bucket with the states of all others.
 *
 * @throws StateBootstrapError while one of them says that something is left
 */
export async function destroyState(stack: Stack, { json, ...options }: DestroyOptions): Promise<void> {
  const task: ListrTask = {
    title: `${stack.name}: the bucket with all states, and the roles`,
    task: async (_, task) => {
      const since = Date.now();
      await new StateTeardown(stack, { ...options, report: reportTo(task) }).run();
      task.title = `${stack.name}: destroyed in ${elapsed(since)}`;
    },
  };
  await runTasks([task], { json });
}

/** Whether the destroy of that stack was begun, and ended halfway. */
export function hasBegun(stack: Stack, outdir: string): boolean {
  return readLocalState(localStateFile(outdir, stack)) !== undefined;
}
