import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { page } from './page';

/** Errors that a caller of ours always catches, or that a server answers with: no user sees them. */
const INTERNAL = [
  'AwsQueryError',
  'ControlPlaneError',
  'EksError',
  'Interrupted',
  'KubernetesApiError',
  'Refusal',
  'RequestRefusal',
  'Unavailable',
  'UnreadableValue',
  'UpdateFailure',
];

const SOURCE = ['src', 'packages', 'constructs', 'stacks', 'workloads']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts') && !/\/(node_modules|__tests__)\/|\.test\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

const classes = [
  ...SOURCE.matchAll(/^(?:export )?(?:abstract )?class (\w+) extends (\w*Error)\b.*? \{(\}|\n[\s\S]*?^\})/gm),
].map(([, name = '', base = '', body = '']) => ({ name, base, body }));

const DECLARED = classes
  .filter(({ base }) => base === 'UserError')
  .map(({ name, body }) => [
    `\`${/^ {2}readonly code = '(.*)';$/m.exec(body)?.[1] ?? 'no code'}\``,
    /^ {2}readonly exitStatus = ([12]);$/m.exec(body)?.[1] ?? 'no status',
    `\`${name}\``,
  ]);

const ROWS = page('docs/reference/errors.md')
  .cells('## Codes')
  .map((row) => row.slice(0, 3));

describe('docs/reference/errors.md', () => {
  it('lists the code and the exit status of every error class, and no other', () => {
    const ofClasses = ROWS.filter(([, , name]) => name !== '');
    expect(ofClasses).toEqual([...DECLARED].sort());
  });

  it('lists the codes of the command line itself', () => {
    // Help and an interrupt have no message.
    const withMessage = /code: '([^']+)', message(?!: '')/g;
    const codes = [...readFileSync('src/cli/terminal/exit.ts', 'utf8').matchAll(withMessage)];
    expect(ROWS.filter(([, , name]) => name === '').map(([code]) => code)).toEqual(
      codes.map(([, code = '']) => `\`${code}\``).sort(),
    );
  });

  it('has each code once, in kebab-case', () => {
    const codes = ROWS.map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^`[a-z]+(-[a-z]+)*`$/);
  });
});

it('every other error class is caught inside the program', () => {
  const others = classes.filter(({ base, name }) => base !== 'UserError' && name !== 'UserError');
  expect(others.map(({ name }) => name).sort()).toEqual(INTERNAL);
});
