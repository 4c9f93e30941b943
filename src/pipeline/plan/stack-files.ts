import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOfFile } from './digest';
import { PlanRecordError, type StackFiles } from './plan-record';

/** Where Terraform keeps what `init` got; it makes that again from the lock file. */
const DATA_FOLDER = '.terraform';

/** Files that Terraform reads by itself. */
const CONFIGURATION = /\.(?:tf|tf\.json|tfvars|tfvars\.json|tofu|tofu\.json)$/;

/** What synthesis writes of a stack. */
export const DOCUMENT_FILE = 'cdk.tf.json';

/** What synthesis and `plan` write. */
const WRITTEN = [DOCUMENT_FILE, 'imports.tf.json', 'imports_override.tf.json'];

/**
 * The paths of the files in a stack's folder, with all that it carries for its resources.
 *
 * @throws PlanRecordError for a file that Terraform would read and that neither synthesis nor `plan` has written
 */
export function filesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => file.split('/')[0] !== DATA_FOLDER)
    .sort();
  const strange = files.filter(
    (file) => !file.includes('/') && CONFIGURATION.test(file) && !WRITTEN.includes(file),
  );
  if (strange.length > 0) {
    throw new PlanRecordError([
      `${folder} holds ${strange.join(', ')}, which neither synthesis nor plan has written and Terraform would run; remove it`,
    ]);
  }
  return files;
}

/** The files of a stack's folder with their digests. @throws PlanRecordError as `filesIn` does */
export function stackFiles(folder: string): StackFiles {
  return Object.fromEntries(filesIn(folder).map((file) => [file, digestOfFile(join(folder, file))]));
}

/** The files of a folder that are gone or are not as they were when it was planned. */
export function changedFiles(folder: string, files: StackFiles): string[] {
  return Object.entries(files).flatMap(([file, digest]) => {
    try {
      return digestOfFile(join(folder, file)) === digest ? [] : [file];
    } catch {
      return [file];
    }
  });
}

/** Makes a folder with nothing but these files of another one. */
export function copyFiles(from: string, to: string, files: StackFiles): void {
  rmSync(to, { recursive: true, force: true });
  for (const file of Object.keys(files)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}
