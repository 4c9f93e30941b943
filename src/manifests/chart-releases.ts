import type { Json, TerraformDocument } from './terraform-document';

/** A release of a chart. Its objects are in the chart, so that there are no manifests of them here. */
export interface ChartRelease {
  /** The Terraform address, for example `helm_release.load_balancer_controller`. */
  readonly address: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
}

/** The releases of charts of a Terraform document. */
export function chartReleases(document: TerraformDocument): ChartRelease[] {
  return Object.entries(document.resource?.['helm_release'] ?? {}).map(([name, release]) => ({
    address: `helm_release.${name}`,
    chart: text(release['chart']),
    version: text(release['version']),
    namespace: text(release['namespace']),
  }));
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A release as people name it: `aws-load-balancer-controller 3.5.0 in kube-system (helm_release.load_balancer_controller)`. */
export function describeRelease({ chart, version, namespace, address }: ChartRelease): string {
  return `${chart} ${version} in ${namespace} (${address})`;
}
