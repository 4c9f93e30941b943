import { identitiesOf, isSameProcess } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { readState, writeState } from './sandbox-files';
import { foreignOwner, wasMoved } from './sandbox-owner';
import { type RecordedProcess } from './sandbox-processes';

/** Access to the emulated account, as AWS programs take it from their environment. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Only with temporary credentials, those of a role. */
  readonly sessionToken?: string;
}

/** A sandbox that runs, as other commands find it: `<directory>/sandbox.json`, readable by its owner only. */
export interface SandboxRecord {
  readonly pid: number;
  /** Start time of the server's process; tells it from a later process with the same pid. */
  readonly identity: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /**
   * The emulated AWS: `http://127.0.0.1:PORT`, the value of `AWS_ENDPOINT_URL`. By address, since the S3 client puts the bucket
   * into a hostname.
   */
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly credentials: AwsCredentials;
  /** ARN of the IAM role or user that the credentials belong to. */
  readonly admin: string;
  readonly processes: readonly RecordedProcess[];
  /** The first process that ended without a request; the sandbox is to be taken down and started again. */
  readonly failed?: { readonly name: string; readonly reason: string; readonly log: string };
}

/**
 * The sandbox whose files are in `directory`; undefined when none was started there, it was taken down, or the folder was moved.
 *
 * @throws DamagedFileError
 */
export function readRecord(directory: string): SandboxRecord | undefined {
  if (foreignOwner(directory) !== undefined || wasMoved(directory)) return undefined;
  return readState(directory, 'sandbox.json') as SandboxRecord | undefined;
}

/** Writes the record, as other commands find it. */
export function writeRecord(directory: string, record: SandboxRecord): void {
  writeState(directory, 'sandbox.json', record);
}

/** Whether the sandbox's server runs; `record.failed` says whether all of its processes do. */
export async function isAlive(record: SandboxRecord): Promise<boolean> {
  const identities = await identitiesOf([record.pid]);
  return isSameProcess(record.identity, identities.get(record.pid));
}
