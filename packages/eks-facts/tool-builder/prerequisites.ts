import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { coerce, satisfies } from 'semver';
import { UserError } from '../user-error';
import type { ClientName } from './releases';

/** A program that is needed, and what this machine has of it. */
export interface Prerequisite {
  readonly name: string;
  /** What would do, in words: `1.11 or later`. */
  readonly wanted: string;
  /** The version that was found, as the program says it; undefined when there is none. */
  readonly found?: string;
  /** Whether what was found will do. */
  readonly suits: boolean;
  /** What it is needed for. */
  readonly purpose: string;
  /** How to get it on this machine: a command, or the page that says how. */
  readonly remedy: string;
  /** The program that a release can be downloaded of. Left out: none can. */
  readonly release?: ClientName;
}

/** What the sandbox needs on this machine beside what it always needs. */
export interface NeededPrerequisites {
  /** The version of Go that builds what is not built yet, as in a `go.mod`: `1.26.0`. @default - no Go is needed */
  readonly go?: string | undefined;
  /** Whether a virtual environment has to be made. @default false */
  readonly python?: boolean | undefined;
}

/** All that a machine lacks, at once, as a table. */
export class PrerequisiteError extends UserError {
  readonly code = 'missing-prerequisite';
  readonly exitStatus = 2;

  /** @param download the command that downloads what can be downloaded. @default - there is none */
  constructor(
    readonly missing: readonly Prerequisite[],
    download?: string,
  ) {
    const lines = missing.flatMap(({ name, wanted, found, purpose, remedy, release }) => [
      `  ${name} ${wanted} (${found === undefined ? 'not found' : `found ${found}`}): ${purpose}`,
      `      ${release && download ? `${download}, or ${remedy}` : remedy}`,
    ]);
    super(['the sandbox needs programs that are missing or too old:', ...lines].join('\n'));
  }
}

/** What installs programs on a system; undefined: none that is known. */
export type PackageManager = 'brew' | 'apt' | 'dnf' | 'apk' | 'pacman' | undefined;

/** How a program tells its version, which versions will do, and how it is installed. */
interface Program {
  readonly name: string;
  readonly wanted: string;
  /** In npm's notation. */
  readonly range: string;
  readonly purpose: string;
  /** By package manager, where what it has is new enough. */
  readonly install: Readonly<Partial<Record<NonNullable<PackageManager>, string>>>;
  /** The page that says how to install it. */
  readonly page: string;
  readonly release?: ClientName;
  /** What the program says its version is, as it says it; undefined when there is no such program. */
  version(): Promise<string | undefined>;
}

/** A busy machine takes seconds to start Python. */
const PATIENCE_MS = 60_000;
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const PYTHON_RANGE = '>=3.10';
const WITHOUT_VENV = ' without venv';
/** What is found where a program cannot even say its version. */
const FAILS = 'one that fails';
/** Since this version Go gets itself the version that a module asks for, unless it is told not to. */
const FIRST_GO_WITH_TOOLCHAINS = '1.21.0';

/** Looks at all programs that are needed at once. */
export async function prerequisites(needed: NeededPrerequisites = {}): Promise<Prerequisite[]> {
  const wanted = [
    NODE,
    NPM,
    TERRAFORM,
    KUBECTL,
    AWS,
    ...(needed.python ? [PYTHON] : []),
    ...(needed.go === undefined ? [] : [goThatBuilds(needed.go)]),
  ];
  const manager = packageManager();
  return Promise.all(
    wanted.map(async (program): Promise<Prerequisite> => {
      const found = await program.version();
      const { name, wanted, purpose, range, install, page, release } = program;
      return {
        ...{ name, wanted, purpose, suits: suits(found, range) },
        remedy: (manager && install[manager]) ?? page,
        ...(found !== undefined && { found }),
        ...(release !== undefined && { release }),
      };
    }),
  );
}

/**
 * @param download the command that downloads what can be downloaded. @default - there is none
 * @throws PrerequisiteError when a program is missing or too old
 */
export async function checkPrerequisites(needed: NeededPrerequisites = {}, download?: string): Promise<void> {
  const missing = (await prerequisites(needed)).filter((each) => !each.suits);
  if (missing.length > 0) throw new PrerequisiteError(missing, download);
}

/** The commands by which package managers are known, in the order in which they are looked for. */
const MANAGERS = { brew: 'brew', 'apt-get': 'apt', dnf: 'dnf', apk: 'apk', pacman: 'pacman' } as const;

function packageManager(): PackageManager {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = Object.entries(MANAGERS).find(([command]) =>
    folders.some((folder) => existsSync(join(folder, command))),
  );
  return found?.[1];
}

/** The first Python by its usual names that is new enough and can make virtual environments; undefined when none is. */
export async function findPython(): Promise<string | undefined> {
  for (const name of PYTHONS) {
    if (suits(await pythonVersion(name), PYTHON_RANGE)) return name;
  }
  return undefined;
}

const NODE: Program = {
  name: 'Node.js',
  wanted: '20.19 or later',
  range: '>=20.19',
  purpose: 'runs this program',
  install: { brew: 'brew install node', dnf: 'sudo dnf install nodejs', pacman: 'sudo pacman -S nodejs npm' },
  page: 'https://nodejs.org/en/download',
  version: () => Promise.resolve(process.versions.node),
};

