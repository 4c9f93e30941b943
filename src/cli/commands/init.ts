import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { addWorkload } from '../scaffold/add-workload';
import { packageFile } from '../scaffold/example';
import { checkName } from '../scaffold/names';
import { keysOf } from '../scaffold/platform-keys';
import { ProjectFiles, ScaffoldError, type WrittenFiles } from '../scaffold/project-files';

export interface InitOptions {
  readonly example: string;
  readonly name?: string;
  readonly json?: boolean;
}

/** Which files stand for the project and its name in the template. */
const PLACEHOLDER = { name: 'platform-name', project: 'project-id', workload: 'hello' };

/** What version control and file managers put into a folder that is empty otherwise. */
const NO_CONTENT = new Set(['.git', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** `init`: writes a platform of one's own into an empty folder. */
export async function init(folder: string, { example, name, ...options }: InitOptions): Promise<void> {
  const template = packageFile('template');
  if (!existsSync(template)) {
    throw new ScaffoldError(
      `${template}: no such folder. The published package has it: npm run pack writes it`,
    );
  }
  if (folder === '')
    throw new ScaffoldError('init "": got no folder. Name one, or leave it out for the working directory');
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    throw new ScaffoldError(`${resolve(folder)}: is a file. Name a folder that is empty or does not exist`);
  }
  const found = existsSync(folder) ? readdirSync(folder).filter((entry) => !NO_CONTENT.has(entry)) : [];
  if (found.length > 0) {
    throw new ScaffoldError(
      `${resolve(folder)}: not empty: it has ${found.slice(0, 3).join(', ')}${found.length > 3 ? ' …' : ''}. ` +
        'Name a folder that is empty or does not exist: npx kubernetes-on-aws init <folder>',
    );
  }
  const platform = name ?? basename(resolve(folder));
  checkName(
    name === undefined ? 'folder (the platform gets its name; --name sets another)' : 'platform',
    platform,
    32,
  );
  const files = new ProjectFiles(folder);
  for (const path of readdirSync(template, { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const file = join(path.parentPath, path.name);
    const text = readFileSync(file, 'utf8')
      .replaceAll(PLACEHOLDER.name, platform)
      .replaceAll(PLACEHOLDER.project, randomUUID());
    // npm leaves a file of the name .gitignore out of a package.
    files.create(relative(template, file).replace(/^gitignore$/, '.gitignore'), text);
  }
  addWorkload(files, 'platform.yaml', {
    name: PLACEHOLDER.workload,
    example,
    namespaces: keysOf(files.read('platform.yaml'), 'namespaces'),
  });
  const there = relative(process.cwd(), resolve(folder));
  printWritten(await files.write(), options, [
    ...(there === '' ? [] : [`cd ${there}`]),
    'npm install',
    'npm run synth',
    'npm run schema',
    'npm run addresses -- --write',
    'npm test',
    'npm run sandbox',
  ]);
}

/** Prints which files were written, and what to run next. */
export function printWritten(
  written: WrittenFiles,
  { json }: { readonly json?: boolean },
  next: readonly string[],
): void {
  const lines = [
    ...written.created.map((path) => `created  ${path}`),
    ...written.changed.map((path) => `changed  ${path}`),
    `\nNext:\n${next.map((command) => `  ${command}`).join('\n')}`,
  ];
  process.stdout.write(`${json ? JSON.stringify(written) : lines.join('\n')}\n`);
}
