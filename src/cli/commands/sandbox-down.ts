import { sandboxDirectory } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { takeDown } from '@kubernetes-on-aws/eks-sandbox/take-down';

/** `sandbox down`: stops and removes the sandbox at once. */
export async function down(): Promise<void> {
  process.stdout.write(`${await takeDown(sandboxDirectory())}\n`);
}
