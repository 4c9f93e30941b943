import type { ListrTask } from 'listr2';
import type { Stack } from '../manifests/stacks';
import { removedStacks } from '../pipeline/plan/removed-stacks';
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
 * Destroys stacks with Terraform, one after the other, and before them those that the platform no longer has.
 *
 * @param stacks the last one that was deployed is the first
 * @returns their names
 * @throws BackendError, TerraformError
 */
export async function destroyStacks(
  stacks: readonly Stack[],
  { json, ...options }: DestroyOptions,
): Promise<string[]> {
  const { outdir, signal } = options;
  const stored = await new StateStore(stacks, outdir, { ...(signal && { signal }) }).read();
  const all = [...removedStacks(stacks, stored, { outdir, handedOver: {} }), ...stacks];
  const tasks = all.map((stack): ListrTask => ({
    title: stack.name,
    task: async (_, task) => {
      const since = Date.now();
      const { state } = stored.get(stack.name) ?? {};
      if (state === undefined || state.isEmpty) {
        task.title = `${stack.name}: nothing to destroy in its state`;
        return;
      }
      const terraform = stackTerraform(stack, { ...options, report: reportTo(task) });
      await terraform.init();
      const { remove } = await terraform.destroy();
      task.title = `${stack.name}: ${remove} destroyed in ${elapsed(since)}`;
    },
  }));
  await runTasks(tasks, { json });
  return all.map(({ name }) => name);
}

/**
 * Destroys the stack of the bucket with the states of all others.
 *
 * @returns its name
 * @throws StateBootstrapError while one of them says that something is left
 */
export async function destroyState(stack: Stack, { json, ...options }: DestroyOptions): Promise<string> {
  const task: ListrTask = {
    title: `${stack.name}: the bucket with all states, and the roles`,
    task: async (_, task) => {
      const since = Date.now();
      await new StateTeardown(stack, { ...options, report: reportTo(task) }).run();
      task.title = `${stack.name}: destroyed in ${elapsed(since)}`;
    },
  };
  await runTasks([task], { json });
  return stack.name;
}

/** Whether the destroy of that stack was begun, and ended halfway. */
export function hasBegun(stack: Stack, outdir: string): boolean {
  return readLocalState(localStateFile(outdir, stack)) !== undefined;
}
