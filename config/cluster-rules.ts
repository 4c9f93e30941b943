import {
  isInStandardSupport,
  isKnownVersion,
  STANDARD_SUPPORT_ENDS,
  versionsInStandardSupport,
} from './kubernetes-versions';
import { didYouMean } from './near-name';
import { partitionOf } from './partition';
import { reportDuplicates } from './rule';
import type { Rule } from './rule';
import { PRINCIPAL_ARN } from './schema';

/** EKS upgrades a cluster by itself on the day that standard support ends (upgrade policy STANDARD). */
const versionIsInStandardSupport: Rule = ({ cluster }, { today, report }) => {
  const version = cluster?.version;
  if (version === undefined || (isKnownVersion(version) && isInStandardSupport(version, today))) return;
  const supported = versionsInStandardSupport(today);
  const allowed = supported.map((name) => `"${name}" (until ${STANDARD_SUPPORT_ENDS[name]})`).join(', ');
  const what = isKnownVersion(version)
    ? `Kubernetes ${version} left EKS standard support on ${STANDARD_SUPPORT_ENDS[version]};`
    : `unknown Kubernetes version "${version}"${didYouMean(version, supported) || ';'}`;
  report(
    ['cluster', 'version'],
    `${what} allowed: ${allowed || 'none of those listed in config/kubernetes-versions.ts; add the newer ones'}`,
  );
};

const adminsAreUnique: Rule = ({ cluster }, context) => {
  reportDuplicates(cluster?.admins, ['cluster', 'admins'], context);
};

const adminsAreOfThePartition: Rule = ({ region, cluster }, { report }) => {
  if (region === undefined) return;
  const expected = partitionOf(region);
  cluster?.admins?.forEach((arn, i) => {
    const partition = arn === undefined ? undefined : PRINCIPAL_ARN.exec(arn)?.[1];
    if (partition === undefined || partition === expected) return;
    const message = `partition "${partition}" is not that of ${region}; expected an ARN that begins with arn:${expected}:iam::`;
    report(['cluster', 'admins', i], message);
  });
};

/** What the control plane's settings must be to the calendar and to each other. */
export const CLUSTER_RULES: readonly Rule[] = [
  versionIsInStandardSupport,
  adminsAreUnique,
  adminsAreOfThePartition,
];
