import { copyFileSync, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { withFolderLock } from '@kubernetes-on-aws/eks-facts/processes/folder-lock';
import { LOCK_FILE, lockedVersions, requiredVersions, requireLocked } from './provider-lock';
import { endProviders } from './end-providers';
import { type FolderOptions, PreparedFolder } from './prepared-folder';
import { TerraformError, type TerraformDiagnostic } from './terraform-error';
import {
  TerraformMessages,
  type ChangeCounts,
  type PlannedChange,
  type TerraformProgress,
} from './terraform-messages';

/** A stack's folder, and what Terraform is run with in it. */
export interface TerraformOptions extends FolderOptions {
  /** The stack's name, for messages. */
  readonly stack: string;
  /** The file that gets all of the output, at its end. */
  readonly logFile: string;
  /** Stops the running command in an orderly way: Terraform finishes what it began and saves its state. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds after which the providers of a command that was stopped, and still waits for them, are ended.
   * @default - 10000; 2000 where it waits only for a provider that never stops
   */
  readonly patience?: number;
  /** Called with each process that is started: the leader of the process group that its providers belong to. */
  readonly onStart?: ((pid: number) => Promise<void>) | undefined;
  /**
   * Whether a backend that the folder was prepared for before is forgotten: asked only when it has to be prepared.
   * @default - it is not
   */
  readonly mayForgetBackend?: (() => boolean) | undefined;
  /** Told as a command gets on. */
  readonly onProgress?: ((progress: TerraformProgress) => void) | undefined;
}

/** What Terraform would change. */
export interface Plan {
  /** No resource and no output would change. */
  readonly empty: boolean;
  readonly changes: readonly PlannedChange[];
}

export interface PlanOptions {
  /** Whether to ask the providers how things are now, rather than trust the state. @default true */
  readonly refresh?: boolean;
  /**
   * Whether to look only for what has changed outside Terraform, and to plan no change to it.
   * @default false
   */
  readonly refreshOnly?: boolean;
  /** Whether to lock the state: not possible for who may only read it. @default true */
  readonly lock?: boolean;
  /**
   * The file that keeps the plan, for `show` and `apply`: relative to the stack's folder, or absolute.
   * @default - none
   */
  readonly out?: string;
}

export interface InitOptions {
  /**
   * Whether `init` forgets the folder's previous backend and its state (`-reconfigure`). Another command moves the
   * state.
   * @default - as `mayForgetBackend` says
   */
  readonly reconfigure?: boolean;
  /**
   * Whether the providers have to be those of the lock file: no other version, and no other bytes.
   * @default false
   */
  readonly lockReadonly?: boolean;
}

/** Terraform's state, as far as it is read here. */
export interface State {
  /** Tells a state from every other one that was ever begun. */
  readonly lineage: string;
  /** Counts its changes. */
  readonly serial: number;
  readonly resources: readonly ResourceOfState[];
}

/** A resource as Terraform's state file has it, as far as it is read here. */
export interface ResourceOfState {
  readonly module?: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly index_key?: string | number;
    readonly status?: 'tainted';
    readonly deposed?: string;
  }[];
}

interface RunOptions {
  /** Whether it runs also after the signal: it is short, and completes the state. @default false */
  readonly stoppedToo?: boolean;
}

interface Run {
  readonly exitCode: number | undefined;
  readonly messages: TerraformMessages;
  /** What was written to standard output. */
  readonly output: readonly string[];
}

const OUTPUT_TAIL = 20;
/** Every command reads the schema of the AWS provider: with fewer garbage collections it takes a quarter less CPU, and 5 % more memory. */
const FEWER_COLLECTIONS = { GOGC: '400' };
const LOCK_TIMEOUT = '-lock-timeout=60s';
const STOPPED_TOO: RunOptions = { stoppedToo: true };
const PATIENCE_MS = 10_000;
/** hashicorp/kubernetes 2.38.0 answers a request to stop with "not implemented". */
const NEVER_STOPS = /^kubernetes_/;
const SHORT_PATIENCE_MS = 2_000;

/**
 * Runs Terraform in one stack's folder. Every method throws TerraformError when the command fails or is interrupted, and the
 * signal's reason when it is called after that.
 */
export class Terraform {
  private readonly changing = new Set<string>();
  private readonly creating = new Set<string>();
  private readonly interrupted = new Set<string>();
  private ending: string | undefined;
  private interrupt: (() => void) | undefined;

  private readonly folder: PreparedFolder;

  constructor(private readonly options: TerraformOptions) {
    this.folder = new PreparedFolder(options);
  }

  /** Addresses of what the running command changes at this moment. */
  get underWay(): ReadonlySet<string> {
    return this.changing;
  }

  /** Addresses of what the last apply began to create, and did not see created. */
  get notCreated(): ReadonlySet<string> {
    return this.creating;
  }

  /** Addresses of what the last apply was creating when its providers were ended: the state has none of it. */
  get cutOff(): ReadonlySet<string> {
    return this.interrupted;
  }

