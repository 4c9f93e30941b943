import { minorOf } from '../../packages/kubernetes-oracle/oracle-program';
import { groupOf, isBuiltIn } from '../facts/built-in-kinds';
import { stepsOf } from '../facts/document-path';
import { didYouMean, nearName } from '../facts/near-name';
import { isObject } from '../manifests/field';
import { convertObjects, type KubernetesObject } from '../manifests/objects';
import { STAND_IN } from '../manifests/scalar';
import type { JsonObject, TerraformDocument } from '../manifests/terraform-document';
import { podErrors } from './pod-errors';
import { quotaErrors } from './quota-errors';
import { errorOf, rolloutErrors, type ObjectError } from './rollout-errors';
import { variableErrors } from './variable-errors';
import { listAt, objectAt, shown, workloadPods, type Placed } from './workload-pods';
import { judge, keepRight, validatedBefore, type Refusal } from './kubernetes-oracle';

/** What the API server would refuse of a platform's objects. */
export interface ObjectErrors {
  /** Each with its stack and Terraform address. */
  readonly errors: readonly ObjectError[];
  /** The minor version of Kubernetes whose rules were applied; undefined when the oracle is not there. */
  readonly kubernetes: string | undefined;
}

/** What a construct knows of its object that the object does not say. */
export interface Known {
  /** What is wrong with it by what its construct is for. */
  readonly promised?: readonly string[];
  /** The specs of Pods in a custom kind, each with its field. */
  readonly pods?: readonly { readonly spec: object; readonly field: string }[];
  /** The text of a scalar in the file of the object, where it has that value there: `yes` for true. */
  readonly textAt?: (field: string, json: string) => string | undefined;
}

/** Counts the changes of the rules below: what older rules found right is looked at again. */
const RULES = 12;

/** Bytes of a request to etcd: its `--max-request-bytes`, which EKS does not change. */
const ETCD_LIMIT = 1.5 * 2 ** 20;

/** The text of a value in a file. */
type TextOf = (json: string) => string | undefined;

/** What to do about a refusal, where its field and the server's words do not say it. */
const REMEDIES: readonly (readonly [RegExp, string | ((found: string, textOf: TextOf) => string)])[] = [
  [/unknown time zone (.+)$/, (found) => didYouMean(found, ['UTC', ...Intl.supportedValuesOf('timeZone')])],
  [
    /Invalid value: (.+): a (?:bool|number) cannot be a string$/,
    (found, textOf) => `; write ${JSON.stringify(textOf(found) ?? found)}`,
  ],
  [
    /Invalid value: "(.+)": must be a standard resource for quota$/,
    (found) => didYouMean(found, QUOTA_RESOURCES),
  ],
  [/: violates PodSecurity/, 'change the Pod, or set podSecurity of its Namespace'],
  [/: unknown field/, 'correct its name, or remove it'],
  [/`selector` does not match template/, 'keep the labels and the selector of the workload as they are'],
  [/: empty selector is invalid/, 'set a label, or leave selector out'],
  [/spec\.containers: Required/, 'set image, or call addContainer()'],
  [/\.volumes\[\d+\]\.name: Duplicate/, 'mount one volume twice, or rename one'],
  [/^spec\.ports: Required/, 'set ports, such as { http: 80 }'],
  [/^spec: .*defaultBackend/, 'call route()'],
  [/\.nodeSelectorTerms\b.*\.values: Required/, 'name a node group, or leave nodeGroups out for all'],
  [/^spec\.resources\[storage\]: .*greater than zero/, 'set size'],
];

/**
 * What the API server would refuse of the Kubernetes objects in the documents of all stacks. A value that is known only after
 * a deployment is never the reason.
 *
 * @param kubernetes the minor version: `1.36`
 * @param ofConstruct what the construct of an object knows of it
 */
