import { STACK } from '../../facts/stack-names';
import type { ListrTask } from 'listr2';
import type { Platform, StateSettings } from '../../config/platform';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import definition from '../../../main';
import { readStacks } from '../../manifests/stacks';
import {
  type MadeBucket,
  type MovedState,
  StateBootstrap,
  StateBootstrapError,
} from '../../pipeline/state/bootstrap-state';
import type { StateBucketSettings } from '../../pipeline/state/bucket-settings';
import { describeProgress } from '../../terraform/terraform-messages';
import { findProviderSource } from '../../terraform/terraform-providers';
import { elapsed } from '../terminal/elapsed';
import { interruptible } from '../terminal/interrupt';
import { printWarning } from '../terminal/print-warning';
import { runTasks } from '../terminal/task-list';

/** What each step leaves for the next ones. */
interface Context {
  bootstrap: StateBootstrap;
  made: MadeBucket;
  moved: MovedState[];
  /** Where the step that runs says how it gets on. */
  tell: (text: string) => void;
}

/** `state bootstrap`: makes the bucket of the state and the roles of the pipeline, and moves local states into it. */
export async function stateBootstrap(options: { json?: boolean }): Promise<void> {
  const { platform, outdir } = definition.synthesize({ onWarning: printWarning });
  if (!platform.state) throw new StateBootstrapError([remedy(platform)]);
  const bucket = bucketSettings(platform, platform.state);

  const { made, moved } = await interruptible(
    (signal) =>
      runTasks<Context>(
        [
          {
            title: 'Finding Terraform providers',
            task: async (context, task) => {
              const providers = await findProviderSource();
              task.title = providers.description;
              context.moved = [];
              context.bootstrap = new StateBootstrap(readStacks(outdir), {
                outdir,
                providers,
                bucket,
                signal,
                report: (progress) => {
                  context.tell(describeProgress(progress));
                },
              });
            },
          },
          {
            title: `Reading the account ${bucket.accountId}, its bucket ${bucket.bucket} and all states`,
            task: (context, task) => following(context, task, (bootstrap) => bootstrap.look()),
          },
          {
            title: `${STACK.pipeline}: the bucket and the roles`,
            task: async (context, task) => {
              const since = Date.now();
              const { changed, moved } = (context.made = await following(context, task, (bootstrap) =>
                bootstrap.make(),
              ));
              if (moved) context.moved.push(moved);
              task.title = `${STACK.pipeline}: ${changed ? `created or changed in ${elapsed(since)}` : 'unchanged'}`;
            },
          },
          {
            title: 'Moving local states into the bucket',
            task: (context, parent) =>
              parent.newListr(
                context.bootstrap.localStates().map((stack): ListrTask<Context> => ({
                  title: stack.name,
                  task: async (_, task) => {
                    const moved = await following(context, task, (bootstrap) => bootstrap.move(stack));
                    context.moved.push(moved);
                    task.title = `${stack.name}: serial ${moved.serial} is in the bucket; the file is kept as ${moved.keptAs}`;
                  },
                })),
              ),
          },
        ],
        { context: {} as Context, json: options.json },
      ),
    `${npmRun('state:bootstrap')} continues.`,
  );

  const done = made.changed || moved.length > 0;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ bucket: bucket.bucket, changed: made.changed, moved })}\n`
      : done
        ? `\nThe state of ${platform.name} is in s3://${bucket.bucket}/${platform.name}/.${nextStep(platform)}\n`
        : '\nNothing to do: the bucket and the roles are as declared, and no state is in a local file.\n',
  );
}

/** Shows how a step gets on. */
async function following<T>(
  context: Context,
  task: { output: string },
  action: (bootstrap: StateBootstrap) => Promise<T>,
): Promise<T> {
  context.tell = (text) => {
    task.output = text;
  };
  return action(context.bootstrap);
}

/** The bucket as the platform names it. */
export function bucketSettings(
  { name, region, account }: Platform,
  { bucket, region: ofBucket = region }: StateSettings,
): StateBucketSettings {
  return { platform: name, accountId: account, bucket, region: ofBucket };
}

function remedy({ name, account }: Platform): string {
  const { file } = selectedPlatform();
  return (
    `${file} state.bucket: not set, so the state is in local files. Name a bucket that does not exist yet, for example:\n` +
    `  state: { bucket: ${name}-${account}-state }`
  );
}

function nextStep({ pipeline }: Platform): string {
  if (pipeline.repository === undefined) return '';
  return (
    ` Jobs of ${pipeline.repository} may sign in: in the environment deploy to apply, on pull requests and main to plan.\n` +
    `The environment deploy is to allow the branch main only: https://github.com/${pipeline.repository}/settings/environments`
  );
}
