import { toJSONSchema } from 'zod/mini';
import type * as z from 'zod/mini';
import type { Construct } from 'constructs';
import { hasDerivedPart } from '../config/workload-keys';
import { callSite } from './call-site';
import type { PartsOf, RegisteredWorkload, WorkloadContext } from './registry';

type Uses = Readonly<Record<string, RegisteredWorkload>>;

/** The values of a shape of schemas. */
type OptionsOf<Shape extends z.core.$ZodShape> = z.output<z.ZodMiniObject<Shape, z.core.$strict>>;

/** What each of the used workloads returns, by the names under `uses`. */
type PartsOfAll<Used extends Uses> = { readonly [Name in keyof Used]: PartsOf<Used[Name]> };

/** What a workload is. */
export interface WorkloadDefinition<Shape extends z.core.$ZodShape, Used extends Uses, Parts> {
  /** Its key under `namespaces.<name>.workloads`, and the first part of the names of its objects: a DNS label. */
  readonly name: string;
  /** What it is, in a sentence: editors and the reference page show it. */
  readonly description: string;
  /**
   * Its keys in `platform.yaml`, each with a schema of zod. A key that is not among them is an error.
   * A default that depends on namespace or platform is written with `derived`.
   */
  readonly options: Shape;
  /**
   * Workloads whose parts it gets. They are built before it, and each namespace that runs it must run them.
   * @default {}
   */
  readonly uses?: Used;
  /**
   * Declares its objects, of Kubernetes and of AWS, in one scope.
   *
   * @returns what other workloads may use of it
   */
  build(scope: Construct, options: OptionsOf<Shape>, context: WorkloadContext<PartsOfAll<Used>>): Parts;
}

/**
 * Defines a workload. It runs in the namespaces that have its key under `workloads`, once it is listed in `definePlatform`.
 *
 * Errors in the definition are reported with those of all others when the platform is read.
 */
export function defineWorkload<
  const Shape extends z.core.$ZodShape,
  Parts,
  const Used extends Uses = Readonly<Record<string, never>>,
>(definition: WorkloadDefinition<Shape, Used, Parts>): RegisteredWorkload<Parts> {
  const { name, description, options } = definition;
  const uses: Uses = definition.uses ?? {};
  const source = callSite(definition, defineWorkload);
  return {
    name,
    description,
    options,
    uses,
    // A workload that is not there is an error, which names the import.
    needs: Object.values(uses).flatMap((used) => (isWorkload(used) ? [used.name] : [])),
    source,
    errors: definitionErrors(definition).map(
      (error) => `${source}: workload ${JSON.stringify(name)}: ${error}`,
    ),
    build: (scope, values, context) =>
      definition.build(scope, values as OptionsOf<Shape>, context as WorkloadContext<PartsOfAll<Used>>),
  };
}

/** Whether a value is what `defineWorkload` returns. */
export function isWorkload(value: unknown): value is RegisteredWorkload {
  return (
    typeof value === 'object' && value !== null && 'build' in value && 'needs' in value && 'source' in value
  );
}

/** A definition as a program without types may have it. */
type Unchecked = { readonly [Key in keyof WorkloadDefinition<z.core.$ZodShape, Uses, unknown>]?: unknown };

function definitionErrors(definition: Unchecked): string[] {
  const { name, description, options, uses = {} } = definition;
  const errors: string[] = [];
  if (typeof name !== 'string' || !/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) {
    errors.push(
      'name: expected up to 32 of a-z, 0-9 and "-", first a letter, last no "-"; choose such a name',
    );
  }
  if (typeof name === 'string' && RESERVED_NAMES.includes(name)) {
    errors.push(`name: ${name} is an object of every namespace, or of JavaScript; choose another name`);
  }
  if (typeof description !== 'string' || description.trim() === '') {
    errors.push('description: got none; write in a sentence what the workload is');
  }
  if (typeof definition.build !== 'function') {
    errors.push('build: got none; write build(scope, options, context) { … }');
  }
  if (typeof options !== 'object' || options === null) {
    errors.push('options: expected a mapping from keys to schemas, such as { version: imageTag() }');
  } else {
    for (const [key, schema] of Object.entries(options)) {
      if (key in Object.prototype) {
        errors.push(`options.${key}: JavaScript's objects have this name themselves; choose another one`);
      }
      if (isSchema(schema)) {
        errors.push(...schemaErrors(key, schema));
        continue;
      }
      errors.push(`options.${key}: expected a schema of zod, such as z.string(); got ${describe(schema)}`);
    }
  }
  for (const [key, used] of Object.entries(uses as object)) {
    if (isWorkload(used)) continue;
    errors.push(
      `uses.${key}: expected a workload that defineWorkload returned; got ${describe(used)}` +
        (used === undefined
          ? '; two workloads that import each other cannot use each other: remove one use'
          : ''),
    );
  }
  return errors;
}

/** IDs of the constructs that every namespace's stack has, and a name that every object has. */
export const RESERVED_NAMES = [
  'namespace',
  'default-deny',
  'allow-dns',
  'quota',
  'limits',
  'aws',
  'cluster',
  'constructor',
];

/** A value of YAML has a JSON Schema: what has none, such as a date, could not be written in the file. */
function schemaErrors(key: string, schema: z.core.$ZodType): string[] {
  try {
    toJSONSchema(schema, { io: 'input' });
    return hasDerivedPart(schema)
      ? [
          `options.${key}: derived stands within another schema, where no default is set; make it a key of options`,
        ]
      : [];
  } catch (error) {
    return [
      `options.${key}: ${(error as Error).message}; use a schema for text, numbers, lists and mappings`,
    ];
  }
}

function isSchema(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

/** A wrong value, as far as a message needs it. */
export function describe(value: unknown): string {
  if (value === undefined) return 'undefined, which is what an import gives that the module does not export';
  return typeof value === 'object' ? 'an object' : typeof value;
}
