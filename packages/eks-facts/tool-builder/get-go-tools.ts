import { withFolderLock } from '../processes/folder-lock';
import { downloadRelease, findReleases } from './download';
import type { GoModule, GoTool } from './go-module';
import { buildGoTools, missingGoTools, type ToolBuildOptions } from './go-tools';
import { checkPrerequisites } from './prerequisites';
import { toolRelease } from './releases';

/**
 * Downloads those of a module's tools that are not yet in a folder, with verified checksums, and builds what cannot be downloaded.
 *
 * @throws ChecksumError; PrerequisiteError when something has to be built and Go is missing; ToolBuildError
 */
export async function getGoTools(
  module: GoModule,
  wanted: readonly GoTool[],
  options: ToolBuildOptions,
): Promise<void> {
  const { tool, into, signal, report } = options;
  const missing = missingGoTools(wanted, into);
  if (missing.length === 0) return;
  report(`${tool} is not installed; downloading it, or building it once for this machine`);
  const releases = await findReleases(
    missing.flatMap(({ package: path, binary, version = '' }) => toolRelease(path, binary, version) ?? []),
    signal,
  );
  const failures = await withFolderLock(into, () =>
    Promise.all(releases.found.map((release) => downloadRelease(release, into, { signal }))),
  );
  const left = missingGoTools(wanted, into);
  if (left.length === 0) return;
  report(
    `not downloaded: ${[...releases.unavailable, ...failures.filter((each) => each !== undefined)].join(', ')}`,
  );
  await checkPrerequisites({ go: module.goVersion });
  await buildGoTools(module, left, options);
}
