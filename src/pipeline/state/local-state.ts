import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { localStatePath, selectedPlatform } from '../../facts/selected-platform';
import type { Stack } from '../../manifests/stacks';
import type { State } from '../../terraform/terraform';

type Named = Pick<Stack, 'name' | 'workingDirectory'>;

const pathFromStack = (stack: string): string => localStatePath(stack, selectedPlatform().name);

/** The file that holds a stack's state as long as no bucket is named, in the project's folder. */
export function localStateFile(outdir: string, { name, workingDirectory }: Named): string {
  return resolve(outdir, workingDirectory, pathFromStack(name));
}

/** The state in a file; undefined when there is none. */
export function readLocalState(file: string): State | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  return text.trim() === '' ? undefined : (JSON.parse(text) as State);
}

/** Puts a state that has been moved aside; what was put there earlier stays. @returns the file's new name */
export function putAside(file: string): string {
  let aside = `${file}.moved`;
  for (let i = 2; existsSync(aside); i++) aside = `${file}.moved.${i}`;
  renameSync(file, aside);
  return basename(aside);
}

/**
 * A folder beside the own one of the stack that creates the bucket. It has the same files, but Terraform keeps the state there in the
 * local file and not in the bucket. The stack's own folder stays unchanged for later runs.
 *
 * @param more what Terraform is told besides, by the name of a file
 */
export function withLocalState(
  outdir: string,
  { name, workingDirectory }: Named,
  more: Readonly<Record<string, unknown>> = {},
): Named {
  const folder = join('bootstrap', name);
  const target = join(outdir, folder);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(join(outdir, workingDirectory, 'cdk.tf.json'), join(target, 'cdk.tf.json'));
  const files: Record<string, unknown> = {
    // Terraform takes the backend of an override file in the place of the other one.
    'backend_override.tf.json': { terraform: { backend: { local: { path: pathFromStack(name) } } } },
    ...more,
  };
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(target, file), JSON.stringify(content, null, 2));
  }
  return { name, workingDirectory: folder };
}

/** Removes the folder that `withLocalState` made. */
export function removeLocalFolder(outdir: string, name: string): void {
  rmSync(join(outdir, 'bootstrap', name), { recursive: true, force: true });
}
