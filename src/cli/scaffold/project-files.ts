import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { UserError } from '../../facts/user-error';
import { replaceFile } from '../replace-file';

/** What is to be created has a bad name, exists, or has no place in the project's files. */
export class ScaffoldError extends UserError {
  readonly code = 'cannot-create';
  readonly exitStatus = 1;
}

/** Paths of what was written. */
export interface WrittenFiles {
  readonly created: readonly string[];
  readonly changed: readonly string[];
}

/** Files of a project that are written together, or none of them. */
export class ProjectFiles {
  private readonly files = new Map<string, { readonly before: string | undefined; text: string }>();

  /** @param folder of the project @default - the working directory */
  constructor(private readonly folder = '.') {}

  /** @throws ScaffoldError when the file exists */
  create(path: string, text: string): void {
    if (this.has(path)) {
      throw new ScaffoldError(`${path}: exists already. Choose another name, or remove it first`);
    }
    this.files.set(path, { before: undefined, text });
  }

  has(path: string): boolean {
    return this.files.has(path) || existsSync(resolve(this.folder, path));
  }

  /** The text of a file as it will be. @throws ScaffoldError when the file does not exist */
  read(path: string): string {
    const known = this.files.get(path);
    if (known) return known.text;
    if (this.has(path)) return readFileSync(resolve(this.folder, path), 'utf8');
    throw new ScaffoldError(`${path}: no such file. Run the command in the folder of a platform`);
  }

  /** @throws ScaffoldError when the file does not exist */
  change(path: string, edit: (text: string) => string): void {
    const text = this.read(path);
    const known = this.files.get(path);
    this.files.set(path, { before: known ? known.before : text, text: edit(text) });
  }

  /**
   * Writes all of them, formatted by the Prettier of the project, if it has one. A file that is not formatted so keeps its form. What
   * fails leaves every file as it was.
   */
  async write(): Promise<WrittenFiles> {
    const texts = new Map<string, string>();
    for (const [path, { before, text }] of this.files) {
      const keepsForm = before !== undefined && (await this.formatted(path, before)) !== before;
      texts.set(path, keepsForm ? text : await this.formatted(path, text));
    }
    try {
      for (const [path, text] of texts) replaceFile(resolve(this.folder, path), text);
    } catch (error) {
      for (const [path, { before }] of this.files) {
        if (before === undefined) rmSync(resolve(this.folder, path), { force: true });
        else replaceFile(resolve(this.folder, path), before);
      }
      throw error;
    }
    const files = [...this.files];
    return {
      created: files.flatMap(([path, { before }]) => (before === undefined ? path : [])),
      changed: files.flatMap(([path, { before }]) => (before === undefined ? [] : path)),
    };
  }

  private async formatted(path: string, text: string): Promise<string> {
    const prettier = prettierOf(resolve(this.folder));
    if (!prettier || !/\.(ts|yaml)$/.test(path)) return text;
    const file = resolve(this.folder, path);
    return prettier.format(text, { ...(await prettier.resolveConfig(file)), filepath: file });
  }
}

interface Prettier {
  format(text: string, options: object): Promise<string>;
  resolveConfig(file: string): Promise<object | null>;
}

/** Prettier as a project has it installed. */
function prettierOf(folder: string): Prettier | undefined {
  try {
    return createRequire(resolve(folder, 'main.ts'))('prettier') as Prettier;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
