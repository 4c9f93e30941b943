import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { linkModules } from './linked-modules';
import type { Ended } from './project';

const AUTHOR = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];

/** A bare repository that developers push to and whose jobs clone it, as on a server. */
export class Repository {
  private readonly folder = mkdtempSync(join(tmpdir(), 'repository-'));
  private readonly origin = join(this.folder, 'origin.git');
  private clones = 0;

  /** @param from a folder whose files are the first commit of `main` */
  static async create(from: string): Promise<Repository> {
    const repository = new Repository();
    await git(repository.folder, 'init', '--quiet', '--bare', '--initial-branch=main', repository.origin);
    await git(from, 'init', '--quiet', '--initial-branch=main');
    appendFileSync(join(from, '.git', 'info', 'exclude'), 'node_modules\n');
    await git(from, 'add', '--all');
    await git(from, 'commit', '--quiet', '--message=The platform');
    await git(from, 'push', '--quiet', repository.origin, 'main');
    return repository;
  }

  /** A fresh clone, as a job checks it out. */
  async checkout(branch = 'main'): Promise<Checkout> {
    const folder = join(this.folder, `clone-${++this.clones}`);
    await git(this.folder, 'clone', '--quiet', '--branch', branch, this.origin, folder);
    appendFileSync(join(folder, '.git', 'info', 'exclude'), 'node_modules\n');
    linkModules(folder);
    return new Checkout(folder);
  }

  /** Changes a file on a branch, and pushes it. */
  async change(branch: string, edit: (text: string) => string, path = 'platform.yaml'): Promise<void> {
    const { folder } = await this.checkout();
    await git(folder, 'checkout', '--quiet', '-B', branch);
    const file = join(folder, path);
    const text = readFileSync(file, 'utf8');
    const edited = edit(text);
    if (edited === text) throw new Error(`the edit leaves ${path} as it is`);
    writeFileSync(file, edited);
    await git(folder, 'commit', '--quiet', '--all', `--message=${branch}`);
    await git(folder, 'push', '--quiet', '--force', 'origin', branch);
  }

  /** Merges a branch, as the button of a pull request does. */
  async merge(branch: string): Promise<void> {
    const { folder } = await this.checkout();
    await git(folder, 'merge', '--quiet', '--no-edit', `origin/${branch}`);
    await git(folder, 'push', '--quiet', 'origin', 'main');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a job leaves for the next one. */
export interface JobEnd extends Ended {
  /** What the step gave to `GITHUB_OUTPUT`. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The work tree of a job. */
export class Checkout {
  private readonly temporary = mkdtempSync(join(tmpdir(), 'runner-'));

  constructor(readonly folder: string) {}

  /**
   * Runs the script of a workflow's step, as the runner does.
   *
   * @param insert names of stacks to plan. @default - as the script says: all
   */
  async step(
    workflow: string,
    name: string,
    env: Readonly<Record<string, string>>,
    insert: readonly string[] = [],
  ): Promise<JobEnd> {
    const script = scriptOf(join(this.folder, '.github', 'workflows', workflow), name);
    const chosen = script.replace(/(npm run (?:--silent )?(?:plan|drift) -- )/g, `$1${insert.join(' ')} `);
    const output = join(this.temporary, 'output');
    rmSync(output, { force: true });
    const { exitCode, stdout, stderr } = await execa('bash', ['-eo', 'pipefail', '-c', chosen], {
      cwd: this.folder,
      env: {
        NO_COLOR: '1',
        CI: 'true',
        RUNNER_TEMP: this.temporary,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(this.temporary, 'summary'),
        ...env,
      },
      reject: false,
      stdin: 'ignore',
    });
    const lines = existsSync(output) ? readFileSync(output, 'utf8').split('\n') : [];
    const outputs = lines.flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    });
    return { status: exitCode, stdout, stderr, outputs: Object.fromEntries(outputs) };
  }

  /** Runs an npm script. */
  async npm(script: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    const { exitCode, stdout, stderr } = await execa('npm', ['run', '--silent', script, '--', ...args], {
      cwd: this.folder,
      env: { NO_COLOR: '1', CI: undefined, ...env },
      reject: false,
      stdin: 'ignore',
    });
    return { status: exitCode, stdout, stderr };
  }

  /** A file that a step has left in the runner's own folder. */
  read(file: string): string {
    return readFileSync(join(this.temporary, file), 'utf8');
  }

  readJson(file: string): unknown {
    return JSON.parse(this.read(file));
  }

  /** Takes over what another job has uploaded: the plans with what they were made of, and no provider. */
  download(from: Checkout): void {
    cpSync(join(from.folder, 'cdktf.out'), join(this.folder, 'cdktf.out'), {
      recursive: true,
      filter: (source) => !/\/(\.terraform|logs)$/.test(source),
    });
  }
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps?: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
}

function scriptOf(file: string, name: string): string {
  const { jobs } = parse(readFileSync(file, 'utf8')) as Workflow;
  const step = Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .find((other) => other.name === name);
  if (step?.run === undefined) throw new Error(`${file} has no step ${name} with a script`);
  return step.run;
}

async function git(folder: string, ...args: readonly string[]): Promise<void> {
  await execa('git', [...AUTHOR, ...args], { cwd: folder });
}
