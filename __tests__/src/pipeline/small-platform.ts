import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlatformRecord } from '../../../src/manifests/platform-record';
import { readStacks, type Stack } from '../../../src/manifests/stacks';
import { inApplyFolder } from '../../../src/pipeline/apply/apply-folder';
import { PlanApplier, type Applied } from '../../../src/pipeline/apply/apply-plans';
import type { Commit } from '../../../src/pipeline/plan/commit';
import {
  clearPlans,
  readPlanRecord,
  writePlanRecord,
  type PlanRecord,
  type StackOutcome,
} from '../../../src/pipeline/plan/plan-record';
import { removedStacks, withRemoved } from '../../../src/pipeline/plan/removed-stacks';
import { StackPlanner } from '../../../src/pipeline/plan/plan-stacks';
import { stackTerraform } from '../../../src/pipeline/state/stack-terraform';
import { StateStore } from '../../../src/pipeline/state/state-store';
import { verifyPlans } from '../../../src/pipeline/apply/verify-plans';
import type { Terraform } from '../../../src/terraform/terraform';
import type { ProviderSource } from '../../../src/terraform/terraform-providers';

/** Terraform's own provider is built in: nothing is to be had from anywhere. */
const BUILT_IN: ProviderSource = {
  kind: 'none',
  description: '',
  available: () => true,
  environment: () => ({}),
};

/** A stack of a small platform. */
export interface SmallStack {
  readonly name: string;
  readonly dependencies?: readonly string[];
  /** Its `terraform_data` by name. */
  readonly data: Readonly<Record<string, object>>;
  readonly output?: Readonly<Record<string, object>>;
  /** Addresses that its state forgets. */
  readonly removed?: readonly string[];
  /** The stack whose outputs it reads. */
  readonly reads?: string;
}

export const COMMIT: Commit = { id: 'c0ffee', dirty: false };

/** Stacks that real Terraform plans and applies within a second, in a folder as synthesis writes it. */
export class SmallPlatform {
  readonly folder = mkdtempSync(join(tmpdir(), 'small-platform-'));
  readonly outdir = join(this.folder, 'cdktf.out');

  /** Writes the stacks again, as they are now. */
  write(...stacks: readonly SmallStack[]): void {
    const listed = Object.fromEntries(
      stacks.map(({ name, dependencies = [] }) => [
        name,
        {
          name,
          constructPath: name,
          workingDirectory: `stacks/${name}`,
          synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
          dependencies,
        },
      ]),
    );
    mkdirSync(this.outdir, { recursive: true });
    writeFileSync(join(this.outdir, 'manifest.json'), JSON.stringify({ stacks: listed }));
    for (const { name, data, output, reads, removed } of stacks) {
      mkdirSync(join(this.outdir, 'stacks', name), { recursive: true });
      const remote = reads && {
        terraform_remote_state: {
          [reads]: { backend: 'local', config: { path: `../../../terraform.${reads}.tfstate` } },
        },
      };
      const document = {
        terraform: { backend: { local: { path: `../../../terraform.${name}.tfstate` } } },
        resource: { terraform_data: data },
        ...(output && { output }),
        ...(removed && { removed: removed.map((from) => ({ from, lifecycle: { destroy: false } })) }),
        ...(remote && { data: remote }),
      };
      writeFileSync(this.document(name), JSON.stringify(document));
    }
  }

  document(stack: string): string {
    return join(this.outdir, 'stacks', stack, 'cdk.tf.json');
  }

  get stacks(): Stack[] {
    return readStacks(this.outdir);
  }

  terraform(stack: Stack): Terraform {
    return stackTerraform(stack, { outdir: this.outdir, providers: BUILT_IN });
  }

  /** The ids of a stack's resources, by their names. */
  idsOf(stack: string): Record<string, unknown> {
    const state = JSON.parse(readFileSync(join(this.folder, `terraform.${stack}.tfstate`), 'utf8')) as {
      resources: { name: string; mode: string; instances: { attributes: { id: unknown } }[] }[];
    };
    const managed = state.resources.filter(({ mode }) => mode === 'managed');
    return Object.fromEntries(managed.map(({ name, instances }) => [name, instances[0]?.attributes.id]));
  }

  /** What a resource of a stack has become. */
  valueOf(stack: string, name: string): unknown {
    const state = JSON.parse(readFileSync(join(this.folder, `terraform.${stack}.tfstate`), 'utf8')) as {
      resources: { name: string; instances: { attributes: { input?: { value: { value: unknown } } } }[] }[];
    };
    return state.resources.find((other) => other.name === name)?.instances[0]?.attributes.input?.value.value;
  }

  /** What stacks take over from each other. */
  handedOver: PlatformRecord['handedOver'] = {};

  /** Plans as `npm run plan` does, two at a time at most. */
  async plan(
    options: {
      all?: boolean;
      chosen?: ReadonlySet<string>;
      elsewhere?: ReadonlyMap<string, string>;
      /** What exceptions let pass. */
      passed?: PlanRecord['guard']['passed'];
      /** Done while Terraform plans. */
      meanwhile?: () => void;
    } = {},
  ): Promise<Record<string, StackOutcome>> {
    const { stacks, outdir } = this;
    const stored = await new StateStore(stacks, outdir).read();
    clearPlans(outdir);
    const { handedOver } = this;
    const removed = removedStacks(stacks, stored, { outdir, handedOver });
    const all = [...removed, ...stacks];
    const chosen = new Set(all.map(({ name }) => name));
    const planner = new StackPlanner(stored, {
      outdir,
      all: false,
      lock: true,
      chosen,
      handedOver,
      removed: removed.map(({ name }) => name),
      ...options,
    });
    const outcomes = await Promise.all(
      all.map((stack) => {
        const terraform = this.terraform(stack);
        const show = terraform.show.bind(terraform);
        terraform.show = (...args) => (options.meanwhile?.(), show(...args));
        return planner.plan(stack, terraform);
      }),
    );
    writePlanRecord(outdir, {
      at: '2026-11-25T12:00:00.000Z',
      commit: COMMIT,
      stacks: outcomes,
      guard: { stopped: [], passed: options.passed ?? [], spent: [] },
      classes: [],
      name: 'seed',
      region: 'eu-west-1',
      account: '111122223333',
      handedOver,
      effects: [],
      removed,
    });
    return Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome]));
  }

  record(): PlanRecord {
    return readPlanRecord(this.outdir);
  }

  /** What stands in the way of applying what was planned, as `npm run apply` says it. */
  verify(present: Partial<Parameters<typeof verifyPlans>[1]> = {}): string {
    const { outdir } = this;
    const today = new Date('2026-11-25T13:00:00Z');
    try {
      const record = readPlanRecord(outdir);
      verifyPlans(record, {
        outdir,
        saved: withRemoved(this.stacks, record, outdir),
        commit: COMMIT,
        today,
        ...present,
      });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Applies as `npm run apply` does. */
  async apply(): Promise<Record<string, Applied>> {
    const { outdir } = this;
    const record = readPlanRecord(outdir);
    const stacks = withRemoved(this.stacks, record, outdir);
    const store = new StateStore(stacks, outdir);
    const applier = new PlanApplier(record, store, outdir, await store.read());
    const results = await Promise.all(
      stacks.map(inApplyFolder).map((stack) => applier.apply(stack, this.terraform(stack))),
    );
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
