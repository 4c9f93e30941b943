import { execa } from 'execa';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import definition from '../../main';
import { PACKAGES, Published } from './published';

jest.setTimeout(120_000);

let published: Published;
let project: string;

beforeAll(async () => {
  published = await Published.pack();
  project = published.project();
});

afterAll(() => {
  published.remove();
});

/** Paths of the files in a tarball. */
async function files(tarball: string): Promise<string[]> {
  const { stdout } = await execa('tar', ['--list', '--file', tarball]);
  return stdout.split('\n').map((path) => path.replace(/^package\//, ''));
}

describe.each(PACKAGES)('%s', (name) => {
  let tarball: string;
  beforeAll(async () => {
    tarball = await published.tarball(name);
  });

  it('has compiled JavaScript, and neither sources nor tests', async () => {
    const packed = await files(tarball);
    expect(packed).toContain('README.md');
    expect(packed.filter((path) => /__tests__|\.test\.|\.snap$|node_modules/.test(path))).toEqual([]);
    expect(packed.filter((path) => /\.ts$/.test(path) && !/\.d\.ts$/.test(path))).toEqual([]);
  });

  it('says nothing of the repository, and names no private package', async () => {
    const { stdout } = await execa('tar', [
      '--extract',
      '--to-stdout',
      '--file',
      tarball,
      'package/package.json',
    ]);
    const manifest = JSON.parse(stdout) as { readonly dependencies: Readonly<Record<string, string>> };
    for (const key of ['private', 'workspaces', 'scripts', 'devDependencies'])
      expect(manifest).not.toHaveProperty(key);
    expect(
      Object.entries(manifest.dependencies).filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range)),
    ).toEqual([]);
    const text = (await execa('tar', ['--extract', '--to-stdout', '--file', tarball])).stdout;
    expect(/(from |require\()["']@kubernetes-on-aws\/eks-facts/.exec(text)?.[0]).toBeUndefined();
  });

  it('has no finding of publint', async () => {
    const { stdout } = await execa(resolve('node_modules/.bin/publint'), ['--strict', tarball]);
    expect(stdout).toContain('All good!');
  });
});

it('every door has its types in every mode of Node.js and TypeScript that knows exports', async () => {
  const tarball = await published.tarball('kubernetes-on-aws');
  const { stdout, exitCode } = await execa(
    resolve('node_modules/.bin/attw'),
    ['--profile', 'node16', '--format', 'json', tarball],
    { reject: false },
  );
  const { analysis } = JSON.parse(stdout) as {
    readonly analysis: { readonly entrypoints: Readonly<Record<string, unknown>> };
  };
  expect([exitCode, Object.keys(analysis.entrypoints)]).toEqual([
    0,
    ['.', './aws', './kubernetes', './terraform', './testing', './package.json'],
  ]);
});

it('a platform synthesizes with the installed program to the bytes that it has here', async () => {
  const { status, stderr } = await published.platform(project, 'synth', '--json');
  expect([status, stderr.replace(/^.*warning.*$/gim, '').trim()]).toEqual([0, '']);
  const outdir = published.path('expected');
  const { stacks } = definition.synthesize({ outdir });
  for (const stack of stacks) {
    const file = join('stacks', stack, 'cdk.tf.json');
    expect(readFileSync(join(project, 'cdktf.out', file), 'utf8')).toBe(
      readFileSync(join(outdir, file), 'utf8'),
    );
  }
});

it('a command of the sandbox says how to install the sandbox where it is not', async () => {
  const { status, stderr } = await published.platform(project, 'sandbox', 'status');
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(
      /^@kubernetes-on-aws\/eks-sandbox: not installed\. .*npm install --save-dev --save-exact @kubernetes-on-aws\/eks-sandbox@\d/,
    ) as string,
  });
});

it('outside of a platform it says so, and leaves nothing behind', async () => {
  const folder = published.path('elsewhere');
  mkdirSync(folder);
  const { status, stderr } = await published.platform(folder, 'synth');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `${join(folder, 'main.ts')}: no such file. Run the command in the folder of a platform; npx kubernetes-on-aws init creates one`,
  });
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

it('two copies of a package that both sides use are an error that names both', async () => {
  const second = join(project, 'node_modules/kubernetes-on-aws/node_modules/constructs');
  cpSync(resolve('node_modules/constructs/package.json'), join(second, 'package.json'));
  // What is installed changes with the lock file.
  writeFileSync(join(project, 'package-lock.json'), '{}');
  const { status, stderr } = await published.platform(project, 'synth', '--json');
  rmSync(second, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).toContain(`constructs: two copies are installed: ${resolve('node_modules/constructs')} (`);
  expect(stderr).toContain(` and ${second} (`);
  expect(stderr).not.toContain('    at ');
});
