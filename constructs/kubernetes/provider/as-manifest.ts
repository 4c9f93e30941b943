import type { TerraformResource } from 'cdktf';
import { textOf } from '../../../src/manifests/attributes';
import { convertBlock } from '../../../src/manifests/convert';
import { camelCase, type Block, isObject } from '../../../src/manifests/field';
import { KINDS, MANIFEST } from '../../../src/manifests/kinds';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { verbatim } from '../../terraform/construct';
import { resolveLiterally } from '../../terraform/fast-tokens';
import { revisionOfResolved } from '../internal/content-hash';
import { writeManifestDefaults } from '../internal/manifest-defaults';
import { manifestErrors } from '../internal/manifest-errors';

/** What a `kubernetes_manifest` waits for, by the argument of the typed resource. */
const WAITS: Readonly<Record<string, JsonObject>> = {
  wait_for_rollout: { rollout: true },
  wait_for_completion: { condition: [{ type: 'Complete', status: 'True' }] },
};

/**
 * What the API server sets beside what is declared. The list takes the place of the provider's own.
 *
 * @see https://registry.terraform.io/providers/hashicorp/kubernetes/2.38.0/docs/resources/manifest#computed_fields
 */
const COMPUTED = ['metadata.annotations', 'metadata.labels'];
const COMPUTED_OF_JOB = ['spec.selector', 'spec.template.metadata.labels'];

/** Their controllers count the changes of the Pod template in an annotation. The provider expects another one if the annotations change. */
const COUNTED = ['Deployment', 'DaemonSet'];
const TEMPLATE_ANNOTATION = 'platform/template';

/** Arguments that a `kubernetes_manifest` takes as they are. */
const KEPT = ['//', 'depends_on', 'provider', 'timeouts'];

/** What the typed resource does not say of the manifest. */
export interface ManifestForm {
  /** Adds to the object what the provider has no argument for. */
  complete(object: JsonObject): JsonObject;
  /** Fields that the cluster changes: a later apply leaves them as they are, unless their value in the manifest is another one. */
  computed(): readonly string[];
}

/**
 * Lets a typed resource be written as a `kubernetes_manifest` of the same object, which can have every field of the API.
 *
 * @returns says what of the object the provider cannot apply
 */
export function asManifest(resource: TerraformResource, form: ManifestForm): () => string[] {
  const kind = KINDS[resource.terraformResourceType];
  if (!kind) throw new Error(`${resource.terraformResourceType} stands for no object`);
  const fields = Object.fromEntries(
    Object.entries(kind.fields).filter(([, { shape }]) => shape !== 'dropped'),
  );
  const toTerraform = resource.toTerraform.bind(resource) as () => {
    resource: Record<string, Record<string, JsonObject>>;
  };
  let errors: string[] = [];
  // References and the address follow the type.
  Object.assign(resource, { terraformResourceType: MANIFEST });
  resource.toTerraform = () => {
    errors = [];
    const tree = toTerraform();
    for (const named of Object.values(tree.resource)) {
      for (const [name, attributes] of Object.entries(named)) {
        const sent = Object.fromEntries(Object.entries(attributes).filter(([key]) => key in fields));
        const plain = resolveLiterally(resource, sent) as JsonObject;
        const object = convertBlock(fields, plain, '', (path, why) => errors.push(`${path}: ${why}`));
        const whole = form.complete({ apiVersion: kind.apiVersion, kind: kind.kind, ...object });
        writeManifestDefaults(whole);
        const manifest = countable(whole);
        errors.push(...manifestErrors(manifest['spec'] ?? {}, 'spec'));
        const { lifecycle } = attributes;
        named[name] = {
          ...Object.fromEntries(Object.entries(attributes).filter(([key]) => KEPT.includes(key))),
          manifest: verbatim(manifest),
          computed_fields: [...COMPUTED, ...(kind.kind === 'Job' ? COMPUTED_OF_JOB : []), ...form.computed()],
          field_manager: { force_conflicts: true },
          ...Object.fromEntries(
            Object.entries(WAITS)
              .filter(([argument]) => attributes[argument] === true)
              .map(([, wait]) => ['wait', wait]),
          ),
          ...(isObject(lifecycle) && { lifecycle: inManifest(fields, lifecycle) }),
        };
      }
    }
    return tree;
  };
  return () => {
    resource.toTerraform();
    return errors;
  };
}

/** With an annotation that changes with the Pod template. */
function countable(manifest: JsonObject): JsonObject {
  const { kind, metadata, spec } = manifest;
  if (!COUNTED.includes(textOf(kind)) || !isObject(metadata) || !isObject(spec)) return manifest;
  const annotations = { ...(isObject(metadata['annotations']) && metadata['annotations']) };
  annotations[TEMPLATE_ANNOTATION] = revisionOfResolved(spec['template']);
  return { ...manifest, metadata: { ...metadata, annotations } };
}

/** The lifecycle, whose ignored changes are named in the words of the API. */
function inManifest(fields: Block, lifecycle: JsonObject): JsonObject {
  const { ignore_changes: ignored } = lifecycle;
  if (!Array.isArray(ignored)) return lifecycle;
  return {
    ...lifecycle,
    ignore_changes: (ignored as readonly string[]).map((path) => pathInManifest(fields, path)),
  };
}

/** `spec[0].volume_claim_template[1].spec[0].resources` is `manifest.spec.volumeClaimTemplates[1].spec.resources`. */
function pathInManifest(fields: Block, path: string): string {
  let block = fields;
  const steps = path.split('.').map((step) => {
    const [, name = '', index = ''] = /^(\w+)(\[\d+\])?$/.exec(step) ?? [];
    const field = block[name];
    block = field && 'block' in field ? field.block : {};
    return `${field?.to ?? camelCase(name)}${field?.shape === 'array' ? index : ''}`;
  });
  return ['manifest', ...steps].join('.');
}
