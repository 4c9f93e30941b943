import * as z from 'zod/mini';
import type { WorkloadKeys } from './workload-keys';
import { platformSchema } from './schema/platform-schema';

/** The JSON Schema of `platform.yaml` for editors: what a user may write, with descriptions and defaults. */
export function platformJsonSchema(workloads: readonly WorkloadKeys[]): Record<string, unknown> {
  return {
    title: 'platform.yaml',
    ...z.toJSONSchema(platformSchema(workloads), { io: 'input', reused: 'inline' }),
  };
}
