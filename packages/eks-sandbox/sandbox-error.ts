/** Why the sandbox could not do what was asked, in words for its user. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}
