import { relative } from 'node:path';
import { isForeign, sandboxEnvironment } from '../sandbox/environment';
import { kubeconfigFile } from '../sandbox/deployment/kubectl';
import { runningSandbox, sandboxDirectory } from '../sandbox/sandbox';
import { findProviderSource } from '../terraform/terraform-providers';

/** `sandbox env`: shell lines that turn Terraform, cdktf, aws and kubectl to the sandbox. */
export async function printEnvironment(): Promise<void> {
  const directory = sandboxDirectory();
  const record = await runningSandbox(directory);
  const providers = await findProviderSource();
  const variables = {
    ...sandboxEnvironment(record),
    ...providers.environment(directory),
    KUBECONFIG: kubeconfigFile(directory),
  };
  const foreign = Object.keys(process.env).filter((name) => isForeign(name) && !(name in variables));
  process.stdout.write(
    [
      ...foreign.map((name) => `unset ${name}`),
      ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replace(/'/g, "'\\''")}'`),
      `# AWS is the sandbox in ${relative(process.cwd(), directory)} now`,
    ].join('\n') + '\n',
  );
}