const NPM: Program = {
  name: 'npm',
  wanted: '10 or later',
  range: '>=10',
  purpose: 'installs packages, runs commands',
  install: { brew: 'brew install node', dnf: 'sudo dnf install npm', pacman: 'sudo pacman -S npm' },
  page: 'https://nodejs.org/en/download',
  version: () => versionOf('npm', ['--version'], /^\s*(.*)/),
};

const TERRAFORM: Program = {
  name: 'terraform',
  wanted: '1.11 or later',
  range: '>=1.11',
  purpose: 'deploys the stacks',
  install: { brew: 'brew install hashicorp/tap/terraform' },
  page: 'https://developer.hashicorp.com/terraform/install',
  release: 'terraform',
  // Warnings, about a configuration file that is not there for one, may come before what was asked for.
  version: () => versionOf('terraform', ['version', '-json'], /"terraform_version":\s*"([^"]+)"/),
};

const KUBECTL: Program = {
  name: 'kubectl',
  wanted: '1.31 or later',
  range: '>=1.31',
  purpose: 'shows what runs in the cluster',
  install: { brew: 'brew install kubernetes-cli', pacman: 'sudo pacman -S kubectl' },
  page: 'https://kubernetes.io/docs/tasks/tools/',
  release: 'kubectl',
  version: () => versionOf('kubectl', ['version', '--client', '-o', 'json'], /"gitVersion":\s*"([^"]+)"/),
};

const AWS: Program = {
  name: 'aws',
  wanted: '2.13 or later (of version 1: 1.29)',
  // The first versions that heed AWS_ENDPOINT_URL.
  range: '>=1.29 <2 || >=2.13',
  purpose: 'signs in to the cluster, by aws eks get-token',
  install: {
    brew: 'brew install awscli',
    apt: 'sudo apt-get install pipx && pipx install awscli',
    dnf: 'sudo dnf install awscli2',
    apk: 'sudo apk add aws-cli',
    pacman: 'sudo pacman -S aws-cli-v2',
  },
  page: 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  version: () => versionOf('aws', ['--version'], /aws-cli\/(\S+)/),
};

const PYTHON: Program = {
  name: 'Python',
  wanted: '3.10 or later, with venv',
  range: PYTHON_RANGE,
  purpose: 'runs moto, which emulates AWS',
  install: {
    brew: 'brew install python',
    apt: 'sudo apt-get install python3-venv',
    dnf: 'sudo dnf install python3',
    apk: 'sudo apk add python3',
    pacman: 'sudo pacman -S python',
  },
  page: 'https://www.python.org/downloads/',
  async version() {
    let first: string | undefined;
    for (const name of PYTHONS) {
      const version = await pythonVersion(name);
      if (suits(version, PYTHON_RANGE)) return version;
      first ??= version;
    }
    return first;
  },
};

function goThatBuilds(version: string): Program {
  return {
    name: 'Go',
    wanted: `${version.replace(/\.0$/, '')} or later`,
    range: `>=${version}`,
    purpose: 'builds what of the control plane cannot be downloaded, once',
    // What apt has is often too old to get itself the version that a module asks for.
    install: { brew: 'brew install go', dnf: 'sudo dnf install golang', pacman: 'sudo pacman -S go' },
    page: 'https://go.dev/doc/install',
    async version() {
      const output = await outputOf('go', ['env', 'GOVERSION', 'GOTOOLCHAIN']);
      if (output === undefined) return undefined;
      const [own = '', toolchain = ''] = output.trim().split('\n');
      const installed = coerce(own);
      const fetches = toolchain !== 'local' && installed !== null;
      return fetches &&
        satisfies(installed, `>=${FIRST_GO_WITH_TOOLCHAINS}`) &&
        satisfies(installed, `<${version}`)
        ? version
        : own.replace(/^go/, '');
    },
  };
}

async function pythonVersion(name: string): Promise<string | undefined> {
  const version = await versionOf(name, ['--version'], /^Python (\S+)/m);
  if (!suits(version, PYTHON_RANGE)) return version;
  // Debian's Python has venv, and lacks ensurepip, without which venv ends in an error.
  const hasVenv = (await outputOf(name, ['-c', 'import venv, ensurepip'])) !== FAILS;
  return hasVenv ? version : `${String(version)}${WITHOUT_VENV}`;
}

function suits(found: string | undefined, range: string): boolean {
  if (found === undefined || found.endsWith(WITHOUT_VENV)) return false;
  const version = coerce(found);
  return version !== null && satisfies(version, range);
}

/** What a program prints; undefined when there is none. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  const { failed, all, code } = await execa(program, args, {
    all: true,
    reject: false,
    stdin: 'ignore',
    timeout: PATIENCE_MS,
  });
  if (failed) return code === 'ENOENT' ? undefined : FAILS;
  return all;
}

/** The version in what a program prints, or else its first line; undefined when there is no such program. */
async function versionOf(
  program: string,
  args: readonly string[],
  version: RegExp,
): Promise<string | undefined> {
  const output = await outputOf(program, args);
  return output && (version.exec(output)?.[1] ?? output.trim().split('\n')[0] ?? '');
}
