import { STACK } from '../../facts/stack-names';
import { relative } from 'node:path';
import { protectedAddresses } from '../../manifests/protected-addresses';
import type { Stack } from '../../manifests/stacks';
import type { State, Terraform } from '../../terraform/terraform';
import { versionOf } from '../apply/applied-record';
import { AwsCli } from '../aws-cli';
import { digestOfDocument } from '../plan/digest';
import { backendOf, type Backend } from './stack-backend';
import { githubProviderError } from './github-provider';
import { localStateFile, putAside, readLocalState, removeLocalFolder, withLocalState } from './local-state';
import { stackTerraform, type StackTerraformOptions } from './stack-terraform';
import { statesBeside, StateStore } from './state-store';
import { findStateBucket, type StateBucketSettings } from './bucket-settings';
import { UserError } from '../../facts/user-error';

const BUCKET_TYPE = 'aws_s3_bucket';
const BUCKET_NAME = 'state';

/** Why the state can't be brought into the bucket: every reason, with its remedy. Nothing was changed. */
export class StateBootstrapError extends UserError {
  readonly code = 'state-bootstrap-refused';
  readonly exitStatus = 1;
}

export interface StateBootstrapOptions extends StackTerraformOptions {
  readonly bucket: StateBucketSettings;
}

/** How the account and the project were found. */
interface Found {
  readonly bucketExists: boolean;
  /** Names of the stacks whose state is in the bucket. */
  readonly inBucket: ReadonlySet<string>;
}

/** What became of a stack's local state. */
export interface MovedState {
  readonly stack: string;
  readonly serial: number;
  /** Name of the file that it is kept in from now on. */
  readonly keptAs: string;
}

/** How the stack of the bucket ended. */
export interface MadeBucket {
  /** Whether anything was changed in the account. */
  readonly changed: boolean;
  /** Its state, if it was in a local file. */
  readonly moved: MovedState | undefined;
}

/**
 * Creates the bucket of the state with the state of its own stack in a local file. It moves that state into the bucket, then the
 * local state of every other stack. Each step checks what exists: a run resumes an interrupted one, and the run after that changes
 * nothing.
 */
export class StateBootstrap {
  private readonly pipeline: Stack;
  private found: Found | undefined;

  /** @param stacks all synthesized stacks, that of the pipeline among them */
  constructor(
    private readonly stacks: readonly Stack[],
    private readonly options: StateBootstrapOptions,
  ) {
    const pipeline = stacks.find(({ name }) => name === STACK.pipeline);
    if (!pipeline) throw new Error(`no stack ${STACK.pipeline} was synthesized, though state.bucket is set`);
    this.pipeline = pipeline;
  }

  /**
   * Looks at the account, the bucket and all states; changes nothing.
   *
   * @throws StateBootstrapError with every reason why it can't be
   */
  async look(): Promise<void> {
    const { bucket, environment = process.env } = this.options;
    const { exists, findings } = await findStateBucket(bucket, environment);
    if (findings.length > 0) throw new StateBootstrapError(findings);
    const inBucket = new Set<string>();
    const errors: string[] = [];
    const cli = new AwsCli({ region: bucket.region, environment });
    const providerError = await githubProviderError(this.pipeline.document, bucket.platform, cli);
    if (providerError !== undefined) errors.push(providerError);
    for (const stack of exists ? new Set([this.pipeline, ...this.localStates()]) : []) {
      const kept = await (await this.inBucket(stack)).pullState();
      if (kept === undefined) continue;
      inBucket.add(stack.name);
      const error = this.conflict(stack, kept);
      if (error !== undefined) errors.push(error);
    }
    errors.push(...this.leftBehind());
    if (errors.length > 0) throw new StateBootstrapError(errors);
    this.found = { bucketExists: exists, inBucket };
  }

  /** Makes the bucket and the roles as they are declared, and has their state in the bucket. */
  async make(): Promise<MadeBucket> {
    const { inBucket } = this.looked();
    if (inBucket.has(STACK.pipeline)) {
      // Left by a run that was ended between giving it to the bucket and putting it aside.
      const moved = this.hasLocalState(this.pipeline) ? await this.move(this.pipeline) : undefined;
      const terraform = await this.inBucket(this.pipeline);
      const changed = !(await terraform.plan()).empty;
      if (changed) await terraform.apply();
      await this.keepApplied();
      return { changed, moved };
    }
    const folder = withLocalState(this.options.outdir, this.pipeline, this.adoption());
    const terraform = stackTerraform(folder, this.options);
    await terraform.init({ reconfigure: true });
    await terraform.apply();
    removeLocalFolder(this.options.outdir, STACK.pipeline);
    const moved = await this.move(this.pipeline);
    await this.keepApplied();
    return { changed: true, moved };
  }

  /** Keeps what was applied beside the state, as an apply does: the roles may read both, and write neither. */
  private async keepApplied(): Promise<void> {
    const { name, document } = this.pipeline;
    const { outdir, environment, signal } = this.options;
    const store = new StateStore([this.pipeline], outdir, {
      ...(environment && { environment }),
      ...(signal && { signal }),
    });
    const { state } = (await store.read()).get(name) ?? {};
    if (!state) throw new Error(`the state of ${name} is not in the bucket after its apply`);
    await store.writeApplied({
      stack: name,
      document: digestOfDocument(document),
      at: new Date().toISOString(),
      state: versionOf(state),
      dependencies: {},
      protected: protectedAddresses(document),
    });
  }

