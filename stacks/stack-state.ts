import type { Platform } from '../src/config/platform';
import type { BaseStackOptions } from '../constructs/terraform/base-stack';

/** Where the stacks of a platform keep their state. */
export function stateOf(platform: Platform): BaseStackOptions {
  const { name, region, state } = platform;
  return state ? { state: { bucket: state.bucket, region: state.region ?? region, prefix: name } } : {};
}
