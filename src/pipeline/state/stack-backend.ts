import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { npmRun } from '../../facts/selected-platform';
import { isObject } from '../../manifests/field';
import type { Stack } from '../../manifests/stacks';
import { UserError } from '../../facts/user-error';
import { localStateFile, readLocalState } from './local-state';

/** Where a stack's state is. */
export type Backend =
  | { readonly kind: 'local'; /** Absolute path of the state's file. */ readonly file: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly region: string; readonly key: string };

/** Where a stack's state should be is not said in a way that is understood here, or is not there. */
export class BackendError extends UserError {
  readonly code = 'unusable-backend';
  readonly exitStatus = 1;

  /** @param lacksBucket whether the bucket of the states does not exist, so that nothing is kept of any stack */
  constructor(
    message: string,
    readonly lacksBucket = false,
  ) {
    super(message);
  }
}

/**
 * Where a stack's Terraform JSON says that its state is.
 *
 * @param outdir the folder that synthesis wrote
 * @throws BackendError for another backend than the two that synthesis writes
 */
export function backendOf({ name, document, workingDirectory }: Stack, outdir: string): Backend {
  const terraform = document['terraform'];
  const backend = isObject(terraform) && isObject(terraform['backend']) ? terraform['backend'] : {};
  const { local, s3 } = backend;
  if (isObject(local) && typeof local['path'] === 'string') {
    return { kind: 'local', file: resolve(outdir, workingDirectory, local['path']) };
  }
  if (isObject(s3)) {
    const { bucket, region, key } = s3;
    if (typeof bucket === 'string' && typeof region === 'string' && typeof key === 'string') {
      return { kind: 's3', bucket, region, key };
    }
  }
  throw new BackendError(
    `stack ${name}: unknown backend: ${Object.keys(backend).join(', ') || 'none is set'}; ` +
      `allowed: local with a path, s3 with bucket, region and key, as ${npmRun('synth')} writes them`,
  );
}

/**
 * Whether Terraform may forget the backend that a stack's folder was prepared for before.
 *
 * @throws BackendError when a state would be left behind: it names the command that brings it along
 */
export function mayForgetBackend(stack: Stack, outdir: string): boolean {
  const { name, workingDirectory } = stack;
  const here = (path: string): string => relative(process.cwd(), path);
  const to = placeOf(backendOf(stack, outdir));
  const local = localStateFile(outdir, stack);
  if (to !== local && readLocalState(local) !== undefined) {
    throw new BackendError(
      `stack ${name}: its state is in ${here(local)} and belongs into ${to}; ${npmRun('state:bootstrap')} moves it there`,
    );
  }
  const folder = join(outdir, workingDirectory);
  const from = preparedBackend(folder);
  if (from?.type !== 's3') return true;
  const backend = { [from.type]: from.config };
  const was = placeOf(backendOf({ ...stack, document: { terraform: { backend } } }, outdir));
  if (was === to) return true;
  throw new BackendError(
    `stack ${name}: its state was kept in ${was} when Terraform ran here last, and belongs into ${here(to)} now. Set state.bucket ` +
      `back, or move the state of each stack, of this one by\n  terraform -chdir=${here(folder)} init -migrate-state`,
  );
}

function placeOf(backend: Backend): string {
  return backend.kind === 'local' ? backend.file : `s3://${backend.bucket}/${backend.key}`;
}

/** What Terraform has written down of the backend that it prepared a folder for. */
function preparedBackend(folder: string): { readonly type: string; readonly config: object } | undefined {
  const file = join(folder, '.terraform', 'terraform.tfstate');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { backend?: { type: string; config: object } }).backend;
}
