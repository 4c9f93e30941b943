import { compile, type JSONSchema } from 'json-schema-to-typescript-lite';
import { formatFinding } from '../../facts/document-finding';
import { textOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import { readObjects } from '../../manifests/read-objects';
import { listAt, objectAt, valueAt } from '../../rules/workload-pods';
import { namesOf } from './names';
import { type ProjectFiles, ScaffoldError } from './project-files';

/** The first words of a file of types, by which the command knows its own. */
const WRITTEN_BY = '// Written by platform new kind';

type Schema = Readonly<Record<string, unknown>>;

/** What a program says of an object's metadata. */
const METADATA: JSONSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

/**
 * Writes the types of the objects that CustomResourceDefinitions of a file define, beside that file.
 *
 * @param file YAML that has definitions, and may have other objects
 * @throws ScaffoldError
 */
export async function addKind(files: ProjectFiles, file: string): Promise<void> {
  const { objects, findings } = readObjects(file, files.read(file));
  if (findings.length > 0) throw new ScaffoldError(findings.map((each) => formatFinding(each)).join('\n'));
  const types = new Map<string, JSONSchema>();
  for (const written of objects.filter(({ object }) => object.kind === 'CustomResourceDefinition')) {
    for (const [name, schema] of schemasOf(objectAt(written.object, 'spec'))) {
      if (types.has(name)) {
        const message = `two definitions have the type ${name}; write each into a file of its own`;
        throw new ScaffoldError(formatFinding(written.at('spec.names.kind', message)));
      }
      types.set(name, schema);
    }
  }
  if (types.size === 0) {
    throw new ScaffoldError(
      `${file}: no CustomResourceDefinition with the schema of a served version. Name the file that has it`,
    );
  }
  const options = { additionalProperties: false, bannerComment: '' };
  const texts = await Promise.all([...types].map(([name, schema]) => compile(schema, name, options)));
  const text = `${WRITTEN_BY} ${file}: run it again after a change of the definition.\n\n${texts.join('\n')}`;
  const path = `${file.replace(/\.\w+$/, '')}.ts`;
  if (!files.has(path)) {
    files.create(path, text);
    return;
  }
  if (!files.read(path).startsWith(WRITTEN_BY)) {
    throw new ScaffoldError(`${path}: exists already, and has other code. Rename it, or ${file}`);
  }
  files.change(path, () => text);
}

/** The schema of each served version, by the name of its type. The version that is stored has the name of the kind. */
function schemasOf(spec: Schema): [string, JSONSchema][] {
  const kind = textOf(valueAt(spec, 'names.kind'));
  const group = textOf(spec['group']);
  return listAt(spec, 'versions')
    .filter((version) => version['served'] === true && isObject(valueAt(version, 'schema.openAPIV3Schema')))
    .map((version) => {
      const name = textOf(version['name']);
      const { properties, required, ...rest } = typed(objectAt(version, 'schema.openAPIV3Schema'));
      const own: Record<string, JSONSchema> = {
        apiVersion: { const: `${group}/${name}` },
        kind: { const: kind },
        metadata: METADATA,
      };
      // What a controller writes is not for programs to say.
      const isTheirs = (field: string): boolean => field !== 'status' && !(field in own);
      const theirs = Object.entries((properties ?? {}) as typeof own).filter(([field]) => isTheirs(field));
      const schema: JSONSchema = {
        ...rest,
        properties: { ...own, ...Object.fromEntries(theirs) },
        required: ['apiVersion', 'kind', ...((required ?? []) as readonly string[]).filter(isTheirs)],
      };
      return [version['storage'] === true ? kind : kind + namesOf(name).pascal, schema];
    });
}

/** What a type says of a schema of the Kubernetes API: not which values are allowed, but which fields there are. */
function typed(schema: Schema): Schema {
  const { type, description, required, enum: values, properties, items, additionalProperties } = schema;
  const isOpen = ['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'].some(
    (word) => schema[word] === true,
  );
  const types =
    schema['x-kubernetes-int-or-string'] === true
      ? ['integer', 'string']
      : schema['nullable'] === true
        ? [type, 'null']
        : type;
  const below = (value: unknown): unknown => (isObject(value) ? typed(value) : value);
  return Object.fromEntries(
    Object.entries({
      ...{ type: types, description, required, enum: values, items: below(items) },
      properties:
        isObject(properties) &&
        Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, below(each)])),
      additionalProperties: isOpen || below(additionalProperties),
    }).filter(([, value]) => value !== undefined && value !== false),
  );
}
