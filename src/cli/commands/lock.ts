import { existsSync, readFileSync } from 'node:fs';
import definition from '../../../main';
import { readStacks } from '../../manifests/stacks';
import { lockProviders, SYSTEMS } from '../../terraform/lock-providers';
import { LOCK_FILE, type Requirements } from '../../terraform/provider-lock';
import { findProviderSource } from '../../terraform/terraform-providers';
import { replaceFile } from '../replace-file';
import { printWarning } from '../terminal/print-warning';

interface LockOptions {
  readonly system?: readonly string[];
  readonly json?: boolean;
}

/** `lock`: pins the Terraform providers of all stacks by their checksums. */
export async function lock({ system = SYSTEMS, json = false }: LockOptions): Promise<void> {
  const { outdir } = definition.synthesize({ onWarning: printWarning });
  const stacks = readStacks(outdir).map(({ name, document }) => ({
    name,
    document: document as Requirements,
  }));
  const before = existsSync(LOCK_FILE) ? readFileSync(LOCK_FILE, 'utf8') : undefined;
  const source = await findProviderSource();
  const { text, providers, systems } = await lockProviders(stacks, source, system, before);
  replaceFile(LOCK_FILE, text);
  if (json) {
    process.stdout.write(`${JSON.stringify({ file: LOCK_FILE, providers, systems })}\n`);
    return;
  }
  process.stdout.write(`${LOCK_FILE}: ${providers.join(', ')}, for ${systems.join(', ')}. Commit it.\n`);
  const missing = system.filter((each) => !systems.includes(each));
  if (missing.length > 0) {
    process.stderr.write(`warning: no checksums for ${missing.join(', ')}: ${source.description}\n`);
  }
}
