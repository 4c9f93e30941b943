import type { ClusterVersionInformation } from '@aws-sdk/client-eks';
import {
  amiRelease,
  DEFAULT_KUBERNETES_VERSION,
  isKnownVersion,
  KUBERNETES_VERSIONS,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { NODE_IMAGE } from '@kubernetes-on-aws/eks-facts/node-image';
import type { Wire } from './wire';

function seconds(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

/** The newest release of Bottlerocket, which has the same number for every Kubernetes version. */
export const BOTTLEROCKET_RELEASE = '1.52.0-4bd1b1d6';

/** The newest release of the AMI that EKS has for a Kubernetes version: `1.35.4-20260311`, or Bottlerocket's. */
export function amiReleaseVersion(
  version: string,
  amiType: string = NODE_IMAGE.al2023.amiType.x86_64,
): string {
  if (amiType.startsWith('BOTTLEROCKET')) return BOTTLEROCKET_RELEASE;
  return isKnownVersion(version)
    ? amiRelease(version)
    : `${version}.0-${KUBERNETES_VERSIONS[DEFAULT_KUBERNETES_VERSION].amiDate}`;
}

/** Whether a release can be of the AMI that EKS has for a Kubernetes version; the sandbox has no list of past releases. */
export function isAmiRelease(release: string, version: string, amiType: string): boolean {
  return amiType.startsWith('BOTTLEROCKET')
    ? /^\d+\.\d+\.\d+-[0-9a-f]{8}$/.test(release)
    : /^\d+\.\d+\.\d+-\d{8}$/.test(release) && release.startsWith(`${version}.`);
}

/** The version that a node of the release says its kubelet has: `v1.35.4-eks-f69f56f`. */
export function kubeletVersion(version: string): string {
  return `v${isKnownVersion(version) ? KUBERNETES_VERSIONS[version].patch : `${version}.0`}-eks-f69f56f`;
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
