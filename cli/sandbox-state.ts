import type { Stack } from '../manifests/stacks';
import { type MadeBucket, StateBootstrap } from '../pipeline/state-bootstrap';
import type { StateBucketSettings } from '../pipeline/state-bucket';
import { StateTeardown } from '../pipeline/state-teardown';
import type { StackTerraformOptions } from '../pipeline/stack-terraform';
import { workspace } from '../sandbox/deployment/deployed-stacks';
import type { SandboxTerraformOptions } from '../sandbox/deployment/sandbox-terraform';
import { isolatedEnvironment } from '../sandbox/environment';

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
  return { ...options, outdir: workspace(directory), environment: isolatedEnvironment(record) };
}
