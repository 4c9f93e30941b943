import {
  isInStandardSupport,
  isKnownVersion,
  KUBERNETES_VERSIONS,
  versionsInStandardSupport,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { didYouMean } from '../facts/near-name';
import { reportDuplicates } from './config-rule';
import type { Rule } from './config-rule';

/** EKS upgrades a cluster by itself on the day that standard support ends (upgrade policy STANDARD). */
const versionIsInStandardSupport: Rule = ({ cluster }, { today, report }) => {
  const version = cluster?.version;
  if (version === undefined || (isKnownVersion(version) && isInStandardSupport(version, today))) return;
  const supported = versionsInStandardSupport(today);
  const allowed = supported
    .map((name) => `"${name}" (until ${KUBERNETES_VERSIONS[name].endOfStandardSupport})`)
    .join(', ');
  const what = isKnownVersion(version)
    ? `Kubernetes ${version} left EKS standard support on ${KUBERNETES_VERSIONS[version].endOfStandardSupport};`
    : `unknown Kubernetes version "${version}"${didYouMean(version, supported) || ';'}`;
  report(
    ['cluster', 'version'],
    `${what} allowed: ${allowed || 'none of those listed in packages/eks-facts/kubernetes-versions.ts; add the newer ones'}`,
  );
};

/**
 * Beginnings of names that AWS keeps for itself. Sources: Systems Manager API Reference, PutParameter; EC2 API Reference,
 * CreateSecurityGroup; Amazon S3 User Guide, bucket naming rules.
 */
const RESERVED: readonly (readonly [RegExp, string])[] = [
  [/^aws|^ssm/, 'Systems Manager refuses parameters that begin with aws or ssm'],
  [/^sg(-|$)/, 'EC2 refuses security groups that begin with sg-'],
  [/^(xn-|sthree|amzn-s3-demo)(-|$)/, 'S3 refuses buckets that begin with xn--, sthree- or amzn-s3-demo-'],
];

const nameIsFree: Rule = ({ name = '' }, { report }) => {
  const [, reason] = RESERVED.find(([pattern]) => pattern.test(name)) ?? [];
  if (reason !== undefined)
    report(['name'], `${reason}, and "${name}" begins the names in AWS; choose another`);
};

const hostedZonesAreNamedOnce: Rule = ({ cluster }, context) => {
  const path = ['cluster', 'controllers', 'externalDns', 'zones'];
  reportDuplicates(cluster?.controllers?.externalDns?.zones, path, context);
};

/** What the control plane's settings must be to the calendar and to each other. */
export const CLUSTER_RULES: readonly Rule[] = [
  nameIsFree,
  versionIsInStandardSupport,
  hostedZonesAreNamedOnce,
];
