import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { unknownName } from './near-name';
import { UserError } from './user-error';

/** The folder of the platforms beside the default one. */
export const PLATFORMS_FOLDER = 'platforms';
/** The file of the default platform. */
export const DEFAULT_FILE = 'platform.yaml';
/** The variable that selects a platform, as `--platform` does. */
export const PLATFORM_VARIABLE = 'PLATFORM';
/** In the shell of a sandbox: the sandbox's folder. */
export const SHELL_VARIABLE = 'PLATFORM_SANDBOX';

/** No platform has the name that was given, or its output goes to the folder of another one. */
export class PlatformNameError extends UserError {
  readonly code = 'unknown-platform';
  readonly exitStatus = 1;
}

/** Where the files of a platform are, relative to the project's folder. */
export interface SelectedPlatform {
  /** `eu` for `platforms/eu.yaml`; undefined for `platform.yaml`, and for a file that stands in for it. */
  readonly name?: string;
  readonly file: string;
  /** Folder of the synthesized stacks: `cdktf.out`, or `cdktf.out/eu`. */
  readonly outdir: string;
  /** Folder of the lists of addresses: `addresses`, or `addresses/eu`. */
  readonly addresses: string;
  /** Folder of what was rendered from charts and kustomizations: `rendered`, or `rendered-eu`. */
  readonly rendered: string;
  /** Folder of the sandbox: `.sandbox`, or `.sandbox-eu`. */
  readonly sandbox: string;
}

/**
 * The platform that a command is about.
 *
 * @param given what follows `--platform`: a name below `platforms/`, or a file; default: the variable `PLATFORM`, otherwise
 *   `platform.yaml`
 * @throws PlatformNameError for a name that no file has, and for another platform than that of a sandbox's shell
 */
export function selectedPlatform(given = process.env[PLATFORM_VARIABLE]): SelectedPlatform {
  // An empty variable is what a shell makes of one that is not set.
  const selected = placesOf(given || DEFAULT_FILE);
  if (selected.name === undefined || existsSync(selected.file)) return selected;
  throw new PlatformNameError(
    `--platform ${selected.name}: ${selected.file} does not exist; ${unknownName('platform', selected.name, fileNames())}`,
  );
}

/** Selects a platform for all that this process does and starts. @throws PlatformNameError */
export function selectPlatform(given: string): SelectedPlatform {
  if (given === '') {
    throw new PlatformNameError(
      '--platform: got ""; expected a name of a file in platforms/, or a path that ends in .yaml; leave it out for the default',
    );
  }
  const selected = selectedPlatform(given);
  process.env[PLATFORM_VARIABLE] = given;
  return selected;
}

/** A folder of each command's output has this name. */
const PLATFORM_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

function placesOf(given: string): SelectedPlatform {
  const isFile = /\.ya?ml$/.test(given);
  const inFolder = resolve(given, '..') === resolve(PLATFORMS_FOLDER);
  const name = !isFile ? given : inFolder ? basename(given).replace(/\.ya?ml$/, '') : undefined;
  if (name !== undefined && !PLATFORM_NAME.test(name)) {
    throw new PlatformNameError(
      `${JSON.stringify(given)} is no name of a platform; allowed: a file's name in ${PLATFORMS_FOLDER}/, of a-z, 0-9 and "-", ` +
        'or a path that ends in .yaml',
    );
  }
  const sandbox = name === undefined ? '.sandbox' : `.sandbox-${name}`;
  const shell = process.env[SHELL_VARIABLE];
  if (shell && resolve(sandbox) !== shell) {
    throw new PlatformNameError(
      `${given}: its sandbox is ${resolve(sandbox)}, and this shell reaches only ${shell}; leave the shell first (exit)`,
    );
  }
  const out = process.env['CDKTF_OUTDIR'];
  if (name === undefined) {
    return {
      ...{ file: given, outdir: out || ownOutdir({}), sandbox },
      ...{ addresses: 'addresses', rendered: 'rendered' },
    };
  }
  return {
    name,
    file: isFile ? given : join(PLATFORMS_FOLDER, `${name}.yaml`),
    outdir: out ? namedAfter(name, out) : ownOutdir({ name }),
    addresses: join('addresses', name),
    rendered: `rendered-${name}`,
    sandbox,
  };
}

/** The output folder that a platform has in the project, whatever a shell says. */
export function ownOutdir({ name }: Pick<SelectedPlatform, 'name'> = selectedPlatform()): string {
  return join('cdktf.out', name ?? '');
}

/** The path to a local state counts the folders above: it leads elsewhere from a folder of another depth. */
function namedAfter(name: string, outdir: string): string {
  if (basename(outdir) === name) return outdir;
  throw new PlatformNameError(
    `CDKTF_OUTDIR=${outdir}: the platform ${name} needs a folder of its name, so that no other platform's stacks are in it; ` +
      `run cdktf with --output cdktf.out/${name}`,
  );
}

/** Names of the files in `platforms/`, those that others extend among them. */
export function fileNames(): string[] {
  const files = existsSync(PLATFORMS_FOLDER) ? readdirSync(PLATFORMS_FOLDER) : [];
  return files.flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/**
 * The file that holds a stack's state without a bucket, as its backend names it: from `<output folder>/stacks/<stack>` to the
 * project's folder.
 *
 * @param platform its name, where it is not the default one
 */
export function localStatePath(stack: string, platform?: string): string {
  return platform === undefined
    ? `../../../terraform.${stack}.tfstate`
    : `../../../../terraform.${platform}.${stack}.tfstate`;
}

/** The npm script of a command, for messages: `npm run plan -- --platform eu network`. */
export function npmRun(
  script: string,
  args = '',
  { name }: Pick<SelectedPlatform, 'name'> = selectedPlatform(),
): string {
  const all = [name === undefined ? '' : `--platform ${name}`, args].filter((part) => part !== '').join(' ');
  return `npm run ${script}${all === '' ? '' : ` -- ${all}`}`;
}
