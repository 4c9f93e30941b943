import { join, resolve } from 'node:path';
import type { Stack } from '../../manifests/stacks';
import { Terraform } from '../../terraform/terraform';
import { platformLock } from '../../terraform/provider-lock';
import type { TerraformProgress } from '../../terraform/terraform-messages';
import type { ProviderSource } from '../../terraform/terraform-providers';
import { mayForgetBackend } from './stack-backend';

/** What every Terraform of a pipeline is run with. */
export interface StackTerraformOptions {
  /** The folder that synthesis wrote, `cdktf.out`. */
  readonly outdir: string;
  readonly providers: ProviderSource;
  /** The variables that Terraform runs with: credentials, region, endpoint. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * The lock file that pins the providers of all stacks.
   * @default - that of the working directory; without one, init selects them
   */
  readonly lockFile?: string | undefined;
  /** Told as Terraform gets on. */
  readonly report?: (progress: TerraformProgress) => void;
  /** Called with each Terraform that is started: the leader of its process group. */
  readonly started?: (pid: number) => Promise<void>;
  /** Ends what is under way, gracefully. */
  readonly signal?: AbortSignal;
}

/**
 * Terraform in the folder of a synthesized stack, as a person or a pipeline would run it there: with their environment.
 *
 * @param stack without a document, a folder whose backend is not the synthesized one
 */
export function stackTerraform(
  stack: Stack | Pick<Stack, 'name' | 'workingDirectory'>,
  {
    outdir,
    providers,
    environment = process.env,
    lockFile = platformLock(),
    report,
    started,
    signal,
  }: StackTerraformOptions,
): Terraform {
  const { name, workingDirectory } = stack;
  const own = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('TF_CLI_ARGS'),
  );
  const { TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: mayBreak, ...found } = providers.environment(
    resolve(outdir),
  );
  return new Terraform({
    stack: name,
    workingDirectory: join(outdir, workingDirectory),
    environment: {
      ...Object.fromEntries(own),
      TF_IN_AUTOMATION: 'true',
      ...found,
      // Where checksums are known, what a cache has is held against them.
      ...(mayBreak !== undefined &&
        lockFile === undefined && { TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: mayBreak }),
    },
    lockFile,
    logFile: resolve(outdir, 'logs', `terraform-${name}.log`),
    onProgress: report,
    onStart: started,
    mayForgetBackend: () => 'document' in stack && mayForgetBackend(stack, outdir),
    signal,
  });
}
