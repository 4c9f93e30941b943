import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolderLock } from '@kubernetes-on-aws/eks-facts/processes/folder-lock';

/**
 * Installs the packages of a folder with a lock file of its own, where they are not installed already.
 *
 * @returns the folder `node_modules`
 */
export async function installLockedPackages(folder: string): Promise<string> {
  const modules = join(folder, 'node_modules');
  await withFolderLock(modules, () => {
    if (isInstalled(folder, modules)) return Promise.resolve();
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    const { status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm ci in ${folder}: status ${String(status)}\n${stderr}`);
    return Promise.resolve();
  });
  return modules;
}

/** npm records what it has installed in a lock file below `node_modules`. */
function isInstalled(folder: string, modules: string): boolean {
  const [wanted, found] = [join(folder, 'package-lock.json'), join(modules, '.package-lock.json')].map(
    (file) => (existsSync(file) ? lockedVersions(file) : undefined),
  );
  return found !== undefined && found === wanted;
}

function lockedVersions(file: string): string {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  return JSON.stringify(
    Object.entries(packages).flatMap(([name, { integrity }]) => (name ? [name, integrity] : [])),
  );
}
