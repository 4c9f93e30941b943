import { isObject } from '../../../src/manifests/field';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { objectAt } from '../../../src/rules/workload-pods';
import { containersOf, type Report } from './guard-rails';
import { type Mutable, type Part, partsAt } from '../internal/parts-at';

const HANDLERS = [
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle.postStart',
  'lifecycle.preStop',
];

/** What the API server takes for rules of an autoscaler that are left out. Source: autoscaling/v2, SetDefaults_HorizontalPodAutoscaler. */
const SCALING = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  },
};

const RBAC = 'rbac.authorization.k8s.io';

/** The provider refuses the empty group, for which the API server takes this one. */
function groupsOfBinding(_: Mutable, object: Mutable): void {
  const subjects = partsAt(object, 'subjects[]').filter(({ spec }) => spec['kind'] !== 'ServiceAccount');
  for (const { spec } of [...partsAt(object, 'roleRef'), ...subjects]) spec['apiGroup'] ||= RBAC;
}

/** Fields of built-in kinds whose default in the API is not the provider's, or that the provider requires. */
const DEFAULTS: Readonly<Record<string, (spec: Mutable, object: Mutable) => void>> = {
  ClusterRoleBinding: groupsOfBinding,
  CronJob: ({ jobTemplate }) => {
    if (!isObject(jobTemplate)) return;
    (jobTemplate as Mutable)['metadata'] ??= {};
    oneCompletion(objectAt(jobTemplate, 'spec'));
  },
  HorizontalPodAutoscaler: ({ behavior }) => {
    for (const [direction, rules] of Object.entries(SCALING)) {
      const given = isObject(behavior) ? behavior[direction] : undefined;
      if (isObject(given)) Object.assign(given, { ...rules, ...given });
    }
  },
  Job: oneCompletion,
  NetworkPolicy: (spec) => {
    spec['policyTypes'] ??= ['Ingress', ...(spec['egress'] === undefined ? [] : ['Egress'])];
  },
  RoleBinding: groupsOfBinding,
  ServiceAccount: (_, object) => {
    object['automountServiceAccountToken'] ??= true;
  },
  StatefulSet: (spec) => {
    spec['revisionHistoryLimit'] ??= 10;
    for (const { spec: claim } of partsAt(spec, 'volumeClaimTemplates[]')) {
      delete claim['apiVersion'];
      delete claim['kind'];
      delete claim['status'];
    }
  },
};

/** A Job with neither of the two numbers runs one Pod; with a parallelism alone it is a queue. */
function oneCompletion(spec: Mutable): void {
  if (spec['parallelism'] === undefined) spec['completions'] ??= 1;
}

/** Writes out what the API server takes for what an object of a built-in kind leaves out. It changes no behavior. */
export function writeDefaults(object: KubernetesObject): void {
  DEFAULTS[object.kind]?.(objectAt(object, 'spec'), object);
}

/**
 * Writes out what the API server takes for fields of Pods that are left out, where the provider sends another value.
 *
 * @param mountsToken whether the Pod's ServiceAccount mounts its token; undefined where that is not known
 */
export function writePodDefaults({ spec }: Part, mountsToken: boolean | undefined, report: Report): void {
  const { serviceAccount, securityContext, affinity } = spec;
  if (serviceAccount !== undefined) {
    spec['serviceAccountName'] ??= serviceAccount;
    delete spec['serviceAccount'];
  }
  if (spec['automountServiceAccountToken'] === undefined) {
    if (mountsToken === undefined) {
      report(
        'automountServiceAccountToken',
        'the provider sends true where it is left out, whatever the ServiceAccount says, and that is not declared here; set it (YAML: by edit)',
      );
    } else spec['automountServiceAccountToken'] = mountsToken;
  }
  if (isObject(affinity)) {
    const kept = Object.entries(affinity).filter(([, each]) => !isEmpty(each));
    if (kept.length > 0) spec['affinity'] = Object.fromEntries(kept);
    else delete spec['affinity'];
  }
  if (isEmpty(securityContext)) delete spec['securityContext'];
  const own = isObject(spec['securityContext']) ? (spec['securityContext'] as Mutable) : {};
  own['runAsNonRoot'] ??= false;
  for (const volume of partsAt(spec, 'volumes[]').map((each) => each.spec)) {
    if (Object.keys(volume).length === 1) volume['emptyDir'] = {};
  }
  for (const container of containersOf(spec)) {
    for (const get of HANDLERS.flatMap((path) => partsAt(container, `${path}.httpGet`)))
      get.spec['path'] ??= '/';
    if (!isObject(container['securityContext'])) continue;
    const context = container['securityContext'] as Mutable;
    context['allowPrivilegeEscalation'] ??= true;
    context['privileged'] ??= false;
    context['readOnlyRootFilesystem'] ??= false;
    context['runAsNonRoot'] ??= own['runAsNonRoot'];
  }
}

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;
