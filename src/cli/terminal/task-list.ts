import { Listr, ListrLogger, ProcessOutput, type ListrTask } from 'listr2';
import { describeProgress, type TerraformProgress } from '../../terraform/terraform-messages';

/** Terraforms at once: each takes a core while its providers start. */
export const AT_ONCE = 2;

export interface TaskListOptions<Context> {
  /** Whether the answer is JSON: it is alone on standard output then, and how far the tasks are is told on standard error. */
  readonly json?: boolean | undefined;
  /** What the tasks share. */
  readonly context?: Context;
  /** How many run at once. @default 1 */
  readonly concurrent?: number;
}

/** Runs tasks and shows how far they are: drawn on a terminal, a line each elsewhere. An error of theirs is the caller's to show. */
export async function runTasks<Context extends object>(
  tasks: ListrTask<Context>[],
  { json = false, context, concurrent = 1 }: TaskListOptions<Context> = {},
): Promise<Context> {
  const common = {
    ...(context && { ctx: context }),
    concurrent,
    // Ctrl-C is handled where Terraform runs, which ends what it began.
    registerSignalListeners: false,
  } as const;
  const list = json
    ? new Listr<Context, 'simple', 'simple'>(tasks, {
        ...common,
        renderer: 'simple',
        rendererOptions: {
          logger: new ListrLogger({
            useIcons: true,
            processOutput: new ProcessOutput(process.stderr, process.stderr),
          }),
        },
      })
    : new Listr<Context, 'default', 'simple'>(tasks, {
        ...common,
        rendererOptions: { collapseSubtasks: false, showErrorMessage: false },
        fallbackRenderer: 'simple',
      });
  return list.run();
}

/** The tasks of stacks that do not depend on each other, two at a time. */
export function inOneWave<Each extends { readonly name: string }, Context>(
  wave: readonly Each[],
  taskOf: (stack: Each) => ListrTask<Context>,
): ListrTask<Context> {
  const [first] = wave;
  if (first && wave.length === 1) return taskOf(first);
  return {
    title: wave.map(({ name }) => name).join(', '),
    task: (_, task) => task.newListr(wave.map(taskOf), { concurrent: AT_ONCE }),
  };
}

/** Shows below a task how its Terraform gets on. */
export function reportTo(task: { output: string }): (progress: TerraformProgress) => void {
  return (progress) => {
    task.output = describeProgress(progress);
  };
}
