import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

interface Ended {
  readonly status: number | undefined;
  readonly stderr: string;
  /** The test files that Jest would run. */
  readonly files: readonly string[];
}

/** What `npm run test:<project> -- ARGS` would run. */
async function listed(project: string, ...args: string[]): Promise<Ended> {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const [program = '', ...words] = (scripts[`test:${project}`] ?? '').split(' ');
  const command = [...words, ...args, '--listTests'];
  const { exitCode, stdout, stderr } = await execa(program, command, { reject: false });
  const files = stdout.split('\n').filter((line) => line.endsWith('.test.ts'));
  return { status: exitCode, stderr, files: files.map((file) => relative(process.cwd(), file)).sort() };
}

describe('the command npm run test:unit -- …', () => {
  it('runs the named file, with options before or after it', async () => {
    const file = '__tests__/stacks/access.test.ts';
    for (const args of [[file], [file, '--updateSnapshot'], ['--ci', file]]) {
      expect((await listed('unit', ...args)).files).toEqual([file]);
    }
  });

  it('runs the files that match a pattern, of its own project only', async () => {
    const { files } = await listed('unit', 'upgrade');
    expect(files).toContain('__tests__/stacks/upgrade.test.ts');
    expect(files.filter((file) => !file.includes('upgrade') || file.includes('/long/'))).toEqual([]);
  });
});

describe('the commands npm run test:long and test:outside', () => {
  it('run the named parts, or all', async () => {
    expect((await listed('long', 'upgrade')).files).toEqual(['__tests__/long/upgrade.test.ts']);
    expect((await listed('outside', 'kinds', 'deploy')).files).toEqual([
      '__tests__/outside/deploy.test.ts',
      '__tests__/outside/kinds.test.ts',
    ]);
    expect((await listed('long')).files).toEqual([
      '__tests__/long/applications.test.ts',
      '__tests__/long/capacity.test.ts',
      '__tests__/long/changed-options.test.ts',
      '__tests__/long/control-plane-upgrade.test.ts',
      '__tests__/long/iam.test.ts',
      '__tests__/long/mutants.test.ts',
      '__tests__/long/pairs.test.ts',
      '__tests__/long/reachability.test.ts',
      '__tests__/long/rehearsals.test.ts',
      '__tests__/long/upgrade.test.ts',
      '__tests__/long/validation.test.ts',
    ]);
  });

  it('refuse an unknown part, and list the known ones', async () => {
    const { status, stderr, files } = await listed('long', 'upgrad');
    expect([status, files]).toEqual([1, []]);
    expect(stderr).toBe(
      'unknown part "upgrad" of test:long; known: applications, capacity, changed-options, control-plane-upgrade, iam, mutants, pairs, reachability, rehearsals, upgrade, validation',
    );
  });
});
