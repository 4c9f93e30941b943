import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../facts/user-error';
import { LOCK_FILE, lockBlocks, type Requirements } from './provider-lock';
import { MACHINE, type ProviderSource } from './terraform-providers';

/** The systems that CI and workstations have, in Terraform's notation. */
export const SYSTEMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];

/** Terraform could not tell the checksums of the providers. */
export class LockError extends UserError {
  readonly code = 'providers-not-locked';
  readonly exitStatus = 2;
}

/** The content of a lock file. */
export interface Lock {
  readonly text: string;
  /** Addresses of the providers. */
  readonly providers: readonly string[];
  /** The systems that it has checksums for. */
  readonly systems: readonly string[];
}

/**
 * The lock file for the providers of all stacks, those that modules require included. Without the registry it has the checksums for this
 * machine's system only.
 *
 * @param before the file as it is; providers that only other platforms of the folder have stay in it
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/lock
 */
export async function lockProviders(
  stacks: readonly { readonly name: string; readonly document: Requirements }[],
  source: ProviderSource,
  systems: readonly string[],
  before = '',
): Promise<Lock> {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  try {
    const requirements = inOne(stacks);
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(requirements));
    const hasRegistry = source.kind === 'registry';
    const commands = hasRegistry
      ? [
          ['get', '-no-color'],
          ['providers', 'lock', '-no-color', ...systems.map((system) => `-platform=${system}`)],
        ]
      : [['init', '-no-color', '-input=false', '-backend=false']];
    for (const args of commands) {
      const { exitCode, all } = await execa('terraform', args, {
        cwd: folder,
        env: source.environment(folder),
        all: true,
        reject: false,
        stdin: 'ignore',
      });
      if (exitCode !== 0) {
        throw new LockError([`terraform ${args.join(' ')} failed, and ${LOCK_FILE} is as it was: ${all}`]);
      }
    }
    const file = join(folder, LOCK_FILE);
    const made = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const blocks = new Map([...lockBlocks(before), ...lockBlocks(made)].sort(([a], [b]) => (a < b ? -1 : 1)));
    const head =
      '# Written by npm run lock. It pins the Terraform providers of all stacks by their checksums.\n';
    return {
      text: [head, ...blocks.values()].join('\n').concat('\n'),
      providers: [...blocks.keys()],
      systems: hasRegistry ? systems : [MACHINE],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What all stacks require, as one stack. */
function inOne(stacks: readonly { readonly name: string; readonly document: Requirements }[]): Requirements {
  const providers = stacks.flatMap(({ document }) =>
    Object.entries(document.terraform?.required_providers ?? {}),
  );
  const modules = stacks.flatMap(({ name, document }) =>
    Object.entries(document.module ?? {}).map(
      ([id, { source, version }]) =>
        [`${name}_${id}`, { source, ...(version !== undefined && { version }) }] as const,
    ),
  );
  return {
    terraform: { required_providers: Object.fromEntries(providers) },
    ...(modules.length > 0 && { module: Object.fromEntries(modules) }),
  };
}
