import { peerDependencies } from '../../package.json';
import { UserError } from '../facts/user-error';

const PACKAGE = '@kubernetes-on-aws/eks-sandbox';

/** The sandbox is a package of its own, which a platform may leave out. */
class SandboxMissingError extends UserError {
  readonly code = 'sandbox-not-installed';
  readonly exitStatus = 2;
}

/** Whether the package is installed. */
export function isSandboxInstalled(): boolean {
  try {
    require.resolve('@kubernetes-on-aws/eks-sandbox/package.json');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return false;
  }
}

/** @throws SandboxMissingError */
export function requireSandbox(): void {
  if (isSandboxInstalled()) return;
  throw new SandboxMissingError(
    `${PACKAGE}: not installed. The sandbox is a package of its own: ` +
      `npm install --save-dev --save-exact ${PACKAGE}@${peerDependencies[PACKAGE]}`,
  );
}
