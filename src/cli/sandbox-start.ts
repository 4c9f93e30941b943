import type { ListrTask } from 'listr2';
import { npmRun } from '../facts/selected-platform';
import type { Platform } from '../config/platform';
import type { SandboxRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import type { MarkedRun } from '@kubernetes-on-aws/eks-sandbox/run-marker';
import { matchingSandbox, startSandbox, wipeSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { checkPrerequisites } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import {
  getTools,
  toolsState,
  type Tools,
  type ToolsState,
} from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import { buildOracle, canBuildOracle } from '../../packages/kubernetes-oracle/build-oracle';
import { serverOptions } from '../sandbox/sandbox-account';

/** What the steps of the start leave for the next ones. */
export interface Started {
  tools: Tools;
  record: SandboxRecord;
}

/**
 * The steps that bring the account up.
 *
 * @throws PrerequisiteError for what they need and this machine lacks
 */
export async function startTasks<Context extends Started>(
  platform: Platform,
  directory: string,
): Promise<(run: MarkedRun, signal: AbortSignal) => ListrTask<Context>[]> {
  // The version that the cluster comes from, in an upgrade, was built when it began to run.
  const kubernetes = [platform.cluster.version];
  const state = await toolsState({ kubernetes });
  await checkPrerequisites(state.needs, npmRun('doctor', '--download'));
  return (run, signal) => [toolsTask(kubernetes, state, signal), startTask(platform, directory, run)];
}

function toolsTask<Context extends Started>(
  kubernetes: readonly string[],
  { missing, releases }: ToolsState,
  signal: AbortSignal,
): ListrTask<Context> {
  const title = `Installing ${missing.join(', ')}, once for this machine`;
  return {
    title: missing.length > 0 ? title : 'Tools are installed',
    task: async (context, task) => {
      const every = process.stdout.isTTY ? 100 : 15_000;
      let told = 0;
      context.tools = await getTools(
        (tool, message) => {
          if (Date.now() - told < every) return;
          told = Date.now();
          task.output = `${tool}: ${message}`;
        },
        {
          ...{ kubernetes, signal, releases },
          onNotice: (notice) => {
            task.title = `${title} (${notice})`;
          },
        },
      );
      for (const version of kubernetes) {
        // Where the control plane was downloaded and there is no Go, the package's WebAssembly validates.
        if (!(await canBuildOracle(version))) continue;
        await buildOracle(version, { signal, report: (message) => (task.output = `validation: ${message}`) });
      }
    },
    rendererOptions: { bottomBar: 3 },
  };
}

function startTask<Context extends Started>(
  platform: Platform,
  directory: string,
  run: MarkedRun,
): ListrTask<Context> {
  return {
    title: 'Starting the sandbox',
    task: async (context, task) => {
      const options = serverOptions(directory, platform, context.tools);
      let why = '';
      const running = await matchingSandbox(
        options,
        (reason) => {
          why = reason;
        },
        run.interrupted,
      );
      if (running) {
        context.record = running;
        task.title = `Sandbox is up: AWS at ${running.endpoint}`;
        return;
      }
      if (why !== '') task.title = `Deleting the sandbox with all that is deployed to it: ${why}`;
      // What is left of one that was ended by force, or of one for another platform, can't be gone on with.
      await wipeSandbox(directory);
      context.record = await startSandbox(options);
      const instead = why === '' ? '' : `, instead of the one before (${why})`;
      task.title = `Sandbox started${instead}: AWS at ${context.record.endpoint}`;
    },
  };
}
