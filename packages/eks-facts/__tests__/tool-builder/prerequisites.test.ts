import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkPrerequisites,
  findPython,
  PrerequisiteError,
  prerequisites,
  type NeededPrerequisites,
} from '../../tool-builder/prerequisites';

/** What each program prints when it is new enough; every one is a script that looks at its arguments no further. */
const PROGRAMS = {
  npm: '10.8.2',
  terraform: '{ "terraform_version": "1.11.4" }',
  kubectl: '{ "clientVersion": { "gitVersion": "v1.32.4-dispatcher" } }',
  aws: 'aws-cli/2.17.3 Python/3.11.8 Linux/6.1 exe/x86_64',
  go: 'go1.26.3\nauto',
  python3: 'Python 3.12.1',
};

type Program = keyof typeof PROGRAMS;

const ALL: NeededPrerequisites = { go: '1.26.0', python: true };
const path = process.env.PATH;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prerequisites-'));
});

afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** A machine with these programs only: the usual ones, but for what is changed (`undefined`: is not there). */
function machine(changes: Partial<Record<Program, string | undefined>> = {}): void {
  for (const [name, output] of Object.entries({ ...PROGRAMS, ...changes })) {
    if (output !== undefined) script(name, `echo '${output}'`);
  }
  process.env.PATH = folder;
}

const missingPrerequisites = async (needed: NeededPrerequisites) =>
  (await prerequisites(needed)).filter(({ suits }) => !suits);
const named = async (needed = ALL) => (await missingPrerequisites(needed)).map(({ name }) => name);

describe('the prerequisites of the sandbox', () => {
  it('are found', async () => {
    machine();
    expect(await missingPrerequisites(ALL)).toEqual([]);
    await expect(checkPrerequisites(ALL)).resolves.toBeUndefined();
  });

  it('are reported in one error if they are missing: their purpose, and where to get them', async () => {
    process.env.PATH = folder;
    const failure = checkPrerequisites(ALL);
    await expect(failure).rejects.toThrow(PrerequisiteError);
    const { message } = (await failure.catch((error: unknown) => error)) as Error;
    for (const name of ['terraform', 'kubectl', 'aws', 'Go', 'Python']) {
      expect(message).toMatch(new RegExp(`^  ${name} .+ \\(not found\\): .+\\n      https://`, 'm'));
    }
    expect(message).not.toContain('Node.js');
  });

  it.each([
    ['brew', 'brew install awscli', 'brew install go'],
    ['apt-get', 'sudo apt-get install pipx && pipx install awscli', 'https://go.dev/doc/install'],
    ['dnf', 'sudo dnf install awscli2', 'sudo dnf install golang'],
  ])(
    'are reported with the command of %s, or the page if its version is too old',
    async (manager, aws, go) => {
      machine({ aws: undefined, go: undefined });
      script(manager, 'exit 1');
      expect((await missingPrerequisites(ALL)).map(({ remedy }) => remedy)).toEqual([aws, go]);
    },
  );

  it('are reported with the command that downloads them, if a release can be downloaded', async () => {
    machine({ kubectl: undefined, aws: undefined });
    await expect(checkPrerequisites(ALL, 'npm run doctor')).rejects.toThrow(
      /kubectl .*\n {6}npm run doctor, or https:.*\n {2}aws .*\n {6}https:/,
    );
  });

  it('are reported with the version that was found if it is too old', async () => {
    machine({ terraform: '{ "terraform_version": "1.9.8" }', kubectl: '{ "gitVersion": "v1.30.2" }' });
    const missing = await missingPrerequisites(ALL);
    expect(missing.map(({ name, found }) => [name, found])).toEqual([
      ['terraform', '1.9.8'],
      ['kubectl', 'v1.30.2'],
    ]);
    expect(new PrerequisiteError(missing).message).toContain(
      'terraform 1.11 or later (found 1.9.8): deploys',
    );
  });

  it('exclude what is already built', async () => {
    machine({ go: undefined, python3: undefined });
    expect(await named({})).toEqual([]);
    expect(await named({ go: '1.26.0' })).toEqual(['Go']);
    expect(await named({ python: true })).toEqual(['Python']);
  });

  it('are found despite warnings around the answer', async () => {
    machine();
    script(
      'terraform',
      `echo 'Warning: Unable to open CLI configuration file {'; echo '${PROGRAMS.terraform}'`,
    );
    script('aws', `echo 'a warning 9.9.9' >&2; echo '${PROGRAMS.aws}' >&2`);
    expect(await named()).toEqual([]);
  });

  it.each([
    ['1.28.9', false],
    ['1.29.0', true],
    ['1.45.11', true],
    ['2.12.7', false],
    ['2.13.0', true],
  ])('accept version %s of the AWS CLI, which respects AWS_ENDPOINT_URL: %s', async (version, suits) => {
    machine({ aws: `aws-cli/${version} Python/3.11.8` });
    expect(await named()).toEqual(suits ? [] : ['aws']);
  });

  it.each([
    ['go1.26.0\nlocal', true],
    ['go1.27rc1\nlocal', true],
    ['go1.25.3\nlocal', false],
    // These get themselves the version that is asked for.
    ['go1.25.3\nauto', true],
    ['go1.21.0\nauto', true],
    ['go1.20.14\nauto', false],
  ])('accept Go that answers %j: %s', async (output, suits) => {
    machine({ go: output });
    expect(await named()).toEqual(suits ? [] : ['Go']);
  });

  it('exclude a Python that cannot create virtual environments', async () => {
    machine();
    script('python3', `test "$1" = --version || exit 1; echo 'Python 3.12.1'`);
    expect(await missingPrerequisites(ALL)).toEqual([
      expect.objectContaining({ name: 'Python', found: '3.12.1 without venv' }),
    ]);
    expect(await findPython()).toBeUndefined();
  });

  it('include a newer Python beside one that is too old', async () => {
    machine({ python3: 'Python 3.9.18' });
    expect(await named()).toEqual(['Python']);
    script('python3.12', `echo 'Python 3.12.1'`);
    expect(await named()).toEqual([]);
    expect(await findPython()).toBe('python3.12');
  });

  it('exclude, by name, a program that cannot print its version', async () => {
    machine({ terraform: 'what?' });
    script('kubectl', 'exit 1');
    expect(await missingPrerequisites(ALL)).toEqual([
      expect.objectContaining({ name: 'terraform', found: 'what?' }),
      expect.objectContaining({ name: 'kubectl', found: 'one that fails' }),
    ]);
  });
});
