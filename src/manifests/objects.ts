import { applyRank } from './apply-order';
import { convertBlock } from './convert';
import { isObject } from './field';
import { KINDS, MANIFEST, whyNot } from './kinds';
import { ManifestError, type ManifestFinding } from './manifest-error';
import { References, type Resolve } from './references';
import type { Json, JsonObject, TerraformDocument } from './terraform-document';

/** A Kubernetes object as the API server takes it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object together with the Terraform resource that it comes from. */
export interface AddressedObject {
  /** The Terraform address, for example `kubernetes_deployment_v1.shop_web`. */
  readonly address: string;
  readonly object: KubernetesObject;
  /** Fields that Terraform leaves as they were created and the API server refuses to change. @default [] */
  readonly keeps?: readonly string[];
}

export interface KubernetesObjectsOptions {
  /**
   * Gives the value of what the document alone does not say: data sources, ephemeral resources, functions.
   * @default - such an expression is an error
   */
  readonly resolve?: Resolve;
}

/**
 * The Kubernetes objects that the provider would send for a Terraform document, in an order in which they can be
 * applied. Resources of other providers are left out.
 *
 * @throws ManifestError with every finding, when one resource cannot be converted
 */
export function kubernetesObjects(
  document: TerraformDocument,
  options: KubernetesObjectsOptions = {},
): AddressedObject[] {
  const { objects, findings } = convertObjects(document, options);
  if (findings.length > 0) throw new ManifestError(findings);
  return objects.sort(byApplyOrder);
}

/** The objects that a document's resources can be converted to, and what is wrong with these and the others. */
export function convertObjects(
  document: TerraformDocument,
  options: KubernetesObjectsOptions = {},
): { readonly objects: AddressedObject[]; readonly findings: readonly ManifestFinding[] } {
  const findings: ManifestFinding[] = [];
  const report = (address: string, path: string, message: string, withoutManifest = false) => {
    if (
      !findings.some((known) => known.address === address && known.path === path && known.message === message)
    ) {
      findings.push({ address, path, message, ...(withoutManifest && { withoutManifest }) });
    }
  };
  const references = new References(document, options.resolve, report);
  const objects: AddressedObject[] = [];
  for (const [type, resources] of Object.entries(document.resource ?? {})) {
    if (!type.startsWith('kubernetes_')) continue;
    for (const [name, resource] of Object.entries(resources)) {
      const address = `${type}.${name}`;
      const object = toObject(type, resource, references, address, (path, message, withoutManifest) => {
        report(address, path, message, withoutManifest);
      });
      if (object === undefined) continue;
      const { ignore_changes: ignored } = isObject(resource['lifecycle']) ? resource['lifecycle'] : {};
      const keeps = KEPT.filter(
        ([argument]) => Array.isArray(ignored) && ignored.some((each) => argument.test(String(each))),
      );
      objects.push({ address, object, ...(keeps.length > 0 && { keeps: keeps.map(([, field]) => field) }) });
    }
  }
  return { objects, findings };
}

/** Ignored arguments, and the fields of the API that they keep. */
const KEPT: readonly (readonly [argument: RegExp, field: string])[] = [
  [/^spec$/, 'spec'],
  [/^spec\[0\]\.volume_claim_template\b/, 'spec.volumeClaimTemplates'],
];

/** Attributes that tell Terraform what to do, and the provider nothing about the object. */
const META_ARGUMENTS = new Set([
  '//',
  'id',
  'depends_on',
  'lifecycle',
  'provider',
  'provisioner',
  'connection',
  'timeouts',
]);

/** Meta-arguments that make any number of objects of one resource. */
const REPEATING = ['count', 'for_each'];

function toObject(
  type: string,
  resource: JsonObject,
  references: References,
  address: string,
  report: (path: string, message: string, withoutManifest?: boolean) => void,
): KubernetesObject | undefined {
  const kind = KINDS[type];
  if (kind === undefined && type !== MANIFEST) {
    report('', whyNot(type), true);
    return undefined;
  }
  for (const name of REPEATING.filter((name) => name in resource)) {
    report(name, 'how many objects this makes is known only when Terraform runs; declare each one', true);
  }
  if (kind === undefined) {
    return manifestObject(references.literal(resource['manifest'] ?? null, address, 'manifest'), report);
  }
  // A revision decides whether a write-only attribute is sent, though it is not sent itself.
  const deciding = Object.values(kind.fields).map((field) => field.needs);
  const literals: [string, Json][] = [];
  for (const [name, value] of Object.entries(resource)) {
    if (META_ARGUMENTS.has(name) || REPEATING.includes(name)) continue;
    if (kind.fields[name]?.shape === 'dropped' && !deciding.includes(name)) continue;
    const literal = references.literal(value, address, name);
    if (literal !== undefined) literals.push([name, literal]);
  }
  const fields = convertBlock(kind.fields, Object.fromEntries(literals), '', report);
  const { metadata = {}, ...rest } = fields;
  return { apiVersion: kind.apiVersion, kind: kind.kind, metadata: metadata as JsonObject, ...rest };
}

function manifestObject(
  manifest: Json | undefined,
  report: (path: string, message: string) => void,
): KubernetesObject | undefined {
  if (manifest === undefined) return undefined;
  const { apiVersion, kind, metadata } = isObject(manifest) ? manifest : {};
  if (typeof apiVersion === 'string' && typeof kind === 'string' && isObject(metadata)) {
    return { ...(manifest as JsonObject), apiVersion, kind, metadata };
  }
  report('manifest', 'a manifest has an apiVersion, a kind and metadata');
  return undefined;
}

function byApplyOrder(a: AddressedObject, b: AddressedObject): number {
  const rank = applyRank(a.object.kind) - applyRank(b.object.kind);
  if (rank !== 0) return rank;
  return a.address < b.address ? -1 : Number(a.address > b.address);
}
