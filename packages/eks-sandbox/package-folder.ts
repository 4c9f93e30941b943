import { dirname, join } from 'node:path';

/** A file or folder of this package, whether its code runs from its sources or from a bundle. */
export function packagePath(...parts: string[]): string {
  return join(dirname(require.resolve('@kubernetes-on-aws/eks-sandbox/package.json')), ...parts);
}
