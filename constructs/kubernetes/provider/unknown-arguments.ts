import { TerraformResource, type TerraformStack, Tokenization } from 'cdktf';
import {
  absenceOf,
  argumentsOf,
  type Arguments,
  behaviorOf,
  KUBERNETES_PROVIDER,
} from '../../../src/facts/attribute-table';
import { didYouMean } from '../../../src/facts/near-name';
import { camelCase, snakeCase } from '../../../src/manifests/field';
import { MAIN_CHILD } from '../../terraform/construct';

/** Arguments of Terraform itself, which every resource has. */
const META_ARGUMENTS = [
  '//',
  'connection',
  'count',
  'depends_on',
  'for_each',
  'lifecycle',
  'provider',
  'provisioner',
];

/** Kinds that Kubernetes removed, by the start of their Terraform type: the provider still has a resource for them. */
const REMOVED_KINDS: Readonly<Record<string, string>> = {
  kubernetes_pod_security_policy:
    'Kubernetes 1.25 removed PodSecurityPolicy, and Pod Security Admission replaces it. Set podSecurity of the Namespace to ' +
    'restricted, baseline or privileged, and write further rules as a ValidatingAdmissionPolicy',
};

/**
 * What `addOverride` of a stack and of its resources sets, and the Kubernetes provider has no argument for. Terraform reports it
 * only when it plans.
 */
export function unknownOverrides(stack: TerraformStack): string[] {
  const ofResources = stack.node
    .findAll()
    .filter((construct) => TerraformResource.isTerraformResource(construct))
    .flatMap((resource) => {
      const { scope, id, path } = resource.node;
      const owner = id === MAIN_CHILD && scope ? scope.node.path : path;
      return unknownIn(resource.terraformResourceType, resource['rawOverrides'], asInTerraform).map(
        (error) => `"${owner}" ${error}`,
      );
    });
  const overridden: unknown = stack['rawOverrides'];
  const ofStack = entriesOf(overridden)
    .filter(([block]) => block === 'resource')
    .flatMap(([, types]) => entriesOf(types))
    .flatMap(([type, named]) =>
      entriesOf(named).flatMap(([name, overrides]) =>
        unknownIn(type, overrides, asInTerraform).map((error) => `${type}.${name} ${error}`),
      ),
    );
  return [...ofResources, ...ofStack];
}

/**
 * What is set in the attributes of a resource and is no argument of the provider: the generated class leaves it out in silence.
 *
 * @param type Terraform type, such as `kubernetes_deployment_v1`
 * @param attributes by the names of the generated class, such as `{ spec: { … } }`
 */
export const unknownAttributes = (type: string, attributes: object): string[] =>
  // A manifest has the object's own fields.
  type === 'kubernetes_manifest' ? [] : unknownIn(type, attributes, camelCase);

/** That the provider lacks an argument, and since when it has it. */
export const lacksArgument = (path: readonly string[]): string => lacks('argument', path);

/** How a name of an argument is written. */
type Spelling = (argument: string) => string;

const asInTerraform: Spelling = (argument) => argument;

function unknownIn(type: string, value: unknown, spelling: Spelling): string[] {
  if (!type.startsWith('kubernetes_')) return [];
  const removed = Object.entries(REMOVED_KINDS).filter(([start]) => type.startsWith(start));
  if (removed.length > 0) return removed.map(([, remedy]) => `is a ${type}: ${remedy}`);
  const block = argumentsOf(type);
  if (!block) return [`is a ${type}: ${lacks('resource', [type])}; ${remedyFor([type])}`];
  const given = Object.fromEntries(entriesOf(value).filter(([name]) => !META_ARGUMENTS.includes(name)));
  return unknownBelow(block, given, spelling, [type], []);
}

/**
 * @param path the type, then the names of the blocks that the value is in
 * @param written the same as it was written, with indexes
 */
function unknownBelow(
  block: Arguments,
  value: unknown,
  spelling: Spelling,
  path: readonly string[],
  written: readonly string[],
): string[] {
  const names = new Map(Object.keys(block).map((name) => [spelling(name), name]));
  return entriesOf(value).flatMap(([key, child]) => {
    const here = [...written, key];
    if (/^\d+$/.test(key)) return unknownBelow(block, child, spelling, path, here);
    // Deleting what is not there has no effect.
    if (child === undefined || child === null) return [];
    if (key === 'dynamic') {
      return entriesOf(child).flatMap(([name, dynamic]) =>
        entriesOf(dynamic)
          .filter(([part]) => part === 'content')
          .flatMap(([, content]) => unknownBelow(block, { [name]: content }, spelling, path, here)),
      );
    }
    const name = names.get(key);
    const below = [...path, name ?? snakeCase(key)];
    if (name === undefined) {
      const near = didYouMean(key, names.keys()) || ';';
      return [`sets ${here.join('.')}: ${lacks('argument', below)}${near} ${remedyFor(below)}`];
    }
    const { ignored, least = 0, must } = behaviorOf(below);
    if (ignored !== undefined) {
      return [`sets ${here.join('.')}: ${KUBERNETES_PROVIDER} accepts it and never sends it: ${ignored}`];
    }
    const inner = block[name]?.block;
    if (!inner) return [];
    const blocks = (Array.isArray(child) ? child : [child]).map((each) => new Map(entriesOf(each)));
    // An override is a part of what is there.
    const isComplete =
      spelling === asInTerraform ||
      Tokenization.isResolvable(child) ||
      blocks.every((each) => each.size >= least && (must === undefined || each.has(spelling(must))));
    return [
      ...(isComplete
        ? []
        : [
            `sets ${here.join('.')} without ${must === undefined ? 'content' : spelling(must)}, which is a difference at every plan; ` +
              'complete it, or leave it out',
          ]),
      ...unknownBelow(inner, child, spelling, below, here),
    ];
  });
}

function lacks(what: 'argument' | 'resource', path: readonly string[]): string {
  const { since } = absenceOf(path);
  return `${KUBERNETES_PROVIDER} has no such ${what}${since === undefined ? '' : `, ${since} has`}`;
}

/** The way to have it now. */
export function remedyFor(path: readonly string[]): string {
  const { instead } = absenceOf(path);
  if (instead !== undefined) return instead;
  return /^kubernetes_(deployment|stateful_set|daemon_?set|(cron_)?job)(_v1)?$/.test(path[0] ?? '')
    ? "for a field of the API that the provider lacks, set via: 'manifest' of the workload, and set the field by patch()"
    : 'for a field of the API that the provider lacks, declare the object by ApiObject';
}

function entriesOf(value: unknown): [string, unknown][] {
  const isTree = typeof value === 'object' && value !== null && !Tokenization.isResolvable(value);
  return isTree ? Object.entries(value) : [];
}
