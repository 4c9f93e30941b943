import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A block of code of a page. */
export interface Block {
  readonly language: string;
  /** Number of the line with the opening fence, from 1. */
  readonly line: number;
  /** The heading that it stands below. */
  readonly heading: string;
  readonly code: string;
}

/** A page of the documentation: Markdown with blocks of code and tables. */
export class Page {
  readonly blocks: readonly Block[];

  /**
   * @param path below the project's folder, such as `docs/reference/kubernetes.md`; relative imports of its examples begin there
   * @param text Markdown
   */
  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    const lines = text.split('\n');
    const fences = lines.flatMap((line, index) => (line.startsWith('```') ? [index] : []));
    this.blocks = fences.flatMap((open, index) => {
      const close = fences[index + 1];
      if (index % 2 === 1) return [];
      if (close === undefined) throw new Error(`${path}:${open + 1}: a block of code is not closed`);
      return [
        {
          language: (lines[open] ?? '').slice(3).split(' ')[0] ?? '',
          line: open + 1,
          heading: lines.slice(0, open).findLast((line) => /^#+ /.test(line)) ?? '',
          code: lines.slice(open + 1, close).join('\n'),
        },
      ];
    });
  }

  get folder(): string {
    return dirname(join(ROOT, this.path));
  }

  /** The blocks that are TypeScript and do something; those that only import stand for all of the page. */
  get examples(): readonly Block[] {
    return this.blocks.filter((block) => isExample(block) && !isImports(block));
  }

  /**
   * The examples as one module, each a function `example<line>` that gets the stack, in the namespace `shop`. Every line has the
   * number that it has in the page.
   */
  get module(): string {
    const lines = this.text.split('\n').map(() => '');
    for (const block of this.blocks.filter(isExample)) {
      const code = block.code.split('\n');
      lines.splice(block.line, code.length, ...code);
      if (isImports(block)) continue;
      lines[block.line - 1] =
        `export function example${block.line}(stack: import('${ROOT}/constructs/terraform/base-stack').BaseStack): void {`;
      lines[block.line + code.length] = '}';
    }
    return lines.join('\n');
  }

  /** The anchors of the headings, as GitHub makes them. */
  get anchors(): ReadonlySet<string> {
    const code = new Set(
      this.blocks.flatMap((block) => block.code.split('\n').map((_, index) => block.line + index)),
    );
    const headings = this.text.split('\n').filter((line, index) => /^#+ /.test(line) && !code.has(index));
    return new Set(
      headings.map((line) =>
        line
          .replace(/^#+ /, '')
          .toLowerCase()
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
  }

  /** The cells of the table below a heading, row by row, without its head. */
  cells(heading: string): string[][] {
    return cellsIn(this.rows(heading));
  }

  /** The rows of the table below a heading, without its head and without the blanks that align them. */
  rows(heading: string): string {
    const [, after] = this.text.split(`\n${heading}\n`);
    const lines = (after?.split(/\n#+ /)[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
    if (lines.length < 3) throw new Error(`${this.path} has no table below "${heading}"`);
    return lines
      .slice(2)
      .map((line) => line.replace(/ +\|/g, ' |'))
      .join('\n');
  }
}

/** The cells of each row of a table. */
function cellsIn(rows: string): string[][] {
  return rows.split('\n').map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** Every page of the project that people read. */
export function pages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}/README.md`);
  return ['README.md', ...docs.map((name) => `docs/${name}`), ...packages].map(page);
}

/** A page by its path below the project's folder. */
export function page(path: string): Page {
  return new Page(path, readFileSync(join(ROOT, path), 'utf8'));
}

/** Blocks of TypeScript, without whole files: their first line names the file. */
function isExample({ language, code }: Block): boolean {
  return language === 'ts' && !/^\/\/ \S+\.ts\n/.test(code);
}

function isImports({ code }: Block): boolean {
  return code
    .split(/;\s*/)
    .filter((statement) => statement !== '')
    .every((statement) => statement.startsWith('import '));
}
