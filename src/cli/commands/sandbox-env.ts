import { kubeconfigFile } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { runningSandbox, sandboxDirectory } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { sandboxEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { shellEnvironment } from '@kubernetes-on-aws/eks-sandbox/shell-environment';
import { findProviderSource } from '../../terraform/terraform-providers';

/** `sandbox env`: shell lines that point Terraform, cdktf, aws and kubectl at the sandbox. */
export async function printEnvironment(): Promise<void> {
  const directory = sandboxDirectory();
  const record = await runningSandbox(directory);
  const providers = await findProviderSource();
  process.stdout.write(
    shellEnvironment(directory, {
      ...sandboxEnvironment(record),
      ...providers.environment(directory),
      KUBECONFIG: kubeconfigFile(directory),
    }),
  );
}
