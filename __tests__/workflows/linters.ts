import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { execa } from 'execa';
import { readGoModule } from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { buildGoTools } from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import {
  buildPythonEnvironment,
  requirementsKey,
} from '@kubernetes-on-aws/eks-facts/tool-builder/python-environment';

/** Which of the programs that build the linters are here. */
export const HAS = {
  go: spawnSync('go', ['version']).status === 0,
  python3:
    spawnSync('python3', ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'])
      .status === 0,
};

/** What a linter said. */
export interface LinterResult {
  readonly status: number | undefined;
  readonly output: string;
}

const PINS = join(__dirname, 'tools');
const CACHE = toolCache();

const goModule = readGoModule(join(PINS, 'actionlint'));
const requirements = join(PINS, 'zizmor', 'requirements.txt');
const folders = {
  actionlint: join(CACHE, 'tools', `actionlint-${goModule.key}`),
  zizmor: join(CACHE, 'tools', `zizmor-${requirementsKey(requirements)}`),
};

/** Builds actionlint, once for every state of its pins, into the user's cache folder. */
export async function buildActionlint(): Promise<void> {
  await buildGoTools(goModule, goModule.tools, optionsFor('actionlint'));
}

/** Installs zizmor and shellcheck, once for every state of their pins, into the user's cache folder. */
export async function buildZizmor(): Promise<void> {
  await buildPythonEnvironment(requirements, optionsFor('zizmor'));
}

function optionsFor(tool: keyof typeof folders) {
  return {
    tool,
    into: folders[tool],
    logFile: join(CACHE, 'logs', `${tool}.log`),
    report: () => undefined,
  };
}

/** Lints workflow files with actionlint, and their scripts with the pinned shellcheck, whatever else a machine has. */
export function actionlint(files: readonly string[], cwd: string): Promise<LinterResult> {
  const shellcheck = join(folders.zizmor, 'bin', 'shellcheck');
  return lint(
    join(folders.actionlint, 'actionlint'),
    ['-no-color', '-oneline', '-shellcheck', shellcheck, '-pyflakes', '', ...files],
    cwd,
  );
}

/** Looks for weaknesses in all that a folder holds for GitHub, down to what is only bad style, without the network. */
export function zizmor(folder: string): Promise<LinterResult> {
  return lint(
    join(folders.zizmor, 'bin', 'zizmor'),
    [
      '--offline',
      '--pedantic',
      '--strict-collection',
      '--no-progress',
      '--quiet',
      '--color',
      'never',
      '.github',
    ],
    folder,
  );
}

async function lint(program: string, args: readonly string[], cwd: string): Promise<LinterResult> {
  const { exitCode, all } = await execa(program, args, { cwd, all: true, reject: false, stdin: 'ignore' });
  return { status: exitCode, output: all };
}
