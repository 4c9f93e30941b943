import { execa, execaSync } from 'execa';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { readRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import { linkModules } from './linked-modules';

export interface Ended {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `sandbox --json` prints, as far as the tests read it. */
export interface Up {
  readonly seconds: number;
  readonly changed: readonly string[];
  readonly outages: readonly { readonly what: string; readonly seconds: number; readonly lasts: boolean }[];
  readonly kubeconfig: string;
  readonly nodes: readonly { name: string; platformNode: string; zone: string; ready: boolean }[];
  readonly pods: readonly { namespace: string; name: string; node: string; ready: boolean }[];
}

/** Fails with what the command said, not only with its status. */
export function succeeded({ status, stdout, stderr }: Ended): string {
  if (status !== 0) throw new Error(`status ${String(status)}\n${stdout}\n${stderr}`);
  return stdout;
}

/** A copy of the project with a sandbox of its own: what a test leaves there never meets the user's. */
export class Project {
  /**
   * @param environment variables of all that is run in it
   * @param replacedModules a `node_modules` whose packages take the place of those of this project
   * @param folder where it is made. @default - a temporary folder
   */
  static async copy(
    environment: Readonly<Record<string, string>> = {},
    replacedModules?: string,
    folder = mkdtempSync(join(tmpdir(), 'platform-')),
  ): Promise<Project> {
    const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
    for (const file of stdout.split('\n')) {
      // A file that was deleted and not yet committed is still listed, and so is a node_modules that is a link. With its time, a
      // source is known to be unchanged.
      if (existsSync(file) && file !== 'node_modules')
        cpSync(resolve(file), join(folder, file), { preserveTimestamps: true });
    }
    linkModules(folder, replacedModules);
    return new Project(folder, environment);
  }

  /** A project that is there. */
  static at(folder: string, environment: Readonly<Record<string, string>>): Project {
    return new Project(folder, environment);
  }

  private constructor(
    readonly folder: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Runs an npm script to its end. */
  async npm(script: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> {
    return this.run('npm', ['run', '--silent', script, '--', ...args], env);
  }

  /** Runs a program in the project's folder to its end, as on a workstation: `CI` of the tests' own run is not set. */
  async run(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    const { exitCode, stdout, stderr } = await execa(program, args, {
      cwd: this.folder,
      env: { NO_COLOR: '1', CI: undefined, ...this.environment, ...env },
      reject: false,
      stdin: 'ignore',
    });
    return { status: exitCode, stdout, stderr };
  }

  /** Deploys to the sandbox, which proves the result; fails with what it said. */
  async up(...args: string[]): Promise<Up> {
    const stdout = succeeded(await this.npm('sandbox', ['--json', ...args]));
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Up;
  }

  /** kubectl in a shell of the sandbox: as the platform's first admin, or with other credentials. */
  kubectl(args: readonly string[], input?: string, credentials: Record<string, string> = {}): Ended {
    const record = readRecord(this.path('.sandbox'));
    if (!record) throw new Error('no sandbox runs');
    const { exitCode, stdout, stderr } = execaSync('kubectl', args, {
      env: {
        ...isolatedEnvironment(record),
        ...credentials,
        KUBECONFIG: this.path('.sandbox', 'kubeconfig'),
      },
      extendEnv: false,
      reject: false,
      ...(input !== undefined && { input }),
    });
    return { status: exitCode, stdout, stderr };
  }

  /** Runs a program in the sandbox's shell to its end. */
  async inShell(...command: string[]): Promise<Ended> {
    return this.npm('sandbox:shell', command, { CHECKPOINT_DISABLE: '1' });
  }

  /** The variables that `npm run sandbox:env` exports. */
  async sandboxEnvironment(): Promise<Record<string, string>> {
    const stdout = succeeded(await this.npm('sandbox:env'));
    return Object.fromEntries(
      [...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
