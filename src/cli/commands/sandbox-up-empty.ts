import { resolve } from 'node:path';
import { markedRun } from '@kubernetes-on-aws/eks-sandbox/run-marker';
import definition from '../../../main';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { startTasks, type Started } from '../sandbox-start';
import { interruptible } from '../terminal/interrupt';
import { printWarning } from '../terminal/print-warning';
import { runTasks } from '../terminal/task-list';

/** `sandbox up --empty`: starts the account with nothing in it, for other means to deploy to it. */
export async function startEmpty(options: { json?: boolean }): Promise<void> {
  const platform = definition.load(undefined, { onWarning: printWarning });
  const directory = resolve(selectedPlatform().sandbox);
  const start = await startTasks<Started>(platform, directory);
  const { record } = await markedRun(directory, npmRun('sandbox'), (run) =>
    interruptible((signal) => runTasks(start(run, signal), { context: {} as Started, json: options.json })),
  );
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ endpoint: record.endpoint, accountId: record.accountId })}\n`
      : `\nThe account ${record.accountId} is at ${record.endpoint}, with nothing in it that was not there before.\n\n` +
          `Use it:       ${npmRun('sandbox:shell')}   (terraform, cdktf, aws, kubectl, plan and apply reach only the sandbox there)\n` +
          `End it:       ${npmRun('sandbox:down')}\n`,
  );
}
