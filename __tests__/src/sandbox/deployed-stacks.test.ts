import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appOf, loadPlatform, parsePlatform } from '../../own-platform';
import {
  copySynthesized,
  deployedStacks,
  orphanedStacks,
  workspace,
} from '../../../src/sandbox/deployed-stacks';

const today = new Date('2026-11-23');
const STACKS = ['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod'];
const CHART = 'load-balancer-controller';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deployed-stacks-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function copy(platform = loadPlatform('platform.yaml', { today })): ReturnType<typeof copySynthesized> {
  const outdir = join(folder, 'cdktf.out');
  appOf(platform, outdir).synthesize();
  return copySynthesized(join(folder, '.sandbox'), outdir);
}

const withController = () =>
  parsePlatform(
    readFileSync('platform.yaml', 'utf8').replace('loadBalancer: false', 'loadBalancer: true'),
    'platform.yaml',
    { today },
  );

it('the sandbox copies every stack of the default platform', () => {
  const { stacks, leftOut } = copy();
  expect(stacks.map(({ name }) => name)).toEqual(STACKS);
  expect(leftOut).toEqual([]);
});

it('the sandbox leaves out a stack with a chart: it does not copy, deploy, destroy or report it', () => {
  const { stacks, leftOut } = copy(withController());
  const directory = join(folder, '.sandbox');
  expect(leftOut).toEqual([CHART]);
  expect(stacks.map(({ name }) => name)).toEqual(STACKS);
  expect(deployedStacks(directory).map(({ name }) => name)).toEqual(STACKS);
  expect(orphanedStacks(directory, stacks)).toEqual([]);
  expect(existsSync(join(folder, 'cdktf.out/stacks', CHART, 'cdk.tf.json'))).toBe(true);
});

it('the sandbox counts what its shell has synthesized and applied as deployed by npm run sandbox', () => {
  const directory = join(folder, '.sandbox');
  expect(deployedStacks(directory)).toEqual([]);
  appOf(withController(), workspace(directory)).synthesize();
  const stacks = deployedStacks(directory);
  expect(stacks.map(({ name }) => name)).toEqual(STACKS);
  expect(stacks.find(({ name }) => name === 'dev')?.dependencies).toEqual(['platform', CHART]);
  expect(orphanedStacks(directory, copy().stacks)).toEqual([]);
});
