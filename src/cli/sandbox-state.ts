import type { Stack } from '../manifests/stacks';
import { type MadeBucket, StateBootstrap } from '../pipeline/state/bootstrap-state';
import type { StateBucketSettings } from '../pipeline/state/bucket-settings';
import { StateTeardown } from '../pipeline/teardown/state-teardown';
import type { StackTerraformOptions } from '../pipeline/state/stack-terraform';
import { workspace } from '../sandbox/deployed-stacks';
import type { SandboxTerraformOptions } from '../sandbox/sandbox-terraform';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';

/** As whom the calls for the bucket's stack are made: no role of the pipeline makes them. */
export const ADMINISTRATOR = 'administrator';

/** Makes the bucket of the state in the sandbox by what `npm run state:bootstrap` does. */
export async function bootstrapInSandbox(
  stacks: readonly Stack[],
  bucket: StateBucketSettings,
  options: SandboxTerraformOptions,
): Promise<MadeBucket> {
  const bootstrap = new StateBootstrap(stacks, { bucket, ...inSandbox(options) });
  await bootstrap.look();
  return bootstrap.make();
}

/** Destroys the stack of the bucket with the states of all others, which are destroyed by now. */
export async function destroyInSandbox(
  { name, document }: Pick<Stack, 'name' | 'document'>,
  options: SandboxTerraformOptions,
): Promise<void> {
  const stack = { name, document, workingDirectory: `stacks/${name}` };
  await new StateTeardown(stack, inSandbox(options)).run();
}

function inSandbox({ directory, record, ...options }: SandboxTerraformOptions): StackTerraformOptions {
  const environment = { ...isolatedEnvironment(record), AWS_SDK_UA_APP_ID: ADMINISTRATOR };
  return { ...options, outdir: workspace(directory), environment };
}
