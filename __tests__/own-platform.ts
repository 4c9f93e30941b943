import definition from '../main';
import type { LoadOptions } from '../src/config/load-platform';
import type { MovedAddresses } from '../src/config/moved-addresses-file';
import type { Platform } from '../src/config/platform';
import { PlatformApp } from '../src/platform/platform-app';

/** The workloads of this project. */
export const { workloads } = definition;

/** Checks the text of a platform that may run this project's workloads. */
export function parsePlatform(text: string, file: string, options?: LoadOptions): Platform {
  return definition.parse(text, file, options);
}

/** Reads a platform that may run this project's workloads. */
export function loadPlatform(file?: string, options?: LoadOptions): Platform {
  return definition.load(file, options);
}

/** The stacks of a platform with this project's workloads. */
export function appOf(platform: Platform, outdir: string, moved: MovedAddresses = {}): PlatformApp {
  return new PlatformApp(platform, { workloads, outdir, moved });
}
