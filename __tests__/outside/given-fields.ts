import { scalarText } from '../../src/manifests/attributes';
import { isObject } from '../../src/manifests/field';
import type { KubernetesObject } from '../../src/manifests/objects';
import type { Json } from '../../src/manifests/terraform-document';

/** Elements of a list by what the API tells them apart by. */
export function byKey(list: readonly Json[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    list.map((each, i) => {
      const key = isObject(each)
        ? (each['containerPort'] ?? each['port'] ?? each['mountPath'] ?? each['name'] ?? i)
        : i;
      return [scalarText(key), each];
    }),
  );
}

/** What a namespace changes in the objects of YAML, and what the options of `ORIGINALS` say, by the field. */
export const GIVEN: readonly (readonly [field: RegExp, why: string])[] = [
  [/metadata\.namespace: /, 'the namespace'],
  [/^ClusterRoleBinding .* subjects\.[\w-]+\.namespace: /, 'the accounts of the namespace'],
  [/\.affinity\.nodeAffinity\.requiredDuring\S*: none is /, 'the node groups of the namespace'],
  [
    /: "" is none$|template\.metadata: none is \{\}$/,
    'what is empty is left out, and a template has metadata',
  ],
  [/cpu: "1000m" is "1"$/, 'quantities as the API server writes them'],
  [
    /securityContext\.(runAsNonRoot|allowPrivilegeEscalation|seccompProfile\.type|capabilities\.drop\.0): none is /,
    'restricted',
  ],
  [
    /securityContext\.(privileged|readOnlyRootFilesystem|runAsNonRoot|allowPrivilegeEscalation): none is (true|false)$/,
    'defaults of the API: the provider has others',
  ],
  [
    /(enableServiceLinks: none is true|shareProcessNamespace: none is false|optional: none is false|mountPropagation: none is "None"|securityContext: \{\} is none)$/,
    'defaults of the API: the provider sends them',
  ],
  [
    /roleRef\.apiGroup: "" is "rbac\.authorization\.k8s\.io"$/,
    'what the API server takes for the empty group',
  ],
  [/automountServiceAccountToken: none is /, 'that of the account: the provider sends true'],
  [/spec\.revisionHistoryLimit: none is 10$/, 'the default of the API: the provider requires it'],
  [/securityContext\.runAsUser: none is \d+$/, 'edit: the image runs as root'],
  [
    /^StatefulSet cassandra .*(IPC_LOCK|volume\.beta\.kubernetes\.io)/,
    'edit: refused capability, other class',
  ],
  [/^StorageClass fast /, 'select: the provisioner of minikube'],
  [/^Deployment wordpress .*capabilities\.add\.0: none is "NET_BIND_SERVICE"$/, 'edit: port 80 without root'],
];

/** Every field with a value, by its path. */
function fieldsOf(value: Json | undefined, path = ''): [string, string][] {
  const below = Array.isArray(value) ? byKey(value as readonly Json[]) : value;
  if (value === undefined) return [];
  if (!isObject(below) || Object.keys(below).length === 0) return [[path, JSON.stringify(value)]];
  return Object.entries(below).flatMap(([key, each]) => fieldsOf(each, path === '' ? key : `${path}.${key}`));
}

export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name ?? ''}`;

/** What differs between objects: `Service web spec.type: none is "ClusterIP"`. */
export function changesBetween(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): string[] {
  const [was, is] = [before, after].map((objects) =>
    Object.fromEntries(
      objects.flatMap((object) =>
        fieldsOf(object as unknown as Json).map(([path, value]) => [`${titleOf(object)} ${path}`, value]),
      ),
    ),
  );
  return [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])]
    .filter((path) => was?.[path] !== is?.[path])
    .map((path) => `${path}: ${was?.[path] ?? 'none'} is ${is?.[path] ?? 'none'}`);
}
