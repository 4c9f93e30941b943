import { AwsQuery } from './aws-emulator/aws-query';
import { markedRun } from './run-marker';
import { runningSandbox } from './sandbox';
import { SandboxError, SnapshotError } from './sandbox-error';
import { SNAPSHOT_NAME } from './snapshots';

/**
 * Copies the sandbox that runs in a folder: clusters, account, faults, and what is kept in the folder, such as states of
 * Terraform. The copy is in the folder too. One of the same name goes.
 *
 * @throws NoSandboxError; SnapshotError when none can have the name; SandboxError when another command is at work, or when
 *   something cannot be copied
 */
export async function takeSnapshot(directory: string, name: string): Promise<void> {
  await exchange(directory, 'snapshot', name, async (send, isInterrupted) => {
    if (isInterrupted)
      throw new SandboxError('a command was ended by force while it changed the sandbox: run it again first');
    await send('POST');
  });
}

/**
 * Brings a sandbox back to what it was when a snapshot was taken.
 *
 * @throws NoSandboxError; SnapshotError when this sandbox has no such snapshot; SandboxError when another command is at work.
 *   SandboxError also when this fails: the sandbox has to be started again then
 */
export async function restoreSnapshot(directory: string, name: string): Promise<void> {
  await exchange(directory, 'restore', name, async (send) => {
    const names = await send('GET');
    if (!names.includes(name)) {
      const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      throw new SnapshotError(
        `this sandbox has no snapshot ${name}: ${known}. Snapshots end with their sandbox: take one by eks-sandbox snapshot ${name}`,
      );
    }
    await send('PUT');
  });
}

type Send = (method: 'GET' | 'POST' | 'PUT') => Promise<string[]>;

async function exchange(
  directory: string,
  command: 'snapshot' | 'restore',
  name: string,
  work: (send: Send, isInterrupted: boolean) => Promise<void>,
): Promise<void> {
  if (!SNAPSHOT_NAME.test(name))
    throw new SnapshotError(`got ${JSON.stringify(name)}; a snapshot's name has letters, digits, - and _`);
  const { endpoint, region, credentials } = await runningSandbox(directory);
  const aws = new AwsQuery(endpoint, region, credentials);
  const send: Send = async (method) => {
    const { status, body } = await aws.rest('sandbox', method, `/__sandbox/snapshots/${name}`);
    if (status === 200) return JSON.parse(body) as string[];
    throw new SandboxError(
      `eks-sandbox ${command} ${name} failed: ${(JSON.parse(body) as { message: string }).message}`,
    );
  };
  await markedRun(directory, `eks-sandbox ${command}`, (run) => work(send, run.interrupted), {
    serverCompletes: command === 'snapshot',
  });
}
