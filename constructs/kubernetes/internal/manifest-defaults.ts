import { POD_TEMPLATES } from '../../../src/facts/pod-templates';
import { partsAt } from './parts-at';

const CONTAINER_LISTS = ['containers[]', 'initContainers[]'];
const FIELD_REF = { apiVersion: 'v1' };
const RESOURCE_REF = { divisor: '0' };
/** Octal 0644. */
const MODE = { defaultMode: 0o644 };

/**
 * What the API server fills in below what a list has already, by the path in the spec of a Pod. A probe is new as a whole, and the
 * provider takes what comes with it: seen with 2.38.0. Source: core/v1, zz_generated.defaults.go.
 */
const DEFAULTS: readonly (readonly [path: string, values: object])[] = [
  ...CONTAINER_LISTS.flatMap((list) => [
    [`${list}.ports[]`, { protocol: 'TCP' }] as const,
    [`${list}.env[].valueFrom.fieldRef`, FIELD_REF] as const,
    [`${list}.env[].valueFrom.resourceFieldRef`, RESOURCE_REF] as const,
  ]),
  ...['downwardAPI.items[]', 'projected.sources[].downwardAPI.items[]'].flatMap((items) => [
    [`volumes[].${items}.fieldRef`, FIELD_REF] as const,
    [`volumes[].${items}.resourceFieldRef`, RESOURCE_REF] as const,
  ]),
  ...['configMap', 'secret', 'projected', 'downwardAPI'].map(
    (source) => [`volumes[].${source}`, MODE] as const,
  ),
  ['volumes[].projected.sources[].serviceAccountToken', { expirationSeconds: 3600 }],
  ['volumes[].ephemeral.volumeClaimTemplate.spec', { volumeMode: 'Filesystem' }],
  ['volumes[].hostPath', { type: '' }],
];

/**
 * Writes out what the API server adds to the Pods of a built-in kind. Where an update brings a field with such an addition, the provider
 * does not expect it in a `kubernetes_manifest`, and ends with "inconsistent result". The Pods of a Job never change.
 */
export function writeManifestDefaults(object: Readonly<Record<string, unknown>>): void {
  const place = object.kind === 'Job' ? undefined : POD_TEMPLATES[String(object.kind)];
  for (const { spec } of place ? partsAt(object, [...place, 'spec'].join('.')) : []) {
    // The older name, which the API server keeps beside the new one.
    if (spec['serviceAccountName'] !== undefined) spec['serviceAccount'] = spec['serviceAccountName'];
    for (const [path, values] of DEFAULTS) {
      for (const { spec: part } of partsAt(spec, path)) Object.assign(part, { ...values, ...part });
    }
  }
}
