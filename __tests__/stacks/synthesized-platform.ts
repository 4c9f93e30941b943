import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appOf, parsePlatform } from '../own-platform';
import { readStacks } from '../../src/manifests/stacks';

/** Terraform JSON as far as the tests look into it. */
export interface StackDocument {
  readonly '//': unknown;
  readonly terraform: Record<string, Record<string, unknown>>;
  readonly provider: Record<string, Record<string, unknown>[]>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
}

/** The Terraform JSON of every stack of a platform, by the stack's name, in the order in which they are deployed. */
export function synthesized(platformYaml: string): Record<string, StackDocument> {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesized-'));
  try {
    appOf(
      parsePlatform(platformYaml, 'platform.yaml', { today: new Date('2026-11-23') }),
      outdir,
    ).synthesize();
    return Object.fromEntries(
      readStacks(outdir).map(({ name, document }) => [name, document as unknown as StackDocument]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Every Terraform address of a document: resources, then data sources. */
export function addresses({ resource, data = {} }: StackDocument): string[] {
  const list = (kinds: Record<string, Record<string, unknown>>, prefix: string): string[] =>
    Object.entries(kinds).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${prefix}${type}.${name}`),
    );
  return [...list(resource, '').sort(), ...list(data, 'data.').sort()];
}
