import { execa } from 'execa';
import { coerce, satisfies } from 'semver';
import { UserError } from '../user-error';

/** The program for which a machine lacks a version, or has one that is too old. */
export interface MissingPrerequisite {
  readonly name: string;
  /** What would do, in words: `1.11 or later`. */
  readonly wanted: string;
  /** What was found instead; undefined when there is none. */
  readonly found?: string;
  /** What the sandbox does with it. */
  readonly purpose: string;
  /** How to get it. */
  readonly remedy: string;
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

  constructor(readonly missing: readonly MissingPrerequisite[]) {
    const lines = missing.flatMap(({ name, wanted, found, purpose, remedy }) => [
      `  ${name} ${wanted} (${found === undefined ? 'not found' : `found ${found}`}): ${purpose}`,
      `      ${remedy}`,
    ]);
    super(['the sandbox needs programs that are not here or too old:', ...lines].join('\n'));
  }
}

/** How a program tells its version, and which versions do. */
interface Prerequisite {
  readonly name: string;
  readonly wanted: string;
  /** In npm's notation. */
  readonly range: string;
  readonly purpose: string;
  readonly remedy: string;
  /** What the program says its version is, as it says it; undefined when there is no such program. */
  version(): Promise<string | undefined>;
}

const PATIENCE_MS = 10_000;
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const PYTHON_RANGE = '>=3.10';
const WITHOUT_VENV = ' without venv';
/** What is found where a program cannot even say its version. */
const FAILS = 'one that fails';
/** Since this version Go gets itself the version that a module asks for, unless it is told not to. */
const FIRST_GO_WITH_TOOLCHAINS = '1.21.0';

/**
 * Looks at all programs at once, and says which are missing or too old.
 *
 * @returns an empty list when everything is there
 */
export async function missingPrerequisites(needed: NeededPrerequisites = {}): Promise<MissingPrerequisite[]> {
  const wanted = [
    NODE,
    TERRAFORM,
    KUBECTL,
    AWS,
    ...(needed.go === undefined ? [] : [goThatBuilds(needed.go)]),
    ...(needed.python ? [PYTHON] : []),
  ];
  const findings = await Promise.all(
    wanted.map(async (prerequisite): Promise<MissingPrerequisite | undefined> => {
      const found = await prerequisite.version();
      if (suits(found, prerequisite.range)) return undefined;
      const { name, wanted, purpose, remedy } = prerequisite;
      return { name, wanted, purpose, remedy, ...(found === undefined ? {} : { found }) };
    }),
  );
  return findings.filter((finding) => finding !== undefined);
}

/** @throws PrerequisiteError when a program is missing or too old */
export async function checkPrerequisites(needed: NeededPrerequisites = {}): Promise<void> {
  const missing = await missingPrerequisites(needed);
  if (missing.length > 0) throw new PrerequisiteError(missing);
}

/** The first Python by its usual names that is new enough and can make virtual environments; undefined when none is. */
export async function findPython(): Promise<string | undefined> {
  for (const name of PYTHONS) {
    if (suits(await pythonVersion(name), PYTHON_RANGE)) return name;
  }
  return undefined;
}

const NODE: Prerequisite = {
  name: 'Node.js',
  wanted: '20.19 or later',
  range: '>=20.19',
  purpose: 'runs this program',
  remedy: 'macOS: brew install node; Linux and others: https://nodejs.org/en/download',
  version: () => Promise.resolve(process.versions.node),
};

const TERRAFORM: Prerequisite = {
  name: 'terraform',
  wanted: '1.11 or later',
  range: '>=1.11',
  purpose: 'deploys the stacks',
  remedy:
    'macOS: brew install hashicorp/tap/terraform; Linux and others: ' +
    'https://developer.hashicorp.com/terraform/install',
  async version() {
    // Warnings, about a configuration file that is not there for one, may come before what was asked for.
    const output = await outputOf('terraform', ['version', '-json']);
    return output && (/"terraform_version":\s*"([^"]+)"/.exec(output)?.[1] ?? firstLine(output));
  },
};

const KUBECTL: Prerequisite = {
  name: 'kubectl',
  wanted: '1.31 or later',
  range: '>=1.31',
  purpose: 'looks at what runs in the cluster',
  remedy: 'macOS: brew install kubectl; Linux and others: https://kubernetes.io/docs/tasks/tools/',
  async version() {
    const output = await outputOf('kubectl', ['version', '--client', '-o', 'json']);
    return output && (/"gitVersion":\s*"([^"]+)"/.exec(output)?.[1] ?? firstLine(output));
  },
};

const AWS: Prerequisite = {
  name: 'aws',
  wanted: '2.13 or later (of version 1: 1.29)',
  // The first versions that heed AWS_ENDPOINT_URL.
  range: '>=1.29 <2 || >=2.13',
  purpose: 'signs in to the cluster, by aws eks get-token',
  remedy:
    'macOS: brew install awscli; Linux and others: ' +
    'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  async version() {
    const output = await outputOf('aws', ['--version']);
    return output && (/aws-cli\/(\S+)/.exec(output)?.[1] ?? firstLine(output));
  },
};

const PYTHON: Prerequisite = {
  name: 'Python',
  wanted: '3.10 or later, with venv',
  range: PYTHON_RANGE,
  purpose: 'runs moto, which emulates AWS',
  remedy:
    'macOS: brew install python; Debian and Ubuntu: apt install python3-venv; others: ' +
    'https://www.python.org/downloads/',
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

function goThatBuilds(version: string): Prerequisite {
  return {
    name: 'Go',
    wanted: `${version.replace(/\.0$/, '')} or later`,
    range: `>=${version}`,
    purpose: 'builds the control plane and the simulated nodes, once',
    remedy: 'macOS: brew install go; Linux and others: https://go.dev/doc/install',
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
  const output = await outputOf(name, ['--version']);
  const version = output && (/^Python (\S+)/m.exec(output)?.[1] ?? firstLine(output));
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

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
