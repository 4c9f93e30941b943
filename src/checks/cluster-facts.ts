import { isAddOnName } from '@kubernetes-on-aws/eks-facts/add-ons';
import { addOnWorkloads, type AddOnConfiguration } from '@kubernetes-on-aws/eks-facts/add-on-workloads';
import { acceleratorOf, ACCELERATORS } from '@kubernetes-on-aws/eks-facts/accelerators';
import { instanceType, type InstanceType } from '@kubernetes-on-aws/eks-facts/instance-types';
import { kubeletSettingsOf } from '@kubernetes-on-aws/eks-facts/kubelet-settings';
import { cniSettingsOf, defaultMaxPods, nodeCapacity } from '@kubernetes-on-aws/eks-facts/node-capacity';
import { managedMaxPods, podsWithAddress } from '@kubernetes-on-aws/eks-facts/node-figures';
import { convertObjects } from '../manifests/objects';
import type { PlatformRecord } from '../manifests/platform-record';
import { nodeGroupName } from '../manifests/node-group-name';
import { STAND_IN } from '../manifests/scalar';
import type { Stack } from '../manifests/stacks';
import type { JsonObject } from '../manifests/terraform-document';
import { resourcesOf as requestsOf } from '../rules/quota-errors';
import {
  listAt,
  namespaceOf,
  numberAt,
  objectAt,
  valueAt,
  workloadPods,
  type Placed,
  type WorkloadPods,
} from '../rules/workload-pods';
import { blocksOf, referredTo, resourcesOf, textOf, textsOf, type Resource } from './aws-resources';
import { zonesOf } from './platform-outline';

/** An object of a stack, and the construct that made it. */
export interface Found extends Placed {
  /** `dev/shop/web/Resource`. Empty where the stack does not say it. */
  readonly path: string;
}

/** A node group, and what each of its nodes is like. */
export interface NodeGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly zones: readonly string[];
  /** A Node of the group without a name and a zone. */
  readonly node: NodeForm;
  /** What is not known of its nodes, so that nothing can be proved of them. */
  readonly unknown: readonly string[];
}

interface NodeForm {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly object[];
  readonly allocatable: Readonly<Record<string, string>>;
}

/** The Pods of one workload, as the API server would make them. */
export interface PodClass {
  readonly of: Found;
  readonly workload: WorkloadPods;
  readonly pod: Readonly<Record<string, unknown>>;
  /** Whether an add-on of EKS runs them. */
  readonly ofAddOn: boolean;
}

/** What follows from the bytes of all stacks. */
export interface ClusterFacts {
  readonly platform: PlatformRecord;
  readonly stacks: readonly Stack[];
  readonly objects: readonly Found[];
  /** Resources that cannot be read as objects, with the reason. */
  readonly unread: readonly string[];
  readonly nodeGroups: readonly NodeGroup[];
  readonly pods: readonly PodClass[];
}

/** Reads the facts. What only a deployment can tell is {@link STAND_IN} in them. */
export function clusterFacts(platform: PlatformRecord, stacks: readonly Stack[]): ClusterFacts {
  const unread: string[] = [];
  const objects = stacks.flatMap(({ name: stack, document }): Found[] => {
    const { objects: converted, findings } = convertObjects(document, { resolve: () => STAND_IN });
    for (const { address, message, withoutManifest } of findings) {
      if (withoutManifest) unread.push(`${stack}/${address}: ${message}`);
    }
    return converted.map((each) => ({ ...each, stack, path: pathOf(stack, each.address, stacks) }));
  });
  const addOns = stacks.flatMap((stack) => addOnObjects(stack, platform));
  const all = [...objects, ...addOns];
  const ranges = new Map<string, JsonObject[]>();
  for (const each of objects.filter(({ object }) => object.kind === 'LimitRange')) {
    const limits = listAt(each.object, 'spec.limits');
    ranges.set(namespaceOf(each), [...(ranges.get(namespaceOf(each)) ?? []), ...limits]);
  }
  const pods = workloadPods(all).map((workload) => ({
    of: workload.placed as Found,
    workload,
    pod: podOf(workload, ranges.get(workload.namespace) ?? [], objects),
    ofAddOn: addOns.includes(workload.placed as Found),
  }));
  return { platform, stacks, objects, unread, nodeGroups: nodeGroupsOf(stacks), pods };
}

/** The resources of some types, each with its stack. */
export const resourcesIn = (
  stacks: readonly Stack[],
  ...types: readonly string[]
): (Resource & { readonly stack: string })[] =>
  stacks.flatMap(({ name: stack, document }) =>
    resourcesOf(document, ...types).map((resource) => ({ stack, ...resource })),
  );