export function objectErrors(
  documents: ReadonlyMap<string, TerraformDocument>,
  kubernetes: string,
  ofConstruct: (placed: Placed) => Known = () => ({}),
): ObjectErrors {
  // Converting the objects takes longer than all else where nothing has changed.
  const text = JSON.stringify([
    ...[...documents].map(([stack, { resource, locals, variable }]) => [stack, resource, locals, variable]),
    kubernetes,
    RULES,
  ]);
  const before = validatedBefore(text, kubernetes);
  if (before !== undefined) return { errors: [], kubernetes: before };
  const errors: ObjectError[] = [];
  const placed: Placed[] = [];
  const incomplete = new Set<string>();
  for (const [stack, document] of documents) {
    const { objects, findings } = convertObjects(document, { resolve: () => STAND_IN });
    const skipped = new Set<string>();
    for (const { address, path, message, withoutManifest } of findings) {
      if (withoutManifest) skipped.add(address);
      else if (message.includes(STAND_IN)) incomplete.add(`${stack}/${address}`);
      else errors.push({ stack, address, message: path === '' ? message : `${path}: ${message}` });
    }
    placed.push(
      ...objects.filter(({ address }) => !skipped.has(address)).map((object) => ({ ...object, stack })),
    );
  }
  const workloads = workloadPods(placed);
  const knowing = placed.map((each) => [each, ofConstruct(each)] as const);
  errors.push(
    ...duplicates(placed),
    ...secondDefaults(placed),
    ...nodePortErrors(placed),
    ...placed.flatMap(nameErrors),
    ...placed.flatMap(sizeErrors),
    ...placed.flatMap(removedKinds),
    ...placed.flatMap(unstoredKinds),
    ...placed.flatMap(ownedObjects),
    ...placed.flatMap(wildcardPaths),
    ...placed.flatMap(selfDeletingJobs),
    ...rolloutErrors(placed, workloads),
    ...quotaErrors(placed, workloads),
    ...podErrors(workloads),
    ...knowing.flatMap(([each, { promised = [] }]) => promised.map((message) => errorOf(each, message))),
    ...workloads.flatMap(variableErrors),
  );
  const known = new Map(placed.map((each) => [identity(each.object), each.object]));
  const definitions = placed
    .map(({ object }) => object)
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
  const defined = kindsOf(definitions);
  errors.push(...placed.flatMap((each) => misspelledKind(each, defined)));
  const labelsOf = ({ namespace = 'default' }: KubernetesObject['metadata']) =>
    known.get(`/Namespace//${namespace}`)?.metadata.labels;
  // The server judges Pods of custom kinds only when their controller creates them.
  const judged = knowing.flatMap(([each, { pods = [], textAt }]) => [
    { ...each, field: undefined, textAt },
    ...pods.map(({ spec, field }) => ({ ...each, object: podOf(each.object, spec), field, textAt })),
  ]);
  const judgement = judge(
    judged.map(({ object }) => ({
      object,
      namespaceLabels: labelsOf(object.metadata),
      definition: definitions.find((definition) => defines(definition, object)),
    })),
    kubernetes,
  );
  const older = judgement !== undefined && minorOf(judgement.kubernetes) < minorOf(kubernetes);
  judged.forEach(({ stack, address, object, field, textAt }, i) => {
    for (const answer of judgement?.refusals[i] ?? []) {
      const refusal = object.kind === 'CustomResourceDefinition' ? inWordsOfV1(answer) : answer;
      if (isOfStandIn(refusal, object)) continue;
      // A custom kind may leave out what a Pod has, and may have more.
      if (field !== undefined && !refusal.message.startsWith('violates PodSecurity')) continue;
      // What Terraform fills in is not missing.
      if (incomplete.has(`${stack}/${address}`) && refusal.message.startsWith('Required value')) continue;
      // A field may be newer than the rules.
      if (older && /^(unknown field|no matches for kind)/.test(refusal.message)) continue;
      const found = field === undefined ? refusal.field : refusal.field.replace(/^spec\b/, field);
      errors.push({
        stack,
        address,
        message: worded({ ...refusal, field: found }, (json) => textAt?.(found, json)),
      });
    }
  });
  if (errors.length === 0 && judgement) keepRight(text, kubernetes);
  return { errors, kubernetes: judgement?.kubernetes };
}

