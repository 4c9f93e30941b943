import { relative } from 'node:path';
import { isForeign } from './sandbox-environment';

/**
 * Shell lines that point a shell at the sandbox: variables of the user's own that lead elsewhere are unset.
 *
 * @param variables those that the shell gets
 */
export function shellEnvironment(directory: string, variables: Readonly<Record<string, string>>): string {
  const foreign = Object.keys(process.env).filter((name) => isForeign(name) && !(name in variables));
  return [
    ...foreign.map((name) => `unset ${name}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replace(/'/g, "'\\''")}'`),
    `# AWS is the sandbox in ${relative(process.cwd(), directory)} now`,
    '',
  ].join('\n');
}
