import { Release } from '@cdktf/provider-helm/lib/release';
import { stringify } from 'yaml';
import { Construct, MAIN_CHILD } from '../../terraform/construct';

/** Seconds for the Pods of a release to become ready: a new node may have to come first. */
const TIMEOUT_SECONDS = 600;

/** Revisions that Helm keeps in the cluster, each a Secret, to roll back to. */
const REVISIONS = 5;

/** A value of a chart; what is undefined is left to the chart. */
export type ChartValue =
  string | number | boolean | readonly ChartValue[] | { readonly [key: string]: ChartValue | undefined };

/** A Helm chart, its version and its values. */
export interface HelmReleaseOptions {
  /** Name of the release, up to 53 characters. */
  readonly name: string;
  /** Namespace that the release is in; it must exist. */
  readonly namespace: string;
  /** Where the chart is: `https://…` of a chart repository, or `oci://…` of a registry. */
  readonly repository: string;
  readonly chart: string;
  /** Version of the chart, exactly: `3.5.0`. */
  readonly version: string;
  /**
   * Values of the chart by their keys. They are in the state, and in a Secret of the cluster, as they are: no secret belongs there.
   */
  readonly values: Readonly<Record<string, ChartValue | undefined>>;
}

/**
 * A release of a Helm chart. Terraform waits until its Pods are ready; what fails is rolled back whole, so that the next run finds
 * what was there before.
 *
 * Helm makes the CustomResourceDefinitions of a chart with its first release alone. A later version of the chart does not change
 * them, and they stay when the release is removed.
 *
 * @see https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release
 */
export class HelmRelease extends Construct {
  readonly resource: Release;

  constructor(scope: Construct, id: string, options: HelmReleaseOptions) {
    super(scope, id);
    const { name, namespace, repository, chart, version, values } = options;
    this.node.addValidation({ validate: () => errors(options) });
    this.resource = new Release(this, MAIN_CHILD, {
      name,
      namespace,
      repository,
      chart,
      version,
      values: [stringify(values, { lineWidth: 0, aliasDuplicateObjects: false })],
      atomic: true,
      wait: true,
      cleanupOnFail: true,
      timeout: TIMEOUT_SECONDS,
      maxHistory: REVISIONS,
    });
  }
}

/** Semantic version without a range, in which Helm would choose. */
export const EXACT_VERSION = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function errors({ name, version, chart }: HelmReleaseOptions): string[] {
  return [
    ...(name.length <= 53
      ? []
      : [`name "${name}" has ${name.length} characters; Helm takes up to 53: shorten it`]),
    ...(EXACT_VERSION.test(version)
      ? []
      : [
          `version "${version}" of chart ${chart} is not exact, so that what is deployed could change by itself; write one such as 3.5.0`,
        ]),
  ];
}
