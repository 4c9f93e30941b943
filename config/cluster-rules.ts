import {
  isInStandardSupport,
  isKnownVersion,
  STANDARD_SUPPORT_ENDS,
  versionsInStandardSupport,
} from './kubernetes-versions';
import { didYouMean } from './near-name';
import type { Rule } from './rule';

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

/** What the control plane's settings must be to the calendar. */
export const CLUSTER_RULES: readonly Rule[] = [versionIsInStandardSupport];
