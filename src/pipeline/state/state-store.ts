import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { npmRun } from '../../facts/selected-platform';
import type { Stack } from '../../manifests/stacks';
import type { JsonObject } from '../../manifests/terraform-document';
import type { ResourceOfState, State } from '../../terraform/terraform';
import { type AppliedRecord, UNAPPLIED, versionOf } from '../apply/applied-record';
import { AwsCli, AwsCliError, type AwsCliOptions } from '../aws-cli';
import { BackendError, backendOf, type Backend } from './stack-backend';

/** What is kept of a stack. */
export interface Stored {
  /** Undefined when it was never applied. */
  readonly state?: Pick<State, 'lineage' | 'serial'> & {
    readonly isEmpty: boolean;
    /** The IDs of its objects, by their Terraform addresses; of those in modules none. */
    readonly ids: ReadonlyMap<string, string>;
    readonly resources: readonly StateResource[];
  };
  readonly applied?: AppliedRecord;
}

/** Reads the states of stacks, and keeps beside each of them what was applied last: `<stack>.applied.json`. */
export class StateStore {
  private readonly backends: ReadonlyMap<string, Backend>;

  /**
   * @param outdir the folder that synthesis wrote
   * @throws BackendError
   */
  constructor(
    stacks: readonly Stack[],
    outdir: string,
    private readonly options: Omit<AwsCliOptions, 'region'> = {},
  ) {
    this.backends = new Map(stacks.map((stack) => [stack.name, backendOf(stack, outdir)]));
  }

  /**
   * What is kept of each stack, by name. Nothing is locked: who plans locks later.
   *
   * @param names of the stacks @default - all, and those that have a state in the same place and that the platform no longer has
   * @throws BackendError when the bucket is not there yet, AwsCliError when it cannot be read
   */
  async read(names?: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const found = new Map<string, Stored>();
    const inBucket = new Map<string, [string, Extract<Backend, { kind: 's3' }>][]>();
    const take = (stack: string, file: string): void => {
      found.set(stack, stored(file));
      for (const [other, state] of names ? [] : statesBeside(file, stack)) {
        if (!this.backends.has(other)) found.set(other, stored(state));
      }
    };
    for (const [stack, backend] of this.backends) {
      if (names?.includes(stack) === false) continue;
      if (backend.kind === 'local') {
        take(stack, backend.file);
      } else {
        const place = `s3://${backend.bucket}/${dirname(backend.key)}`;
        inBucket.set(place, [...(inBucket.get(place) ?? []), [stack, backend]]);
      }
    }
    for (const [place, stacks] of inBucket) {
      const folder = mkdtempSync(join(tmpdir(), 'states-'));
      try {
        const [, first] = stacks[0] ?? [];
        const names = ['*.tfstate', '*.applied.json'].flatMap((pattern) => ['--include', pattern]);
        const args = [place, folder, '--recursive', '--only-show-errors', '--exclude', '*', ...names];
        await this.aws(first?.region ?? '')
          .run('s3', 'cp', args)
          .catch((error: unknown) => {
            if (!(error instanceof AwsCliError) || error.serviceCode !== 'NoSuchBucket') throw error;
            throw new BackendError(
              `the bucket ${first?.bucket ?? ''} of the state does not exist: ${npmRun('state:bootstrap')} makes it`,
              true,
            );
          });
        for (const [stack, { key }] of stacks) take(stack, join(folder, basename(key)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    return found;
  }

  /** Keeps what was applied of a stack. */
  async writeApplied(record: AppliedRecord): Promise<void> {
    const backend = this.backends.get(record.stack);
    const text = `${JSON.stringify(record, null, 2)}\n`;
    if (backend?.kind === 'local') {
      const file = appliedFile(backend.file);
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } else if (backend) {
      const to = `s3://${backend.bucket}/${appliedFile(backend.key)}`;
      await this.aws(backend.region).run('s3', 'cp', ['-', to, '--only-show-errors'], text);
    }
  }

  /** Keeps what an apply of a stack began to create and could not save. The next plan looks for it. */
  async writeBegun(stack: string, begun: readonly string[]): Promise<void> {
    const { state, applied } = (await this.read([stack])).get(stack) ?? {};
    await this.writeApplied({
      ...UNAPPLIED,
      ...(state && { state: versionOf(state) }),
      ...applied,
      stack,
      document: '',
      at: new Date().toISOString(),
      begun: [...new Set([...(applied?.begun ?? []), ...begun])],
    });
  }

  private aws(region: string): AwsCli {
    return new AwsCli({ ...this.options, region });
  }
}

/** `network.tfstate` has `network.applied.json` beside it. */
function appliedFile(state: string): string {
  return state.replace(/(\.tfstate)?$/, '.applied.json');
}

function stored(file: string): Stored {
  const state = readJson(file) as State | undefined;
  const applied = readJson(appliedFile(file)) as AppliedRecord | undefined;
  return {
    ...(state && {
      state: {
        lineage: state.lineage,
        serial: state.serial,
        isEmpty: state.resources.length === 0,
        ids: idsIn(state.resources as readonly StateResource[]),
        resources: state.resources as readonly StateResource[],
      },
    }),
    ...(applied && { applied }),
  };
}

/** The states in the folder of a stack's state whose files are named as that one is, by the names of their stacks. */
export function statesBeside(file: string, stack: string): [stack: string, file: string][] {
  const folder = dirname(file);
  const prefix = basename(file, `${stack}.tfstate`);
  return (existsSync(folder) ? readdirSync(folder) : []).flatMap((name): [string, string][] => {
    const other = name.startsWith(prefix)
      ? /^([\w-]+)\.tfstate$/.exec(name.slice(prefix.length))?.[1]
      : undefined;
    return other === undefined ? [] : [[other, join(folder, name)]];
  });
}

/** A resource with what its objects are. */
export interface StateResource extends ResourceOfState {
  /** `provider["registry.terraform.io/hashicorp/aws"]`, with the alias after a dot. */
  readonly provider: string;
  readonly instances: readonly (ResourceOfState['instances'][number] & {
    readonly attributes?: JsonObject;
    /** Addresses of all that it was created after. */
    readonly dependencies?: readonly string[];
    /** Whether Terraform deletes it after what depends on it has changed, also where no document declares it. */
    readonly create_before_destroy?: boolean;
  })[];
}

function idsIn(resources: readonly StateResource[]): Map<string, string> {
  return new Map(
    resources.flatMap(({ module, mode, type, name, instances }) => {
      const id = instances[0]?.attributes?.id;
      return mode === 'managed' && module === undefined && typeof id === 'string'
        ? [[`${type}.${name}`, id] as const]
        : [];
    }),
  );
}

function readJson(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BackendError(
      `${file}: not JSON: ${(error as Error).message}. A run was ended while it wrote the file. Restore it from ${basename(file)}.backup or a version in the bucket`,
    );
  }
}
