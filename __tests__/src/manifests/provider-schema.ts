import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The attributes of a Terraform block: nested blocks by their own attributes, repeated ones as a list of one. */
export interface SchemaBlock {
  readonly [attribute: string]: string | SchemaBlock | readonly [SchemaBlock];
}

const LIBRARY = join(dirname(require.resolve('@cdktf/provider-kubernetes/package.json')), 'lib');

/** The Terraform types of which the generated provider has a class, by the name of its folder. */
export function generatedFolder(terraformType: string): string | undefined {
  const folder = terraformType.replace(/^kubernetes_/, '').replaceAll('_', '-');
  return existsSync(join(LIBRARY, folder)) ? folder : undefined;
}

/**
 * The attributes that a generated class writes, read from its code: it is the one place that has the provider's schema
 * on every machine.
 */
export function providerSchema(folder: string): SchemaBlock {
  const code = readdirSync(join(LIBRARY, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(LIBRARY, folder, file), 'utf8'))
    .join('\n')
    // Large classes are spread over several files, which call each other through the names of their imports.
    .replace(/\(0, (\w+\.\w+)\)/g, '$1')
    .replace(/\b\w*structs\w*\.(?=\w+ToTerraform)/g, '');
  const writers = new Map<string, string>();
  for (const [body, name] of code.matchAll(/^function (\w+)ToTerraform\(struct\) \{[\s\S]*?\n\}/gm)) {
    if (name !== undefined) writers.set(name, body);
  }
  const block = (body: string): SchemaBlock =>
    Object.fromEntries(
      [...body.matchAll(/^ +(\w+): (.+?),$/gm)].map(([, attribute, writer]) => [
        attribute ?? '',
        written(writer ?? ''),
      ]),
    );
  const written = (writer: string): string | SchemaBlock | [SchemaBlock] => {
    const repeated = /^cdktf\.listMapper\((\w+)ToTerraform, true\)/.exec(writer)?.[1];
    if (repeated !== undefined) return [block(writers.get(repeated) ?? '')];
    const list = /^cdktf\.(list|hash)Mapper\(cdktf\.(\w+)ToTerraform/.exec(writer);
    if (list !== null) return `${list[1] === 'list' ? 'list' : 'map'} of ${list[2] ?? ''}`;
    const plain = /^cdktf\.(\w+)ToTerraform\(/.exec(writer)?.[1];
    if (plain !== undefined) return plain;
    const single = /^(\w+)ToTerraform\(/.exec(writer)?.[1];
    if (single === undefined) throw new Error(`${folder}: cannot read ${writer}`);
    return block(writers.get(single) ?? '');
  };
  return block(/\n {4}synthesizeAttributes\(\) \{([\s\S]*?)\n {4}\}/.exec(code)?.[1] ?? '');
}
