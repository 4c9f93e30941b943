import { resolve } from 'node:path';
import { takeDown } from '@kubernetes-on-aws/eks-sandbox/take-down';
import { selectedPlatform } from '../../facts/selected-platform';

/** `sandbox down`: stops and removes the sandbox at once. */
export async function down(): Promise<void> {
  process.stdout.write(`${await takeDown(resolve(selectedPlatform().sandbox))}\n`);
}
