import { rmSync, writeFileSync } from 'node:fs';
import type { Stack } from '../manifests/stacks';
import type { JsonObject } from '../manifests/terraform-document';
import { localStateFile, readLocalState, removeLocalFolder, withLocalState } from './local-state';
import { stackTerraform, type StackTerraformOptions } from './stack-terraform';

/**
 * Destroys the stack of the state's bucket, after all others: its own state goes to a local file first, and then the bucket with
 * every version of every state. It is for accounts that are thrown away; nothing brings those states back.
 */
export class StateTeardown {
  constructor(
    private readonly stack: Pick<Stack, 'name' | 'workingDirectory' | 'document'>,
    private readonly options: StackTerraformOptions,
  ) {}

  async run(): Promise<void> {
    const { outdir } = this.options;
    const file = localStateFile(outdir, this.stack);
    // A run that was ended halfway has left it there, and the bucket may be gone.
    if (readLocalState(file) === undefined) {
      const terraform = stackTerraform(this.stack, this.options);
      await terraform.init({ reconfigure: true });
      const state = await terraform.pullState();
      if (state !== undefined) writeFileSync(file, JSON.stringify(state, null, 2), { mode: 0o600 });
    }
    const folder = withLocalState(outdir, this.stack, { 'unprotected_override.tf.json': this.unprotected() });
    const terraform = stackTerraform(folder, this.options);
    await terraform.init({ reconfigure: true });
    // That a bucket may go with what is in it is read from the state, so that it has to be there first.
    if ((readLocalState(file)?.resources ?? []).length > 0) await terraform.apply();
    await terraform.destroy();
    removeLocalFolder(outdir, this.stack.name);
    for (const left of [file, `${file}.backup`]) rmSync(left, { force: true });
  }

  private unprotected(): JsonObject {
    const buckets = Object.keys(this.stack.document.resource?.['aws_s3_bucket'] ?? {});
    const settings = { force_destroy: true, lifecycle: { prevent_destroy: false } };
    return { resource: { aws_s3_bucket: Object.fromEntries(buckets.map((name) => [name, settings])) } };
  }
}
