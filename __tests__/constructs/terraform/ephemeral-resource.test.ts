import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { EphemeralResource } from '../../../constructs/terraform/ephemeral-resource';
import { synthesize } from '../../../constructs/terraform/synthesize';

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'ephemeral-'));
});

afterEach(() => {
  rmSync(outdir, { recursive: true });
});

const password = (stack: BaseStack, id: string) =>
  new EphemeralResource(stack, id, { type: 'random_password', arguments: { length: 16 } });

it('an ephemeral resource has its own block, and a readable address', () => {
  const app = new App({ outdir });
  const stack = new BaseStack(app, 'shop');
  expect(password(stack, 'a-b').expression('result')).toBe('ephemeral.random_password.a_b.result');
  const random = { source: 'hashicorp/random', version: '3.7.2' };
  stack.addOverride('terraform.required_providers.random', random);
  synthesize(app, { providers: [random] });
  const document = JSON.parse(readFileSync(join(outdir, 'stacks/shop/cdk.tf.json'), 'utf8')) as object;
  expect(document).toMatchObject({
    ephemeral: { random_password: { a_b: { length: 16, '//': { metadata: { path: 'shop/a-b' } } } } },
  });
});

it('two ephemeral resources that would share an address are an error', () => {
  const app = new App({ outdir });
  const stack = new BaseStack(app, 'shop');
  password(stack, 'a-b');
  password(stack, 'a_b');
  expect(() => {
    synthesize(app);
  }).toThrow('"shop/a_b" and "shop/a-b" would share the Terraform address ephemeral.random_password.a_b');
});
