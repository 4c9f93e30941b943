import { chartReleases } from '../manifests/chart-releases';
import { isObject } from '../manifests/field';
import { objectTitle } from '../manifests/object-title';
import { STAND_IN } from '../manifests/scalar';
import { listAt, namespaceOf, objectAt, shown, valueAt } from '../rules/workload-pods';
import { selects, selectsAll } from '../rules/label-selector';
import { resourcesOf, textOf, textsOf } from './aws-resources';
import { claimName, pathOf, type ClusterFacts, type Found, type PodClass } from './cluster-facts';
import { findingOf, type Code, type Finding } from './finding';

/** A field that names another object: where it is, the kind that it names (or the field that says it), the field with the name. */
type Reference = readonly [at: string, kind: string, name: string];

const OF_CONTAINER: readonly Reference[] = ['containers', 'initContainers'].flatMap((list): Reference[] => [
  [`${list}[].env[].valueFrom.configMapKeyRef`, 'ConfigMap', 'name'],
  [`${list}[].env[].valueFrom.secretKeyRef`, 'Secret', 'name'],
  [`${list}[].envFrom[].configMapRef`, 'ConfigMap', 'name'],
  [`${list}[].envFrom[].secretRef`, 'Secret', 'name'],
]);

const OF_POD: readonly Reference[] = [
  ...OF_CONTAINER,
  ['volumes[].configMap', 'ConfigMap', 'name'],
  ['volumes[].secret', 'Secret', 'secretName'],
  ['volumes[].projected.sources[].configMap', 'ConfigMap', 'name'],
  ['volumes[].projected.sources[].secret', 'Secret', 'name'],
  ['volumes[].persistentVolumeClaim', 'PersistentVolumeClaim', 'claimName'],
  ['imagePullSecrets[]', 'Secret', 'name'],
  ['', 'ServiceAccount', 'serviceAccountName'],
  ['', 'PriorityClass', 'priorityClassName'],
  ['', 'RuntimeClass', 'runtimeClassName'],
];

const OF_KIND: Readonly<Record<string, readonly Reference[]>> = {
  PersistentVolumeClaim: [
    ['spec', 'StorageClass', 'storageClassName'],
    ['spec', 'PersistentVolume', 'volumeName'],
  ],
  StatefulSet: [
    ['spec', 'Service', 'serviceName'],
    ['spec.volumeClaimTemplates[].spec', 'StorageClass', 'storageClassName'],
  ],
  Ingress: [
    ['spec', 'IngressClass', 'ingressClassName'],
    ['spec.tls[]', 'Secret', 'secretName'],
    ['spec.defaultBackend.service', 'Service', 'name'],
    ['spec.rules[].http.paths[].backend.service', 'Service', 'name'],
  ],
  HorizontalPodAutoscaler: [['spec.scaleTargetRef', 'kind', 'name']],
  RoleBinding: [
    ['roleRef', 'kind', 'name'],
    ['subjects[]', 'kind', 'name'],
  ],
  ClusterRoleBinding: [
    ['roleRef', 'kind', 'name'],
    ['subjects[]', 'kind', 'name'],
  ],
};

/** Each kind that is looked for: the code of its absence, and what is there without being declared. */
const TARGETS: Readonly<Record<string, readonly [code: Code, builtIn: RegExp, clusterWide?: true]>> = {
  ConfigMap: ['REF-001', /^kube-root-ca\.crt$/],
  Secret: ['REF-001', /^$/],
  PersistentVolumeClaim: ['REF-002', /^$/],
  PersistentVolume: ['REF-002', /^$/, true],
  // EKS makes gp2 in each cluster. A claim without a class has the name "".
  StorageClass: ['REF-002', /^(gp2)?$/, true],
  ServiceAccount: ['REF-003', /^default$/],
  Service: ['REF-004', /^$/],
  // Synthesis warns of an Ingress that no controller serves.
  IngressClass: ['REF-005', /^alb$/, true],
  PriorityClass: ['REF-005', /^system-(node|cluster)-critical$/, true],
  RuntimeClass: ['REF-005', /^$/, true],
  Role: ['REF-006', /^$/],
  ClusterRole: ['REF-006', /^(cluster-admin|admin|edit|view|system:.*)$/, true],
  Deployment: ['REF-007', /^$/],
  StatefulSet: ['REF-007', /^$/],
  ReplicaSet: ['REF-007', /^$/],
  Namespace: ['REF-010', /^(default|kube-system|kube-public|kube-node-lease)$/, true],
};

