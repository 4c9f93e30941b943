import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AwsQuery } from './aws-emulator/aws-query';
import { createPrincipals } from './aws-emulator/aws-emulator';
import { writeEmptyKubeconfig } from './kubectl';
import { packagePath } from './package-folder';
import { foundFromNowOn } from './remains';
import { claim, foreignOwner } from './sandbox-owner';
import { stopAll } from './sandbox-processes';
import { readState, writeState } from './sandbox-files';
import { isAlive, readRecord, type SandboxRecord } from './sandbox-record';
import { MARKER_FILE } from './run-marker';
import { NoSandboxError, SandboxError } from './sandbox-error';
import type { ServerOptions } from './sandbox-server';
import { startCommand } from '@kubernetes-on-aws/eks-facts/start-command';

const OPTIONS = 'server-options.json';
/** Seconds that the server has to come up in. */
const UP_WITHIN = 60;

/** The folder of the sandbox of the project in the current folder: everything of it is below. */
export function sandboxDirectory(): string {
  return resolve('.sandbox');
}

/**
 * The sandbox that runs in a folder.
 *
 * @throws NoSandboxError when none does; SandboxError when one of its processes has ended
 */
export async function runningSandbox(directory: string): Promise<SandboxRecord> {
  const record = readRecord(directory);
  if (!record || !(await isAlive(record))) {
    const foreign = foreignOwner(directory);
    throw new NoSandboxError(
      `no sandbox runs here${foreign === undefined ? '' : `; ${relative(process.cwd(), directory)} holds ${foreign}`}: start one by ${startCommand()}`,
    );
  }
  if (record.failed) {
    const { name, reason, log } = record.failed;
    throw new SandboxError(`${name} ${reason}, see ${log}: ${startCommand()} starts again`);
  }
  return record;
}

/**
 * The sandbox that runs in a folder with just these options, or undefined. Roles and users that it does not know yet are
 * made in it: an account is not made again because somebody joins. Those that are gone stay, since no platform made them.
 *
 * @param onOther told why the sandbox that was started is none that can be used
 * @param isInterrupted a command was ended by force while it changed the sandbox, so that none matches
 */
export async function matchingSandbox(
  options: ServerOptions,
  onOther: (why: string) => void = () => undefined,
  isInterrupted = false,
): Promise<SandboxRecord | undefined> {
  if (isInterrupted) {
    onOther('a command was ended by force while it changed it');
    return undefined;
  }
  const record = readRecord(options.directory);
  if (!record) return undefined;
  if (record.failed || !(await isAlive(record))) {
    onOther(`${record.failed?.name ?? 'its server'} has ended`);
    return undefined;
  }
  const running = readState(options.directory, OPTIONS) as ServerOptions | undefined;
  if (!running) return undefined;
  const admins = [...new Set([...running.admins, ...options.admins])];
  const people = [...new Set([...running.people, ...options.people])];
  const known = { admins, people };
  const isSame =
    isDeepStrictEqual({ ...running, ...known }, { ...options, ...known }) &&
    // Who Terraform runs as is settled at the start, and so are anybody's rights in AWS.
    running.admins[0] === options.admins[0] &&
    !people.some((arn) => admins.includes(arn));
  if (!isSame) {
    const keys = Object.keys({ ...running, ...options }) as (keyof ServerOptions)[];
    const others = keys.filter((key) => !isDeepStrictEqual(running[key], options[key]));
    onOther(`it was started with another value of ${others.join(', ')}`);
    return undefined;
  }
  const newcomers = {
    admins: admins.filter((arn) => !running.admins.includes(arn)),
    people: people.filter((arn) => !running.people.includes(arn)),
  };
  if (newcomers.admins.length + newcomers.people.length > 0) {
    const { accountId } = running;
    await createPrincipals(new AwsQuery(record.endpoint, record.region, record.credentials), {
      accountId,
      ...newcomers,
    });
    foundFromNowOn(options.directory, [...newcomers.admins, ...newcomers.people]);
    writeState(options.directory, OPTIONS, { ...running, ...known });
  }
  return record;
}

/**
 * Starts the server in the background and waits until it answers.
 *
 * @throws SandboxError with the end of its log when it does not come up
 */
export async function startSandbox(options: ServerOptions): Promise<SandboxRecord> {
  const { directory } = options;
  claim(directory);
  mkdirSync(join(directory, 'logs'), { recursive: true, mode: 0o700 });
  writeState(directory, OPTIONS, options);
  writeEmptyKubeconfig(directory);
  const log = join(directory, 'logs', 'server.log');
  const output = openSync(log, 'a', 0o600);
  const server = spawn(
    process.execPath,
    [packagePath('bin', 'eks-sandbox.mjs'), 'serve', join(directory, OPTIONS)],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  let ended: string | undefined;
  server.once('error', (error) => (ended = error.message));
  server.once('exit', (code, signal) => (ended = signal ?? `status ${String(code)}`));
  server.unref();

  const deadline = Date.now() + UP_WITHIN * 1000;
  for (;;) {
    const record = readRecord(directory);
    if (record?.pid === server.pid && record) return record;
    if (ended !== undefined || Date.now() > deadline) {
      // A server that is only slow would come up later, and no command would end it.
      if (ended === undefined) server.kill();
      const why = ended === undefined ? `did not come up within ${UP_WITHIN} s` : `ended with ${ended}`;
      throw new SandboxError(`the sandbox's server ${why}; the end of ${log}:\n${tail(log)}`);
    }
    await sleep(50);
  }
}

/** Stops every process of the sandbox and removes its files, except for the mark of the command that does so. */
export async function wipeSandbox(directory: string): Promise<void> {
  await stopAll(directory);
  for (const entry of readdirSync(directory)) {
    if (entry !== MARKER_FILE) rmSync(join(directory, entry), { recursive: true, force: true });
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}
