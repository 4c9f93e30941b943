import { loadPlatform, type LoadOptions } from './config/platform';
import { PlatformApp } from './stacks/platform-app';

export interface SynthesisOptions extends LoadOptions {
  /** @default - `PLATFORM_FILE`, or platform.yaml */
  readonly file?: string;
  /** @default - `CDKTF_OUTDIR`, or cdktf.out */
  readonly outdir?: string;
}

/**
 * Reads the platform, builds its stacks and writes their Terraform JSON.
 *
 * @returns the folder and the names of the stacks, in the order in which they are deployed
 * @throws ConfigError or SynthesisError with every mistake; nothing is written then
 */
export function synthesisePlatform(options: SynthesisOptions = {}): { outdir: string; stacks: string[] } {
  const app = new PlatformApp(loadPlatform(options.file, options), options.outdir);
  app.synthesise();
  return { outdir: app.outdir, stacks: app.node.children.map((stack) => stack.node.id) };
}