const podOf = ({ metadata }: KubernetesObject, spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'pod', ...(metadata.namespace !== undefined && { namespace: metadata.namespace }) },
  spec,
});

/** What a quota limits, but for other resources such as GPUs. @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ */
const QUOTA_RESOURCES = [
  ...['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
  ...[
    'pods',
    'services',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'replicationcontrollers',
    'resourcequotas',
  ],
  ...['requests.storage', 'services.loadbalancers', 'services.nodeports'],
];

/** Fields of a definition as the server has them within, and as `apiextensions.k8s.io/v1` has them. */
const OF_DEFINITIONS: readonly (readonly [RegExp, string])[] = [
  // What all versions have alike is in one place.
  [/^spec\.validation\b/, 'spec.versions[0].schema'],
  [/^spec\.(?=(additionalPrinterColumns|selectableFields|subresources)\b)/, 'spec.versions[0].'],
  [/\.JSONPath$/, '.jsonPath'],
  [/^spec\.conversion\.webhookClientConfig\b/, 'spec.conversion.webhook.clientConfig'],
  [/^spec\.conversion\.(?=conversionReviewVersions\b)/, 'spec.conversion.webhook.'],
];

/** A refusal of a definition. What is unknown is named as it is written. */
const inWordsOfV1 = ({ field, message }: Refusal): Refusal => ({
  field: message.startsWith('unknown field')
    ? field
    : OF_DEFINITIONS.reduce((path, [within, outside]) => path.replace(within, outside), field),
  message,
});

function worded({ field, message }: Refusal, textOf: TextOf): string {
  const refusal = `${field}: ${message}`;
  const [pattern, known = ''] = REMEDIES.find(([each]) => each.test(refusal)) ?? [];
  const remedy =
    typeof known === 'string' ? known && `; ${known}` : known(pattern?.exec(refusal)?.[1] ?? '', textOf);
  return `${field === '' ? message : refusal}${remedy}`;
}

function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return `${group}/${kind}/${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
}

/** Objects of one kind, namespace and name. */
function duplicates(placed: readonly Placed[]): ObjectError[] {
  const first = new Map<string, Placed>();
  return placed.flatMap((each) => {
    const { kind, metadata } = each.object;
    const key = identity(each.object);
    if (metadata.name === undefined || key.includes(STAND_IN)) return [];
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, each);
      return [];
    }
    const where = metadata.namespace === undefined ? '' : ` in namespace ${metadata.namespace}`;
    const message = `${kind} "${metadata.name}"${where} is declared by ${other.stack}/${other.address} too; give one of them another name`;
    return [{ stack: each.stack, address: each.address, message }];
  });
}

/** PriorityClasses that the API server would refuse beside another default one. */
function secondDefaults(placed: readonly Placed[]): ObjectError[] {
  const [first, ...more] = placed.filter(
    ({ object }) => object.kind === 'PriorityClass' && object['globalDefault'] === true,
  );
  return more.map((each) =>
    errorOf(
      each,
      `globalDefault: ${first?.stack}/${first?.address} is the default PriorityClass of the cluster already, and it has one; leave one of the two without default`,
    ),
  );
}

/**
 * Node ports that the API server would not give to a Service. A port is the same one on every node, so that the Services of all
 * namespaces share them; TCP and UDP are two.
 */
function nodePortErrors(placed: readonly Placed[]): ObjectError[] {
  const owners = new Map<string, Placed>();
  return placed
    .filter(({ object }) => object.kind === 'Service' && isObject(object['spec']))
    .flatMap((each) => {
      const ports = (each.object['spec'] as JsonObject)['ports'] ?? [];
      return (ports as readonly JsonObject[]).flatMap(({ nodePort, protocol = 'TCP' }, i) => {
        if (typeof nodePort !== 'number' || String(nodePort) === STAND_IN) return [];
        const error = (message: string): ObjectError[] => [
          { ...each, message: `spec.ports[${i}].nodePort: Invalid value: ${nodePort}: ${message}` },
        ];
        if (nodePort < 30000 || nodePort > 32767) return error('30000 to 32767 is allowed');
        const key = JSON.stringify([nodePort, protocol]);
        const owner = owners.get(key);
        if (owner)
          return error(`is taken by ${owner.stack}/${owner.address}; choose another, or leave it out`);
        owners.set(key, each);
        return [];
      });
    });
}

/** Some kinds, such as a Role, may have any text as a name; one with a space is a mistake. */
function nameErrors(placed: Placed): ObjectError[] {
  const { name = '' } = placed.object.metadata;
  return /\s/.test(name)
    ? [errorOf(placed, `metadata.name: got ${JSON.stringify(name)}; write it without spaces`)]
    : [];
}

/** What replaced the kinds of the group `extensions`, which no server has since 1.22. */
const OF_EXTENSIONS: Readonly<Record<string, string>> = {
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  ReplicaSet: 'apps/v1',
};

/** A group that the server does not know is that of a custom kind to the oracle. */
function removedKinds(placed: Placed): ObjectError[] {
  const { apiVersion, kind } = placed.object;
  const now = OF_EXTENSIONS[kind];
  return apiVersion.startsWith('extensions/')
    ? [
        errorOf(
          placed,
          `apiVersion: no matches for kind "${kind}" in version "${apiVersion}"${now ? `; write ${now}` : ''}`,
        ),
      ]
    : [];
}

/** Kinds of Kubernetes that are requests and answers, beside reviews, options and lists. @see https://kubernetes.io/docs/reference/kubernetes-api/ */
const REQUESTS = ['Binding', 'ComponentStatus', 'Eviction', 'Scale', 'Status', 'TokenRequest'];
/** Groups that have no other kinds. */
const GROUPS_OF_REQUESTS = /^(admission|authentication|authorization|imagepolicy)\.k8s\.io$/;

/** What the API server answers and does not keep: a Terraform resource would never be there. */
function unstoredKinds(placed: Placed): ObjectError[] {
  const { apiVersion, kind } = placed.object;
  const isOwn = isBuiltIn(apiVersion);
  if (kind.endsWith('List') && (isOwn || Array.isArray(placed.object['items']))) {
    return [
      errorOf(
        placed,
        `kind: got a ${kind}, and Terraform has one object a resource; declare each item by itself`,
      ),
    ];
  }
  return GROUPS_OF_REQUESTS.test(groupOf(apiVersion)) ||
    (isOwn && (REQUESTS.includes(kind) || /(Review|Options)$/.test(kind)))
    ? [
        errorOf(
          placed,
          `kind: the cluster answers ${kind} and keeps no such object; leave it out, and send it by kubectl`,
        ),
      ]
    : [];
}

/** Its owner has another uid in every cluster, and the garbage collector deletes an object without its owner. */
function ownedObjects(placed: Placed): ObjectError[] {
  const { ownerReferences: owners } = placed.object.metadata;
  return Array.isArray(owners) && owners.length > 0
    ? [
        errorOf(
          placed,
          'metadata.ownerReferences: a uid is of one object in one cluster, and Kubernetes deletes what has no owner. Remove it (YAML: by edit), or leave the object to the controller that makes it',
        ),
      ]
    : [];
}

/** The kinds of definitions by their group: each by its name and its plural. */
function kindsOf(definitions: readonly KubernetesObject[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const kinds = new Map<string, Map<string, string>>();
  for (const definition of definitions) {
    const group = shown(objectAt(definition, 'spec')['group']);
    const { kind, plural } = objectAt(definition, 'spec.names');
    const known = kinds.get(group) ?? new Map<string, string>();
    for (const name of [kind, plural]) if (typeof name === 'string') known.set(name, shown(kind));
    kinds.set(group, known);
  }
  return kinds;
}

/**
 * A custom kind that is one letter from one of the definitions of its group, in another case, or its plural; and that none of them has.
 * Other names that are alike belong to two kinds, such as `TLSRoute` and `TCPRoute`.
 */
function misspelledKind(placed: Placed, defined: ReturnType<typeof kindsOf>): ObjectError[] {
  const { apiVersion, kind } = placed.object;
  const group = groupOf(apiVersion);
  const kinds = defined.get(group) ?? new Map<string, string>();
  const near = kinds.get(kind) === kind ? undefined : nearName(kind, kinds.keys(), 1);
  return near === undefined
    ? []
    : [
        errorOf(
          placed,
          `kind: the CustomResourceDefinitions of ${group} in the platform have no kind "${kind}"; did you mean "${kinds.get(near)}"? If it is another kind, add its definition to the platform`,
        ),
      ];
}

/** Terraform would find the Job gone, and create it again. */
function selfDeletingJobs(placed: Placed): ObjectError[] {
  const { ttlSecondsAfterFinished: seconds } = objectAt(placed.object, 'spec');
  return placed.object.kind === 'Job' && isBuiltIn(placed.object.apiVersion) && seconds !== undefined
    ? [
        errorOf(
          placed,
          `spec.ttlSecondsAfterFinished: got ${shown(seconds)}, after which Kubernetes deletes the Job, and the next apply runs it again. Leave it out (YAML: by edit), or make a CronJob`,
        ),
      ]
    : [];
}

/** etcd stores definitions and custom resources as JSON, and all others in a form without names of fields and escapes. */
function sizeErrors(placed: Placed): ObjectError[] {
  const { apiVersion, kind } = placed.object;
  const isText = !isBuiltIn(apiVersion) || kind === 'CustomResourceDefinition';
  const size = isText ? Buffer.byteLength(JSON.stringify(placed.object)) : bytesOf(placed.object);
  return size > ETCD_LIMIT
    ? [errorOf(placed, `has ${size} bytes, and etcd stores at most ${ETCD_LIMIT} of an object; shorten it`)]
    : [];
}

/** The bytes of all texts in a value. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + bytesOf(each), 0);
}

/** Only a controller's own path type reads a `*` as any text. @see https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types */
function wildcardPaths(placed: Placed): ObjectError[] {
  if (placed.object.kind !== 'Ingress') return [];
  return listAt(placed.object, 'spec.rules').flatMap((rule, i) =>
    listAt(rule, 'http.paths').flatMap(({ path, pathType }, j) => {
      if (typeof path !== 'string' || !path.includes('*') || pathType === 'ImplementationSpecific') return [];
      const plain = path.replace(/\/?\*.*$/, '') || '/';
      const message = `spec.rules[${i}].http.paths[${j}].path: got "${path}", in which * is no wildcard for the path type ${shown(pathType)}; write ${plain}, or set the path type ImplementationSpecific`;
      return [errorOf(placed, message)];
    }),
  );
}

function defines({ spec }: KubernetesObject, { apiVersion, kind }: KubernetesObject): boolean {
  return (
    isObject(spec) &&
    isObject(spec['names']) &&
    spec['names']['kind'] === kind &&
    apiVersion.split('/')[0] === spec['group']
  );
}

/** Whether a refusal is of a value that only a deployment can tell. */
function isOfStandIn({ field, message }: Refusal, object: KubernetesObject): boolean {
  if (message.includes(STAND_IN)) return true;
  const value = valueAt(object, field);
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  const text = String(value);
  // A Secret's data is in base64.
  return [text, Buffer.from(text, 'base64').toString()].some((each) => each.includes(STAND_IN));
}

/** The value of a field by the server's path: `spec.ports[0].port`, `metadata.labels[app]`. */
function valueAt(object: KubernetesObject, field: string): unknown {
  return stepsOf(field).reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
    object,
  );
}
