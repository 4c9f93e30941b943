import * as z from 'zod/mini';
import { platformSchema } from './schema/platform-schema';

/** The JSON Schema of `platform.yaml` for editors: what a user may write, with descriptions and defaults. */
export function platformJsonSchema(): Record<string, unknown> {
  return { title: 'platform.yaml', ...z.toJSONSchema(platformSchema, { io: 'input', reused: 'inline' }) };
}
