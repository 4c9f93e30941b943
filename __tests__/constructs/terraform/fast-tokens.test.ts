import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as CdktfModule from 'cdktf';
import type * as TokensModule from 'cdktf/lib/_tokens';
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

it('the faster token resolver writes the same bytes as CDKTF alone', () => {
  const fast = bytes();
  jest.doMock('../../../constructs/terraform/fast-tokens', () => ({
    resolveLiterally: jest.requireActual<typeof TokensModule>('cdktf/lib/_tokens').resolve,
  }));
  const stock = bytes(({ BaseStack }, { TerraformStack }) => {
    // With its pass for references between stacks, which are made before anything is written.
    BaseStack.prototype.prepareStack = TerraformStack.prototype.prepareStack;
    BaseStack.prototype.toTerraform = TerraformStack.prototype.toTerraform;
  });
  expect(Object.keys(fast)).toHaveLength(7);
  expect(fast).toEqual(stock);
});

it('the faster token resolver works inside CDKTF: it skips plain values, and a token keeps no stack trace', () => {
  /** How many values of a resource without tokens CDKTF resolves itself, and how long the stack trace of a token is. */
  const measure = (): { resolved: number; trace: number } => {
    const found = { resolved: 0, trace: -1 };
    jest.isolateModules(() => {
      const tokens = jest.requireActual<typeof TokensModule>('cdktf/lib/_tokens');
      const { resolve } = tokens;
      Object.assign(tokens, {
        resolve: (...given: Parameters<typeof resolve>): unknown => {
          found.resolved += 1;
          return resolve(...given);
        },
      });
      const { BaseStack } = jest.requireActual<typeof BaseStackModule>(
        '../../../constructs/terraform/base-stack',
      );
      const { App, Lazy, TerraformOutput } = jest.requireActual<typeof CdktfModule>('cdktf');
      const stack = new BaseStack(new App({ outdir: tmpdir() }), 'plain');
      new TerraformOutput(stack, 'plain', { value: { list: ['a', 'b'], number: 1 }, staticId: true });
      expect(stack.toTerraform()).toMatchObject({
        output: { plain: { value: { list: ['a', 'b'], number: 1 } } },
      });
      const token = Lazy.anyValue({ produce: () => 1 });
      found.trace = token.creationStack.length;
    });
    return found;
  };
  jest.dontMock('../../../constructs/terraform/fast-tokens');
  expect(measure()).toEqual({ resolved: 0, trace: 0 });
  jest.doMock('../../../constructs/terraform/fast-tokens', () => ({}));
  const stock = measure();
  expect(stock.resolved).toBeGreaterThan(0);
  expect(stock.trace).toBeGreaterThan(0);
});
