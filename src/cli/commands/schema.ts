import { existsSync, readFileSync } from 'node:fs';
import definition from '../../../main';
import { platformJsonSchema } from '../../config/json-schema';
import { referencePage } from '../../config/reference-page';
import { EXIT } from '../terminal/exit';
import { replaceFile } from '../replace-file';

const SCHEMA = 'platform.schema.json';
const PAGE = 'docs/reference/platform-yaml.md';

/** `schema`: writes the JSON Schema of `platform.yaml` and the tables of its reference page, or checks them. */
export function schema({ check = false }: { readonly check?: boolean }): void {
  const { workloads } = definition;
  const files = new Map([[SCHEMA, `${JSON.stringify(platformJsonSchema(workloads), null, 2)}\n`]]);
  const page = read(PAGE);
  if (page !== undefined) files.set(PAGE, referencePage(page, workloads));
  const differing = [...files].filter(([file, content]) => read(file) !== content);
  if (check) {
    if (differing.length === 0) return;
    const names = differing.map(([file]) => file).join(' and ');
    process.stderr.write(`${names}: out of date; run npm run schema, and commit what it writes\n`);
    process.exitCode = EXIT.wrong;
    return;
  }
  for (const [file, content] of differing) replaceFile(file, content);
  for (const file of files.keys()) {
    const written = differing.some(([name]) => name === file);
    process.stdout.write(`${file}: ${written ? 'written' : 'unchanged'}\n`);
  }
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
