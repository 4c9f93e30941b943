import { ScaffoldError } from './project-files';

/** Words that no constant can have for a name. */
const RESERVED =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/** `mail-server` as the names of code. */
export function namesOf(name: string): { readonly camel: string; readonly pascal: string } {
  const pascal = name.replaceAll(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return { camel: RESERVED.test(camel) ? `${camel}Workload` : camel, pascal };
}

/**
 * Refuses what is no name.
 *
 * @param what `workload`
 * @param longest number of characters
 * @throws ScaffoldError
 */
export function checkName(what: string, name: string, longest: number): void {
  if (name.length <= longest && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return;
  throw new ScaffoldError(
    `${what} ${JSON.stringify(name)}: not a valid name. ` +
      `A name has up to ${longest} of a-z, 0-9 and single "-", begins with a letter, and does not end with "-"`,
  );
}
