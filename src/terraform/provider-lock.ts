import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../facts/user-error';

/** Terraform's name for the file of a folder that pins its providers; in the folder of a platform it pins those of all stacks. */
export const LOCK_FILE = '.terraform.lock.hcl';

/** The registry of a source that names none. */
export const REGISTRY = 'registry.terraform.io';

/** A stack needs a provider that the platform's lock file does not pin. */
export class ProviderLockError extends UserError {
  readonly code = 'unlocked-provider';
  readonly exitStatus = 1;
}

/** What of a stack's Terraform JSON says which providers and modules it has. */
export interface Requirements {
  readonly terraform?: {
    readonly required_providers?: Readonly<
      Record<string, { readonly source: string; readonly version: string }>
    >;
  };
  readonly module?: Readonly<Record<string, { readonly source: string; readonly version?: string }>>;
}

/** The versions in a lock file by the address of the provider, `registry.terraform.io/hashicorp/aws`. */
export function lockedVersions(file: string): Map<string, string> {
  const blocks = lockBlocks(readFileSync(file, 'utf8'));
  return new Map(
    [...blocks].map(([provider, block]) => [provider, /^ +version += "([^"]+)"$/m.exec(block)?.[1] ?? '']),
  );
}

/** The blocks of a lock file, each from its address to its brace. */
export const lockBlocks = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^provider "([^"]+)" \{\n[^]*?^\}$/gm)].map(([block, provider = '']) => [
      provider,
      block,
    ]),
  );

/** The providers of a document by their address, with the version that it requires. */
export function requiredVersions({ terraform }: Requirements): Map<string, string> {
  const required = Object.values(terraform?.required_providers ?? {});
  return new Map(required.map(({ source, version }) => [providerAddress(source), version]));
}

/** @throws ProviderLockError when a provider is not locked in the version that is used */
export function requireLocked(lockFile: string, used: ReadonlyMap<string, string>, stack: string): void {
  const locked = lockedVersions(lockFile);
  const wrong = [...used].filter(([provider, version]) => locked.get(provider) !== version);
  if (wrong.length === 0) return;
  throw new ProviderLockError(
    wrong.map(
      ([provider, version]) =>
        `stack ${stack}: ${lockFile} has ${locked.has(provider) ? `version ${locked.get(provider)}` : 'no entry'} for ${provider}, and the stack uses ${version}; run npm run lock, and commit the file`,
    ),
  );
}

/** The lock file of the platform in the working directory, if it has one. */
export const platformLock = (): string | undefined => (existsSync(LOCK_FILE) ? LOCK_FILE : undefined);

/** A source as it is written, `aws` or `hashicorp/aws`, with the registry and the namespace that Terraform adds. */
export function providerAddress(source: string): string {
  const parts = source.split('/');
  return [REGISTRY, 'hashicorp']
    .slice(0, 3 - parts.length)
    .concat(parts)
    .join('/');
}
