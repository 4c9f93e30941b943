import type { App } from 'cdktf';
import type { Construct } from 'constructs';
import type { BaseStack } from '../../constructs/terraform/base-stack';
import type { NamespaceSettings, Platform } from '../config/platform';
import type { WorkloadKeys } from '../config/workload-keys';

/** What a workload gets besides its options. */
export interface WorkloadContext<Used = unknown> {
  readonly platform: Platform;
  /** The namespace that it runs in. */
  readonly namespace: NamespaceSettings & { readonly name: string };
  /** IPv4 ranges of the VPC, where load balancers and Pods have their addresses. */
  readonly vpcRanges: readonly string[];
  /** The address at which Pods reach the Kubernetes API, as a range: `172.20.0.1/32`. */
  readonly apiServerRange: string;
  /** An image of the platform's registry, such as `registry.example.com/seed/orders-web:1.4.0`. */
  readonly image: (name: string, tag: string) => string;
  /** What the used workloads return in this namespace, by the names under `uses`. */
  readonly uses: Used;
}

/**
 * A workload that a platform can run.
 *
 * @typeParam Parts what other workloads may use of it
 */
export interface RegisteredWorkload<Parts = unknown> extends WorkloadKeys {
  /** Where it is defined: `workloads/orders/index.ts:5`. */
  readonly source: string;
  /** The workloads whose parts it gets, by the names that it calls them. */
  readonly uses: Readonly<Record<string, RegisteredWorkload>>;
  /** What is wrong with its definition, each with its place. */
  readonly errors: readonly string[];
  /**
   * @internal
   * @param options as its schemas make them
   */
  build(scope: Construct, options: object, context: WorkloadContext): Parts;
}

/** What a workload returns for others to use. */
export type PartsOf<Workload> = Workload extends RegisteredWorkload<infer Parts> ? Parts : never;

/** A stack of a platform's own, as a class. */
export type StackClass = new (app: App, platform: Platform) => BaseStack;

/** A stack of a platform's own, and its place in the order. */
export interface PlacedStack {
  readonly stack: StackClass;
  /** Names of the stacks that are deployed before it. */
  readonly after: readonly string[];
  /** Names of the stacks that are deployed after it. */
  readonly before: readonly string[];
}
