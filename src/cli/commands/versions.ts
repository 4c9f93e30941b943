import { readFileSync } from 'node:fs';
import { compare } from 'semver';
import * as z from 'zod/mini';
import { ADD_ON_NAMES, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import {
  DEFAULT_KUBERNETES_VERSION,
  isKnownVersion,
  KUBERNETES_VERSIONS,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { sourceDate } from '../../config/source-date';
import { UserError } from '../../facts/user-error';
import { EXIT } from '../terminal/exit';
import { table, terminalWidth } from '../terminal/table';

class EksAnswerError extends UserError {
  readonly code = 'unusable-answer';
  readonly exitStatus = 1;

  constructor(file: string, command: string, what: string) {
    super(`${file}: ${what}. Save the whole answer, without filters: aws eks ${command} --output json`);
  }
}

/** The day in UTC of a time as the AWS CLI writes it: ISO 8601 with an offset, or seconds since 1970. */
const DAY = z.pipe(
  z.union([z.iso.datetime({ offset: true }), z.number()]),
  z.transform((time) => new Date(typeof time === 'number' ? time * 1000 : time).toISOString().slice(0, 10)),
);
const COMPATIBILITY = z.object({ clusterVersion: z.string(), defaultVersion: z.boolean() });
const ADD_ON = z.object({ addonVersion: z.string(), compatibilities: z.array(COMPATIBILITY) });
/** Of an answer in pages, also as `--max-items` of the AWS CLI cuts it. */
const LAST_PAGE = z.optional(z.null());
const ANSWERS = {
  'describe-cluster-versions': z.array(
    z.object({
      ...COMPATIBILITY.shape,
      releaseDate: DAY,
      endOfStandardSupportDate: DAY,
      endOfExtendedSupportDate: DAY,
    }),
  ),
  'describe-addon-versions': z.array(z.object({ addonName: z.string(), addonVersions: z.array(ADD_ON) })),
};

/** Files with whole answers of the AWS CLI. */
export interface VersionsOptions {
  /** Of `aws eks describe-cluster-versions`. */
  readonly clusterVersions: string;
  /** Of `aws eks describe-addon-versions`. */
  readonly addOnVersions: string;
  readonly json?: boolean;
}

/**
 * `versions`: holds the tables of `packages/eks-facts` against what EKS says, for the versions in standard support.
 *
 * @throws EksAnswerError for a file that is not the whole answer
 */
export function versions({ clusterVersions, addOnVersions, json }: VersionsOptions): void {
  const [ofClusters, ofAddOns] = ['describe-cluster-versions', 'describe-addon-versions'] as const;
  const today = sourceDate().toISOString().slice(0, 10);
  const supported = read(clusterVersions, ofClusters, 'clusterVersions').filter(
    ({ endOfStandardSupportDate }) => endOfStandardSupportDate > today,
  );
  const addOns = read(addOnVersions, ofAddOns, 'addons');
  const byDefault = supported.find(({ defaultVersion }) => defaultVersion)?.clusterVersion;
  if (byDefault === undefined)
    throw new EksAnswerError(clusterVersions, ofClusters, 'no version is the default');

  const changes: { fact: string; is?: string | undefined; eks?: string | undefined }[] = [];
  const hold = (fact: string, is: string | undefined, eks: string | undefined): void => {
    if (is !== eks) changes.push({ fact, is, eks });
  };
  hold('DEFAULT_KUBERNETES_VERSION', DEFAULT_KUBERNETES_VERSION, byDefault);
  for (const { clusterVersion: version, ...eks } of supported) {
    const is = isKnownVersion(version) ? KUBERNETES_VERSIONS[version] : undefined;
    const row = `KUBERNETES_VERSIONS ${version}`;
    hold(`${row} released`, is?.released, eks.releaseDate);
    hold(`${row} endOfStandardSupport`, is?.endOfStandardSupport, eks.endOfStandardSupportDate);
    hold(`${row} endOfExtendedSupport`, is?.endOfExtendedSupport, eks.endOfExtendedSupportDate);
    for (const name of ADD_ON_NAMES) {
      const offers = addOns.find(({ addonName }) => addonName === name)?.addonVersions ?? [];
      const [newest, ...older] = offers
        .flatMap(({ addonVersion, compatibilities }) => {
          const fits = compatibilities.find(({ clusterVersion }) => clusterVersion === version);
          return fits ? [{ addonVersion, isDefault: fits.defaultVersion }] : [];
        })
        .sort((a, b) => compare(b.addonVersion, a.addonVersion));
      // An answer with a filter has none of an add-on, or none for a version of Kubernetes.
      if (offers.length === 0 || (name === 'kube-proxy' && !newest)) {
        throw new EksAnswerError(addOnVersions, ofAddOns, `it has no ${name} for Kubernetes ${version}`);
      }
      // What EKS chooses itself, unless the table has a newer one that EKS offers as well.
      const pinned = pinnedVersion(name, version);
      const chosen =
        [newest, ...older].find((offer) => offer?.addonVersion === pinned || offer?.isDefault) ?? newest;
      hold(`ADD_ONS ${name} ${version}`, pinned, chosen?.addonVersion);
    }
  }

  const rows = changes.map(({ fact, is = '(none)', eks = '(none)' }) => [fact, is, eks]);
  const drawn = `${table([['FACT', 'IS', 'EKS SAYS'], ...rows], terminalWidth())}\n`;
  process.stdout.write(
    json ? `${JSON.stringify({ changes })}\n` : changes.length > 0 ? drawn : 'As EKS says.\n',
  );
  if (changes.length === 0) return;
  process.stderr.write(
    'packages/eks-facts: not as EKS says; docs/guides/upgrading.md tells how to renew it\n',
  );
  process.exitCode = EXIT.wrong;
}

function read<Command extends keyof typeof ANSWERS>(file: string, command: Command, key: string) {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EksAnswerError(file, command, String(error));
  }
  const answer = z.object({ [key]: ANSWERS[command], nextToken: LAST_PAGE, NextToken: LAST_PAGE });
  const { data, error } = z.safeParse(answer, json);
  const [{ path, message } = { path: [], message: '' }] = error?.issues ?? [];
  if (!data) throw new EksAnswerError(file, command, `${path.join('.') || 'the answer'}: ${message}`);
  return data[key] as z.infer<(typeof ANSWERS)[Command]>;
}
