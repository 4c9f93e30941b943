import { ScaffoldError } from './project-files';

/** Words that no constant can have for a name, and the names that a test has from Jest. */
const RESERVED =
  /^(arguments|eval|describe|expect|it|jest|test|undefined|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/**
 * `mail-server` as the names of code.
 *
 * @param taken names that the code around has already
 */
export function namesOf(
  name: string,
  taken: ReadonlySet<string> = new Set(),
): { readonly camel: string; readonly pascal: string } {
  const pascal = name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return { camel: RESERVED.test(camel) || taken.has(camel) ? `${camel}Workload` : camel, pascal };
}

/**
 * Refuses what is no name.
 *
 * @param what `workload`
 * @param longest number of characters
 * @throws ScaffoldError
 */
export function checkName(what: string, name: string, longest: number): void {
  if (name.length <= longest && !(name in {}) && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return;
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^[-0-9]+|-$/g, '');
  throw new ScaffoldError(
    `${what} ${JSON.stringify(name)}: not a valid name${near === '' || near === name ? '' : `; try "${near}"`}. ` +
      `A name has up to ${longest} of a-z, 0-9 and single "-", begins with a letter, does not end with "-", and is not "constructor"`,
  );
}

/**
 * Refuses the name of a stack that the platform has: a namespace has a stack of its own name.
 *
 * @throws ScaffoldError
 */
export function checkFree(what: string, name: string, stacks: readonly string[]): void {
  if (!stacks.includes(name)) return;
  throw new ScaffoldError(`${what} ${name}: the platform uses this name for a stack. Choose another name`);
}
