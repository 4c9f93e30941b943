import { TerraformResource, type TerraformStack } from 'cdktf';
import { MAIN_CHILD } from '../../terraform/address-name';
import {
  argumentsOf,
  lacks,
  MISSING_KINDS,
  type MissingArgument,
  NEWEST_COMPARED,
  PROVIDER_GAPS,
  type ProviderGap,
  remedyFor,
} from './provider-capabilities';

/** Every way in which the last name of an argument's path may be written, after the names before it. */
type Spelling = (argument: MissingArgument) => readonly [before: readonly string[], last: readonly string[]];

const inTerraform: Spelling = ({ path }) => {
  const names = path.split('.');
  return [names.slice(0, -1), names.slice(-1)];
};

/** As the generated classes would have it, or as the API has it. */
const inTypeScript: Spelling = (argument) => {
  const [before, last] = inTerraform(argument);
  return [before.map(camelCase), [...last.map(camelCase), argument.field]];
};

/**
 * What `addOverride` of a stack and of its resources asks of the Kubernetes provider that it has no argument for. Terraform
 * would say so only when it plans, and not which version has it.
 */
export function missingArguments(stack: TerraformStack): string[] {
  const ofResources = stack.node
    .findAll()
    .filter((construct) => TerraformResource.isTerraformResource(construct))
    .flatMap((resource) => {
      const { scope, id, path } = resource.node;
      const owner = id === MAIN_CHILD && scope ? scope.node.path : path;
      return missingFrom(resource.terraformResourceType, resource['rawOverrides'], inTerraform).map(
        (error) => `"${owner}" ${error}`,
      );
    });
  const overridden: unknown = stack['rawOverrides'];
  const ofStack = entriesOf(overridden)
    .filter(([block]) => block === 'resource')
    .flatMap(([, types]) => entriesOf(types))
    .flatMap(([type, named]) =>
      entriesOf(named).flatMap(([name, overrides]) =>
        missingFrom(type, overrides, inTerraform).map((error) => `${type}.${name} ${error}`),
      ),
    );
  return [...ofResources, ...ofStack];
}

/**
 * What is set in the attributes of a resource that the provider has no argument for, and that the generated class therefore
 * leaves out without a message.
 *
 * @param type Terraform type, such as `kubernetes_deployment_v1`
 * @param attributes by the names of the generated class, such as `{ spec: { … } }`
 */
export function missingAttributes(type: string, attributes: object): string[] {
  return missingFrom(type, attributes, inTypeScript);
}

function missingFrom(type: string, value: unknown, spelling: Spelling): string[] {
  // Nearly every resource has nothing beside its class.
  const gaps = entriesOf(value).length > 0 ? PROVIDER_GAPS : [];
  return [
    ...removedKinds(type),
    ...missingTypes(type),
    ...gaps.flatMap((gap) =>
      argumentsOf(gap, type).flatMap((argument) =>
        pathsOf(value, ...spelling(argument)).map(
          (path) => `sets ${path.join('.')} (${gap.what}): ${reason(gap)}; ${remedyFor(gap)}`,
        ),
      ),
    ),
  ];
}

/** Kinds that Kubernetes removed, by the start of their Terraform type: the provider still has a resource for them. */
const REMOVED_KINDS: Readonly<Record<string, string>> = {
  kubernetes_pod_security_policy:
    'Kubernetes 1.25 removed PodSecurityPolicy, and Pod Security Admission replaces it: set podSecurity of the Namespace to ' +
    'restricted, baseline or privileged, and write further rules as a ValidatingAdmissionPolicy',
};

function removedKinds(type: string): string[] {
  return Object.entries(REMOVED_KINDS)
    .filter(([removed]) => type.startsWith(removed))
    .map(([, remedy]) => `is a ${type}: ${remedy}`);
}

function missingTypes(type: string): string[] {
  return MISSING_KINDS.filter(({ later }) => later?.type === type).map(
    ({ later, construct }) =>
      `is a ${type}: ${lacks('resource', later?.since)}; ${
        construct === undefined ? 'make the object a kubernetes_manifest' : `use ${construct}`
      }`,
  );
}

function reason(gap: ProviderGap): string {
  return gap.ignored === true
    ? `hashicorp/kubernetes takes it and never sends it, up to ${NEWEST_COMPARED}`
    : lacks('argument', gap.since);
}

/** Where a value has an argument, also below an index, in every block of its kind. */
function pathsOf(value: unknown, before: readonly string[], last: readonly string[]): string[][] {
  const [next, ...rest] = before;
  return entriesOf(value).flatMap(([key, child]) => {
    const below = (paths: readonly string[][]): string[][] => paths.map((path) => [key, ...path]);
    if (/^\d+$/.test(key)) return below(pathsOf(child, before, last));
    if (next !== undefined) return key === next ? below(pathsOf(child, rest, last)) : [];
    // A deletion, which there is nothing to delete for, does no harm.
    return last.includes(key) && child !== undefined && child !== null ? [[key]] : [];
  });
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
