import { execa } from 'execa';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Ended } from '../e2e/project';

export const PACKAGES = ['kubernetes-on-aws', 'eks-sandbox'] as const;

/** The packages as they are published, and a folder to use them in. */
export class Published {
  static async pack(): Promise<Published> {
    const folder = mkdtempSync(join(tmpdir(), 'published-'));
    await execa(process.execPath, [resolve('release/pack.mjs'), join(folder, 'dist')]);
    return new Published(folder);
  }

  private constructor(readonly folder: string) {}

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Packs one. @returns the file */
  async tarball(name: (typeof PACKAGES)[number]): Promise<string> {
    const args = ['pack', this.path('dist', name), '--pack-destination', this.folder, '--silent'];
    const { stdout } = await execa('npm', args);
    return this.path(stdout.trim());
  }

  /** A project that has the program and what this repository has, without the sandbox. */
  project(): string {
    const folder = this.path('project');
    const modules = join(folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const entry of readdirSync('node_modules')) {
      if (!['.cache', '@kubernetes-on-aws'].includes(entry))
        symlinkSync(resolve('node_modules', entry), join(modules, entry));
    }
    cpSync(this.path('dist', 'kubernetes-on-aws'), join(modules, 'kubernetes-on-aws'), { recursive: true });
    for (const file of ['main.ts', 'platform.yaml', 'addresses', 'workloads']) {
      cpSync(file, join(folder, file), { recursive: true });
    }
    return folder;
  }

  /** Runs `platform` in a folder as it is installed there. */
  async platform(folder: string, ...args: string[]): Promise<Ended> {
    const program = this.path('project', 'node_modules/kubernetes-on-aws/src/cli/run.mjs');
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, ...args], {
      cwd: folder,
      // The tarballs of the tests have no WebAssembly, whose build takes minutes. A pipeline requires the validation.
      env: { CI: '' },
      reject: false,
    });
    return { status: exitCode, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
