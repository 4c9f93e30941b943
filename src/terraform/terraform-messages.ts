import type { TerraformDiagnostic } from './terraform-error';

/** A resource that a plan would create, change or remove. */
export interface PlannedChange {
  readonly address: string;
  /** `create`, `update`, `replace`, `delete`, `read`, `move`, … as Terraform names it. */
  readonly action: string;
}

/** What happens, as Terraform tells it while it runs. */
export type TerraformProgress =
  | {
      readonly kind: 'resource';
      readonly address: string;
      /** `create`, `update`, `delete`, `read`, `refresh`. */
      readonly action: string;
      readonly phase: 'started' | 'running' | 'complete' | 'failed';
      /** Since it was started. */
      readonly seconds: number;
      /** Changes made so far, of all that were planned; 0 of 0 while it reads. */
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'message'; readonly text: string };

/** How many resources a command added, changed and removed. */
export interface ChangeCounts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
}

/** A line of Terraform's machine-readable output (Terraform CLI: Machine-Readable UI), as far as it is read here. */
interface Message {
  readonly type: string;
  readonly '@message': string;
  readonly change?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly changes?: ChangeCounts & { readonly operation: string };
  readonly hook?: {
    readonly resource: { readonly addr: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: {
    readonly severity: 'error' | 'warning';
    readonly summary: string;
    readonly detail: string;
    readonly address?: string;
  };
}

const ACTIONS: Readonly<Record<string, string>> = {
  create: 'creating',
  update: 'updating',
  delete: 'destroying',
  read: 'reading',
  refresh: 'reading',
};

/** One line for people: `12/47 aws_nat_gateway.a creating (8s)`. */
export function describeProgress(progress: TerraformProgress): string {
  if (progress.kind === 'message') return progress.text;
  const { address, action, phase, seconds, done, total } = progress;
  const count = total > 0 ? `${done}/${total} ` : '';
  const verb = ACTIONS[action] ?? action;
  const state = { started: '', running: '', complete: ' done', failed: ' failed' }[phase];
  return `${count}${address} ${verb}${state}${seconds > 0 ? ` (${seconds}s)` : ''}`;
}

/** Gathers what a command says: its diagnostics, its plan, and how far it is. */
export class TerraformMessages {
  readonly diagnostics: TerraformDiagnostic[] = [];
  readonly planned: PlannedChange[] = [];
  /** Changes made; undefined before the end, and for a plan. */
  made: ChangeCounts | undefined;
  private done = 0;
  private total = 0;

  constructor(private readonly onProgress: (progress: TerraformProgress) => void = () => undefined) {}

  /** Takes a line of output. @returns it in words, to be written down */
  take(line: string): string {
    const message = parse(line);
    if (message === undefined) return line;
    if (message.type === 'diagnostic' && message.diagnostic) {
      const { severity, summary, detail, address } = message.diagnostic;
      this.diagnostics.push({ severity, summary, detail, ...(address === undefined ? {} : { address }) });
      return [message['@message'], ...(detail === '' ? [] : [detail])].join('\n');
    }
    if (message.type === 'planned_change' && message.change) {
      this.planned.push({ address: message.change.resource.addr, action: message.change.action });
    } else if (message.type === 'change_summary' && message.changes) {
      const { operation, add, change, remove } = message.changes;
      if (operation === 'plan') this.total = add + change + remove;
      else this.made = { add, change, remove };
    } else if (message.hook) {
      this.progress(message.type, message.hook);
    } else if (message.type === 'init_output' || message.type === 'log') {
      const text = message['@message'];
      // Several lines are advice for those who type the commands.
      if (!text.includes('\n')) this.onProgress({ kind: 'message', text });
    }
    return message['@message'];
  }

  private progress(type: string, hook: NonNullable<Message['hook']>): void {
    const [, kind, step = ''] = /^(apply|refresh)_(start|progress|complete|errored)$/.exec(type) ?? [];
    const phase = PHASES[step];
    if (kind === undefined || phase === undefined) return;
    const action = kind === 'refresh' ? 'refresh' : (hook.action ?? 'apply');
    // Data sources are read during an apply too, and are not counted as changes.
    const counts = kind === 'apply' && action !== 'read';
    if (counts && phase === 'complete') this.done += 1;
    this.onProgress({
      kind: 'resource',
      address: hook.resource.addr,
      action,
      phase,
      seconds: hook.elapsed_seconds ?? 0,
      done: this.done,
      total: this.total,
    });
  }
}

const PHASES: Readonly<Record<string, 'started' | 'running' | 'complete' | 'failed'>> = {
  start: 'started',
  progress: 'running',
  complete: 'complete',
  errored: 'failed',
};

function parse(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && '@message' in value
      ? (value as Message)
      : undefined;
  } catch {
    // A provider's or a provisioner's own words, which may look like anything.
    return undefined;
  }
}
