import { Listr, ListrLogger, ProcessOutput, type ListrTask } from 'listr2';
import { describeProgress, type TerraformProgress } from '../../terraform/terraform-messages';

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

/** Shows below a task how its Terraform gets on. */
export function reportTo(task: { output: string }): (progress: TerraformProgress) => void {
  return (progress) => {
    task.output = describeProgress(progress);
  };
}
