import { Token } from 'cdktf';
import { join } from 'node:path';
import { qualifiedKind } from '../../../src/facts/built-in-kinds';
import { formatFinding } from '../../../src/facts/document-finding';
import { selectedPlatform } from '../../../src/facts/selected-platform';
import { isObject } from '../../../src/manifests/field';
import { objectTitle } from '../../../src/manifests/object-title';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { readObjects } from '../../../src/manifests/read-objects';
import {
  type ChartRequest,
  RENDERED,
  type RenderRequest,
  type RepositoryChart,
  SAFE_REPOSITORY,
} from '../../../src/manifests/rendered';
import { appContext } from '../../terraform/app-context';
import type { Construct } from '../../terraform/construct';
import type { Namespace } from '../namespaces/namespace';
import { canonicalObject } from './canonical-object';
import { type ChartValue, EXACT_VERSION } from '../provider/helm-release';

/** A chart of Helm, and what it is rendered with. */
export interface ChartSource {
  /** A folder of the project such as `./charts/redis`, or a chart of a repository. */
  readonly chart: string | RepositoryChart;
  /** Values of the chart by their keys. Each is known at synthesis. @default {} */
  readonly values?: Readonly<Record<string, ChartValue | undefined>>;
  /** Name of the release, by which most charts name their objects. @default - the ID */
  readonly release?: string;
  /**
   * What the cluster has beyond the APIs of Kubernetes, for charts that ask: `monitoring.coreos.com/v1`.
   * @default []
   */
  readonly apiVersions?: readonly string[];
}

/** A kustomization. */
export interface KustomizationSource {
  /** A folder of the project that has all files of the kustomization, its bases too. */
  readonly folder: string;
  /** The folder below that is built, such as `overlays/prod`. @default - the folder itself */
  readonly overlay?: string;
}

/** What to do about a Secret with values. */
export const SECRET_VALUES =
  'its values would be in cdktf.out and in the state; leave it out (YAML: by select), and make a Secret.fromSecretsManager() with the same name';

const isEmpty = (value: unknown): boolean => !isObject(value) || Object.keys(value).length === 0;

/**
 * Rendered objects without the values of Secrets. A Secret that is not taken stays, with data that is empty: were it taken later, it would be
 * an error, and not missing.
 */
function withoutSecretValues(text: string, isTaken: (object: KubernetesObject) => boolean): string {
  const { objects, findings } = readObjects(RENDERED.objects, text);
  const secrets = objects.filter(
    ({ object }) =>
      qualifiedKind(object) === 'Secret' && !(isEmpty(object['data']) && isEmpty(object['stringData'])),
  );
  const taken = secrets.filter(({ object }) => isTaken(object));
  const errors = [
    ...findings.map(formatFinding),
    ...taken.map(({ object }) => `${objectTitle(object)}: ${SECRET_VALUES}`),
  ];
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return secrets.reduceRight((rest, { object, range }) => {
    const { apiVersion, kind, metadata } = canonicalObject(object);
    const empty = JSON.stringify({ apiVersion, kind, metadata, data: {} });
    return `${rest.slice(0, range.start)}${empty}\n${rest.slice(range.end)}`;
  }, text);
}

/**
 * What `platform render` is asked for by a construct.
 *
 * @param isTaken whether the construct takes an object of the result
 */
export function renderRequest(
  self: Construct,
  source: ChartSource | KustomizationSource,
  namespace: Namespace | undefined,
  isTaken: (object: KubernetesObject) => boolean,
): RenderRequest {
  const { path, id } = self.node;
  const into = join(selectedPlatform().rendered, path);
  const committed = (objects: string): string => withoutSecretValues(objects, isTaken);
  if (!('chart' in source)) {
    const { folder, overlay = '.' } = source;
    return { construct: path, into, source: { folder, overlay }, committed };
  }
  const { chart, values = {}, release = id, apiVersions = [] } = source;
  const request: ChartRequest = {
    ...{ chart, values, release, apiVersions },
    namespace: namespace?.literalName ?? 'default',
    kubernetes: appContext(self).kubernetes,
  };
  return { construct: path, into, source: request, committed };
}

/** What is wrong with a request. */
export function requestErrors({ source }: Pick<RenderRequest, 'source'>): string[] {
  const errors = tokensIn(source, '').map(
    (field) =>
      `${field}: is known only when Terraform runs, and objects are rendered before; write it as text, or set it by edit`,
  );
  if (!('chart' in source) || typeof source.chart === 'string' || errors.length > 0) return errors;
  const { repository, name, version } = source.chart;
  if (!EXACT_VERSION.test(version)) {
    errors.push(`chart.version: "${version}" of chart ${name} is not exact; write one such as 3.5.0`);
  }
  if (!SAFE_REPOSITORY.test(repository)) {
    errors.push(`chart.repository: got "${repository}"; expected https://… or oci://…`);
  }
  return errors;
}

/** The fields that hold a token. */
function tokensIn(value: unknown, field: string): string[] {
  if (Token.isUnresolved(value)) return [field];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    tokensIn(each, Array.isArray(value) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`),
  );
}
