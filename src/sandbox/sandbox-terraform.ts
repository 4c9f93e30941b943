import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import type { SandboxRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import { Terraform } from '../terraform/terraform';
import type { TerraformProgress } from '../terraform/terraform-messages';
import type { ProviderSource } from '../terraform/terraform-providers';

/** What every Terraform of a sandbox is run with. */
export interface SandboxTerraformOptions {
  readonly directory: string;
  readonly record: SandboxRecord;
  readonly providers: ProviderSource;
  /** Told as Terraform gets on. */
  readonly report?: (progress: TerraformProgress) => void;
  /** Called with each Terraform that is started: the leader of its process group. */
  readonly started?: (pid: number) => Promise<void>;
  /** Ends what is under way, gracefully. */
  readonly signal?: AbortSignal;
}

/**
 * Terraform in a folder, turned to the sandbox.
 *
 * @param stack its name, for messages and for the log
 * @param variables what its environment has besides
 */
export function sandboxTerraform(
  stack: string,
  workingDirectory: string,
  options: SandboxTerraformOptions,
  variables: Readonly<Record<string, string>> = {},
): Terraform {
  const { directory, record, providers, report, started, signal } = options;
  const logs = join(directory, 'logs');
  mkdirSync(logs, { recursive: true });
  return new Terraform({
    stack,
    workingDirectory,
    environment: { ...isolatedEnvironment(record), ...providers.environment(directory), ...variables },
    logFile: join(logs, `terraform-${stack}.log`),
    onProgress: report,
    onStart: started,
    signal,
  });
}
