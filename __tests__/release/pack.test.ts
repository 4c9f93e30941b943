import { execa } from 'execa';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import definition from '../../main';
import { succeeded } from '../e2e/project';
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
    expect(
      packed.filter((path) => /__tests__|\.snap$|node_modules|^(?!examples\/).*\.test\./.test(path)),
    ).toEqual([]);
    expect(
      packed.filter((path) => /(?<!\.d)\.ts$/.test(path) && !/^(examples|template)\//.test(path)),
    ).toEqual([]);
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

it('every door can be loaded where ES modules cannot, as by Jest', async () => {
  for (const door of ['', '/aws', '/kubernetes', '/terraform', '/testing']) {
    const load = `require('kubernetes-on-aws${door}')`;
    const args = ['--no-experimental-require-module', '--eval', load];
    const { stderr } = await execa(process.execPath, args, { cwd: project, reject: false });
    expect(stderr).toBe('');
  }
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

describe('init and new', () => {
  let own: string;
  let created: readonly string[];
  const run = (...args: string[]) => published.platform(own, ...args);
  /** Every file but what is installed. */
  const texts = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(own, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
        .map(({ parentPath, name }) => [
          join(parentPath, name),
          readFileSync(join(parentPath, name), 'utf8'),
        ]),
    );

  beforeAll(async () => {
    own = published.path('shop');
    const stdout = succeeded(await published.platform(published.folder, 'init', 'shop', '--json'));
    ({ created } = JSON.parse(stdout) as { readonly created: readonly string[] });
    symlinkSync(join(project, 'node_modules'), join(own, 'node_modules'));
  });

  it('init writes what a platform needs, and names each file', () => {
    expect(created).toEqual(
      expect.arrayContaining(['.gitignore', 'main.ts', 'stacks/.gitkeep', 'workloads/hello/hello.test.ts']),
    );
    expect(Object.keys(texts()).sort()).toEqual(created.map((path) => join(own, path)).sort());
  });

  it('a folder that is not empty is refused, and stays as it is', async () => {
    const before = texts();
    const { status, stderr } = await run('init');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^.*shop: not empty: it has .*Name a folder that is empty/),
    ]);
    expect(texts()).toEqual(before);
  });

  it.each([
    [['init', 'Bad_Name'], '"bad_name": not a valid name. A name has up to 32'],
    [['init', 'other', '--example', 'wep'], '--example: unknown example "wep"; did you mean "web"?'],
    [['new', 'workload', 'Blog'], 'workload "Blog": not a valid name'],
    [['new', 'workload', 'quota'], 'workload quota: every namespace has an object of this name'],
    [['new', 'workload', 'hello'], 'workloads/hello/hello.test.ts: exists already'],
    [['new', 'workload', 'index'], 'workload index: the list of workloads has this name'],
    [['new', 'workload', 'constructor'], 'workload "constructor": not a valid name'],
    [['new', 'namespace', 'constructor'], 'namespace "constructor": not a valid name'],
    [['new', 'namespace', 'logging'], 'namespaces.logging: the collectors of logs and metrics run in'],
    [['init', 'package.json'], 'package.json: is a file. Name a folder that is empty or does not exist'],
    [
      ['new', 'workload', 'blog', '--namespace', 'dve'],
      'platform.yaml: unknown namespace "dve"; known: dev, qa',
    ],
    [['new', 'namespace', 'dev'], 'namespaces: has the key dev already'],
    [['new', 'namespace', 'network'], 'namespaces.network'],
    [['new', 'node-group', 'node-4', '--zone', 'x'], 'nodes.node-4.zone: got "x"; expected the letter'],
    [['new', 'stack', 'cluster'], 'stack cluster: every platform has a stack of this name'],
  ])('%j is refused, and nothing is written', async (args, message) => {
    const before = texts();
    const { status, stderr } = await run(...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(texts()).toEqual(before);
  });

  it('what they write is formatted, with names of any length, and synthesizes in its place', async () => {
    const long = 'a-name-of-the-greatest-length-of-x';
    for (const args of [
      ['workload', long.slice(0, 32), '--example', 'worker'],
      ['workload', 'delete', '--example', 'cron'],
      // Names that the written code has already.
      ['workload', 'z'],
      ['workload', 'image-tag'],
      ['workload', 'synthesize-workload'],
      ['workload', 'expect'],
      ['namespace', 'demo', '--nodes', 'node-1'],
      ['node-group', 'node-4'],
      ['stack', long, '--after', 'demo'],
    ]) {
      const { status, stderr } = await run('new', ...args);
      expect([status, stderr]).toEqual([0, '']);
    }
    const { stdout } = await execa(resolve('node_modules/.bin/prettier'), ['--list-different', '.'], {
      cwd: own,
      reject: false,
    });
    expect(stdout).toBe('');
    const synthesized = await run('synth', '--json');
    expect((JSON.parse(synthesized.stdout) as { readonly stacks: readonly string[] }).stacks).toEqual([
      ...['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod', 'demo', long],
    ]);
    const yaml = readFileSync(join(own, 'platform.yaml'), 'utf8');
    expect(yaml).toContain('nodes: # Node 1 … Node N');
    expect(yaml).toContain('  node-4: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 }\n');
    expect(yaml).toContain('  demo: { nodes: [node-1], workloads: {} }\n');
  });
});
