/** A Kubernetes minor version that this program knows on EKS. */
export type KubernetesVersion = '1.33' | '1.34' | '1.35' | '1.36' | '1.37';

/** Calendar of a version on EKS, each a day at 00:00 UTC as `YYYY-MM-DD`, and what its nodes run. */
interface VersionFacts {
  readonly released: string;
  readonly endOfStandardSupport: string;
  readonly endOfExtendedSupport: string;
  /** Patch version of the kubelet in the AMI. */
  readonly patch: string;
  /** Date in the release version of the AMI of Amazon Linux 2023, `YYYYMMDD`. */
  readonly amiDate: string;
}

/**
 * The Kubernetes versions of EKS, oldest first. `platform versions` proposes the rows from what EKS says.
 *
 * Source: EKS User Guide, "Understand the Kubernetes version lifecycle on EKS". 1.37: released on 2026-10-01 (AWS What's New);
 * standard support lasts 14 months, extended support 12 more.
 */
export const KUBERNETES_VERSIONS: Readonly<Record<KubernetesVersion, VersionFacts>> = {
  '1.33': {
    released: '2025-05-29',
    endOfStandardSupport: '2026-07-29',
    endOfExtendedSupport: '2027-07-29',
    patch: '1.33.8',
    amiDate: '20260311',
  },
  '1.34': {
    released: '2025-10-02',
    endOfStandardSupport: '2026-12-02',
    endOfExtendedSupport: '2027-12-02',
    patch: '1.34.4',
    amiDate: '20260311',
  },
  '1.35': {
    released: '2026-01-27',
    endOfStandardSupport: '2027-03-27',
    endOfExtendedSupport: '2028-03-27',
    patch: '1.35.4',
    amiDate: '20260311',
  },
  '1.36': {
    released: '2026-06-02',
    endOfStandardSupport: '2027-08-02',
    endOfExtendedSupport: '2028-08-02',
    patch: '1.36.4',
    amiDate: '20260930',
  },
  '1.37': {
    released: '2026-10-01',
    endOfStandardSupport: '2027-12-01',
    endOfExtendedSupport: '2028-12-01',
    patch: '1.37.0',
    amiDate: '20260930',
  },
};

/**
 * The version that EKS gives a cluster when none is requested. The one fact: `platform.yaml`, pages, tests and workflows are
 * held against it. What it names runs in CI, and the upgrade to the next one.
 */
export const DEFAULT_KUBERNETES_VERSION: KubernetesVersion = '1.36';

/**
 * Minor versions that a kubelet and kube-proxy may be behind the API server.
 * Source: Kubernetes, version skew policy.
 */
export const VERSION_SKEW = 3;

const NAMES = Object.keys(KUBERNETES_VERSIONS) as readonly KubernetesVersion[];

/** Whether this program knows the version, in support or not. */
export function isKnownVersion(version: string): version is KubernetesVersion {
  return Object.hasOwn(KUBERNETES_VERSIONS, version);
}

/** Whether the version is in EKS standard support on a day. */
export function isInStandardSupport(version: KubernetesVersion, today: Date): boolean {
  return today.toISOString().slice(0, 10) < KUBERNETES_VERSIONS[version].endOfStandardSupport;
}

/** The version after one; undefined after the newest that is known. */
export function nextVersion(version: KubernetesVersion): KubernetesVersion | undefined {
  return NAMES[NAMES.indexOf(version) + 1];
}

/** The versions in EKS standard support on a day, oldest first. */
export function versionsInStandardSupport(today: Date): KubernetesVersion[] {
  return NAMES.filter((version) => isInStandardSupport(version, today));
}

/** `35` of `1.35`. */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

/** Release version of the AMI of Amazon Linux 2023: `1.35.4-20260311`. */
export function amiRelease(version: KubernetesVersion): string {
  const { patch, amiDate } = KUBERNETES_VERSIONS[version];
  return `${patch}-${amiDate}`;
}
