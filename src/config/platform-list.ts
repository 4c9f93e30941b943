import { existsSync } from 'node:fs';
import { parseArn } from '@kubernetes-on-aws/eks-facts/arn';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_FILE, fileNames, PLATFORMS_FOLDER } from '../facts/selected-platform';
import { ConfigError, type Finding } from './config-error';
import { LayeredDocument } from './layered-document';
import type { Platform } from './platform';
import { readPlatform } from './read-platform';
import { YamlDocument } from '../facts/yaml-document';

/** What of a platform must be its own. */
type Identity = Pick<Platform, 'name' | 'account'> & { readonly bucket: string | undefined };

/**
 * The files of the project's platforms, the default one first. A file in `platforms/` that others extend and that states no region is
 * what they share.
 */
export function platformFiles(): string[] {
  const others = fileNames().map((name) => join(PLATFORMS_FOLDER, `${name}.yaml`));
  const extended = new Set(others.flatMap((file) => extendedBy(file)));
  return [
    ...(existsSync(DEFAULT_FILE) ? [DEFAULT_FILE] : []),
    ...others.filter((file) => !extended.has(resolve(file)) || ownValue(file).region !== undefined),
  ];
}

/**
 * Other platforms of the project that would share this one's names in AWS, or its states.
 *
 * @param file of the platform; nothing is compared with a file of another place
 */
export function clashFindings(file: string, platform: Platform): Finding[] {
  const files = platformFiles();
  if (!files.some((each) => resolve(each) === resolve(file))) return [];
  const { name, account, state } = platform;
  return files
    .filter((each) => resolve(each) !== resolve(file))
    .flatMap((other) => {
      const theirs = identityOf(other);
      const finding = (message: string): Finding[] => [
        new LayeredDocument(readPlatform(file), file).finding(['name'], message),
      ];
      if (
        theirs.name.startsWith(`${name}-`) &&
        theirs.account === account &&
        platform.pipeline.repository !== undefined &&
        !platform.pipeline.otherPlatforms.includes(theirs.name)
      )
        return finding(
          `the roles of ${name} reach what is of ${theirs.name} (${other}), whose names begin with ${name}-, too; add ${theirs.name} to pipeline.otherPlatforms`,
        );
      if (theirs.name !== name) return [];
      const shared =
        theirs.account === account
          ? `account ${account}, where names of IAM roles are the same for every region`
          : theirs.bucket !== undefined && theirs.bucket === state?.bucket
            ? `state.bucket ${theirs.bucket}, where the states of both begin with ${name}/`
            : undefined;
      if (shared === undefined) return [];
      return finding(
        `${other} has the name ${name}, too, and the same ${shared}; give one of them another name`,
      );
    });
}

/** Of a file with mistakes nothing may be known: it reports them itself. */
function identityOf(file: string): Identity {
  const value = quietly(() => new LayeredDocument(readPlatform(file), file).toValue());
  const { name, account, cluster, state } = (value ?? {}) as {
    name?: unknown;
    account?: unknown;
    cluster?: { admins?: unknown };
    state?: { bucket?: unknown };
  };
  const [admin] = (Array.isArray(cluster?.admins) ? cluster.admins : []) as unknown[];
  const bucket = state?.bucket;
  return {
    name: String(name),
    account: typeof account === 'string' ? account : (parseArn(String(admin))?.account ?? ''),
    bucket: typeof bucket === 'string' ? bucket : undefined,
  };
}

/** What a file says itself. */
function ownValue(file: string): { readonly region?: unknown; readonly extends?: unknown } {
  return quietly(() => new YamlDocument(file, readPlatform(file)).toValue()) ?? {};
}

function extendedBy(file: string): string[] {
  const { extends: extended } = ownValue(file);
  return typeof extended === 'string' ? [resolve(dirname(file), extended)] : [];
}

function quietly(read: () => unknown): object | undefined {
  try {
    return Object(read()) as object;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
