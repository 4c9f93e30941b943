import { join } from 'node:path';
import ts from 'typescript';
import type { Page } from './page';

const ROOT = join(__dirname, '../..');

/**
 * The type errors of the examples of some pages, under the project's own options: `docs/page.md:12:3 message`. All are checked
 * as one program.
 */
export function typeErrors(pages: readonly Page[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // Nothing is to be written, nor is there anything to go on from.
  options.incremental = false;
  const modules = new Map(pages.map((page) => [join(ROOT, `${page.path}.ts`), page]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (file) => modules.has(file) || fileExists(file);
  host.readFile = (file) => modules.get(file)?.module ?? readFile(file);
  host.getSourceFile = (file, target, ...rest) => {
    const page = modules.get(file);
    return page ? ts.createSourceFile(file, page.module, target) : getSourceFile(file, target, ...rest);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([file, page]) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const { line, character } = source?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
        const message = ts.flattenDiagnosticMessageText(messageText, ' ');
        return `${page.path}:${line + 1}:${character + 1} ${message}`;
      },
    );
  });
}
