import { unknownName } from '../../facts/near-name';
import { STACK_NAMES } from '../../facts/stack-names';
import { renamedExample } from './example';
import { checkFree, checkName } from './names';
import { type ProjectFiles, ScaffoldError } from './project-files';

const MAIN = 'main.ts';

export interface NewStack {
  readonly name: string;
  /** The stack that is deployed before it. */
  readonly after: string;
  /** The stacks that the platform has. */
  readonly stacks: readonly string[];
}

/** Adds a stack: its class with a test, and its place in `main.ts`. @throws ScaffoldError */
export function addStack(files: ProjectFiles, { name, after, stacks }: NewStack): void {
  checkName('stack', name, 63);
  checkFree('stack', name, [...STACK_NAMES, ...stacks]);
  if (!stacks.includes(after)) throw new ScaffoldError(`--after: ${unknownName('stack', after, stacks)}`);
  const { files: texts, names } = renamedExample('stack', name);
  for (const [file, text] of texts) files.create(`stacks/${file}`, text);
  files.change(MAIN, (text) => withStack(text, name, `${names.pascal}Stack`, after));
}

function withStack(text: string, name: string, type: string, after: string): string {
  const placed = `after('${after}', ${type})`;
  const doors = /import \{([^}]*)\} from 'kubernetes-on-aws';\n/.exec(text);
  const stacks = /(stacks: \[)([^\]]*?)(,?\s*\])/.exec(text);
  const definition = /definePlatform\(\{([^{}]*?),?\s*\}\)/.exec(text);
  if (!doors || !(stacks ?? definition) || text.includes(type)) {
    throw new ScaffoldError(
      `${MAIN}: the place of a new stack cannot be found. Write definePlatform({ workloads, stacks: [${placed}] }) by hand`,
    );
  }
  const [imports, imported = ''] = doors;
  const names = new Set([...imported.split(',').map((each) => each.trim()), 'after']);
  const sorted = [...names].filter((each) => each !== '').sort();
  const [whole = '', opening = '', inside = '', closing = ''] = stacks ?? definition ?? [];
  const listed = inside.trim() === '' ? placed : `${inside}, ${placed}`;
  const call = stacks ? opening + listed + closing : `definePlatform({${opening}, stacks: [${placed}] })`;
  return text
    .replace(whole, () => call)
    .replace(
      imports,
      () =>
        `import { ${sorted.join(', ')} } from 'kubernetes-on-aws';\nimport { ${type} } from './stacks/${name}-stack';\n`,
    );
}
