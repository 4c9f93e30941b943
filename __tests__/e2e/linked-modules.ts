import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The packages of this project's own workspace, which a copy of the project has copies of. */
const WORKSPACE = '@kubernetes-on-aws';

/**
 * Gives a copy of the project the installed packages of this one, and links its own workspace packages beside them.
 *
 * @param replaced a `node_modules` whose packages and scopes take the place of those of this project
 */
export function linkModules(folder: string, replaced?: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, WORKSPACE), { recursive: true });
  for (const entry of readdirSync('node_modules')) {
    // With other packages, a bundle of this project is not one of the copy.
    if (entry === WORKSPACE || (entry === '.cache' && replaced !== undefined)) continue;
    const other = replaced === undefined ? undefined : join(replaced, entry);
    const source = other !== undefined && existsSync(other) ? other : resolve('node_modules', entry);
    symlinkSync(source, join(modules, entry));
  }
  for (const name of readdirSync(join(folder, 'packages'))) {
    symlinkSync(join('..', '..', 'packages', name), join(modules, WORKSPACE, name));
  }
}
