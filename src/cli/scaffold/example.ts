import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unknownName } from '../../facts/near-name';
import { namesOf } from './names';
import { ScaffoldError } from './project-files';

/** What a new workload can begin as. */
export const EXAMPLES = ['web', 'worker', 'cron'];

/** A file or a folder of this package: all code is bundled into one file in `src/cli`. */
export function packageFile(...parts: string[]): string {
  return join(__dirname, '../..', ...parts);
}

/** An example under another name. */
export interface RenamedExample {
  /** The texts by their paths in its folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly names: ReturnType<typeof namesOf>;
}

/**
 * An example under another name. A name that its code imports or declares is taken.
 *
 * @param example its folder in `examples/`
 * @throws ScaffoldError when there is no such example
 */
export function renamedExample(example: string, name: string): RenamedExample {
  const folder = packageFile('examples', example);
  if (![...EXAMPLES, 'stack'].includes(example) || !existsSync(folder)) {
    throw new ScaffoldError(`--example: ${unknownName('example', example, EXAMPLES)}`);
  }
  const texts = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
  const code = texts.map(([, text]) => text).join('\n');
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(
    ([, list = '']) => list.match(/\w+/g) ?? [],
  );
  const declared = [...code.matchAll(/\b(?:const|let|function|class) (\w+)/g)].map(([, each = '']) => each);
  const names = namesOf(name, new Set([...imported, ...declared]));
  const renamed = (text: string): string =>
    text
      .replaceAll('exampleWorkload', names.camel)
      .replaceAll('ExampleStack', `${names.pascal}Stack`)
      .replaceAll(/\bexample\b/g, name);
  return { names, files: new Map(texts.map(([file, text]) => [renamed(file), renamed(text)])) };
}
