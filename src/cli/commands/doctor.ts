import { styleText } from 'node:util';
import { withFolderLock } from '@kubernetes-on-aws/eks-facts/processes/folder-lock';
import { downloadRelease, findReleases } from '@kubernetes-on-aws/eks-facts/tool-builder/download';
import { prerequisites, type Prerequisite } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import { clientRelease } from '@kubernetes-on-aws/eks-facts/tool-builder/releases';
import {
  downloadedPrograms,
  useDownloadedPrograms,
} from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import type { ToolsState } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import definition from '../../../main';
import { ConfigError } from '../../config/config-error';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { UserError } from '../../facts/user-error';
import { isSandboxInstalled } from '../sandbox-package';
import { EXIT } from '../terminal/exit';
import { table, terminalWidth } from '../terminal/table';

interface DoctorOptions {
  readonly download?: boolean;
  readonly json?: boolean;
}

/** A program that was to be downloaded cannot be had. */
export class DownloadError extends UserError {
  readonly code = 'not-downloaded';
  readonly exitStatus = 2;
}

/** `doctor`: checks what this machine has of what is needed, and downloads what is missing on request. */
export async function doctor({ download = false, json = false }: DoctorOptions): Promise<void> {
  const version = clusterVersion();
  const state = await sandboxTools(version);
  let found = await prerequisites(state?.needs);
  if (download && (await downloadMissing(found))) found = await prerequisites(state?.needs);
  const missing = found.filter((each) => !each.suits);
  process.stdout.write(
    json
      ? `${JSON.stringify({ ok: missing.length === 0, prerequisites: found, ...(state && { tools: toolsOutline(state) }) })}\n`
      : `${drawPrerequisites(found, terminalWidth())}\n${state ? `${describeTools(state)}\n` : ''}${describeMissing(missing)}\n`,
  );
  if (missing.length > 0) process.exitCode = EXIT.wrong;
}

/** What the sandbox has of its tools; undefined where the package of the sandbox is not installed. */
async function sandboxTools(version: string | undefined): Promise<ToolsState | undefined> {
  if (!isSandboxInstalled()) return undefined;
  const { toolsState } = await import('@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools');
  return toolsState(version === undefined ? {} : { kubernetes: [version] });
}

/** The version of Kubernetes in the platform's file; undefined when the file is wrong, which is no fault of the machine. */
function clusterVersion(): string | undefined {
  try {
    return definition.load(selectedPlatform().file).cluster.version;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(
      `${selectedPlatform().file} has errors: Go and tools are checked for the default version\n`,
    );
    return undefined;
  }
}

/**
 * Downloads what is missing and can be downloaded, into the folder where all commands look first.
 *
 * @returns whether there was anything to download
 * @throws DownloadError; ChecksumError
 */
async function downloadMissing(found: readonly Prerequisite[]): Promise<boolean> {
  const wanted = found.flatMap(({ suits, release }) => (suits || !release ? [] : clientRelease(release)));
  if (wanted.length === 0) return false;
  const folder = downloadedPrograms();
  const releases = await findReleases(wanted);
  const reasons = await withFolderLock(folder, () =>
    Promise.all(
      releases.found.map(async (release) => {
        process.stderr.write(`downloading ${release.url}\n`);
        return downloadRelease(release, folder);
      }),
    ),
  );
  const unavailable = [...releases.unavailable, ...reasons.filter((reason) => reason !== undefined)];
  if (unavailable.length > 0) throw new DownloadError(`not downloaded: ${unavailable.join(', ')}`);
  useDownloadedPrograms();
  return true;
}

function drawPrerequisites(found: readonly Prerequisite[], width: number): string {
  const rows = found.map((each) => [
    each.suits ? '✔' : '✖',
    each.name,
    each.wanted,
    each.found ?? 'not found',
    each.purpose,
  ]);
  return table([['', 'PROGRAM', 'NEEDED', 'FOUND', 'FOR'], ...rows], width)
    .replaceAll('✔', styleText('green', '✔'))
    .replaceAll('✖', styleText('red', '✖'));
}

/** What of the sandbox's own tools is not there yet, and how it is got. */
function toolsOutline({ missing, needs, releases }: ToolsState) {
  const { found, unavailable } = releases;
  return { missing, downloads: found.map(({ url }) => url), builds: needs.go !== undefined, unavailable };
}

function describeTools(state: ToolsState): string {
  const { missing, downloads, builds, unavailable } = toolsOutline(state);
  if (missing.length === 0) return 'The tools of the sandbox are installed.';
  const ways = [downloads.length > 0 && 'downloads', builds && 'builds'].filter((way) => way);
  const why = unavailable.length === 0 ? '' : ` Not downloaded: ${unavailable.join(', ')}.`;
  return `${npmRun('sandbox')} installs ${missing.join(', ')}, once for this machine${ways.length > 0 ? `: it ${ways.join(' and ')}` : ''}.${why}`;
}

function describeMissing(missing: readonly Prerequisite[]): string {
  if (missing.length === 0) return 'This machine has all required programs.';
  const command = npmRun('doctor', '--download');
  const lines = missing.map(
    ({ name, remedy, release }) => `  ${name}: ${release ? `${command}, or ${remedy}` : remedy}`,
  );
  return ['Missing or too old; to install:', ...lines].join('\n');
}
