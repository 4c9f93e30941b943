import { Tokenization, type TerraformResource } from 'cdktf';
import { isDeepStrictEqual } from 'node:util';
import { convertBlock } from '../../../src/manifests/convert';
import { describeThrown } from '../../../src/facts/thrown';
import { isObject } from '../../../src/manifests/field';
import { KINDS, MANIFEST, whyNot } from '../../../src/manifests/kinds';
import { providerForm } from '../../../src/manifests/provider-form';
import type { Json, JsonObject } from '../../../src/manifests/terraform-document';
import { MAIN_CHILD, verbatim } from '../../terraform/construct';
import { resolveLiterally } from '../../terraform/fast-tokens';
import { OBJECT, returnedErrors } from '../internal/data-errors';
import { manifestErrors } from '../internal/manifest-errors';
import { lacksArgument, remedyFor } from './unknown-arguments';

/** Fields that an object has once it is made. */
type Present = 'metadata' | 'spec' | 'template' | 'jobTemplate';

/** An object of the API as a construct has made it. */
export type Made<Value> = Value extends object
  ? Omit<Value, Present> & { [Key in Extract<keyof Value, Present>]-?: Made<NonNullable<Value[Key]>> }
  : Value;

/** Changes an object, or gives another one. */
// A change in place returns nothing; a returned object of another type does not compile.
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
export type Change<ApiObject> = (object: Made<ApiObject>) => Made<ApiObject> | void;

/**
 * Changes the object of a resource in the form of the Kubernetes API, for what has no option. What the provider cannot send is an error
 * that names the field.
 *
 * @typeParam ApiObject its type of the package `kubernetes-types`, such as `Service` of `kubernetes-types/core/v1`
 * @param resource the `resource` of a construct
 * @param change may run more than once
 */
export function patch<ApiObject extends object>(
  resource: TerraformResource,
  change: Change<ApiObject>,
): void {
  const toTerraform = resource.toTerraform.bind(resource) as () => {
    resource: Record<string, Record<string, JsonObject>>;
  };
  let errors: string[] = [];
  resource.toTerraform = () => {
    errors = [];
    const tree = toTerraform();
    for (const named of Object.values(tree.resource)) {
      for (const [name, attributes] of Object.entries(named)) {
        named[name] = patched(resource, attributes, change as (object: unknown) => unknown, errors);
      }
    }
    return tree;
  };
  const { id, scope } = resource.node;
  (id === MAIN_CHILD && scope ? scope : resource).node.addValidation({
    validate: () => {
      resource.toTerraform();
      return errors.map((error) => `patch() ${error}`);
    },
  });
}

/** What `patch()` leaves as it is, and how to change it. */
const STAYS: Readonly<Record<string, string>> = {
  name: 'set the option name, where the construct has it',
  namespace: 'declare the object in the other namespace',
};

const placeOf = ({ metadata }: JsonObject): JsonObject => ({ ...(isObject(metadata) && metadata) });

function patched(
  resource: TerraformResource,
  attributes: JsonObject,
  change: (object: unknown) => unknown,
  errors: string[],
): JsonObject {
  const type = resource.terraformResourceType;
  const plain = (value: object): JsonObject => resolveLiterally(resource, value) as JsonObject;
  const changed = (object: JsonObject): JsonObject => {
    const copy = verbatim(object);
    const before = placeOf(copy);
    let made: JsonObject;
    try {
      made = (change(copy) ?? copy) as JsonObject;
    } catch (error) {
      errors.push(`failed with ${describeThrown(error)}`);
      return object;
    }
    const wrong = returnedErrors(made, OBJECT);
    errors.push(...wrong);
    if (wrong.length > 0) return object;
    const after = placeOf(made);
    for (const [field, remedy] of Object.entries(STAYS)) {
      if (before[field] !== after[field]) errors.push(`sets metadata.${field}: it stays as it is; ${remedy}`);
    }
    return defined(made);
  };
  if (type === MANIFEST) {
    const manifest = changed(plain(attributes['manifest'] as JsonObject));
    errors.push(...manifestErrors(manifest['spec'] ?? {}, 'spec'));
    return { ...attributes, manifest };
  }
  const kind = KINDS[type];
  if (!kind || 'data_wo' in attributes) {
    errors.push(
      kind ? 'is for a Secret, whose values are in no object' : `is for a ${type}: ${whyNot(type)}`,
    );
    return attributes;
  }
  const sent = Object.entries(kind.fields).filter(([, { shape }]) => shape !== 'dropped');
  const fields = Object.fromEntries(sent);
  const objectOf = (from: JsonObject): JsonObject =>
    convertBlock(
      fields,
      Object.fromEntries(Object.entries(plain(from)).filter(([name]) => name in fields)),
      '',
      (path, message) => errors.push(`sets ${path}: ${message}`),
    );
  const given = objectOf(attributes);
  const wanted = changed({ apiVersion: kind.apiVersion, kind: kind.kind, ...given });
  const { apiVersion, kind: named, ...object } = wanted;
  if (apiVersion !== kind.apiVersion || named !== kind.kind) {
    errors.push('sets apiVersion and kind: they stay as they are');
  }
  const before = Object.fromEntries(Object.entries(attributes).filter(([name]) => name in fields));
  const written = providerForm(fields, object, before, { path: '', names: [type] }, (path, names, why) => {
    errors.push(
      'near' in why
        ? `sets ${path}: ${lacksArgument(names)}${why.near || ';'} ${remedyFor(names)}`
        : `sets ${path}: got ${why.found}, which is not of the field's type`,
    );
  });
  // What is written is read back: a default of the provider's may take the place of what is left out.
  const sentAs = objectOf(written);
  if (errors.length === 0) errors.push(...differences(plain(object), sentAs, ''));
  const rest = Object.entries(attributes).filter(([name]) => !(name in fields));
  return { ...Object.fromEntries(rest), ...written };
}

/** An object without what a condition in TypeScript has left undefined. */
function defined<Value>(value: Value): Value;
function defined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => defined(each));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, defined(each)]])),
  );
}

/** What an object has and the provider would send otherwise. */
function differences(wanted: Json | undefined, sent: Json | undefined, path: string): string[] {
  if (isDeepStrictEqual(wanted, sent)) return [];
  const both = [wanted, sent];
  if (
    both.every(isObject) ||
    (both.every(Array.isArray) && (wanted as Json[]).length === (sent as Json[]).length)
  ) {
    const [left, right] = both as [JsonObject, JsonObject];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
      differences(
        left[key],
        right[key],
        Array.isArray(wanted) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      ),
    );
  }
  const shown = (value: Json | undefined): string =>
    value === undefined ? 'nothing' : JSON.stringify(value);
  return [
    `sets ${path}: got ${shown(wanted)}, but the provider sends ${shown(sent)}; ${sent === undefined ? 'leave it out' : 'write that'}`,
  ];
}
