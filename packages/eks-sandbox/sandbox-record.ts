import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identitiesOf, isSameProcess } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { foreignOwner } from './sandbox-owner';
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

function recordFile(directory: string): string {
  return join(directory, 'sandbox.json');
}

/** The sandbox whose files are in `directory`; undefined when none was started there or it was taken down. */
export function readRecord(directory: string): SandboxRecord | undefined {
  if (foreignOwner(directory) !== undefined) return undefined;
  try {
    return JSON.parse(readFileSync(recordFile(directory), 'utf8')) as SandboxRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the record in one step: a reader sees the old one or the new one, never half of it. */
export function writeRecord(directory: string, record: SandboxRecord): void {
  const file = recordFile(directory);
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Whether the sandbox's server runs; `record.failed` says whether all of its processes do. */
export async function isAlive(record: SandboxRecord): Promise<boolean> {
  const identities = await identitiesOf([record.pid]);
  return isSameProcess(record.identity, identities.get(record.pid));
}
