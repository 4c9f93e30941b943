import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, delimiter, join, relative, resolve } from 'node:path';
import { kubeconfigFile } from './kubectl';
import { isForeign, isolatedEnvironment, sandboxEnvironment } from './sandbox-environment';
import { SandboxError } from './sandbox-error';
import type { SandboxRecord } from './sandbox-record';

/** Shells by name. The user's startup files are not read: they may lead programs to AWS again. */
const SHELLS: Readonly<Record<string, { readonly args: readonly string[]; readonly prompt: string }>> = {
  bash: { args: ['--noprofile', '--norc'], prompt: '\\w \\$ ' },
  zsh: { args: ['-f'], prompt: '%~ %# ' },
};

/** What a shell of the sandbox has besides what every program for it has: a kubeconfig, AWS profiles and an `aws` of its own. */
export function shellVariables(directory: string, record: SandboxRecord): Record<string, string> {
  return {
    ...sandboxEnvironment(record),
    AWS_CONFIG_FILE: join(directory, 'aws', 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'aws', 'credentials'),
    KUBECONFIG: kubeconfigFile(directory),
    PATH: pathOf(directory),
  };
}

/**
 * Version 1 of the AWS CLI sends RDS, SQS, Health and others to AWS unless the endpoint is an option.
 *
 * @returns a PATH on which `aws` has that option
 */
function pathOf(directory: string): string {
  const own = join(directory, 'bin');
  const places = (process.env['PATH'] ?? '').split(delimiter).filter((place) => place !== own);
  const aws = places.map((place) => resolve(place, 'aws')).find((file) => existsSync(file));
  mkdirSync(own, { recursive: true, mode: 0o700 });
  if (aws !== undefined) {
    const script = `#!/bin/sh\nexec '${aws}' --endpoint-url "\${AWS_ENDPOINT_URL:?}" "$@"\n`;
    // In one step: another shell may be running it.
    writeFileSync(join(own, 'aws.new'), script, { mode: 0o700 });
    renameSync(join(own, 'aws.new'), join(own, 'aws'));
  }
  return [own, ...places].join(delimiter);
}

/**
 * Runs a command, or an interactive shell, that reaches nothing but the sandbox.
 *
 * @param variables those of `shellVariables`, and more
 * @param command a program and its arguments. @default - the user's shell
 * @returns the exit status; 128 and its number for a signal, as shells have it
 * @throws SandboxError when the program cannot be started
 */
export async function runInShell(
  directory: string,
  record: SandboxRecord,
  variables: Readonly<Record<string, string>>,
  [program, ...args]: readonly string[] = [],
): Promise<number> {
  const own = process.env['SHELL'] ?? '';
  const known = SHELLS[basename(own)];
  const shell = known ? own : 'sh';
  const place = relative(process.cwd(), directory);
  const env: Record<string, string> = { ...isolatedEnvironment(record), ...variables };
  if (program === undefined) {
    env['PS1'] = `(sandbox ${record.accountId}) ${known?.prompt ?? '$ '}`;
    process.stderr.write(
      `This shell reaches only the sandbox in ${place}: the account ${record.accountId} at ${record.endpoint}. exit leaves it.\n`,
    );
  }
  const child = spawn(program ?? shell, program === undefined ? (known?.args ?? []) : args, {
    env,
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to both: it is for the command.
  const ignore = (): void => undefined;
  const end = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', end);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', ({ message }) => {
        reject(new SandboxError(`${program ?? shell} cannot be started: ${message}`));
      });
      child.once('exit', (code, signal) => {
        resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
      });
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', end);
  }
}

/**
 * Prints shell lines that point a shell at the sandbox: variables of the user's own that lead elsewhere are unset.
 *
 * @param variables what the shell gets
 */
export function printShellLines(directory: string, variables: Readonly<Record<string, string>>): void {
  const foreign = Object.keys(process.env).filter((name) => isForeign(name) && !(name in variables));
  const lines = [
    // Bash exports a function as a variable, whose name it does not unset.
    ...foreign.map((name) => `unset ${name.replace(/^BASH_FUNC_(.*)%%$/, '-f $1')}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replace(/'/g, "'\\''")}'`),
    `# AWS is the sandbox in ${relative(process.cwd(), directory)} now`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
