import { chartReleases, type ChartRelease } from '../manifests/chart-releases';
import { kubernetesObjects, type KubernetesObject } from '../manifests/objects';
import { asWritten } from '../manifests/references';
import type { Stack } from '../manifests/stacks';
import type { JsonObject } from '../manifests/terraform-document';
import { iamRoles, type IamRole } from './iam-role';
import { blocksOf, referredTo, resourcesOf, textOf, textsOf } from './aws-resources';

/** An IAM principal that may enter the cluster. */
export interface PrincipalAccess {
  /** ARN; of a role of the platform, whose account is not known before, what follows it: `role/seed-karpenter-node`. */
  readonly principal: string;
  /** Type of its access entry: `STANDARD` for people. */
  readonly type: string;
  readonly policies: readonly {
    /** `AmazonEKSViewPolicy` */
    readonly policy: string;
    /** Namespaces in which the policy holds. @default - the whole cluster */
    readonly namespaces?: readonly string[];
  }[];
  /** Groups of Kubernetes, whose rights are those of the group. */
  readonly groups: readonly string[];
}

/** Rights by a Role or ClusterRole. */
export interface KubernetesRights {
  /** `Role shop-worker-reader` */
  readonly role: string;
  /** Namespace in which they hold. @default - the whole cluster */
  readonly namespace?: string;
  /** `get, list, watch nodes`. @default - the role is not among the synthesized objects: Kubernetes or an add-on has it */
  readonly rules?: readonly string[];
}

/** Somebody whom Kubernetes knows, and what it may do in the cluster and in AWS. */
export interface SubjectAccess {
  readonly kind: 'ServiceAccount' | 'User' | 'Group';
  /** Of a ServiceAccount. @default - that of the add-on, which EKS chooses */
  readonly namespace?: string;
  readonly name: string;
  /** The add-on that brings the ServiceAccount along. */
  readonly addOn?: string;
  readonly kubernetes: readonly KubernetesRights[];
  /** The IAM role that its Pods get by Pod Identity; its ARN alone when it is made elsewhere. */
  readonly aws?: IamRole | { readonly arn: string };
}

/** Who may do what, in the cluster and from it in AWS. */
export interface Access {
  readonly principals: readonly PrincipalAccess[];
  readonly subjects: readonly SubjectAccess[];
  /** IAM roles that services of AWS assume, such as the control plane, and roles that exist elsewhere and get rights here. */
  readonly services: readonly IamRole[];
  /** Charts, whose ServiceAccounts and roles are not among the synthesized objects. */
  readonly charts: readonly ChartRelease[];
}

/** Service that hands roles to Pods. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';

/**
 * Who may do what, from the synthesized stacks alone.
 *
 * @throws ManifestError when a Kubernetes resource of a stack cannot be read
 */
export function accessOf(stacks: readonly Stack[]): Access {
  const roles = iamRoles(stacks.map(({ document }) => document));
  return {
    principals: stacks.flatMap((stack) => principalsOf(stack, roles)).sort(by(({ principal }) => principal)),
    subjects: subjectsOf(stacks, roles),
    services: roles.filter(({ assumedBy }) => !assumedBy.includes(POD_IDENTITY)).sort(by(({ name }) => name)),
    charts: stacks.flatMap(({ document }) => chartReleases(document)),
  };
}

