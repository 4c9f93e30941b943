import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';

/** Resources, data sources or ephemeral ones, by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** A synthesized stack that has the AWS provider only. */
export interface AwsStack {
  readonly resource: Blocks;
  readonly data: Blocks;
  readonly ephemeral: Blocks;
  readonly provider: Readonly<Record<string, unknown>>;
}

/** Synthesizes what `build` puts into the stack `cluster`. */
export function awsStack(build: (stack: BaseStack) => void): AwsStack {
  const outdir = mkdtempSync(join(tmpdir(), 'aws-stack-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'cluster');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    build(stack);
    synthesize(app);
    const text = readFileSync(join(outdir, 'stacks', 'cluster', 'cdk.tf.json'), 'utf8');
    return {
      resource: {},
      data: {},
      ephemeral: {},
      provider: {},
      ...(JSON.parse(text) as Partial<AwsStack>),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
