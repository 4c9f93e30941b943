import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runBuildStep } from './build-step';
import { withFolderLock } from '../processes/folder-lock';
import type { GoModule, GoTool } from './go-module';

/** How a tool is built, and who is told. */
export interface ToolBuildOptions {
  /** For messages. */
  readonly tool: string;
  /** The folder that gets what is built. */
  readonly into: string;
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  readonly report: (message: string) => void;
}

/** Where a build is done before its binaries are moved to their places, in the same folder, so that moving is atomic. */
const DRAFT = '.draft-';

/** Those of a module's tools that are not yet in a folder. */
export function missingGoTools(tools: readonly GoTool[], folder: string): GoTool[] {
  return tools.filter(({ binary }) => !existsSync(join(folder, binary)));
}

/**
 * Builds those of a module's tools that are not yet in a folder. Each binary appears there whole, at once; what an
 * interrupted build compiled stays in Go's cache, so that the next one continues from there.
 *
 * @throws ToolBuildError
 */
export async function buildGoTools(
  module: GoModule,
  wanted: readonly GoTool[],
  options: ToolBuildOptions,
): Promise<void> {
  const { tool, into, signal, report } = options;
  const build = async () => {
    const missing = missingGoTools(wanted, into);
    if (missing.length === 0) return;
    mkdirSync(into, { recursive: true });
    for (const left of readdirSync(into).filter((name) => name.startsWith(DRAFT))) {
      rmSync(join(into, left), { recursive: true, force: true });
    }
    const draft = mkdtempSync(join(into, DRAFT));
    try {
      await install(module, missing, draft, options);
      for (const { installedAs, binary } of missing) {
        renameSync(join(draft, installedAs), join(into, binary));
      }
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  };
  await withFolderLock(into, build, {
    signal,
    onWait: ({ pid }) => {
      report(`waiting for process ${pid}, which builds ${tool}`);
    },
  });
}

async function install(
  module: GoModule,
  tools: readonly GoTool[],
  draft: string,
  { tool, logFile, signal, report }: ToolBuildOptions,
): Promise<void> {
  const packages = tools.map((each) => each.package);
  const go = (args: readonly string[], onLine: (line: string) => void) =>
    runBuildStep({
      tool,
      program: 'go',
      args,
      cwd: module.folder,
      logFile,
      signal,
      onLine,
      env: {
        GOBIN: draft,
        // Builds are the same for everyone, whatever a user's Go is set to do elsewhere.
        CGO_ENABLED: '0',
        GOFLAGS: '-mod=readonly',
        GOWORK: 'off',
        GOOS: undefined,
        GOARCH: undefined,
      },
    });

  report('looking for its modules');
  let downloads = 0;
  // Downloads what is missing, and says how much is left to compile.
  const stale = ['list', '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...module.flags, ...packages];
  const total = (
    await go(stale, (line) => {
      const [, what] = /^go: downloading (.+)$/.exec(line) ?? [];
      if (what === undefined) return;
      downloads += 1;
      report(`downloading module ${downloads}: ${what}`);
    })
  ).filter((line) => line !== '').length;

  let compiled = 0;
  const linking = `linking ${tools.map(({ binary }) => binary).join(', ')}`;
  // Nothing is printed for what only has to be linked.
  if (total <= tools.length) report(linking);
  await go(['install', '-v', ...module.flags, ...packages], (line) => {
    // Go prints the path of each package as its turn comes; what has a space in it is said in another matter.
    if (line === '' || /[\s:]/.test(line)) return;
    compiled += 1;
    report(compiled < total ? `compiling package ${compiled} of ${total}: ${line}` : linking);
  });
}
