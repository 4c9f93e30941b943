/** The variable in which a program that has the sandbox in it says how its users start one. */
export const START_VARIABLE = 'EKS_SANDBOX_START';

/**
 * How a user starts the sandbox, for messages.
 *
 * @param version Kubernetes version that it is to have, where it matters
 */
export function startCommand(version?: string): string {
  const own = process.env[START_VARIABLE];
  return own ?? `eks-sandbox up${version === undefined ? '' : ` --kubernetes ${version}`}`;
}
