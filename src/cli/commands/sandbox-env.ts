import { resolve } from 'node:path';
import { kubeconfigFile } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { runningSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { sandboxEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { shellEnvironment } from '@kubernetes-on-aws/eks-sandbox/shell-environment';
import { selectedPlatform } from '../../facts/selected-platform';
import { findProviderSource } from '../../terraform/terraform-providers';

/** `sandbox env`: shell lines, or JSON, that point Terraform, cdktf, aws and kubectl at the sandbox. */
export async function printEnvironment(options: { json?: boolean }): Promise<void> {
  const directory = resolve(selectedPlatform().sandbox);
  const record = await runningSandbox(directory);
  const providers = await findProviderSource();
  const variables = {
    ...sandboxEnvironment(record),
    ...providers.environment(directory),
    KUBECONFIG: kubeconfigFile(directory),
  };
  process.stdout.write(
    options.json ? `${JSON.stringify(variables)}\n` : shellEnvironment(directory, variables),
  );
}
