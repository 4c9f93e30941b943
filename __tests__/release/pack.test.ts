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
import { dirname, join, resolve } from 'node:path';
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

describe.each(PACKAGES)('the package %s', (name) => {
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

  it('does not mention the repository or a private package', async () => {
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

  it('has pages whose links lead to its own files, or to the web', async () => {
    const packed = new Set(await files(tarball));
    const lost = [...packed]
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => {
        const text = readFileSync(published.path('dist', name, path), 'utf8');
        return [...text.matchAll(/\]\((?!#|[a-z]+:)([^)#\s]+)/g)]
          .map(([, to = '']) => `${path}: ${to}`)
          .filter((link) => !packed.has(join(dirname(path), link.slice(path.length + 2))));
      });
    expect(lost).toEqual([]);
    expect(packed).toContain('README.md');
  });

  it('has no finding of publint', async () => {
    const { stdout } = await execa(resolve('node_modules/.bin/publint'), ['--strict', tarball]);
    expect(stdout).toContain('All good!');
  });
});

it('a page that a message cites is in the package', async () => {
  const packed = await files(await published.tarball('kubernetes-on-aws'));
  const cited = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap(
      (path) =>
        readFileSync(join('src', path), 'utf8').match(/(?<=docsPage\('|[ (]docs\/)[a-z/-]+\.md/g) ?? [],
    );
  expect(cited).toContain('guides/ebs-policy.md');
  expect(packed).toEqual(expect.arrayContaining(cited.map((page) => `docs/${page}`)));
});

it('every door has its types in every mode of Node.js and TypeScript that reads exports', async () => {
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

it('every door can be loaded where ES modules cannot, as in Jest', async () => {
  for (const door of ['', '/aws', '/kubernetes', '/terraform', '/testing']) {
    const load = `require('kubernetes-on-aws${door}')`;
    const args = ['--no-experimental-require-module', '--eval', load];
    const { stderr } = await execa(process.execPath, args, { cwd: project, reject: false });
    expect(stderr).toBe('');
  }
});

it('a platform synthesizes with the installed program to the same bytes as in the repository', async () => {
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

it('a command of the sandbox prints how to install the sandbox if it is missing', async () => {
  const { status, stderr } = await published.platform(project, 'sandbox', 'status');
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(
      /^@kubernetes-on-aws\/eks-sandbox: not installed\. .*npm install --save-dev --save-exact @kubernetes-on-aws\/eks-sandbox@\d/,
    ) as string,
  });
});

it('a command outside a platform reports it, and writes nothing', async () => {
  const folder = published.path('elsewhere');
  mkdirSync(folder);
  const { status, stderr } = await published.platform(folder, 'synth');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `${join(folder, 'main.ts')}: no such file. Run the command in the folder of a platform; npx kubernetes-on-aws init creates one`,
  });
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

it('two copies of a package that both sides use are an error while both exist', async () => {
  const name = 'constructs';
  const second = join(project, 'node_modules/kubernetes-on-aws/node_modules', name);
  const message = `${name}: two copies are installed: ${resolve('node_modules', name)} (`;
  expect((await published.platform(project, 'platforms')).status).toBe(0);
  cpSync(resolve('node_modules', name), second, { recursive: true });
  const { status, stderr } = await published.platform(project, 'platforms', '--json');
  const test =
    "require('kubernetes-on-aws/testing').synthesizeWorkload({ name: 'one', uses: {}, options: {}, build: () => ({}) }, {})";
  const library = await execa(process.execPath, ['--eval', test], { cwd: project, reject: false });
  rmSync(second, { recursive: true });
  expect(status).toBe(1);
  for (const text of [stderr, library.stderr]) {
    expect(text).toContain(message);
    expect(text).toContain(` and ${second} (`);
  }
  expect(stderr).not.toContain('    at ');
  expect((await published.platform(project, 'platforms')).status).toBe(0);
});

describe('the commands init and new', () => {
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

  it('write what a platform needs, and name each file', () => {
    expect(created).toEqual(
      expect.arrayContaining(['.gitignore', 'main.ts', 'stacks/.gitkeep', 'workloads/hello/hello.test.ts']),
    );
    expect(Object.keys(texts()).sort()).toEqual(created.map((path) => join(own, path)).sort());
  });

  it('refuse a folder that is not empty, and leave it as it is', async () => {
    const before = texts();
    const { status, stderr } = await run('init');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^.*shop: not empty: it has .*Name a folder that is empty/),
    ]);
    expect(texts()).toEqual(before);
  });

  it.each([
    [['init', 'My_Shop'], '"My_Shop": not a valid name; try "my-shop". A name has up to 32'],
    [['init', ''], 'init "": got no folder. Name one'],
    [['init', 'other', '--example', 'wep'], '--example: unknown example "wep"; did you mean "web"?'],
    [['new', 'workload', 'Blog'], 'workload "Blog": not a valid name'],
    [['new', 'workload', 'quota'], 'workload quota: every namespace has an object of this name'],
    [['new', 'workload', 'hello'], 'workloads/hello/hello.test.ts: exists already'],
    [['new', 'workload', 'index'], 'workload index: the list of workloads has this name'],
    [['new', 'workload', 'constructor'], 'workload "constructor": not a valid name'],
    [['new', 'namespace', 'constructor'], 'namespace "constructor": not a valid name'],
    [
      ['new', 'namespace', 'logging'],
      'namespaces.logging: collectors of logs and plug-ins for devices run in',
    ],
    [['init', 'package.json'], 'package.json: is a file. Name a folder that is empty or does not exist'],
    [
      ['new', 'workload', 'blog', '--namespace', 'dve'],
      'platform.yaml: unknown namespace "dve"; known: dev, qa',
    ],
    [['new', 'namespace', 'dev'], 'namespaces: has the key dev already'],
    [['new', 'namespace', 'network'], 'namespaces.network'],
    [['new', 'node-group', 'node-4', '--zone', 'x'], 'nodes.node-4.zone: got "x"; expected the letter'],
    [['new', 'stack', 'cluster'], 'stack cluster: the platform uses this name for a stack'],
    [['new', 'stack', 'dev'], 'stack dev: the platform uses this name for a stack'],
    [
      ['new', 'stack', 'dns', '--after', 'netwrok'],
      '--after: unknown stack "netwrok"; did you mean "network"? known: network, cluster',
    ],
    [
      ['new', 'namespace', 'demo', '--nodes', 'node-1,node-9'],
      'unknown node "node-9"; did you mean "node-3"?',
    ],
  ])('refuse %j, and write nothing', async (args, message) => {
    const before = texts();
    const { status, stderr } = await run(...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(texts()).toEqual(before);
  });

  it('write formatted files, with names of any length, which synthesize in their place', async () => {
    const long = 'a-name-of-the-greatest-length-of-x';
    for (const args of [
      ['workload', long.slice(0, 32), '--example', 'worker'],
      ['workload', 'delete', '--example', 'cron'],
      // Names that the written code has already.
      ['workload', 'z'],
      ['workload', 'image-tag'],
      ['workload', 'synthesize-workload'],
      ['workload', 'expect'],
      ['namespace', 'demo', '--nodes', 'node-1,node-2'],
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
    expect(yaml).toContain('  demo: { nodes: [node-1, node-2], workloads: {} }\n');
  }, 240_000);

  it('accept a folder with files of a file manager as empty', async () => {
    mkdirSync(published.path('desktop'));
    writeFileSync(published.path('desktop', '.DS_Store'), '');
    const { status, stderr } = await published.platform(published.folder, 'init', 'desktop');
    expect([status, stderr]).toEqual([0, '']);
  });

  it('keep the form of a file that Prettier has not formatted', async () => {
    const file = join(own, 'platform.yaml');
    const before = readFileSync(file, 'utf8');
    const indented = before.replaceAll(/^ +/gm, (spaces) => spaces + spaces);
    writeFileSync(file, indented);
    const { status, stderr } = await run('new', 'namespace', 'team');
    const after = readFileSync(file, 'utf8');
    writeFileSync(file, before);
    expect([status, stderr]).toEqual([0, '']);
    expect(after.split('\n').filter((line) => !indented.split('\n').includes(line))).toEqual([
      '    team: { nodes: [node-1, node-2, node-3, node-4], workloads: {} }',
    ]);
  });

  it.each([
    [
      'at the top of its file',
      '',
      'missing.call();\n',
      /^workloads\/hello\/index\.ts:1:1: ReferenceError: missing/,
    ],
    [
      'in build()',
      'build(scope',
      'build: (scope: never) => missing.call(scope), unused(scope',
      /^workloads\/hello\/index\.ts:\d+: dev\/hello, qa\/hello, stage\/hello, prod\/hello: build\(\) of the workload failed with ReferenceError: missing is not defined \(workloads\/hello\/index\.ts:\d+:\d+\)/,
    ],
  ])('report a workload that fails %s with its file and line', async (_, from, to, message) => {
    const file = join(own, 'workloads/hello/index.ts');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(from, to));
    const { status, stderr } = await run('synth');
    writeFileSync(file, before);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).not.toContain('    at ');
  });

  it('add a stack that packs an asset as an archive', async () => {
    const file = join(own, 'stacks/assets-stack.ts');
    const main = readFileSync(join(own, 'main.ts'), 'utf8');
    expect((await run('new', 'stack', 'assets')).status).toBe(0);
    const stack = readFileSync(file, 'utf8')
      .replace(
        "import type { App } from 'cdktf';",
        "import { AssetType, TerraformAsset, type App } from 'cdktf';",
      )
      .replace(
        '    new SnsTopic',
        "    new TerraformAsset(this, 'code', { path: 'workloads', type: AssetType.ARCHIVE });\n    new SnsTopic",
      );
    writeFileSync(file, stack);
    const { status, stderr } = await run('synth', '--quiet');
    writeFileSync(join(own, 'main.ts'), main);
    expect([status, stderr.replace(/^warning: .*/, '')]).toEqual([0, '']);
    const folder = join(own, 'cdktf.out/stacks/assets/assets');
    const archive = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('.zip'),
    );
    const { stdout } = await execa('python3', ['-m', 'zipfile', '--list', join(folder, archive ?? '')]);
    expect(stdout).toContain('hello/index.ts');
  });
});
