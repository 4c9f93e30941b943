import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { npmRun } from '../../facts/selected-platform';
import { docsPage } from '../../facts/docs-page';
import { blocksOf, textOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import { MANIFEST } from '../../manifests/kinds';
import { objectTitle } from '../../manifests/object-title';
import type { KubernetesObject } from '../../manifests/objects';
import type { Json, JsonObject } from '../../manifests/terraform-document';
import { judge } from '../../rules/kubernetes-oracle';
import { fieldOf, kubernetesObject, podTemplates } from '../guard/change/kubernetes-change';
import { changesOf, isTainted, TAINTED, type Action, type PlannedStack } from './planned-stack';

/** By Terraform type, why an object that carries data or traffic is not replaced, and how to get there by hand. */
const BY_HAND: Readonly<Record<string, (name: string) => string>> = {
  kubernetes_persistent_volume_claim_v1: () =>
    'its data would be deleted: a claim keeps its class and access mode, and never shrinks. Declare another claim under another ID, copy the data, ' +
    `and mount the other claim (${docsPage('guides/change-what-runs.md')})`,
  kubernetes_stateful_set_v1: (name) =>
    'all of its Pods would be deleted at once. Delete it alone, plan and apply again, and delete its Pods one by one while the apply waits: ' +
    `kubectl delete statefulset ${name} --cascade=orphan`,
  kubernetes_service_v1: (name) =>
    'its name and address would be missing meanwhile. Add another Service and move its clients, or accept the interruption, delete it, and plan again: ' +
    `kubectl delete service ${name}`,
};

/** What a plan would do and must not, and what it would leave undone; each with the way by hand. */
export function refusedChanges(stack: PlannedStack): string[] {
  return [
    ...replacements(stack),
    ...takenNames(stack),
    ...takenInAws(stack),
    ...sharedNodePorts(stack),
    ...stillHeadless(stack),
    ...lostProbes(stack),
    ...changedJobs(stack),
    ...fixedFields(stack),
    ...otherTypes(stack),
    ...protectedByAws(stack),
  ];
}

/** A name that is a hash of the content comes back with the content, and a failed apply has left the object of that name. */
function takenNames({ plan }: PlannedStack): string[] {
  const left = new Map(
    (plan.resource_changes ?? []).flatMap(({ deposed, type, change: { before } }) =>
      deposed === undefined || nameOf(before) === '' ? [] : [[`${type} ${nameOf(before)}`, deposed] as const],
    ),
  );
  return (plan.resource_changes ?? []).flatMap(({ address, deposed, type, change: { actions, after } }) => {
    const key = left.get(`${type} ${nameOf(after)}`);
    return deposed !== undefined || key === undefined || !actions.includes('create')
      ? []
      : [
          `${address}: its content is that of ${nameOf(after)} again, which a failed apply has left as the deposed object ${key}. Terraform ` +
            'cannot take it back, and the API server refuses a second one of the name. Change any value of it with the rest, such as a comment',
        ];
  });
}

/** What node groups need and AWS has one of by these arguments, the last of which is the name. */
const ONE_IN_AWS: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: ['name'],
  aws_eks_addon: ['cluster_name', 'addon_name'],
  aws_eks_cluster: ['name'],
  aws_iam_policy: ['name'],
  aws_iam_role: ['name'],
  aws_iam_role_policy: ['role', 'name'],
  aws_iam_role_policy_attachment: ['role', 'policy_arn'],
  aws_kms_alias: ['name'],
  aws_launch_template: ['name'],
};

/**
 * Node groups are created before those that they replace, and Terraform hands this order on to what they need: the cluster, its roles,
 * log group and first add-ons. A second one of the name would be refused halfway.
 */
function takenInAws(stack: PlannedStack): string[] {
  return changesOf(stack).flatMap((each) => {
    const { address, action, change, type } = each;
    const [before, after] = [change.before, change.after].map((values) => (isObject(values) ? values : {}));
    const by = ONE_IN_AWS[type] ?? [];
    const name = textOf(before?.[by.at(-1) ?? '']);
    const isTaken = name !== '' && by.every((argument) => before?.[argument] === after?.[argument]);
    if (action !== 'replace' || change.actions[0] !== 'create' || !isTaken) return [];
    const remedy = isTainted(each)
      ? `It is ${TAINTED}. If it works, keep it: terraform untaint ${address}. If not, delete it by hand. Then plan again`
      : 'Give the new one another name, or delete the old one by hand and plan again';
    return [
      `${address}: Terraform would create the new object before it deletes the old one, and AWS allows one object named ${name}. ${remedy}`,
    ];
  });
}

/** An object whose creation failed may be replaced: it has no arguments that cause it. */
function replacements(stack: PlannedStack): string[] {
  return changesOf(stack).flatMap(({ address, action, type, change }) => {
    const causes = (change.replace_paths ?? []).map((path) =>
      path.filter((step) => typeof step === 'string' && step !== 'spec').join('.'),
    );
    if (action !== 'replace' || causes.length === 0) return [];
    const name = nameOf(change.before);
    const remedy =
      BY_HAND[type]?.(name) ??
      (change.actions[0] === 'create' && name !== '' && name === nameOf(change.after)
        ? 'the API server has one object of a name, and this one must outlive its use. Give the new one another name'
        : undefined);
    return remedy === undefined
      ? []
      : [`${address}: replaced for its ${[...new Set(causes)].join(', ')}; ${remedy}`];
  });
}

