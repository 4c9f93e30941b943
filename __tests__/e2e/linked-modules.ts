import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The packages of this project's own workspace, which a copy of the project has copies of. */
const WORKSPACE = '@kubernetes-on-aws';

/** Gives a copy of the project the installed packages of this one, and links its own workspace packages beside them. */
export function linkModules(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, WORKSPACE), { recursive: true });
  for (const entry of readdirSync('node_modules')) {
    if (entry !== WORKSPACE) symlinkSync(resolve('node_modules', entry), join(modules, entry));
  }
  for (const name of readdirSync(join(folder, 'packages'))) {
    symlinkSync(join('..', '..', 'packages', name), join(modules, WORKSPACE, name));
  }
}