  /** The stacks whose state is in a local file, in the order in which they are deployed. */
  localStates(): Stack[] {
    return this.stacks.filter((stack) => this.hasLocalState(stack));
  }

  /**
   * Moves the local state of a stack into the bucket. The file is put aside once the bucket has given the same state back.
   *
   * @throws TerraformError when the bucket has one of another lineage; StateBootstrapError when it gives back another
   */
  async move(stack: Stack): Promise<MovedState> {
    const file = localStateFile(this.options.outdir, stack);
    const local = readLocalState(file);
    if (!local) throw new Error(`${file} holds no state`);
    const terraform = await this.inBucket(stack);
    const before = await terraform.pullState();
    if (before === undefined) await this.give(stack, file);
    else if (before.serial < local.serial) await terraform.pushState(file);
    const kept = await terraform.pullState();
    const same =
      kept?.lineage === local.lineage &&
      kept.serial === local.serial &&
      kept.resources.length === local.resources.length;
    if (!same) {
      throw new StateBootstrapError([
        `${this.name(file)} was given to the bucket, which gave back ${describe(kept)} instead of ${describe(local)}; ` +
          'the file stays where it is',
      ]);
    }
    return { stack: stack.name, serial: local.serial, keptAs: putAside(file) };
  }

  private hasLocalState(stack: Stack): boolean {
    return readLocalState(localStateFile(this.options.outdir, stack)) !== undefined;
  }

  /**
   * Puts a state, as it is, where the stack has none: it stays out if somebody else has put one there by now. Terraform's own
   * `state push` would begin a new lineage in an empty place.
   */
  private async give(stack: Stack, file: string): Promise<void> {
    const { bucket, key, region } = this.bucketOf(stack);
    const { environment, signal } = this.options;
    const cli = new AwsCli({ region, ...(environment && { environment }), ...(signal && { signal }) });
    const as = ['--content-type', 'application/json', '--server-side-encryption', 'AES256'];
    const place = ['--bucket', bucket, '--key', key, ...as, '--if-none-match', '*', '--body', file];
    const answer = await cli.ask('s3api', 'put-object', place);
    if (answer.ok) return;
    throw new StateBootstrapError([
      `${this.name(file)} can't be given to s3://${bucket}/${key}, and stays where it is: ${answer.reason}`,
    ]);
  }

  /** A bucket that exists and is not in the state comes from an interrupted run, or was created by hand. */
  private adoption(): Readonly<Record<string, unknown>> {
    const state = readLocalState(localStateFile(this.options.outdir, this.pipeline));
    const known = (state?.resources ?? []).some((resource) => {
      const { type, name, instances } = resource as {
        readonly type?: string;
        readonly name?: string;
        readonly instances?: readonly unknown[];
      };
      return type === BUCKET_TYPE && name === BUCKET_NAME && (instances ?? []).length > 0;
    });
    if (!this.looked().bucketExists || known) return {};
    const adopted = { to: `${BUCKET_TYPE}.${BUCKET_NAME}`, id: this.options.bucket.bucket };
    return { 'adopted.tf.json': { import: [adopted] } };
  }

  /** Local states of stacks that the platform no longer has: once there is a bucket, nothing would look for them. */
  private leftBehind(): string[] {
    const names = new Set(this.stacks.map(({ name }) => name));
    return statesBeside(localStateFile(this.options.outdir, this.pipeline), STACK.pipeline).flatMap(
      ([name, file]) =>
        names.has(name) || (readLocalState(file)?.resources.length ?? 0) === 0
          ? []
          : [
              `${this.name(file)}: the platform no longer has the stack ${name}, and its state holds objects. Take state.bucket out, plan and apply, which ` +
                'destroys them, and run this again',
            ],
    );
  }

  /** Why a local state can't be moved to where another is kept; undefined when it can, or there is none. */
  private conflict(stack: Stack, kept: State): string | undefined {
    const file = localStateFile(this.options.outdir, stack);
    const local = readLocalState(file);
    if (!local) return undefined;
    const { bucket, key } = this.bucketOf(stack);
    const what = `${this.name(file)} is ${describe(local)}, and s3://${bucket}/${key} is ${describe(kept)}`;
    if (kept.lineage !== local.lineage) {
      return (
        `${what}: two states that were begun apart, of which one is right. See what each knows (terraform state list), and move ` +
        'the one that is wrong out of the way'
      );
    }
    if (kept.serial > local.serial) {
      return `${what}, a later one of the same: the stack continues from there. Move the file out of the way, under another name`;
    }
    return undefined;
  }

  /** Terraform in a stack's folder, prepared for the bucket: whatever the folder was prepared for before. */
  private async inBucket(stack: Stack): Promise<Terraform> {
    const terraform = stackTerraform(stack, this.options);
    await terraform.init({ reconfigure: true });
    return terraform;
  }

  private bucketOf(stack: Stack): Extract<Backend, { kind: 's3' }> {
    const backend = backendOf(stack, this.options.outdir);
    if (backend.kind !== 's3') throw new Error(`the state of ${stack.name} is kept in no bucket`);
    return backend;
  }

  private looked(): Found {
    if (!this.found) throw new Error('look() comes first');
    return this.found;
  }

  private name(file: string): string {
    return relative(process.cwd(), file);
  }
}

function describe(state: State | undefined): string {
  return state === undefined ? 'none' : `serial ${state.serial} of the lineage ${state.lineage}`;
}
