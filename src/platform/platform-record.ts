import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { BaseStack } from '../../constructs/terraform/base-stack';
import { mapping } from '../config/schema/form';
import type { Platform } from '../config/platform';
import {
  PLATFORM_RECORD,
  type HandedOver,
  type PlatformRecord,
  type StackRecord,
} from '../manifests/platform-record';
import type { RegisteredWorkload } from './registry';

/** What the record is made of. */
export interface RecordedPlatform {
  readonly platform: Platform;
  readonly workloads: readonly RegisteredWorkload[];
  readonly stacks: readonly BaseStack[];
  readonly handedOver: ReadonlyMap<string, readonly HandedOver[]>;
}

/** The record of a platform. It has no path of a machine, and the same platform makes the same bytes. */
export function platformRecord({
  platform,
  workloads,
  stacks,
  handedOver,
}: RecordedPlatform): PlatformRecord {
  const { name, region, cluster, nodes, namespaces, checks } = platform;
  return {
    name,
    region,
    kubernetes: cluster.version,
    nodeGroups: Object.keys(nodes),
    namespaces: Object.fromEntries(
      Object.entries(namespaces).map(
        ([namespace, { nodes: nodeGroups, workloads: options, ...settings }]) => [
          namespace,
          { nodeGroups, workloads: options, settings },
        ],
      ),
    ),
    workloads: workloads.map((workload) => ({
      name: workload.name,
      description: workload.description,
      source: workload.source,
      uses: workload.needs,
      options: z.toJSONSchema(mapping(workload.options), { io: 'input', reused: 'inline' }),
    })),
    stacks: inDeployOrder(stacks),
    handedOver: Object.fromEntries(handedOver),
    ...(checks.waivers.length > 0 && { waivers: checks.waivers }),
    ...(checks.reachability.length > 0 && { reachability: checks.reachability }),
  };
}

/** Writes the record beside the stacks. */
export function writePlatformRecord(outdir: string, record: PlatformRecord): void {
  writeFileSync(join(outdir, PLATFORM_RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

/** Takes, again and again, the first stack whose dependencies are all taken; CDKTF refuses circles. */
function inDeployOrder(stacks: readonly BaseStack[]): StackRecord[] {
  const left = [...stacks];
  const ordered: StackRecord[] = [];
  while (left.length > 0) {
    const next = left.findIndex((stack) => !left.some((other) => other !== stack && stack.dependsOn(other)));
    const [stack] = left.splice(Math.max(next, 0), 1);
    if (stack) {
      ordered.push({ name: stack.node.id, after: stack.dependencies.map(({ node }) => node.id) });
    }
  }
  return ordered;
}
