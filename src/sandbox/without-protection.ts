import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Terraform merges files of this name into the others, argument by argument. */
const OVERRIDE = 'override.tf.json';

/** Addresses of what may be destroyed. */
export interface Destroyable {
  readonly guarded: readonly string[];
  /** Those of which AWS keeps a protection of its own. @default [] */
  readonly inAws?: readonly string[];
  /** Those whose successors come last now. @default [] */
  readonly createdFirst?: readonly string[];
}

/**
 * Does something while Terraform may destroy what is protected in the folder. The bytes that AWS would get stay as they are:
 * a file beside them takes the protection away, and is gone afterward.
 */
export async function unprotected<T>(
  folder: string,
  { guarded, inAws = [], createdFirst = [] }: Destroyable,
  work: () => Promise<T>,
): Promise<T> {
  protectAgain(folder);
  const all = new Set([...guarded, ...inAws, ...createdFirst]);
  if (all.size === 0) return work();
  const resource: Record<string, Record<string, unknown>> = {};
  for (const address of all) {
    const [type = '', name = ''] = address.split('.');
    (resource[type] ??= {})[name] = {
      lifecycle: {
        ...((guarded.includes(address) || inAws.includes(address)) && { prevent_destroy: false }),
        ...(createdFirst.includes(address) && { create_before_destroy: false }),
      },
      ...(inAws.includes(address) && { deletion_protection: false }),
    };
  }
  writeFileSync(join(folder, OVERRIDE), JSON.stringify({ resource }, null, 2));
  try {
    return await work();
  } finally {
    protectAgain(folder);
  }
}

/** Also takes away what a run that was ended by force has left. */
function protectAgain(folder: string): void {
  rmSync(join(folder, OVERRIDE), { force: true });
}
