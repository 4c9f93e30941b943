import { resolve } from 'node:path';
import { isObject } from '../../manifests/field';
import type { Stack } from '../../manifests/stacks';
import { UserError } from '../../facts/user-error';

/** Where a stack's state is. */
export type Backend =
  | { readonly kind: 'local'; /** Absolute path of the state's file. */ readonly file: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly region: string; readonly key: string };

/** Where a stack's state should be is not said in a way that is understood here, or is not there. */
export class BackendError extends UserError {
  readonly code = 'unusable-backend';
  readonly exitStatus = 1;
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
    `stack ${name}: its backend is none that is known here: ${Object.keys(backend).join(', ') || 'none is stated'}; ` +
      'allowed: local with a path, s3 with bucket, region and key, as npm run synth writes them',
  );
}
