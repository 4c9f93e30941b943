import * as manifest from '../../package.json';

const PROGRAM = 'node src/cli/run.mjs';

/** The npm scripts of this repository, by the words of their commands. An installed package has none. */
const SCRIPTS = Object.entries<string>('scripts' in manifest ? manifest.scripts : {})
  .flatMap(([name, script]) => {
    // A script may call it within a shell function.
    const [, words] = /\bnode src\/cli\/run\.mjs ([a-z -]*[a-z])/.exec(script) ?? [];
    return words === undefined ? [] : [{ name, words }];
  })
  .sort((a, b) => b.words.length - a.words.length);

/**
 * A command as a user calls it: `npx platform` where the package is installed, and the npm scripts in this repository. There npx would
 * run a package of another author.
 *
 * @param words those after the program's name: `sandbox up --empty`
 */
export function calledAs(words: string): string {
  const script = SCRIPTS.find((each) => words === each.words || words.startsWith(`${each.words} `));
  if (!script) return `${SCRIPTS.length > 0 ? PROGRAM : 'npx platform'} ${words}`.trim();
  const rest = words.slice(script.words.length + 1);
  const quiet = rest.includes('--json') ? '--silent ' : '';
  return `npm run ${quiet}${script.name}${rest === '' ? '' : ` -- ${rest}`}`;
}
