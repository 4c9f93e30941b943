import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBuildStep, ToolBuildError } from './build-step';
import { withFolderLock } from '../processes/folder-lock';
import type { ToolBuildOptions } from './go-tools';
import { findPython } from './prerequisites';

/** Written last. A virtual environment cannot be made elsewhere and moved: its programs name its path. */
const COMPLETE = '.complete';

/** Changes with every pin of a requirements file. */
export function requirementsKey(requirements: string): string {
  const pins = [readFileSync(requirements, 'utf8'), process.platform, process.arch];
  return createHash('sha256').update(pins.join('\0')).digest('hex').slice(0, 12);
}

/** Whether an environment is whole, and the Python that it was made of is still there. */
export function isPythonEnvironment(folder: string): boolean {
  return existsSync(join(folder, COMPLETE)) && existsSync(join(folder, 'bin', 'python'));
}

/**
 * Makes a virtual environment of a requirements file that pins everything, with the hashes of its files.
 *
 * @throws ToolBuildError
 */
export async function buildPythonEnvironment(requirements: string, options: ToolBuildOptions): Promise<void> {
  const { tool, into, logFile, signal, report } = options;
  const total = readFileSync(requirements, 'utf8')
    .split('\n')
    .filter((line) => line.includes('==')).length;
  const run = (program: string, args: readonly string[], onLine: (line: string) => void = () => undefined) =>
    runBuildStep({
      tool,
      program,
      args,
      logFile,
      signal,
      onLine,
      // Both would put packages of the user's before those that are pinned.
      env: { PYTHONPATH: undefined, PYTHONHOME: undefined },
    });
  const build = async () => {
    if (isPythonEnvironment(into)) return;
    const python = await findPython();
    if (python === undefined) {
      throw new ToolBuildError(tool, logFile, 'no Python that can make virtual environments was found', []);
    }
    rmSync(into, { recursive: true, force: true });
    report('making a virtual environment');
    await run(python, ['-m', 'venv', into]);
    const pip = (args: readonly string[], onLine?: (line: string) => void) =>
      run(join(into, 'bin', 'python'), ['-m', 'pip', ...args], onLine);
    let collected = 0;
    const options = ['--require-virtualenv', '--disable-pip-version-check', '--no-input'];
    // Nothing but what is pinned, to the byte; the check afterwards tells when the pins are not whole.
    await pip(['install', ...options, '--no-deps', '--require-hashes', '-r', requirements], (line) => {
      const [, what] = /^Collecting (\S+)/.exec(line) ?? [];
      if (what !== undefined) {
        collected += 1;
        report(`downloading package ${collected} of ${total}: ${what}`);
      } else if (line.startsWith('Installing')) {
        report(`installing ${total} packages`);
      }
    });
    await pip(['check', '--disable-pip-version-check']);
    writeFileSync(join(into, COMPLETE), '');
  };
  await withFolderLock(into, build, {
    signal,
    onWait: ({ pid }) => {
      report(`waiting for process ${pid}, which builds ${tool}`);
    },
  });
}
