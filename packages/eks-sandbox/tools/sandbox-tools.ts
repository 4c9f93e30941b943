import { existsSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { execa } from 'execa';
import {
  readGoModule,
  type GoModule,
  type GoTool,
} from '@kubernetes-on-aws/eks-facts/tool-builder/go-module';
import { buildGoTools, missingGoTools } from '@kubernetes-on-aws/eks-facts/tool-builder/go-tools';
import type { NeededPrerequisites } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import {
  buildPythonEnvironment,
  isPythonEnvironment,
  requirementsKey,
} from '@kubernetes-on-aws/eks-facts/tool-builder/python-environment';
import { packagePath } from '../package-folder';
import { SandboxError } from '../sandbox-error';

/** Paths of a control plane's programs. */
export interface KubernetesTools {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
}

/** Paths of the programs that the sandbox is made of. */
export interface Tools {
  /** By the version of Kubernetes, every one that is pinned, built or not: `1.36`. */
  readonly kubernetes: Readonly<Record<string, KubernetesTools>>;
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
  /** Those to be built, by the names with which `buildTools` reports: `kubernetes 1.36`, `etcd and KWOK`, `moto`. */
  readonly missing: readonly string[];
  /** What building them needs on this machine. */
  readonly needs: NeededPrerequisites;
}

/** The names of a control plane's binaries. */
const BINARIES: Readonly<Record<keyof KubernetesTools, string>> = {
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
 * Looks which tools are there; builds nothing.
 *
 * @throws SandboxError when a version of Kubernetes is wanted that is not pinned
 */
export async function toolsState(options: ToolsOptions = {}): Promise<ToolsState> {
  const { tools, goSets, moto } = await layOut(options);
  const goMissing = goSets.filter(({ wanted, into }) => missingGoTools(wanted, into).length > 0);
  const motoMissing = !isPythonEnvironment(moto);
  const [go] = goMissing
    .map(({ module }) => module.goVersion)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return {
    tools,
    missing: [...goMissing.map(({ tool }) => tool), ...(motoMissing ? ['moto'] : [])],
    needs: { go, python: motoMissing },
  };
}

/**
 * Builds what is missing: the Go tools one set after the other, since each has use for all processors, and moto beside
 * them. What is built is kept in the user's cache folder, under a name that changes with the pins.
 *
 * @param report is told what is being done to which tool, in a few words
 * @throws SandboxError when the disk is too full; ToolBuildError; the signal's reason
 */
export async function buildTools(
  report: (tool: string, message: string) => void,
  options: ToolsOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<Tools> {
  const { cache, tools, goSets, requirements, moto } = await layOut(options);
  const failed = new AbortController();
  const common = (tool: string, into: string) => ({
    tool,
    into,
    logFile: join(cache, 'logs', `${tool.replaceAll(' ', '-')}.log`),
    // One failure ends the other builds: nobody wants to wait five minutes to be told.
    signal: AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]),
    report: (message: string) => {
      report(tool, message);
    },
  });
  const buildGo = async () => {
    const missing = goSets.filter(({ wanted, into }) => missingGoTools(wanted, into).length > 0);
    if (missing.length > 0) requireSpace(cache);
    for (const { tool, module, into, wanted } of missing) {
      await timed(tool, report, () => buildGoTools(module, wanted, common(tool, into)));
    }
  };
  const buildMoto = async () => {
    if (isPythonEnvironment(moto)) return;
    await timed('moto', report, () => buildPythonEnvironment(requirements, common('moto', moto)));
  };
  const failures: unknown[] = [];
  // Both are waited for: none goes on in the background after this has thrown.
  await Promise.all(
    [buildGo, buildMoto].map((build) =>
      build().catch((error: unknown) => {
        failures.push(error);
        failed.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return tools;
}

async function timed(
  tool: string,
  report: (tool: string, message: string) => void,
  build: () => Promise<void>,
): Promise<void> {
  const start = Date.now();
  await build();
  report(tool, `built in ${Math.round((Date.now() - start) / 1000)} s`);
}

async function layOut(options: ToolsOptions): Promise<Layout> {
  const pins = options.pins ?? packagePath('tools');
  const cache = options.cache ?? envPaths('kubernetes-on-aws', { suffix: '' }).cache;
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
  const kubernetes: Record<string, KubernetesTools> = {};
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
