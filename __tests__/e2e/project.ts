import { execa } from 'execa';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Ended {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project with a sandbox of its own: what a test leaves there never meets the user's. */
export class Project {
  static async copy(): Promise<Project> {
    const folder = mkdtempSync(join(tmpdir(), 'platform-'));
    const { stdout } = await execa('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
    for (const file of stdout.split('\n')) {
      // A file that was deleted and not yet committed is still listed. With its time, a source is known to be unchanged.
      if (existsSync(file)) cpSync(resolve(file), join(folder, file), { preserveTimestamps: true });
    }
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    return new Project(folder);
  }

  private constructor(readonly folder: string) {}

  /** Runs an npm script to its end. */
  async npm(script: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> {
    return this.run('npm', ['run', '--silent', script, '--', ...args], env);
  }

  /** Runs a program in the project's folder to its end. */
  async run(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    const { exitCode, stdout, stderr } = await execa(program, args, {
      cwd: this.folder,
      env: { NO_COLOR: '1', ...env },
      reject: false,
      stdin: 'ignore',
    });
    return { status: exitCode, stdout, stderr };
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
