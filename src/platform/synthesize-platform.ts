import { loadPlatform, type LoadOptions } from '../config/load-platform';
import { loadMovedAddresses } from '../config/moved-addresses-file';
import type { Platform } from '../config/platform';
import { unreachableImages } from '../config/unreachable-images';
import { unservedWarning } from '../config/unserved-warning';
import { selectedPlatform } from '../facts/selected-platform';
import { PlatformApp } from './platform-app';
import type { PlacedStack, RegisteredWorkload } from './registry';

export interface SynthesisOptions extends Omit<LoadOptions, 'workloads'> {
  /** @default - that of the selected platform */
  readonly file?: string;
  /** Which objects had other Terraform addresses. @default - addresses/moved.yaml, if there is one */
  readonly movedFile?: string;
  /** @default - that of the selected platform: cdktf.out */
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
 * Reads the platform, builds its stacks and writes their Terraform JSON, and `platform.json` beside them.
 *
 * @throws ConfigError or SynthesisError with every error; nothing is written then
 */
export function synthesizePlatform(
  {
    workloads,
    stacks,
  }: { readonly workloads: readonly RegisteredWorkload[]; readonly stacks: readonly PlacedStack[] },
  options: SynthesisOptions = {},
): Synthesized {
  const { file = selectedPlatform().file, outdir = selectedPlatform().outdir } = options;
  const platform = loadPlatform(file, { ...options, workloads });
  const moved = loadMovedAddresses(options.movedFile);
  const app = new PlatformApp(platform, { workloads, stacks, outdir, moved });
  const { stacks: ordered } = app.synthesize();
  const warning = platform.cluster.controllers.loadBalancer
    ? undefined
    : unservedWarning(file, app.exposedNamespaces());
  const warnings = [
    ...(warning ? [warning] : []),
    ...unreachableImages(file, platform, () => app.pulledImages()),
  ];
  for (const each of warnings) options.onWarning?.(each);
  return { platform, outdir: app.outdir, stacks: ordered.map(({ name }) => name) };
}
