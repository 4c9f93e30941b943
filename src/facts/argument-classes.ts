import aws from './attributes/aws@5.100.0.behavior.json';
import kubernetes from './attributes/kubernetes@2.38.0.behavior.json';
import { POD_TEMPLATES } from './pod-templates';

/** What an argument of Terraform, or a field of a Kubernetes object, decides. */
export type ArgumentClass =
  /** What is stored or run, and how much of it. */
  | 'content'
  /** Who reaches it. */
  | 'exposure'
  /** What somebody may do. */
  | 'rights'
  /** What keeps, encrypts, records or limits. */
  | 'protection'
  /** As whom something acts. */
  | 'identity'
  /** Which code runs outside of the platform's images. */
  | 'code';

/** A class, and which changes of a value are safe. */
export interface Classed {
  readonly is: ArgumentClass;
  /**
   * The safe direction: `true`, `false`, `more`, `fewer`, `longer` (0 is without end), `set` (a value where there was none), or
   * `=` and the value. `judged`: a rule of its own looks at it. @default - every change counts
   */
  readonly safe?: string;
  /** Whether a value counts in an object that is created, too: `other` unless it is a role or an ARN of the same stack. */
  readonly new: boolean | 'other';
  /** Whether the class is that of the whole object. */
  readonly isWhole: boolean;
  /** The entry of the platform that says so. @default - the program says so */
  readonly own?: OwnClass;
}

/** The class that a platform gives to a type or a kind of its own. */
export interface OwnClass {
  /** Terraform type or Kubernetes kind. */
  readonly type: string;
  /** Names of arguments or fields, with dots. @default - all of the object */
  readonly path?: string;
  readonly class: ArgumentClass;
  readonly reason: string;
}

const CLASSES: Readonly<Record<string, string>> = { ...aws.classes, ...kubernetes.classes };
const TYPES: ReadonlySet<string | undefined> = new Set(
  Object.keys(CLASSES).map((path) => path.split('.')[0]),
);
/** Of labels and annotations, by patterns of their keys. The longest that fits counts. */
const KEYS = Object.entries(kubernetes.keys)
  .sort(([a], [b]) => b.length - a.length)
  .map(
    ([pattern, text]) =>
      [new RegExp(`^${pattern.replace(/[.]/g, '\\.').replaceAll('*', '.*')}$`), text] as const,
  );

/** The Terraform type or the Kubernetes kind, then the names of arguments or fields. */
type TypedPath = readonly [type: string, ...names: string[]];

/** The class of each argument and each field that a table knows: of the program, and of one platform. */
export class ArgumentClasses {
  private readonly own: ReadonlyMap<string, OwnClass>;

  /** @param own classes of types and kinds that the program does not know */
  constructor(own: readonly OwnClass[] = []) {
    this.own = new Map(
      own.map((entry) => [entry.path === undefined ? entry.type : `${entry.type}.${entry.path}`, entry]),
    );
  }

  /** Whether the tables know a Terraform type or a Kubernetes kind at all. */
  knows(type: string): boolean {
    return isClassed(type) || [...this.own.values()].some((own) => own.type === type);
  }

  /**
   * The class of an argument or a field: of the entries for it, what is around it, and for any type, the closest.
   *
   * @returns undefined for what no table knows
   */
  of(path: TypedPath): Classed | undefined {
    const [type, ...names] = asPod(path);
    const key = keyIn(names);
    if (key !== undefined)
      return { ...parsed(KEYS.find(([pattern]) => pattern.test(key))?.[1] ?? 'content'), isWhole: false };
    for (let end = names.length; end >= 0; end--) {
      const below = names.slice(0, end).join('.');
      const exact = end === 0 ? type : `${type}.${below}`;
      const own = this.own.get(exact);
      const text = CLASSES[exact] ?? own?.class ?? CLASSES[`*.${below}`];
      if (text !== undefined) return { ...parsed(text), isWhole: end === 0, ...(own && { own }) };
    }
    return undefined;
  }
}

const CONTAINERS = ['initContainers', 'ephemeralContainers'];

/** A path as the tables have it: the template of a workload's Pods is a Pod, and every container is one of `containers`. */
export function asPod([kind, ...names]: TypedPath): TypedPath {
  const template = kind === 'Pod' ? [] : POD_TEMPLATES[kind];
  return template?.every((name, i) => names[i] === name) === true
    ? [
        'Pod',
        ...names.slice(template.length).map((name) => (CONTAINERS.includes(name) ? 'containers' : name)),
      ]
    : [kind, ...names];
}

/** A class of a platform in one line: `aws_route53_record records exposure`. */
export const classText = ({ type, path, class: is }: OwnClass): string =>
  [type, ...(path === undefined ? [] : [path]), is].join(' ');

/** Whether the program itself has a class for a type or a kind. */
export const isClassed = (type: string): boolean => TYPES.has(type);

/** The key of a label or an annotation. */
function keyIn(names: readonly string[]): string | undefined {
  const at = names.findIndex(
    (name, i) => name === 'metadata' && ['labels', 'annotations'].some((part) => part === names[i + 1]),
  );
  return at < 0 ? undefined : names[at + 2];
}

function parsed(text: string): Omit<Classed, 'isWhole' | 'own'> {
  const [is, ...words] = text.split(' ');
  const safe = words.find((word) => word !== 'new' && word !== 'other');
  return {
    is: is as ArgumentClass,
    ...(safe !== undefined && { safe }),
    new: words.includes('other') ? 'other' : words.includes('new'),
  };
}
