import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { lockProviders, SYSTEMS } from '../../../src/terraform/lock-providers';
import { Terraform } from '../../../src/terraform/terraform';
import { findProviderSource, MACHINE, type ProviderSource } from '../../../src/terraform/terraform-providers';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env.CI === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

let folder: string;
let source: ProviderSource;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'provider-lock-'));
  for (const name of ['one', 'two']) provide(name, '1.0.0', 'as published');
  source = await findProviderSource({
    environment: { PATH: process.env['PATH'], TF_PROVIDER_MIRROR: join(folder, 'mirror') },
    home: folder,
    softwareRoots: [],
    registryAnswers: () => Promise.resolve(false),
  });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A provider that init can install; it never runs. */
function provide(name: string, version: string, content: string): void {
  const to = join(folder, 'mirror', 'registry.terraform.io', 'acme', name, version, MACHINE);
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, `terraform-provider-${name}_v${version}`), content, { mode: 0o755 });
}

const requiring = (...names: readonly string[]) => ({
  terraform: {
    required_providers: Object.fromEntries(
      names.map((name) => [name, { source: `acme/${name}`, version: '1.0.0' }]),
    ),
  },
});

const STACKS = [
  { name: 'network', document: requiring('one') },
  { name: 'dev', document: requiring('one', 'two') },
];

async function locked(stacks = STACKS): Promise<string> {
  const file = join(folder, 'committed.hcl');
  writeFileSync(file, (await lockProviders(stacks, source, SYSTEMS)).text);
  return file;
}

/** What comes of init in a folder of its own: nothing, or the message. */
async function init(name: string, document: object, lockFile: string | undefined): Promise<string> {
  const workingDirectory = join(folder, name);
  mkdirSync(workingDirectory, { recursive: true });
  writeFileSync(join(workingDirectory, 'cdk.tf.json'), JSON.stringify(document));
  const terraform = new Terraform({
    stack: name,
    workingDirectory,
    environment: { PATH: process.env['PATH'] ?? '', HOME: folder, ...source.environment(folder) },
    logFile: join(folder, 'terraform.log'),
    lockFile,
  });
  return terraform.init().then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
}

(hasTerraform ? describe : describe.skip)(
  'the lock file of a platform (skipped where terraform is missing)',
  () => {
    it('has the providers of all stacks, with the checksums of this machine if the registry is unreachable', async () => {
      const lock = await lockProviders(STACKS, source, SYSTEMS);
      expect(lock.providers).toEqual(['registry.terraform.io/acme/one', 'registry.terraform.io/acme/two']);
      expect(lock.systems).toEqual([MACHINE]);
      expect(lock.text.match(/"h1:[\w+/]+=*"/g)).toHaveLength(2);
    });

    it('keeps the providers that only another platform of the folder has', async () => {
      const before = readFileSync(await locked([{ name: 'dev', document: requiring('two') }]), 'utf8');
      const { providers } = await lockProviders(
        [{ name: 'network', document: requiring('one') }],
        source,
        SYSTEMS,
        before,
      );
      expect(providers).toEqual(['registry.terraform.io/acme/one', 'registry.terraform.io/acme/two']);
    });

    it('lets Terraform initialize every stack, also one with fewer providers', async () => {
      const file = await locked();
      expect(await init('network', requiring('one'), file)).toBe('');
      expect(await init('dev', requiring('one', 'two'), file)).toBe('');
    });

    it('refuses a provider with other bytes', async () => {
      const file = await locked();
      provide('one', '1.0.0', 'something else');
      expect(await init('network', requiring('one'), file)).toMatch(/doesn't match any of the checksums/);
      expect(await init('unlocked', requiring('one'), undefined)).toBe('');
    });

    it('refuses a provider that it does not have, or has in another version', async () => {
      const file = await locked([{ name: 'network', document: requiring('one') }]);
      writeFileSync(file, readFileSync(file, 'utf8').replace('"1.0.0"', '"0.9.0"'));
      expect(await init('dev', requiring('one', 'two'), file)).toBe(
        [
          `stack dev: ${file} has version 0.9.0 for registry.terraform.io/acme/one, and the stack uses 1.0.0; run npm run lock, and commit the file`,
          `stack dev: ${file} has no entry for registry.terraform.io/acme/two, and the stack uses 1.0.0; run npm run lock, and commit the file`,
        ].join('\n'),
      );
    });

    it('refuses a provider that only a module requires', async () => {
      const file = await locked([{ name: 'network', document: requiring('one') }]);
      mkdirSync(join(folder, 'dev', 'module'), { recursive: true });
      writeFileSync(join(folder, 'dev', 'module', 'main.tf.json'), JSON.stringify(requiring('two')));
      const document = { ...requiring('one'), module: { inner: { source: './module' } } };
      expect(await init('dev', document, file)).toContain('has no entry for registry.terraform.io/acme/two');
    });

    it('stays as it was if a provider is unavailable', async () => {
      const stacks = [{ name: 'network', document: requiring('three') }];
      await expect(lockProviders(stacks, source, SYSTEMS)).rejects.toThrow(
        /failed, and \.terraform\.lock\.hcl is as it was[^]*acme\/three/,
      );
    });
  },
);

it('a lock file gets the checksums of every system from the registry', async () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const script = `#!/bin/sh
echo "$*" >> ${join(folder, 'calls')}
printf 'provider "registry.terraform.io/acme/one" {\\n  version = "1.0.0"\\n}\\n' > .terraform.lock.hcl
`;
  writeFileSync(join(bin, 'terraform'), script);
  chmodSync(join(bin, 'terraform'), 0o755);
  const registry: ProviderSource = {
    kind: 'registry',
    description: '',
    available: () => true,
    environment: () => ({ PATH: [bin, process.env['PATH']].join(delimiter) }),
  };
  const { systems, providers } = await lockProviders(STACKS, registry, SYSTEMS);
  expect(systems).toEqual(SYSTEMS);
  expect(providers).toEqual(['registry.terraform.io/acme/one']);
  expect(readFileSync(join(folder, 'calls'), 'utf8')).toContain(
    'providers lock -no-color -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_amd64 -platform=darwin_arm64',
  );
});