/** A resource of AWS, as findings name objects. */
export const foundInAws = (
  stacks: readonly Stack[],
  { stack, address }: { readonly stack: string; readonly address: string },
  kind: string,
  name: string,
): Found => ({
  ...{ stack, address, path: pathOf(stack, address, stacks) },
  object: { apiVersion: '', kind, metadata: { name } },
});

/** The construct that made a resource. */
export function pathOf(stack: string, address: string, stacks: readonly Stack[]): string {
  const [type = '', name = ''] = address.split('.');
  const resource = stacks.find((each) => each.name === stack)?.document.resource?.[type]?.[name];
  return textOf(objectAt(resource, '//.metadata')['path']);
}

const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

function podOf(
  workload: WorkloadPods,
  ranges: readonly JsonObject[],
  objects: readonly Found[],
): Record<string, unknown> {
  const { pod, labels, namespace, placed, claims } = workload;
  const containers = (list: string) =>
    listAt(pod, list).map((container) => ({ ...container, resources: requestsOf(container, ranges) }));
  const classes = objects.filter(({ object }) => object.kind === 'PriorityClass');
  const priority =
    SYSTEM_PRIORITIES[textOf(pod['priorityClassName'])] ??
    classes.find(({ object }) =>
      pod['priorityClassName'] === undefined
        ? object['globalDefault'] === true
        : object.metadata.name === pod['priorityClassName'],
    )?.object['value'];
  const name = `${placed.object.kind}-${placed.object.metadata.name ?? ''}`.toLowerCase();
  const mounted = claims.map((claim) => ({
    name: textOf(valueAt(claim, 'metadata.name')),
    persistentVolumeClaim: { claimName: claimName(claim, placed) },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, ownerReferences: ownersOf(workload) },
    spec: {
      ...pod,
      ...(typeof priority === 'number' && { priority }),
      initContainers: containers('initContainers'),
      containers: containers('containers'),
      volumes: [...listAt(pod, 'volumes'), ...mounted],
    },
  };
}

/** What the scheduler finds a Pod's siblings by, to spread them. */
function ownersOf({ placed: { object } }: WorkloadPods): object[] {
  const kind = object.kind === 'Deployment' ? 'ReplicaSet' : object.kind;
  const name = object.metadata.name ?? '';
  return SPREAD.includes(kind) ? [{ apiVersion: 'apps/v1', kind, name, uid: name, controller: true }] : [];
}

/** The kinds whose Pods the scheduler spreads by itself. */
export const SPREAD = ['ReplicaSet', 'StatefulSet'];

/** The claim of a StatefulSet's first Pod. */
export const claimName = (claim: JsonObject, { object }: Placed): string =>
  `${textOf(valueAt(claim, 'metadata.name'))}-${object.metadata.name ?? ''}-0`;

/** What the add-ons of EKS run, as far as it is known. */
function addOnObjects({ name: stack, document }: Stack, { region }: PlatformRecord): Found[] {
  return resourcesOf(document, 'aws_eks_addon').flatMap(({ address, attributes }) => {
    const name = textOf(attributes['addon_name']);
    if (!isAddOnName(name)) return [];
    const namespace = name === 'amazon-cloudwatch-observability' ? 'amazon-cloudwatch' : 'kube-system';
    const configuration = parsed(attributes['configuration_values']) as AddOnConfiguration;
    const { workloads } = addOnWorkloads({ name, namespace }, '', region, configuration);
    const path = textOf(objectAt(attributes, '//.metadata')['path']);
    return workloads.map((object) => ({ stack, address, path, object }));
  });
}

/** The settings of an add-on; none where only a deployment can tell them. */
export function parsed(text: unknown): JsonObject {
  try {
    return objectAt({ value: JSON.parse(textOf(text) || '{}') as unknown }, 'value');
  } catch {
    return {}; // An expression of Terraform: its settings are not known here.
  }
}

const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: 'NoSchedule',
  NO_EXECUTE: 'NoExecute',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
};
/** Disk of a node whose group and launch template say nothing. Source: Amazon EKS API, CreateNodegroup, diskSize. */
const DEFAULT_DISK_GIB = 20;

