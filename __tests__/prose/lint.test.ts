import { execa } from 'execa';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const LONG = `The sandbox ${'very '.repeat(24)}slowly.`;

let root: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'prose-'));
  await execa('git', ['init', '--quiet'], { cwd: root });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Lints the folder. */
async function lint(...args: string[]): Promise<{ status: number | undefined; lines: string[] }> {
  const program = join(__dirname, 'lint.mjs');
  const { exitCode, stdout } = await execa(process.execPath, [program, '--root', root, ...args], {
    reject: false,
  });
  return { status: exitCode, lines: stdout.split('\n').filter((line) => line !== '') };
}

it.each([
  ['archaic words', 'Nobody\nreads it.', 1, 'Incorrect term: “Nobody”'],
  ['a phrase over a line break', 'It waits in\nvain.', 1, 'use “without effect” instead'],
  ['British spelling', 'The behaviour of a\nsynthesised stack.', 1, 'use “behavior” instead'],
  ['the passive voice with an agent', 'A stack is applied by Terraform.', 1, 'use “the active voice'],
  [
    'a long sentence, over line breaks',
    LONG.replaceAll(' very very', '\nvery very'),
    1,
    'a sentence of 27 words',
  ],
  ['a long sentence in a table', `| a |\n| - |\n| ${LONG} |`, 3, 'a sentence of 27 words'],
])('%s in a page are a finding with its line', async (_, text, line, message) => {
  write('docs/page.md', `${text}\n`);
  const { status, lines } = await lint();
  expect(status).toBe(1);
  expect(lines[0]).toContain(`docs/page.md:${line}: `);
  expect(lines[0]).toContain(message);
});

it('code, links and short sentences are no findings', async () => {
  write('docs/page.md', `Run \`nobody --anew\`. See [it](whoever.md).\n\n\`\`\`sh\necho nobody\n\`\`\`\n`);
  expect(await lint()).toEqual({ status: 0, lines: ['0 findings in 1 files'] });
});

it('the linter reads doc comments of exported names and sentences in string literals, and no other comments and names', async () => {
  write(
    'src/file.ts',
    `// nobody reads this
/** Nobody sees it. */
export interface Options {
  /** Makes it anew. @default - nobody */
  readonly name: string;
}
/** Nobody imports it. */
const own = ['nobody', \`got "\${name}", which \` + 'nobody has asked for'];
`,
  );
  const { status, lines } = await lint();
  expect(status).toBe(1);
  expect(lines.map((line) => /^src\/file\.ts:\d+: Incorrect term: “\w+”/.exec(line)?.[0])).toEqual([
    'src/file.ts:2: Incorrect term: “Nobody”',
    'src/file.ts:4: Incorrect term: “anew”',
    'src/file.ts:4: Incorrect term: “nobody”',
    'src/file.ts:8: Incorrect term: “nobody”',
    undefined,
  ]);
});

it('a title is a sentence with a subject, together with the titles around it', async () => {
  write(
    'src/own.test.ts',
    `describe('a Queue', () => {
  it('is encrypted', () => undefined);
  it.each([1])('nobody reads %s', () => undefined);
});
(hasTool ? describe : describe.skip)('with a tool (skipped where it is missing)', () => {
  it.each(['x'])('%s works', () => undefined);
});
it("refuses 'UDP'", () => undefined);
const message = 'nobody reads this sentence of a test';
`,
  );
  const { status, lines } = await lint();
  expect(status).toBe(1);
  expect(lines).toEqual([
    'src/own.test.ts:3: Incorrect term: “nobody”, use “no user (say who)” instead',
    'src/own.test.ts:6: a title begins with “with”, and not with its subject: with a tool %s works',
    "src/own.test.ts:8: a title begins with “refuses”, and not with its subject: refuses 'UDP'",
    '3 findings in 1 files',
  ]);
});
