import { App } from 'cdktf';
import { DataResource } from 'cdktf/lib/terraform-data-resource';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMovedAddresses, withMoves } from '../../../src/config/moved-addresses-file';
import { BaseStack, type Move } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';
import { readStacks } from '../../../src/manifests/stacks';
import { addressChanges, addressesOf, movesToWrite } from '../../../src/pipeline/addresses/address-lists';
import { Terraform } from '../../../src/terraform/terraform';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env.CI === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moved-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A stack with one object, of a type that is built into Terraform. */
function synthesized(id: string, moves: readonly Move[] = []) {
  const outdir = join(folder, 'cdktf.out');
  const app = new App({ outdir });
  const stack = new BaseStack(app, 'shop');
  new DataResource(stack, id, { input: { name: 'one', size: 'large', place: 'here' } });
  for (const move of moves) stack.moved(move);
  synthesize(app);
  const [read] = readStacks(outdir);
  if (!read) throw new Error('no stack');
  const workingDirectory = join(outdir, read.workingDirectory);
  return {
    document: read.document,
    text: readFileSync(join(workingDirectory, 'cdk.tf.json'), 'utf8'),
    terraform: new Terraform({
      stack: 'shop',
      workingDirectory,
      environment: { PATH: process.env.PATH ?? '', HOME: folder },
      logFile: join(folder, 'shop.log'),
    }),
  };
}

(hasTerraform ? describe : describe.skip)('Terraform (skipped where terraform is missing)', () => {
  it('keeps a renamed object in the state by the move that the program writes', async () => {
    const first = synthesized('web');
    await first.terraform.init();
    await first.terraform.apply();

    const renamed = synthesized('front');
    const replacement = await renamed.terraform.plan();
    expect(replacement.changes).toHaveLength(2);
    expect(replacement.changes).toEqual(
      expect.arrayContaining([
        { address: 'terraform_data.web', action: 'delete' },
        { address: 'terraform_data.front', action: 'create' },
      ]),
    );

    const changes = addressChanges(
      {
        stack: 'shop',
        listed: addressesOf(first.document),
        now: renamed.document,
        before: first.document,
      },
      () => false,
    );
    const written = withMoves('', movesToWrite([changes], [], '<namespace>'));
    const moved = synthesized('front', parseMovedAddresses(written)['shop']);
    // Status 2 of `terraform plan -detailed-exitcode`: the plan rewrites the state, and changes no object.
    expect(await moved.terraform.plan()).toEqual({
      empty: false,
      changes: [{ address: 'terraform_data.front', action: 'move' }],
    });
    expect(await moved.terraform.apply()).toEqual({ add: 0, change: 0, remove: 0 });
    expect(await moved.terraform.plan()).toEqual({ empty: true, changes: [] });
  });
});

it('the stacks write moves in order, and no trace of them if there are none', () => {
  expect(synthesized('web').text).not.toMatch(/moved|overrides/);
  const { document } = synthesized('web', [
    { from: 'terraform_data.a', to: 'terraform_data.b', place: 'moved.yaml:1:1' },
    { from: 'terraform_data.b', to: 'terraform_data.web' },
  ]);
  expect(document['moved']).toEqual([
    { from: 'terraform_data.a', to: 'terraform_data.b' },
    { from: 'terraform_data.b', to: 'terraform_data.web' },
  ]);
});

it('a move from an address that still exists, or to one that does not, is refused', () => {
  expect(() =>
    synthesized('web', [
      { from: 'terraform_data.web', to: 'terraform_data.front', place: 'moved.yaml:2:5' },
      { from: 'terraform_data.a', to: 'terraform_data.back' },
    ]),
  ).toThrow(
    [
      'shop: moved.yaml:2:5 from: terraform_data.web is still there; give one of the two another ID, or remove the move',
      'shop: moved.yaml:2:5 to: there is no terraform_data.front for terraform_data.web to move to; correct it, or remove the move',
      'shop: to: there is no terraform_data.back for terraform_data.a to move to; correct it, or remove the move',
    ].join('\n'),
  );
  expect(existsSync(join(folder, 'cdktf.out', 'manifest.json'))).toBe(false);
});
