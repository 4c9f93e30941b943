import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  downloadRelease,
  findReleases,
  type FoundReleases,
} from '@kubernetes-on-aws/eks-facts/tool-builder/download';
import {
  readGoModule,
  type GoModule,
  type GoTool,
} from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { buildGoTools, missingGoTools } from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import {
  checkPrerequisites,
  type NeededPrerequisites,
} from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import {
  buildPythonEnvironment,
  isPythonEnvironment,
  requirementsKey,
} from '@kubernetes-on-aws/eks-facts/tool-builder/python-environment';
import { toolRelease, type Release } from '@kubernetes-on-aws/eks-facts/tool-builder/releases';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { withFolderLock } from '@kubernetes-on-aws/eks-facts/processes/folder-lock';
import type { KubernetesBinaries } from '../control-plane/control-plane';
import { packagePath } from '../package-folder';
import { SandboxError } from '../sandbox-error';

/** Paths of the programs that the sandbox is made of. */
export interface Tools {
  /** By the version of Kubernetes, every one that is pinned, built or not: `1.36`. */
  readonly kubernetes: Readonly<Record<string, KubernetesBinaries>>;
  readonly kwok: string;
  /** `moto_server`. */
  readonly moto: string;
}

/** What is wanted, and where to look. */
export interface ToolsOptions {
  /** Versions of Kubernetes whose control planes are built: `1.36`. @default - the one whose pins have etcd and KWOK too */
  readonly kubernetes?: readonly string[] | undefined;
  /** The folder with the pins. @default packages/eks-sandbox/tools */
  readonly pins?: string;
  /** @default - `kubernetes-on-aws` in the user's cache folder */
  readonly cache?: string;
  /** A folder of ready binaries, as envtest has it. @default - the variable KUBEBUILDER_ASSETS */
  readonly assets?: string | undefined;
}

/** What is there and what has to be built. */
export interface ToolsState {
  /** Where the tools are, or will be when they are built. */
  readonly tools: Tools;
  /** Those to be downloaded or built, by the names with which `getTools` reports: `kubernetes 1.36`, `etcd and KWOK`, `moto`. */
  readonly missing: readonly string[];
  /** What getting them needs on this machine. */
  readonly needs: NeededPrerequisites;
  /** What of them can be downloaded. */
  readonly releases: FoundReleases;
}

/** The names of a control plane's binaries. */
const BINARIES: Readonly<Record<keyof KubernetesBinaries, string>> = {
  etcd: 'etcd',
  kubeApiserver: 'kube-apiserver',
  kubeControllerManager: 'kube-controller-manager',
  kubeScheduler: 'kube-scheduler',
};

/** What serves every version of Kubernetes; of the other tools each version has its own. */
const isShared = ({ binary }: GoTool): boolean => binary === 'etcd' || binary === 'kwok';

/** Modules, compiled packages and binaries of one Kubernetes and KWOK, with room to spare. */
const NEEDED_BYTES = 5e9;

/** Go tools of one module that are built together. */
interface GoSet {
  readonly tool: string;
  readonly module: GoModule;
  readonly into: string;
  /** Those that are not taken from elsewhere. */
  readonly wanted: readonly GoTool[];
}

interface Layout {
  readonly cache: string;
  readonly tools: Tools;
  readonly goSets: readonly GoSet[];
  readonly requirements: string;
  readonly moto: string;
}

