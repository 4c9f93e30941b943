import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Stack } from '../../../src/manifests/stacks';
import { mayForgetBackend } from '../../../src/pipeline/state/stack-backend';
import { SmallPlatform } from './small-platform';

let platform: SmallPlatform;
beforeEach(() => {
  platform = new SmallPlatform();
  platform.write({ name: 'network', data: {} });
});
afterEach(() => {
  platform.remove();
});

const LOCAL = { local: { path: '../../../terraform.network.tfstate' } };
const inBucket = (bucket: string) => ({ s3: { bucket, region: 'eu-west-1', key: 'small/network.tfstate' } });

/** The stack as synthesis writes it with a backend. */
function stated(backend: object): Stack {
  const [stack] = platform.stacks as [Stack];
  return { ...stack, document: { terraform: { backend } } };
}

/** Writes down what Terraform has prepared the stack's folder for. */
function prepare(backend: object): void {
  const file = join(platform.outdir, 'stacks', 'network', '.terraform', 'terraform.tfstate');
  mkdirSync(dirname(file), { recursive: true });
  const [type, config] = Object.entries(backend)[0] as [string, object];
  writeFileSync(file, JSON.stringify({ version: 3, backend: { type, config, hash: 1 } }));
}

const may = (backend: object): boolean => mayForgetBackend(stated(backend), platform.outdir);

describe('a stack whose backend changes', () => {
  it('uses the bucket if it was planned and never applied', () => {
    prepare(LOCAL);
    expect(may(inBucket('states'))).toBe(true);
  });

  it('does not continue in the bucket while its state is in a file: the message names the remedy', () => {
    const file = join(platform.folder, 'terraform.network.tfstate');
    writeFileSync(file, JSON.stringify({ lineage: 'a', serial: 1, resources: [] }));
    expect(may(LOCAL)).toBe(true);
    expect(() => may(inBucket('states'))).toThrow(
      /^stack network: its state is in .*terraform\.network\.tfstate and belongs into s3:\/\/states\/small\/network\.tfstate; npm run state:bootstrap moves it there$/,
    );
    renameSync(file, `${file}.moved`);
    expect(may(inBucket('states'))).toBe(true);
    expect(readFileSync(`${file}.moved`, 'utf8')).toContain('lineage');
  });

  it.each([
    ['no bucket', LOCAL],
    ['another one', inBucket('other')],
  ])('does not forget the state in a bucket if %s is named', (_, backend) => {
    prepare(inBucket('states'));
    expect(() => may(backend)).toThrow(
      /was kept in s3:\/\/states\/small\/network\.tfstate .*Set state\.bucket back, .*\n {2}terraform -chdir=.*stacks\/network init -migrate-state$/s,
    );
  });

  it('keeps its state if its backend states more than before', () => {
    prepare(inBucket('states'));
    expect(may({ s3: { ...inBucket('states').s3, use_lockfile: true } })).toBe(true);
  });
});