function principalsOf({ document }: Stack, roles: readonly IamRole[]): PrincipalAccess[] {
  const associations = resourcesOf(document, 'aws_eks_access_policy_association');
  return resourcesOf(document, 'aws_eks_access_entry').map(({ attributes }) => {
    const principal = textOf(attributes['principal_arn']);
    const own = roleOf(principal, roles);
    return {
      principal: 'arn' in own ? principal : `role${own.path}${own.name}`,
      type: textOf(attributes['type']) || 'STANDARD',
      policies: associations
        .filter((association) => association.attributes['principal_arn'] === principal)
        .map((association) => {
          const [scope = {}] = blocksOf(association.attributes['access_scope']);
          const policy = textOf(association.attributes['policy_arn']).replace(/^.*\//, '');
          return scope['type'] === 'namespace'
            ? { policy, namespaces: textsOf(scope['namespaces']) }
            : { policy };
        }),
      groups: textsOf(attributes['kubernetes_groups']),
    };
  });
}

/** A subject by what makes it one. */
type Identity = Pick<SubjectAccess, 'kind' | 'namespace' | 'name' | 'addOn'>;

function subjectsOf(stacks: readonly Stack[], roles: readonly IamRole[]): SubjectAccess[] {
  const found = new Map<
    string,
    { identity: Identity; kubernetes: KubernetesRights[]; aws?: SubjectAccess['aws'] }
  >();
  const subject = (identity: Identity) => {
    const key = [identity.kind, identity.addOn ?? '', identity.namespace ?? '', identity.name].join('/');
    const known = found.get(key) ?? { identity, kubernetes: [] };
    found.set(key, known);
    return known;
  };
  const objects = stacks.flatMap(({ document }) =>
    kubernetesObjects(document, { resolve: asWritten }).map(({ object }) => object),
  );
  for (const { kind, metadata } of objects) {
    if (kind === 'ServiceAccount') subject(account(metadata.namespace, metadata.name ?? ''));
  }
  for (const binding of objects) {
    if (binding.kind !== 'RoleBinding' && binding.kind !== 'ClusterRoleBinding') continue;
    const rights = rightsOf(binding, objects);
    for (const bound of blocksOf(binding['subjects'])) subject(identityOf(bound)).kubernetes.push(rights);
  }
  for (const { document } of stacks) {
    for (const { attributes } of resourcesOf(document, 'aws_eks_pod_identity_association')) {
      subject(account(textOf(attributes['namespace']), textOf(attributes['service_account']))).aws = roleOf(
        textOf(attributes['role_arn']),
        roles,
      );
    }
    for (const { attributes } of resourcesOf(document, 'aws_eks_addon')) {
      for (const association of blocksOf(attributes['pod_identity_association'])) {
        subject({
          kind: 'ServiceAccount',
          name: textOf(association['service_account']),
          addOn: textOf(attributes['addon_name']),
        }).aws = roleOf(textOf(association['role_arn']), roles);
      }
    }
  }
  return [...found.values()]
    .map(({ identity, kubernetes, aws }) => ({ ...identity, kubernetes, ...(aws && { aws }) }))
    .sort(by(({ kind, addOn = '', namespace = '', name }) => [kind, addOn, namespace, name].join('/')));
}

function account(namespace: string | undefined, name: string): Identity {
  return { kind: 'ServiceAccount', namespace: namespace ?? 'default', name };
}

function identityOf(bound: JsonObject): Identity {
  const name = textOf(bound['name']);
  if (bound['kind'] === 'ServiceAccount') return account(textOf(bound['namespace']) || undefined, name);
  return { kind: bound['kind'] === 'Group' ? 'Group' : 'User', name };
}

function roleOf(arn: string, roles: readonly IamRole[]): NonNullable<SubjectAccess['aws']> {
  return roles.find(({ address }) => address === referredTo(arn)) ?? { arn };
}

function rightsOf(binding: KubernetesObject, objects: readonly KubernetesObject[]): KubernetesRights {
  const [reference = {}] = blocksOf(binding['roleRef']);
  const kind = textOf(reference['kind']);
  const name = textOf(reference['name']);
  const inNamespace =
    binding.kind === 'RoleBinding' ? { namespace: binding.metadata.namespace ?? 'default' } : {};
  const role = objects.find(
    (object) =>
      object.kind === kind &&
      object.metadata.name === name &&
      (kind !== 'Role' || object.metadata.namespace === binding.metadata.namespace),
  );
  return {
    role: `${kind} ${name}`,
    ...inNamespace,
    ...(role && { rules: blocksOf(role['rules']).map(condensed) }),
  };
}

/** `get, list deployments.apps`, as kubectl names resources; with the names of objects where only those are meant. */
function condensed(rule: JsonObject): string {
  const texts = (field: string): string[] => textsOf(rule[field]);
  const groups = texts('apiGroups');
  const resources = texts('resources').flatMap((resource) =>
    groups.map((group) => (group === '' ? resource : `${resource}.${group}`)),
  );
  const names = texts('resourceNames');
  const what = [...resources, ...texts('nonResourceURLs')].join(', ');
  return `${texts('verbs').join(', ')} ${what}${names.length > 0 ? ` named ${names.join(', ')}` : ''}`;
}

function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b)));
}
