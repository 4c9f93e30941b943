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

/** The texts of an example by its files. */
function textsOf(example: string): ReadonlyMap<string, string> {
  const folder = packageFile('examples', example);
  if (![...EXAMPLES, 'stack'].includes(example) || !existsSync(folder)) {
    throw new ScaffoldError(`--example: ${unknownName('example', example, EXAMPLES)}`);
  }
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/**
 * The names of code for an example under another name. A name that the example imports or declares is taken.
 *
 * @throws ScaffoldError when there is no such example
 */
export function exampleNames(example: string, name: string): ReturnType<typeof namesOf> {
  const code = [...textsOf(example).values()].join('\n');
  const imported = [...code.matchAll(/^import (?:type )?\{([^}]*)\}/gm)].flatMap(
    ([, list = '']) => list.match(/\w+/g) ?? [],
  );
  const declared = [...code.matchAll(/\b(?:const|let|function|class) (\w+)/g)].map(([, each = '']) => each);
  return namesOf(name, new Set([...imported, ...declared]));
}

/**
 * The files of an example under another name, by their paths in its folder.
 *
 * @param example its folder in `examples/`
 * @throws ScaffoldError when there is no such example
 */
export function exampleFiles(example: string, name: string): ReadonlyMap<string, string> {
  const { camel, pascal } = exampleNames(example, name);
  const renamed = (text: string): string =>
    text
      .replaceAll('exampleWorkload', camel)
      .replaceAll('ExampleStack', `${pascal}Stack`)
      .replaceAll(/\bexample\b/g, name);
  return new Map([...textsOf(example)].map(([file, text]) => [renamed(file), renamed(text)]));
}