/** Kinds of which an object that no stack declares can be named. */
const FROM_NAME = /^(ConfigMap|Secret|PersistentVolumeClaim|StorageClass|ServiceAccount|Namespace)$/;

/** What an object names and what is not there; what a chart or a controller may make is taken as there. */
export function referenceFindings(facts: ClusterFacts): Finding[] {
  const { objects, pods, stacks } = facts;
  const charts = stacks.flatMap(({ document }) => chartReleases(document));
  const key = (kind: string, namespace: string, name: string): string =>
    JSON.stringify([kind, namespace, name]);
  const there = new Map<string, Found>();
  for (const each of objects) {
    const { kind, metadata } = each.object;
    const namespace = TARGETS[kind]?.[2] ? '' : namespaceOf(each);
    if (metadata.name !== undefined) there.set(key(kind, namespace, metadata.name), each);
  }
  for (const { workload } of pods) {
    for (const claim of workload.claims) {
      // Those of a StatefulSet come with its Pods.
      const name = claimName(claim, workload.placed);
      there.set(key('PersistentVolumeClaim', workload.namespace, name), workload.placed as Found);
    }
  }
  const existing = new Set(
    stacks.flatMap(({ name, document }) =>
      textsOf(valueAt(document, '//.metadata.existing')).map((object) => `${name} ${object}`),
    ),
  );
  const custom = objects.filter(
    ({ object }) => /\.[^/]*\.[^/]*\//.test(object.apiVersion) && !isOfKubernetes(object),
  );
  const mentioned = (namespace: string, name: string): boolean =>
    custom.some(
      (each) => namespaceOf(each) === namespace && JSON.stringify(each.object).includes(`"${name}"`),
    );
  const look = (from: Found, kind: string, namespace: string, name: string): Finding[] => {
    const [code, builtIn, clusterWide] = TARGETS[kind] ?? [];
    if (code === undefined || name.includes(STAND_IN) || namespace.includes(STAND_IN) || builtIn?.test(name))
      return [];
    if (there.has(key(kind, clusterWide ? '' : namespace, name))) return [];
    if (existing.has(`${from.stack} ${kind} ${name}`)) return [];
    if (
      clusterWide
        ? charts.length > 0 && kind !== 'Namespace'
        : charts.some((each) => each.namespace === namespace)
    )
      return [];
    if (!clusterWide && mentioned(namespace, name)) return [];
    const where = clusterWide ? '' : ` in namespace ${namespace}`;
    const known = objects
      .filter(({ object }) => object.kind === kind)
      .filter((each) => clusterWide === true || namespaceOf(each) === namespace)
      .map(({ object }) => object.metadata.name ?? '');
    return [
      findingOf(
        code,
        from,
        `names the ${kind} "${name}", and there is none${where}`,
        `declare it, or name one of: ${known.length === 0 ? '(none)' : known.slice(0, 8).join(', ')}${FROM_NAME.test(kind) ? `; name one that exists already by ${kind}.fromName()` : ''}`,
      ),
    ];
  };
  const follow = (
    from: Found,
    root: unknown,
    references: readonly Reference[],
    namespace: string,
  ): Finding[] =>
    references.flatMap(([at, kind, field]) =>
      objectsAt(root, at).flatMap((reference) => {
        const name = reference[field];
        if (typeof name !== 'string' || reference['optional'] === true) return [];
        const named = kind === 'kind' ? textOf(reference['kind']) : kind;
        if (kind === 'StorageClass' && isStatic(reference, objects)) return [];
        const inside = textOf(reference['namespace']) || namespace;
        const missing = look(from, named, inside, name);
        const target = there.get(key(named, inside, name));
        return missing.length > 0 || !target
          ? missing
          : [...keyFindings(from, target, reference), ...portFindings(from, target, reference)];
      }),
    );
  const findings = [
    ...objects.flatMap((each) =>
      follow(each, each.object, OF_KIND[each.object.kind] ?? [], namespaceOf(each)),
    ),
    ...pods
      .filter(({ ofAddOn }) => !ofAddOn)
      .flatMap(({ of, workload }) => follow(of, workload.pod, OF_POD, workload.namespace)),
    ...objects.flatMap((each) =>
      each.object.metadata.namespace === undefined ? [] : look(each, 'Namespace', '', namespaceOf(each)),
    ),
    ...stacks.flatMap(({ name: stack, document }) =>
      resourcesOf(document, 'aws_eks_pod_identity_association').flatMap(({ address, attributes }) => {
        const [namespace, name] = ['namespace', 'service_account'].map((field) => textOf(attributes[field]));
        const object = {
          apiVersion: 'v1',
          kind: 'Pod Identity association',
          metadata: { name: name ?? '', namespace: namespace ?? '' },
        };
        if (/\$\{/.test(`${namespace}${name}`)) return [];
        return look(
          { stack, address, path: pathOf(stack, address, stacks), object },
          'ServiceAccount',
          namespace ?? '',
          name ?? '',
        );
      }),
    ),
    ...selectorFindings(
      facts,
      (namespace) =>
        charts.some((each) => each.namespace === namespace) ||
        custom.some((each) => namespaceOf(each) === namespace),
    ),
    ...takenTwice(objects),
  ];
  // A name that containers share is said once.
  return [
    ...new Map(
      findings.map((each) => [JSON.stringify([each.address, each.stack, each.message]), each]),
    ).values(),
  ];
}

const isOfKubernetes = ({ apiVersion }: Found['object']): boolean =>
  /(^|\.)(k8s\.io|apps|batch)\//.test(apiVersion);

/** The objects at a path: `volumes[].secret`. */
function objectsAt(root: unknown, path: string): Record<string, unknown>[] {
  let found: unknown[] = [root];
  for (const step of path === '' ? [] : path.split('.')) {
    found = found.flatMap((each) => {
      const value = valueAt(each, step.replace('[]', ''));
      return step.endsWith('[]') ? (Array.isArray(value) ? (value as unknown[]) : []) : [value];
    });
  }
  return found.filter(isObject);
}

/** A claim of a volume that is declared needs no class. */
const isStatic = (
  { storageClassName, volumeName }: Record<string, unknown>,
  objects: readonly Found[],
): boolean =>
  volumeName !== undefined ||
  objects.some(
    ({ object }) =>
      object.kind === 'PersistentVolume' && valueAt(object, 'spec.storageClassName') === storageClassName,
  );

/** Keys of a ConfigMap or a Secret that it does not have. */
function keyFindings(from: Found, target: Found, reference: Record<string, unknown>): Finding[] {
  if (!/^(ConfigMap|Secret)$/.test(target.object.kind)) return [];
  const wanted = [reference['key'], ...listAt(reference, 'items').map((item) => item['key'])];
  const keys = ['data', 'stringData', 'binaryData'].flatMap((field) =>
    Object.keys(objectAt(target.object, field)),
  );
  return (
    wanted
      .filter((key) => typeof key === 'string')
      .filter((key) => !key.includes(STAND_IN) && !keys.includes(key))
      // A Secret whose content is not in the bytes has keys that are not known.
      .filter(() => keys.length > 0 || target.object.kind === 'ConfigMap')
      .map((key) =>
        findingOf(
          'REF-001',
          from,
          `names the key "${key}" of ${objectTitle(target.object)}, which has none of that name`,
          `add it, or name one of: ${keys.join(', ')}`,
        ),
      )
  );
}

/** Ports of a Service that it does not have. */
function portFindings(from: Found, target: Found, { port }: Record<string, unknown>): Finding[] {
  if (target.object.kind !== 'Service' || !isObject(port)) return [];
  const ports = listAt(target.object, 'spec.ports');
  const { name, number } = port;
  if (ports.some((each) => (name === undefined ? each['port'] === number : each['name'] === name))) return [];
  const known = ports.map((each) => `${shown(each['name'])} ${shown(each['port'])}`).join(', ');
  return [
    findingOf(
      'REF-004',
      from,
      `names the port ${shown(name ?? number)} of ${objectTitle(target.object)}, which has none of that name or number`,
      `name one of: ${known}`,
    ),
  ];
}

/** Pods that get traffic before they can answer: no container has a readiness probe. */
function readinessFindings(service: Found, chosen: readonly PodClass[]): Finding[] {
  const { object } = service;
  if (object.kind !== 'Service' || valueAt(object, 'spec.publishNotReadyAddresses') === true) return [];
  return chosen
    .filter(({ pod }) =>
      ['spec.containers', 'spec.initContainers'].every((list) =>
        listAt(pod, list).every((container) => container['readinessProbe'] === undefined),
      ),
    )
    .map(({ workload: { placed } }) =>
      findingOf(
        'REF-011',
        service,
        `leads to ${objectTitle(placed.object)}, of which no container has a readiness probe. Its Pods get traffic before they can answer`,
        'set health or readiness of the container, or publishNotReadyAddresses of the Service',
        'warning',
      ),
    );
}

const SELECTORS: Readonly<Record<string, string>> = {
  Service: 'spec.selector',
  PodDisruptionBudget: 'spec.selector',
  NetworkPolicy: 'spec.podSelector',
};

/** Selectors without a Pod, and named ports that no selected Pod has. */
function selectorFindings(
  { objects, pods }: ClusterFacts,
  mayHaveMore: (namespace: string) => boolean,
): Finding[] {
  return objects.flatMap((each) => {
    const path = SELECTORS[each.object.kind];
    const written = path === undefined ? {} : objectAt(each.object, path);
    if (Object.keys(written).length === 0 || JSON.stringify(written).includes(STAND_IN)) return [];
    const selector = each.object.kind === 'Service' ? { matchLabels: written } : written;
    if (selectsAll(selector)) return [];
    const namespace = namespaceOf(each);
    const chosen = pods.filter(
      ({ workload }) => workload.namespace === namespace && selects(selector, workload.labels),
    );
    if (chosen.length > 0) return [...targetPorts(each, chosen), ...readinessFindings(each, chosen)];
    if (mayHaveMore(namespace)) return [];
    return [
      findingOf(
        'REF-008',
        each,
        `its selector ${JSON.stringify(written)} selects no Pod in namespace ${namespace}`,
        'give it the labels of the Pods that it is for, or remove it',
      ),
    ];
  });
}

function targetPorts(service: Found, chosen: readonly PodClass[]): Finding[] {
  if (service.object.kind !== 'Service') return [];
  const named = chosen.flatMap(({ workload }) =>
    [...listAt(workload.pod, 'containers'), ...listAt(workload.pod, 'initContainers')].flatMap((each) =>
      listAt(each, 'ports').map((port) => port['name']),
    ),
  );
  return listAt(service.object, 'spec.ports')
    .filter(
      ({ targetPort }) =>
        typeof targetPort === 'string' && !/^\d+$/.test(targetPort) && !named.includes(targetPort),
    )
    .map(({ targetPort }) =>
      findingOf(
        'REF-004',
        service,
        `its target port "${shown(targetPort)}" is a port of none of its Pods`,
        `name one of: ${named.map(shown).join(', ') || '(none)'}`,
      ),
    );
}

/** Hosts with a path, and node ports, that two objects claim, over all namespaces. */
function takenTwice(objects: readonly Found[]): Finding[] {
  const first = new Map<string, Found>();
  const claims = (each: Found): string[] => {
    if (each.object.kind === 'Service') {
      return listAt(each.object, 'spec.ports').flatMap(({ nodePort, protocol = 'TCP' }) =>
        typeof nodePort === 'number' && String(nodePort) !== STAND_IN
          ? [`node port ${nodePort}/${shown(protocol)}`]
          : [],
      );
    }
    if (each.object.kind !== 'Ingress') return [];
    return listAt(each.object, 'spec.rules').flatMap((rule) =>
      typeof rule['host'] === 'string' && !rule['host'].includes(STAND_IN)
        ? [
            ...new Set(
              listAt(rule, 'http.paths').map(({ path = '/' }) => `${shown(rule['host'])}${shown(path)}`),
            ),
          ]
        : [],
    );
  };
  return objects.flatMap((each) =>
    claims(each).flatMap((claim) => {
      const other = first.get(claim);
      if (!other) first.set(claim, each);
      return other
        ? [
            findingOf(
              'REF-009',
              each,
              `claims ${claim}, and ${objectTitle(other.object)} (${other.stack}/${other.address}) does too`,
              'give one of them another',
            ),
          ]
        : [];
    }),
  );
}
