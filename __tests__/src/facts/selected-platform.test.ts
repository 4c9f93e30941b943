import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  localStatePath,
  npmRun,
  ownOutdir,
  selectedPlatform,
  selectPlatform,
} from '../../../src/facts/selected-platform';

const before = { folder: process.cwd(), PLATFORM: process.env['PLATFORM'], OUT: process.env['CDKTF_OUTDIR'] };
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'platforms-')));
  process.chdir(folder);
  delete process.env['PLATFORM'];
  delete process.env['CDKTF_OUTDIR'];
  delete process.env['PLATFORM_SANDBOX'];
  mkdirSync('platforms');
  for (const name of ['eu', 'prod-eu']) writeFileSync(`platforms/${name}.yaml`, '');
});

afterEach(() => {
  process.chdir(before.folder);
  rmSync(folder, { recursive: true });
  for (const [name, value] of [
    ['PLATFORM', before.PLATFORM],
    ['CDKTF_OUTDIR', before.OUT],
    ['PLATFORM_SANDBOX', undefined],
  ] as const) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

const OF_EU = {
  name: 'eu',
  file: 'platforms/eu.yaml',
  outdir: 'cdktf.out/eu',
  addresses: 'addresses/eu',
  rendered: 'rendered-eu',
  sandbox: '.sandbox-eu',
};

it('the selected platform is platform.yaml unless another one is selected', () => {
  expect(selectedPlatform()).toEqual({
    file: 'platform.yaml',
    outdir: 'cdktf.out',
    addresses: 'addresses',
    rendered: 'rendered',
    sandbox: '.sandbox',
  });
  expect(localStatePath('network', selectedPlatform().name)).toBe('../../../terraform.network.tfstate');
  expect(npmRun('plan', 'network')).toBe('npm run plan -- network');
});

it('the selected platform is never an empty name, which a script makes of an unset variable', () => {
  expect(() => selectPlatform('')).toThrow(
    '--platform: got ""; expected a name of a file in platforms/, or a path that ends in .yaml; leave it out for the default',
  );
});

it('a platform is selected by its name or its file, and shares no folder with another one', () => {
  expect(selectedPlatform('eu')).toEqual(OF_EU);
  expect(selectedPlatform('platforms/eu.yaml')).toEqual(OF_EU);
  process.env['PLATFORM'] = 'eu';
  expect(selectedPlatform()).toEqual(OF_EU);
  expect(localStatePath('network', selectedPlatform().name)).toBe('../../../../terraform.eu.network.tfstate');
  expect(npmRun('plan', 'network')).toBe('npm run plan -- --platform eu network');
});

it('a platform file elsewhere replaces platform.yaml', () => {
  expect(selectedPlatform('other/shop.yaml')).toMatchObject({ file: 'other/shop.yaml', outdir: 'cdktf.out' });
  expect(selectedPlatform('other/shop.yaml')).not.toHaveProperty('name');
});

it('a selected platform that does not exist is an error with the likely name', () => {
  expect(() => selectedPlatform('prod-ue')).toThrow(
    '--platform prod-ue: platforms/prod-ue.yaml does not exist; unknown platform "prod-ue"; did you mean "prod-eu"? known: eu, prod-eu',
  );
  expect(() => selectPlatform('prod-ue')).toThrow('unknown platform');
  expect(process.env['PLATFORM']).toBeUndefined();
});

it('a platform is not synthesized into a folder of another name, which may hold stacks of another platform', () => {
  process.env['CDKTF_OUTDIR'] = 'cdktf.out';
  expect(() => selectedPlatform('eu')).toThrow('run cdktf with --output cdktf.out/eu');
  process.env['CDKTF_OUTDIR'] = join(folder, 'cdktf.out', 'eu');
  expect(selectedPlatform('eu').outdir).toBe(join(folder, 'cdktf.out', 'eu'));
});

it('the shell of a sandbox accepts no other platform than its own', () => {
  process.env['PLATFORM_SANDBOX'] = resolve('.sandbox-eu');
  process.env['CDKTF_OUTDIR'] = join(folder, '.sandbox-eu', 'project', 'cdktf.out', 'eu');
  expect(selectedPlatform('eu').outdir).toBe(process.env['CDKTF_OUTDIR']);
  expect(ownOutdir(selectedPlatform('eu'))).toBe(join('cdktf.out', 'eu'));
  for (const other of ['platform.yaml', 'prod-eu']) {
    expect(() => selectedPlatform(other)).toThrow('leave the shell first (exit)');
  }
});
