import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { satisfiesConstraint } from '../../../src/terraform/terraform-constraint';
import { findProviderSource, type ProviderSearch } from '../../../src/terraform/terraform-providers';

const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'providers-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A mirror with hashicorp/aws 5.100.0 unpacked and hashicorp/random 3.7.2 packed. */
function mirrorIn(...path: string[]): string {
  const mirror = join(folder, ...path);
  const providers = join(mirror, 'registry.terraform.io', 'hashicorp');
  mkdirSync(join(providers, 'aws', '5.100.0', PLATFORM), { recursive: true });
  mkdirSync(join(providers, 'random'), { recursive: true });
  writeFileSync(join(providers, 'random', `terraform-provider-random_3.7.2_${PLATFORM}.zip`), '');
  return mirror;
}

function search(options: ProviderSearch = {}) {
  return findProviderSource({
    environment: {},
    home: join(folder, 'home'),
    softwareRoots: [join(folder, 'software')],
    registryAnswers: () => Promise.resolve(false),
    ...options,
  });
}

describe('the source of providers', () => {
  it('is the registry if it answers, with one download cache for all stacks', async () => {
    mirrorIn('software', 'terraform-plugins');
    const source = await search({ registryAnswers: () => Promise.resolve(true) });
    expect(source.kind).toBe('registry');
    expect(source.available('hashicorp/kubernetes', '2.38.0')).toBe(true);
    expect(source.environment(folder)).toEqual({
      TF_PLUGIN_CACHE_DIR: expect.stringMatching(/kubernetes-on-aws.*terraform-providers$/) as unknown,
      TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: 'true',
    });
  });

  it.each([
    ['a variable', { TF_PLUGIN_CACHE_DIR: 'theirs' }, ''],
    ['their configuration', {}, 'plugin_cache_dir = "theirs"\n'],
  ])('respects a cache that the user sets by %s', async (_, environment, configuration) => {
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'home', '.terraformrc'), configuration);
    const source = await search({ environment, registryAnswers: () => Promise.resolve(true) });
    expect(source.environment(folder)).not.toHaveProperty('TF_PLUGIN_CACHE_DIR');
  });

  it("is the user's own installation method before all others", async () => {
    const mirror = mirrorIn('theirs');
    const file = join(folder, 'terraform.rc');
    writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
    const source = await search({
      environment: { TF_CLI_CONFIG_FILE: file },
      registryAnswers: () => Promise.reject(new Error('not to be asked')),
    });
    expect(source.kind).toBe('own configuration');
    expect(source.available('hashicorp/aws', '5.100.0')).toBe(true);
    expect(source.available('hashicorp/kubernetes', '2.38.0')).toBe(false);
    expect(source.environment(folder)).toEqual({ TF_CLI_CONFIG_FILE: file });
  });

  it('is never what a sandbox has written before, which its shell has', async () => {
    const mirror = mirrorIn('software', 'terraform-plugins');
    const { TF_CLI_CONFIG_FILE = '' } = (await search()).environment(folder);
    const source = await search({ environment: { TF_CLI_CONFIG_FILE } });
    expect(source.kind).toBe('mirror');
    expect(source.description).toContain(mirror);
    expect(source.available('hashicorp/kubernetes', '2.38.0')).toBe(false);
  });

  it('leaves to init what the user can get from a network', async () => {
    mkdirSync(join(folder, 'home'));
    writeFileSync(join(folder, 'home', '.terraformrc'), 'provider_installation {\n  direct {}\n}\n');
    expect((await search()).available('hashicorp/kubernetes', '2.38.0')).toBe(true);
  });

  it.each([
    ['a file that is not there', 'gone.rc', undefined],
    ['a file without installation methods', 'there.rc', 'disable_checkpoint = true\n'],
    ['a file with a commented one', 'there.rc', '# provider_installation {\n'],
  ])('is searched further if the configuration is %s', async (_, name, text) => {
    mirrorIn('software', 'terraform-plugins');
    const file = join(folder, name);
    if (text !== undefined) writeFileSync(file, text);
    expect((await search({ environment: { TF_CLI_CONFIG_FILE: file } })).kind).toBe('mirror');
  });

  it('is a mirror anywhere among installed software, found without configuration', async () => {
    const mirror = mirrorIn('software', 'some-name');
    mkdirSync(join(folder, 'software', 'other'));
    const source = await search();
    expect(source.kind).toBe('mirror');
    expect(source.description).toContain(mirror);
  });

  it.each([
    ['named', ['named']],
    ["Terraform's own, of the user", ['home', '.terraform.d', 'plugins']],
    ["Terraform's own, of the system", ['share', 'terraform', 'plugins']],
    ['a child of the home folder', ['home', '.providers']],
  ])('is a mirror that is %s', async (_, path) => {
    const mirror = mirrorIn(...path);
    const source = await search({
      environment: {
        TF_PROVIDER_MIRROR: [join(folder, 'empty'), join(folder, 'named')].join(delimiter),
        XDG_DATA_DIRS: join(folder, 'share'),
      },
    });
    expect(source.description).toContain(mirror);
  });

  it('lists the content of a mirror: unpacked, packed, in this version, for this machine', async () => {
    const mirror = mirrorIn('software', 'terraform-plugins');
    const other = join(mirror, 'registry.terraform.io', 'hashicorp', 'null', '3.2.4', 'plan9_arm');
    mkdirSync(other, { recursive: true });
    const source = await search();
    expect(source.available('hashicorp/aws')).toBe(true);
    expect(source.available('hashicorp/aws', '5.100.0')).toBe(true);
    expect(source.available('registry.terraform.io/hashicorp/aws', '~> 5.90')).toBe(true);
    expect(source.available('hashicorp/aws', '5.99.0')).toBe(false);
    expect(source.available('hashicorp/random', '3.7.2')).toBe(true);
    expect(source.available('hashicorp/random', '3.7.1')).toBe(false);
    expect(source.available('hashicorp/null', '3.2.4')).toBe(false);
    expect(source.available('hashicorp/kubernetes')).toBe(false);
  });

  it('points Terraform at every mirror that was found, and away from the registry', async () => {
    const mirrors = [mirrorIn('software', 'one'), mirrorIn('software', 'two')];
    const { TF_CLI_CONFIG_FILE: file = '' } = (await search()).environment(join(folder, 'sandbox'));
    const text = readFileSync(file, 'utf8');
    for (const mirror of mirrors) expect(text).toContain(`path    = "${mirror}"`);
    expect(text).toMatch(/direct \{\s+exclude = \["registry\.terraform\.io\/\*\/\*"\]/);
  });

  it('names a mirror once if several paths lead to it', async () => {
    const mirror = mirrorIn('software', 'one');
    const { description } = await search({ environment: { TF_PROVIDER_MIRROR: mirror } });
    expect(description.split(mirror)).toHaveLength(2);
  });

  it('follows a link to a mirror, and skips a broken one', async () => {
    mirrorIn('elsewhere');
    mkdirSync(join(folder, 'software'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'software', 'broken'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'software', 'linked'));
    expect((await search()).description).toContain(join('software', 'linked'));
  });

  it('is empty, with a remedy, if nothing was found', async () => {
    const source = await search();
    expect(source.kind).toBe('none');
    expect(source.available('hashicorp/aws')).toBe(false);
    expect(source.description).toContain('TF_PROVIDER_MIRROR');
    expect(source.environment(folder)).toEqual({});
  });
});