  /** Stops the running command in an orderly way, as the signal does. @param reason for its error */
  end(reason: string): void {
    this.ending ??= reason;
    this.interrupt?.();
  }

  /**
   * Prepares the folder; does nothing where that was done for the same providers, backend and modules.
   *
   * Commands that share a cache of downloaded providers take turns, since the cache is not safe for several at once
   * (Terraform CLI: Provider Plugin Cache).
   */
  async init({ reconfigure, lockReadonly = false }: InitOptions = {}): Promise<void> {
    const wanted = this.folder.requirements();
    if (!reconfigure && wanted !== undefined && this.folder.isPreparedFor(wanted)) return;
    const { lockFile, stack } = this.options;
    const ownLock = join(this.options.workingDirectory, LOCK_FILE);
    if (lockFile !== undefined && !lockReadonly) {
      const document = this.folder.document();
      if (document) requireLocked(lockFile, requiredVersions(document), stack);
      copyFileSync(lockFile, ownLock);
    }
    const forgets = reconfigure ?? this.options.mayForgetBackend?.() ?? false;
    const flags = [
      '-input=false',
      '-json',
      ...(lockReadonly ? ['-lockfile=readonly'] : lockFile === undefined ? ['-upgrade'] : []),
      ...(forgets ? ['-reconfigure'] : []),
    ];
    const init = () => this.run('init', flags);
    const cache = this.options.environment.TF_PLUGIN_CACHE_DIR;
    const { exitCode, messages, output } = await (cache === undefined
      ? init()
      : withFolderLock(cache, init, { signal: this.options.signal }));
    if (exitCode !== 0) throw this.error('init', messages, output);
    // What modules require is known now, and init adds what it does not find there.
    if (lockFile !== undefined && existsSync(ownLock))
      requireLocked(lockFile, lockedVersions(ownLock), stack);
    if (wanted !== undefined) this.folder.remember(wanted);
  }

  async plan({ refresh = true, refreshOnly = false, lock = true, out }: PlanOptions = {}): Promise<Plan> {
    const run = await this.run('plan', [
      '-input=false',
      '-json',
      '-detailed-exitcode',
      lock ? LOCK_TIMEOUT : '-lock=false',
      ...(refresh ? [] : ['-refresh=false']),
      ...(refreshOnly ? ['-refresh-only'] : []),
      ...(out === undefined ? [] : [`-out=${out}`]),
    ]);
    if (run.exitCode !== 0 && run.exitCode !== 2) throw this.error('plan', run.messages, run.output);
    return { empty: run.exitCode === 0, changes: run.messages.planned };
  }

  /** @param plan the file of a plan, which is applied as it is. @default - what differs is planned, and applied */
  async apply(plan?: string): Promise<ChangeCounts> {
    return this.change('apply', plan);
  }

  async destroy(): Promise<ChangeCounts> {
    return this.change('destroy');
  }

  /**
   * The resources of the state by address, without those of modules: `tainted` where an apply did not see the end of its creation.
   * Also after the signal.
   */
  async held(): Promise<ReadonlyMap<string, 'whole' | 'tainted'>> {
    const { resources = [] } = (await this.pullState(STOPPED_TOO)) ?? {};
    return new Map(
      resources
        .filter(({ mode, module }) => mode === 'managed' && module === undefined)
        .flatMap(({ type, name, instances }) =>
          // Beside a resource may be what it replaces and what is to be deleted.
          instances
            .filter(({ deposed }) => deposed === undefined)
            .map(({ index_key, status }) => {
              const index = index_key === undefined ? '' : `[${JSON.stringify(index_key)}]`;
              return [`${type}.${name}${index}`, status ?? 'whole'] as const;
            }),
        ),
    );
  }

  /** Marks a resource of the state as wholly created. Also after the signal. */
  async untaint(address: string): Promise<void> {
    const { exitCode, messages, output } = await this.run('untaint', [LOCK_TIMEOUT, address], STOPPED_TOO);
    if (exitCode !== 0) throw this.error('untaint', messages, output);
  }

  /** The state as the backend keeps it; undefined when it keeps none yet. */
  async pullState(options: RunOptions = {}): Promise<State | undefined> {
    const { exitCode, messages, output } = await this.run('state', ['pull'], options);
    if (exitCode !== 0) throw this.error('state pull', messages, output);
    const text = output.join('\n');
    if (text.trim() === '') return undefined;
    const state = JSON.parse(text) as State;
    // A backend that keeps none gives one that was never begun.
    return state.lineage === '' ? undefined : state;
  }

  /**
   * Gives the backend a state, unless it has one that is newer or another's.
   *
   * @param file the state's file
   */
  async pushState(file: string): Promise<void> {
    const { exitCode, messages, output } = await this.run('state', ['push', LOCK_TIMEOUT, file]);
    if (exitCode !== 0) throw this.error('state push', messages, output);
  }

