/** A Kubernetes minor version that this program knows on EKS. */
export type KubernetesVersion = '1.33' | '1.34' | '1.35';

/**
 * The day, at 00:00 UTC, on which EKS standard support of a version ends; `YYYY-MM-DD`.
 * Source: EKS User Guide, Kubernetes release calendar.
 */
export const STANDARD_SUPPORT_ENDS: Readonly<Record<KubernetesVersion, string>> = {
  '1.33': '2026-07-29',
  '1.34': '2026-12-02',
  '1.35': '2027-03-27',
};

/** Whether this program knows the version, in support or not. */
export function isKnownVersion(version: string): version is KubernetesVersion {
  return Object.hasOwn(STANDARD_SUPPORT_ENDS, version);
}

/** Whether the version is in EKS standard support on a day. */
export function isInStandardSupport(version: KubernetesVersion, today: Date): boolean {
  return today.toISOString().slice(0, 10) < STANDARD_SUPPORT_ENDS[version];
}

/** The versions after one, the next one first. */
export function laterVersions(version: KubernetesVersion): KubernetesVersion[] {
  const known = Object.keys(STANDARD_SUPPORT_ENDS).filter(isKnownVersion);
  return known.slice(known.indexOf(version) + 1);
}

/** The versions in EKS standard support on a day, oldest first. */
export function versionsInStandardSupport(today: Date): KubernetesVersion[] {
  return Object.keys(STANDARD_SUPPORT_ENDS)
    .filter(isKnownVersion)
    .filter((version) => isInStandardSupport(version, today));
}
