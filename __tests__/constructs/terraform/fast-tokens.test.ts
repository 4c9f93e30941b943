import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as CdktfModule from 'cdktf';
import { parsePlatform } from '../../own-platform';
import type * as BaseStackModule from '../../../constructs/terraform/base-stack';
import type * as MainModule from '../../../main';
import type * as PlatformAppModule from '../../../src/platform/platform-app';

const platform = parsePlatform(readFileSync('platform.yaml', 'utf8'), 'platform.yaml', {
  today: new Date('2026-11-23'),
});

/** The bytes of every stack, synthesized by modules that are loaded afresh. */
function bytes(
  change: (ours: typeof BaseStackModule, cdktf: typeof CdktfModule) => void = () => undefined,
): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'fast-tokens-'));
  jest.isolateModules(() => {
    change(
      jest.requireActual<typeof BaseStackModule>('../../../constructs/terraform/base-stack'),
      jest.requireActual<typeof CdktfModule>('cdktf'),
    );
    const { PlatformApp } = jest.requireActual<typeof PlatformAppModule>(
      '../../../src/platform/platform-app',
    );
    // The constructs that a workload makes are those of the modules that it was loaded with.
    const { workloads } = jest.requireActual<typeof MainModule>('../../../main').default;
    new PlatformApp(platform, { workloads, outdir }).synthesize();
  });
  const stacks = join(outdir, 'stacks');
  return Object.fromEntries(
    readdirSync(stacks).map((name) => [name, readFileSync(join(stacks, name, 'cdk.tf.json'), 'utf8')]),
  );
}

it('writes the very bytes that CDKTF writes by itself', () => {
  const fast = bytes();
  jest.doMock('../../../constructs/terraform/fast-tokens', () => ({}));
  const stock = bytes(({ BaseStack }, { TerraformStack }) => {
    // With its pass for references between stacks, which are made before anything is written.
    BaseStack.prototype.prepareStack = TerraformStack.prototype.prepareStack;
    BaseStack.prototype.toTerraform = TerraformStack.prototype.toTerraform;
  });
  expect(Object.keys(fast)).toHaveLength(7);
  expect(fast).toEqual(stock);
});
