import { printShellLines, runInShell } from '@kubernetes-on-aws/eks-sandbox/sandbox-shell';
import { platformShell } from '../../sandbox/platform-shell';

/** `sandbox shell`: a shell, or one command, that reaches nothing but the sandbox; its exit status is the command's. */
export async function shell(command: readonly string[]): Promise<void> {
  const { directory, record, variables } = await platformShell();
  process.exitCode = await runInShell(directory, record, variables, command);
}

/** `sandbox env`: shell lines, or JSON, that point Terraform, cdktf, aws and kubectl at the sandbox. */
export async function printEnvironment(options: { json?: boolean }): Promise<void> {
  const { directory, variables } = await platformShell();
  if (options.json) process.stdout.write(`${JSON.stringify(variables)}\n`);
  else printShellLines(directory, variables);
}
