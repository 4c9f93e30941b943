import type { ClusterVersionInformation } from '@aws-sdk/client-eks';
import type { Wire } from './wire';

/** Support dates of a Kubernetes minor version on EKS, and what its nodes run. */
interface KubernetesVersion {
  readonly released: string;
  readonly endOfStandardSupport: string;
  readonly endOfExtendedSupport: string;
  /** Patch version of the kubelet in the AMI. */
  readonly patch: string;
  /** Date in the AMI's release version. */
  readonly amiDate: string;
}

/** Kubernetes versions of EKS (EKS User Guide, "Kubernetes version lifecycle"). */
export const KUBERNETES_VERSIONS: Readonly<Record<string, KubernetesVersion>> = {
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
};

/** The version that a cluster gets when none is asked for. */
export const DEFAULT_KUBERNETES_VERSION = '1.35';

function seconds(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

/** `35` of `1.35`. */
export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

/** The newest release of Bottlerocket, which has the same number for every Kubernetes version. */
export const BOTTLEROCKET_RELEASE = '1.52.0-4bd1b1d6';

/** The newest release of the AMI that EKS has for a Kubernetes version: `1.35.4-20260311`, or Bottlerocket's. */
export function amiReleaseVersion(version: string, amiType = 'AL2023_x86_64_STANDARD'): string {
  if (amiType.startsWith('BOTTLEROCKET')) return BOTTLEROCKET_RELEASE;
  const known = KUBERNETES_VERSIONS[version];
  return known ? `${known.patch}-${known.amiDate}` : `${version}.0-20260311`;
}

/** Whether a release can be of the AMI that EKS has for a Kubernetes version; which there have been nobody here knows. */
export function isAmiRelease(release: string, version: string, amiType: string): boolean {
  return amiType.startsWith('BOTTLEROCKET')
    ? /^\d+\.\d+\.\d+-[0-9a-f]{8}$/.test(release)
    : /^\d+\.\d+\.\d+-\d{8}$/.test(release) && release.startsWith(`${version}.`);
}

/** The version that a node of the release says its kubelet has: `v1.35.4-eks-f69f56f`. */
export function kubeletVersion(version: string): string {
  return `v${KUBERNETES_VERSIONS[version]?.patch ?? `${version}.0`}-eks-f69f56f`;
}

/** What DescribeClusterVersions says, newest first. */
export function clusterVersions(): Wire<ClusterVersionInformation>[] {
  const today = Date.now() / 1000;
  return Object.entries(KUBERNETES_VERSIONS)
    .reverse()
    .map(([clusterVersion, version]) => {
      const standard = seconds(version.endOfStandardSupport) > today;
      const extended = seconds(version.endOfExtendedSupport) > today;
      return {
        clusterVersion,
        clusterType: 'eks',
        defaultPlatformVersion: 'eks.4',
        defaultVersion: clusterVersion === DEFAULT_KUBERNETES_VERSION,
        releaseDate: seconds(version.released),
        endOfStandardSupportDate: seconds(version.endOfStandardSupport),
        endOfExtendedSupportDate: seconds(version.endOfExtendedSupport),
        status: standard ? 'standard-support' : extended ? 'extended-support' : 'unsupported',
        versionStatus: standard ? 'STANDARD_SUPPORT' : extended ? 'EXTENDED_SUPPORT' : 'UNSUPPORTED',
        kubernetesPatchVersion: version.patch,
      };
    });
}
