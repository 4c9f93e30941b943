import behavior from './attributes/kubernetes@2.38.0.behavior.json';
import table from './attributes/kubernetes@2.38.0.json';

/** An argument of a Terraform resource, as its provider's schema has it. */
export interface Argument {
  /** `string`, `list(string)`; of a nested block `list`, `set`, `map` or `single`. */
  readonly type: string;
  /** The arguments of a nested block. */
  readonly block?: Arguments;
  /** Whether Terraform takes the block once. */
  readonly isSingle: boolean;
  /** Whether Terraform refuses a block without it. */
  readonly isRequired: boolean;
  /** Whether only the provider sets it. */
  readonly isComputed: boolean;
  /** Whether the provider keeps the old value when the argument is taken out: its schema says optional and computed. */
  readonly isKept: boolean;
  /** Whether another value of it makes another object. */
  readonly replaces: boolean;
}

export type Arguments = Readonly<Record<string, Argument>>;

/** The provider that the table is of, with its version: `hashicorp/kubernetes 2.38.0`. */
export const KUBERNETES_PROVIDER = `${table.provider} ${table.version}`;

/**
 * What the provider does with an argument beyond the regular rule. By that rule, the field has the argument's name in camelCase. A
 * block that Terraform takes once is an object. The provider does not send the zero value.
 */
export interface Behavior {
  /** Name of the field in the API. */
  readonly field?: string;
  /** How the API takes a string. */
  readonly as?: 'base64' | 'int-or-string' | 'integer' | 'octal';
  /** An object in the API, though Terraform takes several blocks. */
  readonly one?: true;
  /** A list in the API, though Terraform takes one block. */
  readonly many?: true;
  /** The API has the block's fields one level up. */
  readonly merged?: true;
  /** The zero value is sent when it is set. */
  readonly kept?: true;
  /** Sent when the argument is left out. */
  readonly default?: string | number | boolean;
  /** The zero value is sent when the argument is left out. */
  readonly zero?: true;
  /** Sent only beside a sibling with one of these values. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /** Ignored without this sibling. */
  readonly needs?: string;
  /** Only Terraform reads it. */
  readonly dropped?: true;
  /** The provider accepts it and never sends it, as constructs may leave it: what follows, and what to do. */
  readonly ignored?: string;
  /** The provider accepts it and never sends it; the reason to refuse it. */
  readonly refused?: string;
  /** A block with fewer arguments is a difference at every plan. */
  readonly least?: number;
  /** A block without this argument is a difference at every plan. */
  readonly must?: string;
  /** Each element with several of these fields becomes several elements, in this order. */
  readonly split?: readonly string[];
}

/** An argument or a type that the provider lacks. */
export interface Absence {
  /** The first version of the provider that has it. @default - none that is known */
  readonly since?: string;
  /** What to do instead. @default - declare the object by ApiObject */
  readonly instead?: string;
}

/** The type whose argument `manifest` is the object itself. */
export const MANIFEST = 'kubernetes_manifest';

/** Whether an object of Kubernetes has another Terraform type at its other address: the one of its kind, or that of manifests. */
export function changesForm(from: string, to: string): boolean {
  const types = [from, to].map((address) => address.split('.')[0] ?? '');
  return (
    types[0] !== types[1] &&
    types.includes(MANIFEST) &&
    types.every((type) => type === MANIFEST || Object.hasOwn(OBJECT_KINDS, type))
  );
}

const BLOCKS: Readonly<Record<string, Readonly<Record<string, string>>>> = table.blocks;
const RESOURCES: Readonly<Record<string, string>> = table.resources;
const read = new Map<string, Arguments>();

/** The names with a version that a Terraform type without one may have: `kubernetes_deployment_v1`. */
export function versionedNames(type: string): readonly string[] {
  const named = type.replace('daemonset', 'daemon_set');
  return [`${named}_v1`, `${named}_v2`];
}

/** The arguments of a Terraform type of Kubernetes; those of its versioned name for a type without a version. */
export function argumentsOf(type: string): Arguments | undefined {
  const id = [type, ...versionedNames(type)]
    .map((name) => RESOURCES[name])
    .find((found) => found !== undefined);
  return id === undefined ? undefined : blockOf(id);
}

function blockOf(id: string): Arguments {
  const known = read.get(id);
  if (known) return known;
  const made = Object.fromEntries(
    Object.entries(BLOCKS[id] ?? {}).map(([name, text]): [string, Argument] => {
      const [type = '', ...words] = text.split(' ');
      const inner = words.find((word) => word.startsWith('#'))?.slice(1);
      const has = (word: string): boolean => words.includes(word);
      return [
        name,
        {
          type,
          // A table has every block of a provider, and a run reads few.
          ...(inner === undefined
            ? {}
            : {
                get block() {
                  return blockOf(inner);
                },
              }),
          isSingle: has('one'),
          isRequired: has('required'),
          isComputed: has('computed') && !has('optional'),
          isKept: has('computed') && has('optional'),
          replaces: has('replaces'),
        },
      ];
    }),
  );
  read.set(id, made);
  return made;
}

/** The API version and kind of each Terraform type that stands for one object. */
export const OBJECT_KINDS: Readonly<Record<string, string>> = behavior.kinds;

/**
 * What the provider does with the argument at a path. An entry of the table is for every path that ends in it; of several the
 * longest counts.
 *
 * @param path the Terraform type, then names of arguments
 */
export const behaviorOf = (path: readonly string[]): Behavior =>
  entryFor(behavior.arguments as Record<string, Behavior>, path);

/** What is known of an argument or a type that the provider lacks. */
export const absenceOf = (path: readonly string[]): Absence => entryFor<Absence>(behavior.absent, path);

function entryFor<Entry extends object>(
  entries: Readonly<Record<string, Entry>>,
  path: readonly string[],
): Entry {
  const suffixes = path.map((_, i) => path.slice(-1 - i).join('.'));
  return Object.assign({}, ...suffixes.map((suffix) => entries[suffix] ?? {})) as Entry;
}
