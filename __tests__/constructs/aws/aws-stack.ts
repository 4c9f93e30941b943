import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/aws-provider';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesise } from '../../../constructs/terraform/synthesise';

/** Resources, or data sources, by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** Synthesises what `build` puts into the stack `cluster`. */
export function awsStack(build: (stack: BaseStack) => void): {
  readonly resource: Blocks;
  readonly data: Blocks;
} {
  const outdir = mkdtempSync(join(tmpdir(), 'aws-stack-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'cluster');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    build(stack);
    synthesise(app);
    const document = JSON.parse(readFileSync(join(outdir, 'stacks', 'cluster', 'cdk.tf.json'), 'utf8')) as {
      readonly resource?: Blocks;
      readonly data?: Blocks;
    };
    return { resource: document.resource ?? {}, data: document.data ?? {} };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
