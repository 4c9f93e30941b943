import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tool that a module names. */
export interface GoTool {
  /** Its package: `k8s.io/kubernetes/cmd/kube-apiserver`. */
  readonly package: string;
  /** The name that `go install` gives its binary. */
  readonly installedAs: string;
  /** The name under which it is known. */
  readonly binary: string;
  /** Version of the module that has its package, `v1.36.3`. Left out: the module itself has it. */
  readonly version?: string;
}

/** A folder with a `go.mod` whose `tool` lines and pinned versions say what is built. */
export interface GoModule {
  readonly folder: string;
  readonly tools: readonly GoTool[];
  /** The lowest version of Go that builds it, of its `go` line. */
  readonly goVersion: string;
  /** Changes with every pin, so that what was built from other pins is never taken for this. */
  readonly key: string;
  /** Of `go install`. */
  readonly flags: readonly string[];
}

/** Names that say nothing on their own. */
const KNOWN_AS: Readonly<Record<string, string>> = { server: 'etcd' };

/** Reads a module's `go.mod`. @throws Error when it names no tool */
export function readGoModule(folder: string): GoModule {
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const packages = directives(goMod, 'tool').map(([name = '']) => name);
  if (packages.length === 0) throw new Error(`${join(folder, 'go.mod')} names no tool`);
  const required = new Map(directives(goMod, 'require').map(([name = '', version = '']) => [name, version]));
  const kubernetes = required.get('k8s.io/kubernetes');
  const flags = buildFlags(kubernetes);
  const pins = [
    goMod,
    readFileSync(join(folder, 'go.sum'), 'utf8'),
    process.platform,
    process.arch,
    ...flags,
  ];
  return {
    folder,
    tools: packages.map((path) => goTool(path, required)),
    goVersion: directives(goMod, 'go')[0]?.[0] ?? '0',
    key: createHash('sha256').update(pins.join('\0')).digest('hex').slice(0, 12),
    flags,
  };
}

/** Go names a binary by the last element of its path that is not a major version. */
function goTool(path: string, required: ReadonlyMap<string, string>): GoTool {
  const installedAs =
    path
      .split('/')
      .filter((element) => !/^v\d+$/.test(element))
      .at(-1) ?? path;
  const [, version] = [...required].find(([module]) => `${path}/`.startsWith(`${module}/`)) ?? [];
  return {
    ...{ package: path, installedAs, binary: KNOWN_AS[installedAs] ?? installedAs },
    ...(version !== undefined && { version }),
  };
}

/** Every line of a directive, alone or in a block, as its words without the comment. */
function directives(goMod: string, directive: string): string[][] {
  const single = new RegExp(`^${directive}[ \\t]+([^(\\s].*)$`, 'gm');
  const block = new RegExp(`^${directive}[ \\t]*\\(([^)]*)\\)`, 'gm');
  return [
    ...[...goMod.matchAll(block)].flatMap(([, lines = '']) => lines.split('\n')),
    ...[...goMod.matchAll(single)].map(([, line = '']) => line),
  ]
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}

/**
 * Without symbols, and without making any: that is a tenth of the compiler's work. Kubernetes learns its version from the
 * linker only; without it kubectl cannot parse what the server says.
 */
function buildFlags(kubernetes: string | undefined): string[] {
  const version = 'k8s.io/component-base/version';
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(kubernetes ?? '') ?? [];
  const stamps =
    kubernetes === undefined
      ? []
      : [
          `-X ${version}.gitVersion=${kubernetes}`,
          `-X ${version}.gitMajor=${major ?? ''}`,
          `-X ${version}.gitMinor=${minor ?? ''}`,
        ];
  return ['-trimpath', '-gcflags=all=-dwarf=false', `-ldflags=${['-s -w', ...stamps].join(' ')}`];
}