/** The versions of Kubernetes that are pinned, oldest first: `1.36`. */
export function pinnedKubernetesVersions(pins = packagePath('tools')): string[] {
  return readdirSync(pins)
    .flatMap((name) => /^kubernetes-(\d+\.\d+)$/.exec(name)?.[1] ?? [])
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * Looks which tools are there, and asks the places of releases for what is not; gets nothing.
 *
 * @throws SandboxError when a version of Kubernetes is wanted that is not pinned; ToolsMirrorError
 */
export async function toolsState(options: ToolsOptions = {}): Promise<ToolsState> {
  const { tools, goSets, moto } = await layOut(options);
  const goMissing = missingOf(goSets);
  const releases = await findReleases(goMissing.flatMap(releasesOf));
  const motoMissing = !isPythonEnvironment(moto);
  return {
    tools,
    missing: [...goMissing.map(({ tool }) => tool), ...(motoMissing ? ['moto'] : [])],
    needs: { go: goFor(goMissing, releases), python: motoMissing },
    releases,
  };
}

/** How tools are got, and who is told. */
export interface GetOptions extends ToolsOptions {
  readonly signal?: AbortSignal | undefined;
  /** What can be downloaded. @default - it is asked for */
  readonly releases?: FoundReleases;
  /** Told, in one line, why something is built and not downloaded. */
  readonly onNotice?: (notice: string) => void;
}

/**
 * Gets missing tools: releases with verified checksums at the same time, then Go builds of what could not be downloaded. One set
 * builds after the other, because each uses all processors; moto installs beside them. The tools are in the user's cache
 * folder, under a name that changes with the pins.
 *
 * @param report is told what is being done to which tool, in a few words
 * @throws SandboxError when the disk is too full; ChecksumError; ToolBuildError; PrerequisiteError when something has to be
 *   built and Go is missing; the signal's reason
 */
export async function getTools(
  report: (tool: string, message: string) => void,
  options: GetOptions = {},
): Promise<Tools> {
  const { cache, tools, goSets, requirements, moto } = await layOut(options);
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const common = (tool: string, into: string) => ({
    tool,
    into,
    logFile: join(cache, 'logs', `${tool.replaceAll(' ', '-')}.log`),
    // One failure ends all the others, which take minutes.
    signal,
    report: (message: string) => {
      report(tool, message);
    },
  });
  const getGo = async () => {
    const wanted = missingOf(goSets);
    if (wanted.length === 0) return;
    const releases = options.releases ?? (await findReleases(wanted.flatMap(releasesOf), signal));
    const reasons = [...releases.unavailable, ...(await download(wanted, releases, { signal, report }))];
    const left = missingOf(wanted);
    if (left.length === 0) return;
    if (reasons.length > 0) options.onNotice?.(`not downloaded: ${[...new Set(reasons)].join(', ')}`);
    await checkPrerequisites({ go: goFor(left) });
    requireSpace(cache);
    for (const { tool, module, into, wanted } of left) {
      await timed(tool, 'built', report, () => buildGoTools(module, wanted, common(tool, into)));
    }
  };
  const getMoto = async () => {
    if (isPythonEnvironment(moto)) return;
    await timed('moto', 'built', report, () => buildPythonEnvironment(requirements, common('moto', moto)));
  };
  const failures: unknown[] = [];
  // Both are waited for: neither continues in the background after this has thrown.
  await Promise.all(
    [getGo, getMoto].map((get) =>
      get().catch((error: unknown) => {
        failures.push(error);
        failed.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return tools;
}

const missingOf = (goSets: readonly GoSet[]): GoSet[] =>
  goSets.filter(({ wanted, into }) => missingGoTools(wanted, into).length > 0);

const releasesOf = ({ wanted, into }: GoSet): Release[] =>
  missingGoTools(wanted, into).flatMap(
    ({ package: path, binary, version = '' }) => toolRelease(path, binary, version) ?? [],
  );

/** The version of Go that builds what is missing and cannot be downloaded; undefined when nothing has to be built. */
function goFor(missing: readonly GoSet[], releases?: FoundReleases): string | undefined {
  const isFound = ({ url }: Release) => releases?.found.some((found) => found.url === url) ?? false;
  return missing
    .filter((set) => releasesOf(set).filter(isFound).length < missingGoTools(set.wanted, set.into).length)
    .map(({ module }) => module.goVersion)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))[0];
}

/**
 * Downloads all releases at once; the first error ends the others.
 *
 * @returns why some could not be downloaded
 */
async function download(
  goSets: readonly GoSet[],
  { found }: FoundReleases,
  { signal, report }: { signal: AbortSignal; report: (tool: string, message: string) => void },
): Promise<string[]> {
  if (found.length === 0) return [];
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const bytes = { expected: 0, received: 0, told: 0 };
  const all = goSets.map(({ tool }) => tool).join(', ');
  const onBytes = (of: { readonly expected?: number; readonly received?: number }) => {
    bytes.expected += of.expected ?? 0;
    bytes.received += of.received ?? 0;
    if (bytes.received < bytes.told) return;
    bytes.told = bytes.received + TOLD_EACH;
    report(all, `downloading, ${megabytes(bytes.received)} of ${megabytes(bytes.expected)} MB`);
  };
  const inSet = (set: GoSet) => async (): Promise<string[]> => {
    // Another process may have had the lock, and have left nothing to do.
    const urls = releasesOf(set).map(({ url }) => url);
    const failures: unknown[] = [];
    const reasons = await Promise.all(
      found
        .filter(({ url }) => urls.includes(url))
        .map((release) =>
          downloadRelease(release, set.into, { signal: both, onBytes }).catch((error: unknown) => {
            failures.push(error);
            failed.abort();
          }),
        ),
    );
    if (failures.length > 0) throw failures[0];
    return reasons.filter((reason) => reason !== undefined);
  };
  const reasons = await timed(all, 'downloaded', report, () =>
    Promise.all(goSets.map((set) => withFolderLock(set.into, inSet(set), { signal }))),
  );
  return reasons.flat();
}

/** Bytes between two reports of how far the downloads are. */
const TOLD_EACH = 10e6;

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

async function timed<T>(
  tool: string,
  done: string,
  report: (tool: string, message: string) => void,
  action: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const result = await action();
  report(tool, `${done} in ${Math.round((Date.now() - start) / 1000)} s`);
  return result;
}

async function layOut(options: ToolsOptions): Promise<Layout> {
  const pins = options.pins ?? packagePath('tools');
  const cache = options.cache ?? toolCache();
  const assets = 'assets' in options ? options.assets : process.env.KUBEBUILDER_ASSETS;
  const pinned = pinnedKubernetesVersions(pins);
  const placeOf = (name: string, key: string) => join(cache, 'tools', `${name}-${key}`);

  const modules = pinned.map((version) => {
    const module = readGoModule(join(pins, `kubernetes-${version}`));
    return { version, module, into: placeOf(`kubernetes-${version}`, module.key) };
  });
  // One etcd and one KWOK serve every version, so that they are there after an upgrade too: the newest that are pinned.
  const shared = modules.filter(({ module }) => module.tools.some(isShared)).at(-1);
  if (shared === undefined) throw new SandboxError(`no version of Kubernetes is pinned in ${pins}`);
  const wanted = new Set(options.kubernetes ?? [shared.version]);
  for (const version of wanted) {
    if (pinned.includes(version)) continue;
    throw new SandboxError(`no sandbox for Kubernetes ${version}: there is one for ${pinned.join(', ')}`);
  }
  const ready = await readyBinaries(assets);
  const isReady = (version: string, binary: string) => ready?.version === version && ready.paths.has(binary);

  const goSets: GoSet[] = [];
  const kubernetes: Record<string, KubernetesBinaries> = {};
  for (const { version, module, into } of modules) {
    const path = (binary: string, folder = into) =>
      (isReady(version, binary) ? ready?.paths.get(binary) : undefined) ?? join(folder, binary);
    kubernetes[version] = {
      etcd: path(BINARIES.etcd, shared.into),
      kubeApiserver: path(BINARIES.kubeApiserver),
      kubeControllerManager: path(BINARIES.kubeControllerManager),
      kubeScheduler: path(BINARIES.kubeScheduler),
    };
    const isWanted = wanted.has(version);
    const tools = module.tools.filter((tool) =>
      isShared(tool)
        ? version === shared.version && ![...wanted].every((each) => isReady(each, tool.binary))
        : isWanted && !isReady(version, tool.binary),
    );
    goSets.push({ tool: isWanted ? `kubernetes ${version}` : 'etcd and KWOK', module, into, wanted: tools });
  }

  const requirements = join(pins, 'moto', 'requirements.txt');
  const moto = placeOf('moto', requirementsKey(requirements));
  const tools = { kubernetes, kwok: join(shared.into, 'kwok'), moto: join(moto, 'bin', 'moto_server') };
  return { cache, tools, goSets, requirements, moto };
}

/** Binaries that somebody else has built. */
interface ReadyBinaries {
  /** Of Kubernetes: `1.36`. */
  readonly version: string;
  /** By name. */
  readonly paths: ReadonlyMap<string, string>;
}

/** The binaries in a folder of ready ones, if there is an API server that says its version. */
async function readyBinaries(assets: string | undefined): Promise<ReadyBinaries | undefined> {
  if (!assets) return undefined;
  const paths = new Map(
    Object.values(BINARIES)
      .map((binary) => [binary, join(assets, binary)] as const)
      .filter(([, path]) => existsSync(path)),
  );
  const server = paths.get(BINARIES.kubeApiserver);
  if (server === undefined) return undefined;
  const { stdout } = await execa(server, ['--version'], { reject: false, stdin: 'ignore' });
  const [, version] = / v(\d+\.\d+)\./.exec(stdout) ?? [];
  return version === undefined ? undefined : { version, paths };
}

function requireSpace(cache: string): void {
  mkdirSync(cache, { recursive: true });
  const { bavail, bsize } = statfsSync(cache);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  throw new SandboxError(
    `building the control plane takes ${NEEDED_BYTES / 1e9} GB, and ${cache} has ${(free / 1e9).toFixed(1)} GB left`,
  );
}
