import { UserError } from '@kubernetes-on-aws/eks-facts/user-error';

/** Why the sandbox could not do what was asked, in words for its user. */
export class SandboxError extends UserError {
  readonly code = 'sandbox-failed';
  readonly exitStatus = 2;
}

/** There is no sandbox that could be used. */
export class NoSandboxError extends UserError {
  readonly code = 'no-sandbox';
  readonly exitStatus = 1;
}

/** The faults that were given are none. */
export class FaultError extends UserError {
  readonly code = 'faults-wrong';
  readonly exitStatus = 1;
}

/** There is no such snapshot, or none can have that name. */
export class SnapshotError extends UserError {
  readonly code = 'snapshot-unknown';
  readonly exitStatus = 1;
}

/** A file of the sandbox's folder is not JSON: something else wrote to it, or the disk was full. */
export class DamagedFileError extends UserError {
  readonly code = 'sandbox-damaged';
  readonly exitStatus = 2;
}
