import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const GITHUB = resolve(__dirname, '../../.github');

/** A step of a job or of a composite action, as far as it is looked at here. */
export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job: steps, or a call of another workflow. */
export interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The names of the workflows' files. */
export const WORKFLOW_FILES = readdirSync(join(GITHUB, 'workflows')).sort();

/** Reads a workflow by the name of its file. */
export function workflow(file: string): Workflow {
  return parse(readFileSync(join(GITHUB, 'workflows', file), 'utf8')) as Workflow;
}

/** Every job with its place, `main.yml apply`. */
export function jobs(): (readonly [place: string, job: Job])[] {
  return WORKFLOW_FILES.flatMap((file) =>
    Object.entries(workflow(file).jobs).map(([name, job]) => [`${file} ${name}`, job] as const),
  );
}

/** The steps of the composite action that the jobs begin with. */
export function setUpSteps(): readonly Step[] {
  const text = readFileSync(join(GITHUB, 'actions', 'set-up', 'action.yml'), 'utf8');
  return (parse(text) as { readonly runs: { readonly steps: readonly Step[] } }).runs.steps;
}

/** The text of every file that names actions, by its path. */
export function texts(): ReadonlyMap<string, string> {
  const paths = [...WORKFLOW_FILES.map((file) => join('workflows', file)), 'actions/set-up/action.yml'];
  return new Map(paths.map((path) => [path, readFileSync(join(GITHUB, path), 'utf8')]));
}