const SERVICE = 'kubernetes_service_v1';

/** A Service keeps the node port that Kubernetes has allocated, also when it is no longer set. */
function sharedNodePorts({ plan }: PlannedStack): string[] {
  const owners = new Map<string, string>();
  return (plan.resource_changes ?? []).flatMap(({ type, change: { after } }) =>
    (type === SERVICE ? specsOf(after) : []).flatMap(({ port }) =>
      blocksOf(port).flatMap(({ node_port, protocol }) => {
        const taken = `${textOf(protocol)} ${Number(node_port)}`;
        const owner = owners.get(taken);
        if (Number(node_port) > 0) owners.set(taken, nameOf(after));
        return owner === undefined
          ? []
          : [
              `node port ${taken}: ${owner} and ${nameOf(after)} would have it. A Service keeps the port that it has; ` +
                'delete the Service that is to lose it with kubectl delete service, and plan again',
            ];
      }),
    ),
  );
}

/** The provider keeps the address `None` that is no longer set. */
function stillHeadless({ plan, document }: PlannedStack): string[] {
  return (plan.resource_changes ?? []).flatMap(({ type, name, address, change: { after } }) => {
    const said = blocksOf(document.resource?.[type]?.[name]?.['spec']);
    const isHeadless = type === SERVICE && specsOf(after).some(({ cluster_ip }) => cluster_ip === 'None');
    return isHeadless && said.every(({ cluster_ip }) => cluster_ip === undefined)
      ? [`${address}: stays headless; ${BY_HAND[SERVICE]?.(nameOf(after)) ?? ''}`]
      : [];
  });
}

/** The provider sends a probe that is taken out of a manifest as an empty one, which the API server refuses at every apply. */
function lostProbes(stack: PlannedStack): string[] {
  return changesOf(stack).flatMap(({ type, action, address, change: { before, after } }) => {
    if (type !== MANIFEST || action !== 'update') return [];
    const [was, is] = [before, after].map((values) => probesOf(objectIn(type, values)));
    const manifest = fieldOf(isObject(before) ? before : {}, 'manifest');
    // A container that goes takes its probes along.
    const isLost = [...(was ?? [])].some(([container, probes]) =>
      probes.some((probe) => is?.get(container)?.includes(probe) === false),
    );
    return isLost
      ? [
          `${address}: loses a probe, which an update cannot do. Delete it without its Pods, and plan again: ` +
            `kubectl delete ${textOf(manifest['kind'])} ${nameOf(manifest)} --cascade=orphan`,
        ]
      : [];
  });
}

/** How the API server says that a field keeps the value with which the object was created. */
const FIXED = /immutable|updates? to |may not change|cannot change/;
/** The provider keeps the API group of a Group that becomes a ServiceAccount. */
const KEPT_GROUP = /^subjects\[\d+\]\.apiGroup$/;

/** By kind, how it is changed without the loss of what it holds. `object` is what kubectl takes. */
const KEEPING: Readonly<Record<string, (object: string) => string>> = {
  StatefulSet: (object) =>
    `Delete it without its Pods, and plan again: kubectl delete ${object} --cascade=orphan`,
  PersistentVolume: () => 'Leave it as it is, and add another one: its volume goes with it',
  PersistentVolumeClaim: () => 'Leave it as it is. Add another one, copy the data, and use that one',
};
const RUNS_PODS = ['Pod', 'Job', 'CronJob', 'Deployment', 'DaemonSet', 'ReplicaSet'];

/** The provider would ask for the update at every apply, and the API server would refuse it each time. A claim is judged above. */
function fixedFields(stack: PlannedStack): string[] {
  const updates = changesOf(stack).flatMap(({ action, address, type, change }) => {
    const { before, after, after_unknown: unknown } = change;
    const [old, object] = [before, after].map((values) => objectIn(type, values));
    const isKnown = !JSON.stringify((isObject(unknown) ? unknown : {})['spec'] ?? '').includes('true');
    const isJudgedElsewhere = object?.kind === 'PersistentVolumeClaim' && type !== MANIFEST;
    return action === 'update' && old && object && isKnown && !isJudgedElsewhere
      ? [{ address, old, object }]
      : [];
  });
  const { refusals = [] } = judge(updates, DEFAULT_KUBERNETES_VERSION) ?? {};
  return updates.flatMap(({ address, object: { kind, metadata } }, i) =>
    (refusals[i] ?? [])
      .filter(({ field, message }) => FIXED.test(message) || KEPT_GROUP.test(field))
      // The Pods of Jobs are judged below.
      .filter(({ field }) => kind !== 'Job' || !field.startsWith('spec.template'))
      .slice(0, 1)
      .map(({ field, message }) => {
        const place = metadata.namespace === undefined ? '' : ` --namespace ${metadata.namespace}`;
        const named = `${kind} ${metadata.name ?? ''}${place}`;
        const whole = `Delete it${RUNS_PODS.includes(kind) ? ' with its Pods' : ''}, and plan again: kubectl delete ${named}`;
        const remedy = KEEPING[kind]?.(named) ?? whole;
        return `${address}: the API server refuses to change it: ${field}: ${message.split('\n')[0] ?? ''}. ${remedy}`;
      }),
  );
}

