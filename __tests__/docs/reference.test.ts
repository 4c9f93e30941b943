import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

describe('the reference of the constructs (npm run reference)', () => {
  it('has every door of the package', () => {
    const { exports: doors } = read('package.json') as { exports: Record<string, string> };
    const { typedocOptions } = read('docs/tsconfig.json') as { typedocOptions: { entryPoints: string[] } };
    expect(typedocOptions.entryPoints.map((entry) => `./${join('docs', entry)}`)).toEqual(
      Object.values(doors).filter((file) => file.endsWith('.ts')),
    );
  });

  it('describes every exported name, and all its links resolve', async () => {
    const args = ['run', '--silent', 'reference', '--', '--emit', 'none'];
    const { all, exitCode } = await execa('npm', args, { all: true, reject: false });
    expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
  }, 120_000);
});
