import { loadPlatform, type LoadOptions } from '../config/load-platform';
import { loadMovedAddresses } from '../config/moved-addresses-file';
import type { Platform } from '../config/platform';
import { PlatformApp } from './platform-app';

export interface SynthesisOptions extends LoadOptions {
  /** @default - `PLATFORM_FILE`, or platform.yaml */
  readonly file?: string;
  /** Which objects had other Terraform addresses. @default - addresses/moved.yaml, if there is one */
  readonly movedFile?: string;
  /** @default - `CDKTF_OUTDIR`, or cdktf.out */
  readonly outdir?: string;
}

/** What was synthesized. */
export interface Synthesized {
  readonly platform: Platform;
  readonly outdir: string;
  /** Names of the stacks in the order in which they are deployed. */
  readonly stacks: readonly string[];
}

/**
 * Reads the platform, builds its stacks and writes their Terraform JSON.
 *
 * @throws ConfigError or SynthesisError with every mistake; nothing is written then
 */
export function synthesizePlatform(options: SynthesisOptions = {}): Synthesized {
  const platform = loadPlatform(options.file, options);
  const app = new PlatformApp(platform, options.outdir, loadMovedAddresses(options.movedFile));
  app.synthesize();
  return { platform, outdir: app.outdir, stacks: app.node.children.map((stack) => stack.node.id) };
}