/** The probes of each container, by the container's name. */
function probesOf(object: KubernetesObject | undefined): Map<string, string[]> {
  const specs = object === undefined ? [] : podTemplates(object).map((template) => fieldOf(template, 'spec'));
  const containers = specs.flatMap((spec) =>
    ['initContainers', 'containers'].flatMap((list) => blocksOf(spec[list])),
  );
  return new Map(
    containers.map((container) => [
      textOf(container['name']),
      Object.keys(container).filter((field) => field.endsWith('Probe') && isObject(container[field])),
    ]),
  );
}

/** A manifest of a Job with other Pods plans as an update, which the API server refuses. */
function changedJobs(stack: PlannedStack): string[] {
  return changesOf(stack).flatMap(({ type, action, address, change: { before, after } }) => {
    const job = action === 'update' && type === MANIFEST ? objectIn(type, after) : undefined;
    if (job?.kind !== 'Job' || !isObject(before)) return [];
    const [is, was] = [job, objectIn(type, before)].map((each) => fieldOf(fieldOf(each, 'spec'), 'template'));
    // The state of an imported object has no manifest, but all fields of the object.
    const live = fieldOf(fieldOf(fieldOf(before, 'object'), 'spec'), 'template');
    const isSame = isObject(before['manifest']) ? isDeepStrictEqual(is, was) : holds(live, is ?? {});
    return isSame
      ? []
      : [
          `${address}: has other Pods, and the API server never changes those of a Job. Leave it out by select, give it another name, ` +
            `or delete it and plan again, and it runs again: kubectl delete job ${nameOf(job)}`,
        ];
  });
}

/** Whether a value has all that is declared of it. */
function holds(value: Json | undefined, declared: Json): boolean {
  return Array.isArray(declared) || isObject(declared)
    ? Object.entries(declared).every(([key, each]) =>
        holds((value as JsonObject | undefined)?.[key], each as Json),
      )
    : value === declared;
}

/** An object of another Terraform type under one name: the provider deletes and creates at once, and either may come first. */
function otherTypes(stack: PlannedStack): string[] {
  const objects = (wanted: Action, side: 'before' | 'after') =>
    changesOf(stack).flatMap(({ action, address, type, change }) => {
      const object = action === wanted ? objectIn(type, change[side]) : undefined;
      return object === undefined
        ? []
        : [{ key: `${object.apiVersion.replace(/\/?[^/]*$/, '')} ${objectTitle(object)}`, address, object }];
    });
  const created = new Map(objects('create', 'after').map(({ key, address }) => [key, address]));
  return objects('delete', 'before').flatMap(({ key, address, object: { kind, metadata } }) => {
    const to = created.get(key);
    const { name = '', namespace } = metadata;
    return to === undefined
      ? []
      : [
          `${address}: becomes ${to}, another Terraform type of the same ${kind}. Terraform would delete and create it at once. Keep it by a ` +
            `move: ${npmRun('addresses', '--write')}. Or delete it alone, which leaves its Pods, and plan again: kubectl delete ${kind} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`} --cascade=orphan`,
        ];
  });
}

/** AWS refuses to delete it, and the apply would stop halfway. */
function protectedByAws(stack: PlannedStack): string[] {
  return changesOf(stack).flatMap(({ address, action, change: { before } }) =>
    (action === 'delete' || action === 'replace') &&
    isObject(before) &&
    before['deletion_protection'] === true
      ? [
          `${address}: AWS protects it from being deleted. Turn its deletion protection off and apply, while it is still declared, and plan again`,
        ]
      : [],
  );
}

const objectIn = (type: string, values: Json): KubernetesObject | undefined =>
  isObject(values) ? kubernetesObject(type, values) : undefined;

const specsOf = (values: Json) => blocksOf(isObject(values) ? values['spec'] : undefined);

/** What to do where Terraform itself refuses to destroy an object, as its message names it. */
export function remedyFor(refusal: string): string {
  return Object.keys(BY_HAND)
    .filter((type) => refusal.includes(`${type}.`))
    .map((type) => BY_HAND[type]?.('NAME --namespace NAMESPACE'))
    .join('\n');
}

/** As kubectl takes it; empty for what is no object of Kubernetes. */
function nameOf(values: unknown): string {
  const [metadata] = blocksOf(isObject(values) ? values['metadata'] : undefined);
  if (metadata === undefined) return '';
  const namespace = textOf(metadata['namespace']);
  return `${textOf(metadata['name'])}${namespace === '' ? '' : ` --namespace ${namespace}`}`;
}
