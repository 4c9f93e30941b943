import { readAddressLists } from '../config/address-list-files';
import type { Finding } from '../config/config-error';
import { loadPlatform, type LoadOptions } from '../config/load-platform';
import { loadMovedAddresses } from '../config/moved-addresses-file';
import type { Platform } from '../config/platform';
import { unreachableImages } from '../config/unreachable-images';
import { unservedWarning } from '../config/unserved-warning';
import { selectedPlatform } from '../facts/selected-platform';
import type { RenderRequest } from '../manifests/rendered';
import { PlatformApp } from './platform-app';
import type { PlacedStack, RegisteredWorkload } from './registry';

/** The files that a synthesis reads, and the folder that it writes. */
export interface SynthesisOptions extends Omit<LoadOptions, 'workloads'> {
  /** @default - that of the selected platform */
  readonly file?: string;
  /** Which objects had other Terraform addresses. @default - addresses/moved.yaml, if there is one */
  readonly movedFile?: string;
  /** Folder of the committed addresses. @default - that of the selected platform; none for another file */
  readonly addresses?: string;
  /** @default - that of the selected platform: cdktf.out */
  readonly outdir?: string;
}

/** What a platform is made of, besides what its file says. */
interface PlatformParts {
  readonly workloads: readonly RegisteredWorkload[];
  readonly stacks: readonly PlacedStack[];
}

/** What was synthesized. */
export interface Synthesized {
  readonly platform: Platform;
  readonly outdir: string;
  /** Names of the stacks in the order in which they are deployed. */
  readonly stacks: readonly string[];
  /** The version of Kubernetes by whose rules the objects were validated; undefined where they were not. */
  readonly validatedAs: string | undefined;
}

/**
 * Reads the platform, builds its stacks and writes their Terraform JSON, and `platform.json` beside them.
 *
 * @throws ConfigError or SynthesisError with every error; nothing is written then
 */
export function synthesizePlatform(definition: PlatformParts, options: SynthesisOptions = {}): Synthesized {
  const { file = selectedPlatform().file } = options;
  const { platform, app } = openPlatform(definition, options);
  const { stacks: ordered } = app.synthesize();
  const warning = platform.cluster.controllers.loadBalancer
    ? undefined
    : unservedWarning(file, app.exposedNamespaces());
  const { validatedAs } = app;
  const unvalidated =
    validatedAs === platform.cluster.version ? [] : [notValidated(file, platform, validatedAs)];
  const warnings = [
    ...unvalidated,
    ...(warning ? [warning] : []),
    ...unreachableImages(file, platform, () => app.pulledImages()),
  ];
  for (const each of warnings) options.onWarning?.(each);
  return { platform, outdir: app.outdir, stacks: ordered.map(({ name }) => name), validatedAs };
}

/**
 * Reads the platform, and builds its stacks without what is rendered.
 *
 * @returns what has to be rendered
 * @throws ConfigError or SynthesisError with every error
 */
export function requestsToRender(definition: PlatformParts, options: SynthesisOptions = {}): RenderRequest[] {
  return openPlatform(definition, options, true).app.renderRequests();
}

function openPlatform(
  { workloads, stacks }: PlatformParts,
  options: SynthesisOptions,
  rendering = false,
): { readonly platform: Platform; readonly app: PlatformApp } {
  const { file = selectedPlatform().file, outdir = selectedPlatform().outdir } = options;
  const platform = loadPlatform(file, { ...options, workloads });
  const moved = loadMovedAddresses(options.movedFile);
  const folder = options.addresses ?? (options.file === undefined ? selectedPlatform().addresses : undefined);
  const listed = folder === undefined ? {} : { listed: readAddressLists(folder) };
  return {
    platform,
    app: new PlatformApp(platform, { workloads, stacks, outdir, moved, rendering, ...listed }),
  };
}

function notValidated(file: string, { cluster }: Platform, validatedAs: string | undefined): Finding {
  return {
    file,
    path: 'cluster.version',
    message:
      validatedAs === undefined
        ? 'the Kubernetes objects are not validated, because the validation of Kubernetes is not built on this machine; ' +
          'npm run sandbox and npm test build it'
        : `the Kubernetes objects are validated as Kubernetes ${validatedAs} validates them, the nearest version to ` +
          `${cluster.version} that is built on this machine`,
  };
}