describe('the registry behind a proxy', () => {
  let proxy: Server;
  let asked: string[];

  function proxyThatAnswers(status: string): Promise<string> {
    asked = [];
    proxy = createServer().on('connect', ({ url, headers }, socket) => {
      asked.push(`${String(url)} ${String(headers['proxy-authorization'])}`);
      socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
    });
    return new Promise((listening) => {
      proxy.listen(0, '127.0.0.1', () => {
        listening(`http://me:p%40ss@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      });
    });
  }

  afterEach(() => {
    proxy.close();
  });

  it.each([
    ['200 Connection established', 'registry'],
    ['403 Forbidden', 'none'],
  ])('gets requests through it: %s means %s', async (status, kind) => {
    const address = await proxyThatAnswers(status);
    const { kind: found } = await findProviderSource({
      environment: { HTTPS_PROXY: address },
      home: folder,
      softwareRoots: [],
    });
    expect(found).toBe(kind);
    expect(asked).toEqual([`registry.terraform.io:443 Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  });
});

describe('a version constraint in the notation of Terraform', () => {
  it.each([
    ['5.100.0', '5.100.0', true],
    ['5.100.0', '= 5.100.0', true],
    ['5.100.1', '5.100.0', false],
    ['2.38.0', '2.38', true],
    ['2.38.1', '2.38', false],
    ['2.38.1', '~> 2.38.0', true],
    ['2.39.0', '~> 2.38.0', false],
    ['2.39.0', '~> 2.38', true],
    ['3.0.0', '~> 2.38', false],
    ['2.5.0', '>= 2.0, < 3.0, != 2.5.0', false],
    ['2.6.0', '>= 2.0, < 3.0, != 2.5.0', true],
    ['3.0.0', '>= 2.0, < 3', false],
  ])('is checked: %s meets %s is %s', (version, constraint, meets) => {
    expect(satisfiesConstraint(version, constraint)).toBe(meets);
  });
});
