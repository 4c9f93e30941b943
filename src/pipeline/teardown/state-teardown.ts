import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../../manifests/stacks';
import type { JsonObject } from '../../manifests/terraform-document';
import type { State } from '../../terraform/terraform';
import { AwsCli } from '../aws-cli';
import { BackendError, backendOf } from '../state/stack-backend';
import { localStateFile, readLocalState, removeLocalFolder, withLocalState } from '../state/local-state';
import { StateBootstrapError } from '../state/bootstrap-state';
import { stackTerraform, type StackTerraformOptions } from '../state/stack-terraform';

/** As many as S3 deletes at once. */
const PAGE = 1000;

interface Version {
  readonly Key: string;
  readonly VersionId: string;
}

interface VersionsPage {
  readonly Versions?: readonly Version[] | null;
  readonly DeleteMarkers?: readonly Version[] | null;
}

/**
 * Destroys the stack of the state's bucket, after all others. It copies its own state to a local file, and then deletes the bucket
 * with every version of every state. Use it for disposable accounts only: nothing restores those states.
 */
export class StateTeardown {
  constructor(
    private readonly stack: Pick<Stack, 'name' | 'workingDirectory' | 'document'>,
    private readonly options: StackTerraformOptions,
  ) {}

  /** @throws StateBootstrapError while the bucket holds a state of which something is left */
  async run(): Promise<void> {
    const { outdir } = this.options;
    await this.refuseStatesOfOthers();
    const file = localStateFile(outdir, this.stack);
    // A run that was ended halfway has left it there, and the bucket may be gone.
    if (readLocalState(file) === undefined) {
      const terraform = stackTerraform(this.stack, this.options);
      await terraform.init({ reconfigure: true });
      const state = await terraform.pullState();
      if (state !== undefined) writeFileSync(file, JSON.stringify(state, null, 2), { mode: 0o600 });
    }
    const folder = withLocalState(outdir, this.stack, { 'unprotected_override.tf.json': this.unprotected() });
    await this.empty(join(outdir, folder.workingDirectory, 'versions.json'));
    const terraform = stackTerraform(folder, this.options);
    await terraform.init({ reconfigure: true });
    await terraform.destroy();
    removeLocalFolder(outdir, this.stack.name);
    for (const left of [file, `${file}.backup`]) rmSync(left, { force: true });
  }

  /**
   * Deletes every version of every state, and of every lock the marks that it was released. Terraform would do so too
   * (`force_destroy`), but only after it has turned off the bucket's versions.
   *
   * @param file may be written
   */
  private async empty(file: string): Promise<void> {
    const { bucket, s3 } = this.bucket();
    for (;;) {
      const page = await s3<VersionsPage>('list-object-versions', '--max-items', String(PAGE));
      if (!page.ok) {
        if (page.reason.includes('NoSuchBucket')) return;
        throw new StateBootstrapError([`the bucket ${bucket} can't be emptied: ${page.reason}`]);
      }
      const { Versions: versions, DeleteMarkers: marks } = page.value;
      const Objects = [...(versions ?? []), ...(marks ?? [])].map(({ Key, VersionId }) => ({
        Key,
        VersionId,
      }));
      if (Objects.length === 0) return;
      writeFileSync(file, JSON.stringify({ Objects, Quiet: true }));
      const deleted = await s3<{ Errors?: readonly { Key: string; Message: string }[] }>(
        'delete-objects',
        '--delete',
        `file://${file}`,
      );
      const failed = deleted.ok
        ? deleted.value.Errors?.map(({ Key, Message }) => `${Key}: ${Message}`)
        : [deleted.reason];
      if (failed?.length) {
        throw new StateBootstrapError([`the bucket ${bucket} can't be emptied: ${failed.join('; ')}`]);
      }
    }
  }

  private async refuseStatesOfOthers(): Promise<void> {
    const { cli, bucket, key: own, s3 } = this.bucket();
    const page = await s3<{ Contents?: readonly { Key: string }[] }>('list-objects-v2');
    if (!page.ok) {
      if (page.reason.includes('NoSuchBucket')) return;
      throw new StateBootstrapError([`the bucket ${bucket} can't be read: ${page.reason}`]);
    }
    const findings: string[] = [];
    for (const { Key: key } of page.value.Contents ?? []) {
      if (key === own || !key.endsWith('.tfstate')) continue;
      const state = JSON.parse(await cli.run('s3', 'cp', [`s3://${bucket}/${key}`, '-'])) as State;
      if (state.resources.length > 0) {
        findings.push(
          `s3://${bucket}/${key} lists objects that are left (entries: ${state.resources.length}), which would then be in no state: destroy them first`,
        );
      }
    }
    if (findings.length > 0) throw new StateBootstrapError(findings);
  }

  /** Where the states are. */
  private bucket() {
    const { environment, outdir, signal } = this.options;
    const backend = backendOf({ dependencies: [], ...this.stack }, outdir);
    if (backend.kind !== 's3') throw new BackendError(`the state of ${this.stack.name} is kept in no bucket`);
    const { bucket, region, key } = backend;
    const cli = new AwsCli({ region, ...(environment && { environment }), ...(signal && { signal }) });
    const s3 = <T>(operation: string, ...args: readonly string[]) =>
      cli.ask<T>('s3api', operation, ['--bucket', bucket, ...args]);
    return { cli, bucket, key, s3 };
  }

  private unprotected(): JsonObject {
    const buckets = Object.keys(this.stack.document.resource?.['aws_s3_bucket'] ?? {});
    const settings = { lifecycle: { prevent_destroy: false } };
    return { resource: { aws_s3_bucket: Object.fromEntries(buckets.map((name) => [name, settings])) } };
  }
}
