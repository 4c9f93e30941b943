import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { type Project, succeeded } from '../e2e/project';
import { page } from './page';

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every scalar of a value with its path. */
function scalars(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
  return isMapping(value)
    ? Object.entries(value).flatMap(([key, inner]) => scalars(inner, [...path, key]))
    : [[path, value]];
}

/**
 * Does in a project what a guide says, in its order: writes its files, adds to platform.yaml, runs its commands.
 *
 * @param without commands that another test runs
 */
export async function follow(project: Project, guide: string, without = /^npm ci$/): Promise<string[]> {
  const ran: string[] = [];
  for (const { language, code } of page(guide).blocks) {
    const [, file] = /^(?:\/\/|#) (\S+)\n/.exec(code) ?? [];
    if (language === 'ts' && file !== undefined) {
      mkdirSync(dirname(project.path(file)), { recursive: true });
      writeFileSync(project.path(file), `${code.slice(code.indexOf('\n') + 1)}\n`);
    } else if (language === 'yaml' && file === 'platform.yaml') {
      const document = parseDocument(readFileSync(project.path(file), 'utf8'));
      for (const [path, value] of scalars(parse(code))) document.setIn(path, value);
      writeFileSync(project.path(file), document.toString({ lineWidth: 0 }));
    } else if (language === 'yaml' && file !== undefined) {
      mkdirSync(dirname(project.path(file)), { recursive: true });
      writeFileSync(project.path(file), code);
    } else if (language === 'sh') {
      for (const line of code.split('\n')) {
        if (without.test(line)) continue;
        succeeded(await project.run('bash', ['-c', line]));
        ran.push(line);
      }
    }
  }
  return ran;
}
