import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A type as `terraform providers schema -json` prints it: `"string"`, `["list", "string"]`, `["object", {…}]`. */
type SchemaType =
  string | readonly ['list' | 'set' | 'map', SchemaType] | readonly ['object', Record<string, SchemaType>];

interface SchemaAttribute {
  readonly type?: SchemaType;
  readonly nested_type?: {
    readonly nesting_mode: string;
    readonly attributes: Readonly<Record<string, SchemaAttribute>>;
  };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
}

interface SchemaBlock {
  readonly attributes?: Readonly<Record<string, SchemaAttribute>>;
  readonly block_types?: Readonly<
    Record<
      string,
      { readonly nesting_mode: string; readonly max_items?: number; readonly block: SchemaBlock }
    >
  >;
}

interface ResourceSchema {
  readonly version: number;
  readonly block: SchemaBlock;
}

export interface AttributeTableRequest {
  /** `hashicorp/kubernetes` */
  readonly source: 'hashicorp/aws' | 'hashicorp/kubernetes';
  readonly version: string;
  /** The provider's own arguments, so that it plans without reaching anything. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Values before the change, by argument, where the provider parses what the state has. @default {} */
  readonly values?: Readonly<Record<string, string>>;
  /** Types whose blocks are not added, since the provider fails to compare one with an unknown value. @default [] */
  readonly withoutAdded?: readonly string[];
  /** Whether a type belongs into the table. */
  readonly includes: (type: string) => boolean;
  /** The environment that Terraform runs in. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Of a type that Terraform does not know either, so that it fits every argument. */
const UNKNOWN = '${jsondecode(terraform_data.unknown.output)}';

/**
 * The table of what a provider's arguments are, as the text of its file: the schema says the types, and a plan that changes
 * every argument from a value to an unknown one says which of them replace the object. Plans that add the blocks of one depth each
 * say which blocks do.
 */
export function attributeTable(request: AttributeTableRequest): string {
  const folder = mkdtempSync(join(tmpdir(), 'attribute-table-'));
  const terraform = (...args: string[]): string =>
    execFileSync('terraform', args, {
      cwd: folder,
      env: { ...request.environment },
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const name = request.source.split('/').at(-1) ?? '';
  const configuration = {
    terraform: { required_providers: { [name]: { source: request.source, version: request.version } } },
    provider: { [name]: request.configuration },
  };
  const write = (file: string, content: object): void => {
    writeFileSync(join(folder, file), JSON.stringify(content, null, 1));
  };
  try {
    write('main.tf.json', configuration);
    terraform('init', '-no-color');
    const printed = JSON.parse(terraform('providers', 'schema', '-json')) as {
      provider_schemas: Record<string, { resource_schemas: Record<string, ResourceSchema> }>;
    };
    const [all] = Object.entries(printed.provider_schemas)
      .filter(([key]) => key.endsWith(request.source))
      .map(([, { resource_schemas }]) => resource_schemas);
    const types = Object.keys(all ?? {});
    const schemas = Object.entries(all ?? {}).filter(
      ([type]) => request.includes(type) && !hasVersion(type, types),
    );
    // An object of any form is compared with what the cluster has, which a plan that reaches none cannot do.
    const planned = schemas.filter(([, { block }]) => !JSON.stringify(block).includes('"type":"dynamic"'));
    if (schemas.length === 0) throw new Error(`${request.source} has none of the types`);

    /** The paths by which each type is replaced when all arguments change, and blocks of a depth are added. @param added 0 for none */
    const replacedBy = (types: typeof planned, added: number): [string, Set<string>][] => {
      write('main.tf.json', {
        ...configuration,
        resource: {
          // Terraform knows its output only after an apply.
          terraform_data: { unknown: { input: '${timestamp()}' } },
          ...Object.fromEntries(
            types.map(([type, { block }]) => [type, { it: filled(block, () => UNKNOWN, true) }]),
          ),
        },
      });
      write('terraform.tfstate', {
        version: 4,
        terraform_version: '1.11.0',
        serial: 1,
        lineage: 'attribute-table',
        resources: types.map(([type, { version, block }]) => ({
          mode: 'managed',
          type,
          name: 'it',
          provider: `provider["registry.terraform.io/${request.source}"]`,
          instances: [
            {
              schema_version: version,
              attributes: filled(block, (type, name) => request.values?.[name] ?? before(type), false, added),
            },
          ],
        })),
      });
      terraform('plan', '-refresh=false', '-no-color', '-out', 'plan');
      const plan = JSON.parse(terraform('show', '-json', 'plan')) as {
        resource_changes: { type: string; change: { replace_paths?: (string | number)[][] } }[];
      };
      return plan.resource_changes.map(({ type, change }) => {
        const paths = (change.replace_paths ?? []).map((path) =>
          path.filter((step) => typeof step === 'string'),
        );
        const counted = paths.filter(({ length }) => added === 0 || length === added);
        return [type, new Set(counted.map((path) => path.join('.')))];
      });
    };
    const replacing = new Map(replacedBy(planned, 0));
    for (let added = 1; ; added += 1) {
      const types = planned.filter(
        ([type, { block }]) => depthOf(block) >= added && !request.withoutAdded?.includes(type),
      );
      if (types.length === 0) break;
      for (const [type, paths] of replacedBy(types, added)) {
        for (const path of paths) replacing.get(type)?.add(path);
      }
    }
    return tableText(request, schemas, replacing);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a type is the old name of one that names the version of its API. */
function hasVersion(type: string, types: readonly string[]): boolean {
  const named = type.replace('daemonset', 'daemon_set');
  return types.some((other) => other.startsWith(`${named}_v`) && /_v\d+$/.test(other));
}

/** A value of a type, other than the unknown one. */
function before(type: SchemaType): unknown {
  if (type === 'string' || type === 'dynamic') return 'before';
  if (type === 'number') return 1;
  if (type === 'bool') return true;
  const [kind, element] = type as Exclude<SchemaType, string>;
  switch (kind) {
    case 'list':
    case 'set':
      return [before(element)];
    case 'map':
      return { before: before(element) };
    default:
      return Object.fromEntries(Object.entries(element).map(([name, of]) => [name, before(of)]));
  }
}

/** How many blocks are nested in a block at most. */
const depthOf = ({ block_types: inner = {} }: SchemaBlock): number =>
  Math.max(0, ...Object.values(inner).map(({ block }) => 1 + depthOf(block)));

/** Every argument of a block, each nested block once. @param without the depth of the blocks that are left out, 0 for none */
function filled(
  block: SchemaBlock,
  value: (type: SchemaType, name: string) => unknown,
  inConfiguration: boolean,
  without = 0,
): object {
  const attributes = Object.entries(block.attributes ?? {}).flatMap(
    ([name, attribute]): [string, unknown][] => {
      const isArgument = attribute.required === true || attribute.optional === true;
      if (!isArgument) return inConfiguration ? [] : [[name, name === 'id' ? 'before' : null]];
      if (name === 'id' && attribute.required !== true && inConfiguration) return [];
      // What was immutable before is replaced by a change of anything else, which is a rule of its own.
      if ((attribute.write_only === true || name === 'immutable') && !inConfiguration) return [[name, null]];
      return [
        [
          name,
          attribute.nested_type
            ? nested(attribute.nested_type, value, inConfiguration)
            : value(attribute.type ?? 'string', name),
        ],
      ];
    },
  );
  const blocks = Object.entries(block.block_types ?? {})
    .filter(([name]) => name !== 'timeouts')
    .map(([name, { nesting_mode, block: inner }]) => {
      const one = without === 1 ? [] : [filled(inner, value, inConfiguration, without - 1)];
      return [name, nesting_mode === 'single' && !inConfiguration ? (one[0] ?? null) : one] as const;
    });
  return Object.fromEntries([...attributes, ...blocks]);
}

function nested(
  type: NonNullable<SchemaAttribute['nested_type']>,
  value: (type: SchemaType, name: string) => unknown,
  inConfiguration: boolean,
): unknown {
  const one = filled({ attributes: type.attributes }, value, inConfiguration);
  if (type.nesting_mode === 'single') return one;
  return type.nesting_mode === 'map' ? { before: one } : [one];
}

/** Every block once, however many places have it, and every argument on a line of its own. */
function tableText(
  { source, version }: AttributeTableRequest,
  schemas: readonly (readonly [string, ResourceSchema])[],
  replacing: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const blocks = new Map<string, { id: string; lines: string }>();
  const taken = new Map<string, number>();
  const idOf = (block: SchemaBlock, name: string, path: string, replaces: ReadonlySet<string>): string => {
    const below = (inner: string): string => (path === '' ? inner : `${path}.${inner}`);
    const words = (argument: string): string => (replaces.has(below(argument)) ? ' replaces' : '');
    const inner = (
      of: SchemaBlock,
      argument: string,
      mode: string,
      max: number | undefined,
      flags: string,
    ): string =>
      `${mode === 'list' || mode === 'set' ? `${mode}${max === 1 ? ' one' : ''}` : mode} #${idOf(of, argument, below(argument), replaces)}${flags}`;
    const lines = [
      ...Object.entries(block.attributes ?? {}).map(([argument, attribute]): [string, string] => {
        const flags = [
          ...(attribute.required === true ? [' required'] : []),
          ...(attribute.computed === true
            ? [attribute.optional === true ? ' optional computed' : ' computed']
            : []),
          ...(attribute.sensitive === true ? [' sensitive'] : []),
          ...(attribute.write_only === true ? [' write-only'] : []),
          words(argument),
        ].join('');
        const { nested_type: deep } = attribute;
        return [
          argument,
          deep
            ? inner({ attributes: deep.attributes }, argument, deep.nesting_mode, undefined, flags)
            : `${typeText(attribute.type ?? 'string')}${flags}`,
        ];
      }),
      ...Object.entries(block.block_types ?? {}).map(
        ([argument, { nesting_mode, max_items, block: of }]): [string, string] => [
          argument,
          inner(of, argument, nesting_mode, max_items, words(argument)),
        ],
      ),
    ]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([argument, text]) => `      ${JSON.stringify(argument)}: ${JSON.stringify(text)}`)
      .join(',\n');
    const known = blocks.get(lines);
    if (known) return known.id;
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    const id = count === 1 ? name : `${name}.${count}`;
    blocks.set(lines, { id, lines });
    return id;
  };
  const resources = [...schemas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([type, { block }]) =>
        `    ${JSON.stringify(type)}: ${JSON.stringify(idOf(block, type, '', replacing.get(type) ?? new Set()))}`,
    );
  const sorted = [...blocks.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return `{
  "provider": ${JSON.stringify(source)},
  "version": ${JSON.stringify(version)},
  "resources": {
${resources.join(',\n')}
  },
  "blocks": {
${sorted.map(({ id, lines }) => `    ${JSON.stringify(id)}: {\n${lines}\n    }`).join(',\n')}
  }
}
`;
}

/** A type as Terraform's language writes it, without spaces: `list(string)`. */
function typeText(type: SchemaType): string {
  if (typeof type === 'string') return type;
  const [kind, element] = type;
  if (kind !== 'object') return `${kind}(${typeText(element)})`;
  const fields = Object.entries(element).map(([name, of]) => `${name}=${typeText(of)}`);
  return `object({${fields.join(',')}})`;
}
