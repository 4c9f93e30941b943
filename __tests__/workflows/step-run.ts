import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { workflow } from './workflow';

/** What a step is run with, in place of what GitHub would give it. */
export interface StepRunOptions {
  /** Values for every variable of the step's `env`. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Files below the runner's temporary folder. @default {} */
  readonly files?: Readonly<Record<string, string>>;
  /** Programs to run instead, as shell scripts. @default {} */
  readonly programs?: Readonly<Record<string, string>>;
}

/** What a step did. */
export interface StepRun {
  readonly status: number | null;
  readonly output: string;
  /** What it set for later steps, line by line. */
  readonly outputs: readonly string[];
  /** What it added to the run's summary. */
  readonly summary: string;
  /** How it called the programs, in order. */
  readonly calls: readonly string[];
  /** The last text that it sent to GitHub from a file. */
  readonly sent: string | undefined;
}

/** The command line is written down, and what `--field body=@…` names is kept. */
const RECORD = `printf '%s\\n' "$(basename "$0") $*" >> "$CALLS"
for each in "$@"; do
  case "$each" in body=@*) cp "\${each#body=@}" "$SENT" ;; esac
done
`;

/** Runs the script of a workflow's step with bash, as GitHub does. @throws Error when there is no such step */
export function runStep(file: string, job: string, name: string, options: StepRunOptions = {}): StepRun {
  const { env = {}, files = {}, programs = {} } = options;
  const step = workflow(file).jobs[job]?.steps?.find((each) => each.name === name);
  if (step?.run === undefined) throw new Error(`${file} ${job} has no step ${name} with a script`);
  const given = Object.entries(step.env ?? {}).map(([key, value]) => {
    const replaced = value.includes('${{') ? env[key] : value;
    if (replaced === undefined) throw new Error(`a value for ${key} is missing`);
    return [key, replaced] as const;
  });

  const folder = mkdtempSync(join(tmpdir(), 'step-'));
  const at = (path: string) => join(folder, path);
  const read = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : '');
  try {
    for (const [program, script] of Object.entries(programs)) {
      write(at(`bin/${program}`), `#!/bin/sh\n${RECORD}${script}\n`);
      chmodSync(at(`bin/${program}`), 0o755);
    }
    for (const [path, text] of Object.entries(files)) write(at(path), text);
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run],
      {
        encoding: 'utf8',
        env: {
          PATH: [at('bin'), process.env.PATH].join(delimiter),
          ...Object.fromEntries(given),
          GITHUB_REPOSITORY: 'o/r',
          RUNNER_TEMP: folder,
          GITHUB_OUTPUT: at('output'),
          GITHUB_STEP_SUMMARY: at('summary.md'),
          CALLS: at('calls'),
          SENT: at('sent'),
        },
      },
    );
    return {
      status,
      output: stdout + stderr,
      outputs: linesOf(read('output')),
      summary: read('summary.md'),
      calls: linesOf(read('calls').replaceAll(folder, '')),
      sent: existsSync(at('sent')) ? read('sent') : undefined,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