function nodeGroupsOf(stacks: readonly Stack[]): NodeGroup[] {
  const resources = resourcesIn(
    stacks,
    ...['aws_eks_node_group', 'aws_launch_template', 'aws_eks_addon', 'aws_subnet'],
  );
  const of = (type: string) => resources.filter(({ address }) => address.startsWith(`${type}.`));
  const zones = zonesOf(stacks, resources);
  const cni = of('aws_eks_addon').find(({ attributes }) => attributes['addon_name'] === 'vpc-cni');
  return of('aws_eks_node_group').map(({ attributes }) => {
    const [reference = {}] = blocksOf(attributes['launch_template']);
    const template = of('aws_launch_template').find(
      ({ address }) => address === referredTo(reference['id']) || address === referredTo(reference['name']),
    );
    const [scaling = {}] = blocksOf(attributes['scaling_config']);
    const types = textsOf(attributes['instance_types']);
    const known = types.map((name) => ({ name, figures: instanceType(name) }));
    const wheres = textsOf(attributes['subnet_ids']).map((subnet) => zones.get(subnet));
    return {
      name: nodeGroupName(attributes),
      min: numberAt(scaling, 'min_size') ?? 0,
      max: numberAt(scaling, 'max_size') ?? 0,
      zones: wheres.map((zone) => zone ?? STAND_IN),
      node: nodeForm(attributes, template, types, cni),
      unknown: [
        ...known.filter(({ figures }) => figures === undefined).map(({ name }) => `instance type ${name}`),
        ...(types.length === 0 ? ['its instance types'] : []),
        ...(wheres.includes(undefined) ? ['the zone of a subnet'] : []),
      ],
    };
  });
}

function nodeForm(
  attributes: JsonObject,
  template: Resource | undefined,
  types: readonly string[],
  cni: Resource | undefined,
): NodeForm {
  const figures = types.map(instanceType).filter((each) => each !== undefined);
  // Of several types the scheduler may get any: a node has at least what the smallest one has of each resource.
  const least = (key: Exclude<keyof InstanceType, 'architecture'>) =>
    Math.min(...figures.map((each) => each[key]));
  const amiType = textOf(attributes['ami_type']);
  const architecture = figures[0]?.architecture ?? 'x86_64';
  const instance = {
    ...{ architecture, vcpus: least('vcpus'), memoryMiB: least('memoryMiB'), devices: least('devices') },
    ...{ networkInterfaces: least('networkInterfaces'), ipv4PerInterface: least('ipv4PerInterface') },
  };
  const os = amiType.startsWith('BOTTLEROCKET') ? 'bottlerocket' : 'al2023';
  const settings = kubeletSettingsOf(userData(template?.attributes['user_data']));
  const maxPods = Math.min(
    settings.maxPods ?? defaultMaxPods(instance),
    amiType === 'CUSTOM' ? Infinity : managedMaxPods(instance),
    cni ? podsWithAddress(instance, cniSettingsOf(parsed(cni.attributes['configuration_values']))) : Infinity,
  );
  const [disk = {}] = blocksOf(blocksOf(template?.attributes['block_device_mappings'])[0]?.['ebs']);
  const size = numberAt(disk, 'volume_size') ?? numberAt(attributes, 'disk_size') ?? DEFAULT_DISK_GIB;
  const accelerator = types.map(acceleratorOf).find((each) => each !== undefined);
  const devices = accelerator && { [ACCELERATORS[accelerator].resource]: String(instance.devices) };
  return {
    labels: {
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': architecture === 'arm64' ? 'arm64' : 'amd64',
      ...(types.length === 1 && { 'node.kubernetes.io/instance-type': types[0] ?? '' }),
      // With a prefix, the suffix of the name is known only when the group exists, and each successor has another one.
      'eks.amazonaws.com/nodegroup': textOf(attributes['node_group_name']) || STAND_IN,
      'eks.amazonaws.com/capacityType': textOf(attributes['capacity_type']) || 'ON_DEMAND',
      ...(objectAt(attributes, 'labels') as Record<string, string>),
    },
    taints: blocksOf(attributes['taint']).map(({ key, value, effect }) => ({
      ...{ key, ...(value !== undefined && { value }) },
      effect: EFFECTS[textOf(effect)] ?? 'NoSchedule',
    })),
    allocatable:
      figures.length === 0
        ? {}
        : { ...nodeCapacity(instance, { ...settings, maxPods }, size, os).allocatable, ...devices },
  };
}

/** The user data of a launch template as it is kept: Terraform encodes what the bytes have as a text. */
function userData(written: unknown): string | undefined {
  const text = textOf(written);
  const literal = /^\$\{base64encode\(("(?:[^"\\]|\\.)*")\)\}$/.exec(text)?.[1];
  if (literal === undefined) return text === '' || text.includes('${') ? undefined : text;
  return Buffer.from((JSON.parse(literal) as string).replaceAll('$${', '${')).toString('base64');
}
