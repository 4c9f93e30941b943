import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OutputError } from './stacks';
import { npmRun } from '../facts/selected-platform';

/** What synthesis writes beside the stacks: all that later steps know of the platform besides its Terraform JSON. */
export interface PlatformRecord {
  readonly name: string;
  readonly region: string;
  /** Minor version of Kubernetes. */
  readonly kubernetes: string;
  /** Names of the node groups. */
  readonly nodeGroups: readonly string[];
  readonly namespaces: Readonly<Record<string, NamespaceRecord>>;
  /** The workloads that a namespace may run. */
  readonly workloads: readonly WorkloadRecord[];
  /** The stacks in an order in which they can be deployed. */
  readonly stacks: readonly StackRecord[];
  /** Objects that belong to another stack than before, by the stack that has them now. */
  readonly handedOver: Readonly<Record<string, readonly HandedOver[]>>;
  /** Findings of `check` that may stay for a time. @default - none */
  readonly waivers?: readonly Waiver[];
  /** Connections that there may be. @default - nothing is expected */
  readonly reachability?: readonly Expectation[];
}

/** What is expected of the connections to a namespace or a workload. */
export interface Expectation {
  /** A namespace, `namespace/name` of what runs Pods, or a name in every namespace. */
  readonly to: string;
  /** Those who may connect, or those who may not. Beside the names of `to`: `internet`, `vpc`, `api-server`, `dns`. */
  readonly onlyFrom?: readonly string[] | undefined;
  readonly neverFrom?: readonly string[] | undefined;
}

/** A finding that may stay. */
export interface Waiver {
  readonly code: string;
  /** Stack and Terraform address: `dev/kubernetes_deployment_v1.orders_web`. */
  readonly address: string;
  readonly reason: string;
  /** Last day: `2026-12-31`. */
  readonly until: string;
}

/** A namespace of a platform. */
export interface NamespaceRecord {
  /** Names of the node groups that its Pods run on. */
  readonly nodeGroups: readonly string[];
  /** The options of each workload that it runs, by the workload's name. */
  readonly workloads: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Its other keys of `platform.yaml`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Whether a namespace takes over the objects that the cluster has. A stack of another kind has no namespace. */
export const adopts = (namespace: NamespaceRecord | undefined): boolean =>
  namespace?.settings['adopt'] === true;

/** A workload of a platform. */
export interface WorkloadRecord {
  readonly name: string;
  readonly description: string;
  /** Where it is defined: `workloads/orders/index.ts:5`. */
  readonly source: string;
  /** Names of the workloads that it uses. */
  readonly uses: readonly string[];
  /** JSON Schema of its options. */
  readonly options: object;
}

/** A stack of a platform. */
export interface StackRecord {
  readonly name: string;
  /** Names of the stacks that are deployed before it. */
  readonly after: readonly string[];
}

/** An object that another stack created, and that a stack takes over with all that is in it. */
export interface HandedOver {
  /** Its Terraform address in the stack. */
  readonly to: string;
  /** The stack that created it. */
  readonly fromStack: string;
  /** Its Terraform address there. */
  readonly from: string;
}

/** The file's name in the folder that synthesis writes. */
export const PLATFORM_RECORD = 'platform.json';

/**
 * What was synthesized of a platform besides its stacks.
 *
 * @param outdir the folder that synthesis wrote, `cdktf.out`
 * @throws OutputError when nothing was synthesized there
 */
export function readPlatformRecord(outdir: string): PlatformRecord {
  const file = join(outdir, PLATFORM_RECORD);
  if (!existsSync(file)) throw new OutputError(`${file} does not exist: run ${npmRun('synth')} first`);
  return JSON.parse(readFileSync(file, 'utf8')) as PlatformRecord;
}
