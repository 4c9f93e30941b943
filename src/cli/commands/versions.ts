import { readFileSync } from 'node:fs';
import { compare } from 'semver';
import * as z from 'zod/mini';
import { ADD_ON_NAMES, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import * as facts from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { sourceDate } from '../../config/source-date';
import { UserError } from '../../facts/user-error';
import { EXIT } from '../terminal/exit';
import { table, terminalWidth } from '../terminal/table';

class EksAnswerError extends UserError {
  readonly code = 'unusable-answer';
  readonly exitStatus = 1;
}

/** The day in UTC of a time as the AWS CLI writes it: ISO 8601 with an offset, or seconds since 1970. */
const DAY = z.pipe(
  z.union([z.iso.datetime({ offset: true }), z.number()]),
  z.transform((time) => new Date(typeof time === 'number' ? time * 1000 : time).toISOString().slice(0, 10)),
);
const FIT = z.object({ clusterVersion: z.string(), defaultVersion: z.boolean() });
const DATES = { releaseDate: DAY, endOfStandardSupportDate: DAY, endOfExtendedSupportDate: DAY };
const ADD_ON_VERSION = z.object({ addonVersion: z.string(), compatibilities: z.array(FIT) });
const ADD_ON = z.object({ addonName: z.string(), addonVersions: z.array(ADD_ON_VERSION) });
/** Whole answers: one page of several also has a token. */
const CLUSTER_VERSIONS = z.strictObject({ clusterVersions: z.array(z.extend(FIT, DATES)) });
const ADD_ON_VERSIONS = z.strictObject({ addons: z.array(ADD_ON) });

interface VersionsOptions {
  /** File with the answer of `aws eks describe-cluster-versions`. */
  readonly clusterVersions: string;
  /** File with the answer of `aws eks describe-addon-versions`. */
  readonly addOnVersions: string;
  readonly json?: boolean;
}

/**
 * `versions`: holds the tables of `packages/eks-facts` against what EKS says, for the versions in standard support.
 *
 * @throws EksAnswerError for a file that is not the whole answer
 */
export function versions({ clusterVersions, addOnVersions, json }: VersionsOptions): void {
  const today = sourceDate().toISOString().slice(0, 10);
  const supported = read(clusterVersions, CLUSTER_VERSIONS).clusterVersions.filter(
    ({ endOfStandardSupportDate }) => endOfStandardSupportDate > today,
  );
  const { addons } = read(addOnVersions, ADD_ON_VERSIONS);
  const byDefault = supported.find(({ defaultVersion }) => defaultVersion)?.clusterVersion;
  if (byDefault === undefined) throw unusable(clusterVersions, 'no version is the default');

  const changes: { fact: string; is?: string | undefined; eks?: string | undefined }[] = [];
  const hold = (fact: string, is: string | undefined, eks: string | undefined): void => {
    if (is !== eks) changes.push({ fact, is, eks });
  };
  hold('DEFAULT_KUBERNETES_VERSION', facts.DEFAULT_KUBERNETES_VERSION, byDefault);
  for (const { clusterVersion: version, ...eks } of supported) {
    const is = facts.isKnownVersion(version) ? facts.KUBERNETES_VERSIONS[version] : undefined;
    const row = `KUBERNETES_VERSIONS ${version}`;
    hold(`${row} released`, is?.released, eks.releaseDate);
    hold(`${row} endOfStandardSupport`, is?.endOfStandardSupport, eks.endOfStandardSupportDate);
    hold(`${row} endOfExtendedSupport`, is?.endOfExtendedSupport, eks.endOfExtendedSupportDate);
    for (const name of ADD_ON_NAMES) {
      const all = addons.find(({ addonName }) => addonName === name)?.addonVersions ?? [];
      const fit = all.flatMap(({ addonVersion, compatibilities }) =>
        compatibilities
          .filter(({ clusterVersion }) => clusterVersion === version)
          .map(({ defaultVersion }) => ({ addonVersion, defaultVersion })),
      );
      // An answer with a filter has none of an add-on, or none for a version of Kubernetes.
      const isFiltered = all.length === 0 || (name === 'kube-proxy' && fit.length === 0);
      if (isFiltered) throw unusable(addOnVersions, `it has no ${name} for Kubernetes ${version}`);
      // What EKS chooses itself, unless the table has a newer one that EKS offers as well.
      const pinned = pinnedVersion(name, version);
      const newestFirst = fit.sort((a, b) => compare(b.addonVersion, a.addonVersion));
      const chosen = newestFirst.find((each) => each.addonVersion === pinned || each.defaultVersion);
      hold(`ADD_ONS ${name} ${version}`, pinned, (chosen ?? newestFirst[0])?.addonVersion);
    }
  }

  const rows = changes.map(({ fact, is = '(none)', eks = '(none)' }) => [fact, is, eks]);
  const drawn =
    rows.length > 0 ? table([['FACT', 'IS', 'EKS SAYS'], ...rows], terminalWidth()) : 'As EKS says.';
  process.stdout.write(`${json ? JSON.stringify({ changes }) : drawn}\n`);
  if (changes.length === 0) return;
  process.stderr.write(
    'packages/eks-facts: differs from EKS; docs/guides/upgrading.md describes how to update it\n',
  );
  process.exitCode = EXIT.wrong;
}

function read<T>(file: string, schema: z.ZodMiniType<T>): T {
  try {
    return z.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const [issue] = error instanceof z.core.$ZodError ? error.issues : [];
    const place = issue && [...issue.path, ...('keys' in issue ? issue.keys : [])].join('.');
    throw unusable(file, issue ? `${place || 'the answer'}: ${issue.message}` : String(error));
  }
}

function unusable(file: string, why: string): EksAnswerError {
  return new EksAnswerError(
    `${file}: ${why}. Save a whole answer, without filters: aws eks describe-cluster-versions --output json; ` +
      'aws eks describe-addon-versions --output json',
  );
}
