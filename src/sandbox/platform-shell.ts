import { resolve } from 'node:path';
import { runningSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import type { SandboxRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import { shellVariables } from '@kubernetes-on-aws/eks-sandbox/sandbox-shell';
import { PLATFORM_VARIABLE, SHELL_VARIABLE, selectedPlatform } from '../facts/selected-platform';
import { findProviderSource } from '../terraform/terraform-providers';
import { workspace } from './deployed-stacks';

/** A sandbox, and what a shell of it has. */
export interface PlatformShell {
  readonly directory: string;
  readonly record: SandboxRecord;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The shell of the selected platform's sandbox. Stacks are synthesized there to where the sandbox runs Terraform: `plan`, `apply`,
 * `cdktf` and the sandbox have one state.
 *
 * @throws NoSandboxError
 */
export async function platformShell(): Promise<PlatformShell> {
  const { name, file, sandbox } = selectedPlatform();
  const directory = resolve(sandbox);
  const record = await runningSandbox(directory);
  const providers = await findProviderSource();
  const variables = {
    ...shellVariables(directory, record),
    ...providers.environment(directory),
    [PLATFORM_VARIABLE]: name ?? file,
    [SHELL_VARIABLE]: directory,
    CDKTF_OUTDIR: workspace(directory),
    // cdktf takes its option --output from this one.
    CDKTF_OUTPUT: workspace(directory),
  };
  return { directory, record, variables };
}