  /**
   * The state, or a plan, as `terraform show -json` gives it.
   *
   * @param plan file of the plan. @default - the state
   */
  async show(plan?: string): Promise<unknown> {
    const { exitCode, messages, output } = await this.run('show', [
      '-json',
      ...(plan === undefined ? [] : [plan]),
    ]);
    if (exitCode !== 0) throw this.error('show', messages, output);
    return JSON.parse(output.join('\n'));
  }

  private async change(command: 'apply' | 'destroy', plan?: string): Promise<ChangeCounts> {
    const { exitCode, messages, output } = await this.run(command, [
      '-input=false',
      '-json',
      '-auto-approve',
      LOCK_TIMEOUT,
      ...(plan === undefined ? [] : [plan]),
    ]);
    if (exitCode !== 0) throw this.error(command, messages, output);
    return messages.made ?? { add: 0, change: 0, remove: 0 };
  }

  private async run(
    command: string,
    flags: readonly string[],
    { stoppedToo = false }: RunOptions = {},
  ): Promise<Run> {
    const { workingDirectory, environment, logFile, onStart, onProgress } = this.options;
    const signal = stoppedToo ? undefined : this.options.signal;
    signal?.throwIfAborted();
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    this.changing.clear();
    if (command === 'apply') {
      this.creating.clear();
      this.interrupted.clear();
    }
    this.ending = undefined;
    const messages = new TerraformMessages((progress) => {
      if (progress.kind === 'resource' && progress.action !== 'read' && progress.action !== 'refresh') {
        const isUnderWay = progress.phase === 'started' || progress.phase === 'running';
        this.changing[isUnderWay ? 'add' : 'delete'](progress.address);
        if (progress.phase === 'started' && progress.action === 'create') this.creating.add(progress.address);
        if (progress.phase === 'complete') this.creating.delete(progress.address);
      }
      onProgress?.(progress);
    });
    const output: string[] = [];
    const errors: string[] = [];
    log.write(`$ terraform ${[command, ...flags].join(' ')}   # ${new Date().toISOString()}\n`);
    const terraform = execa('terraform', [command, ...flags], {
      cwd: workingDirectory,
      env: { ...FEWER_COLLECTIONS, ...environment },
      extendEnv: false,
      stdin: 'ignore',
      buffer: false,
      reject: false,
      // In a process group of its own: the terminal's Ctrl-C would reach it as well as the signal below, and at the
      // second interrupt Terraform stops at once and loses its state.
      detached: true,
    });
    let impatient: NodeJS.Timeout | undefined;
    let isInterrupted = false;
    const interrupt = (): void => {
      // At the second one Terraform would stop at once and lose its state.
      if (isInterrupted) return;
      isInterrupted = true;
      terraform.kill('SIGINT');
      const waitsInVain =
        this.changing.size > 0 && [...this.changing].every((each) => NEVER_STOPS.test(each));
      const { patience = waitsInVain ? SHORT_PATIENCE_MS : PATIENCE_MS } = this.options;
      // Terraform waits for providers, and some do not stop. Without them it saves its state and ends.
      impatient = setTimeout(() => {
        const underWay = [...this.changing];
        for (const each of underWay) if (this.creating.has(each)) this.interrupted.add(each);
        endProviders(terraform.pid).then(
          () => {
            if (underWay.length > 0) messages.diagnostics.push(ofEndedProviders(underWay));
          },
          (error: unknown) => {
            if (!log.writableEnded) log.write(`The providers could not be ended: ${String(error)}\n`);
          },
        );
      }, patience);
    };
    this.interrupt = interrupt;
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      await Promise.all([
        terraform.pid === undefined ? undefined : onStart?.(terraform.pid),
        (async () => {
          for await (const line of terraform.iterable({ from: 'stdout' })) {
            output.push(line);
            // The state is an answer, not a report, and may hold secrets.
            if (command !== 'show' && command !== 'state') log.write(`${messages.take(line)}\n`);
          }
        })(),
        (async () => {
          for await (const line of terraform.iterable({ from: 'stderr' })) {
            errors.push(line);
            log.write(`${line}\n`);
          }
        })(),
      ]);
      const { exitCode, originalMessage } = await terraform;
      // Never started: there is no exit status then.
      if (exitCode === undefined && originalMessage) errors.push(originalMessage);
      return { exitCode, messages, output: exitCode === 0 ? output : [...output, ...errors] };
    } finally {
      signal?.removeEventListener('abort', interrupt);
      clearTimeout(impatient);
      this.interrupt = undefined;
      await new Promise((closed) => log.end(closed));
    }
  }

  private error(command: string, messages: TerraformMessages, output: readonly string[]): TerraformError {
    return new TerraformError(
      command,
      this.options.stack,
      messages.diagnostics.filter(({ severity }) => severity === 'error'),
      this.options.logFile,
      this.options.signal?.aborted ?? false,
      output.slice(-OUTPUT_TAIL),
      this.ending,
    );
  }
}

const ofEndedProviders = (underWay: readonly string[]): TerraformDiagnostic => ({
  severity: 'error',
  summary: 'A provider did not stop, and was ended',
  detail: `Under way was ${underWay.join(', ')}. AWS may have it, and the state may not. Look at it before the next apply`,
});
