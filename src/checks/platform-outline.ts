import { KINDS } from '../manifests/kinds';
import { nodeGroupName } from '../manifests/node-group-name';
import type { PlatformRecord } from '../manifests/platform-record';
import type { Stack as SynthesizedStack } from '../manifests/stacks';
import type { JsonObject } from '../manifests/terraform-document';
import { blocksOf, resourcesOf, textOf, textsOf, type Resource } from './aws-resources';

/** A stack, as far as it is read here. */
type Stack = Pick<SynthesizedStack, 'name' | 'document'>;

/** What a platform is made of, in short, as its synthesized stacks say it. */
export interface PlatformOutline {
  readonly name: string;
  readonly region: string;
  /** Left out: no stack creates a cluster. */
  readonly controlPlane?: ControlPlaneOutline;
  /** In the order of their zones. */
  readonly nodeGroups: readonly NodeGroupOutline[];
  readonly namespaces: readonly NamespaceOutline[];
  /** Kubernetes objects that belong to no namespace. */
  readonly clusterWide: readonly CountedObjects[];
  readonly aws: readonly StackResources[];
}

/** An EKS control plane. */
export interface ControlPlaneOutline {
  /** Minor version of Kubernetes: `1.36`. */
  readonly version: string;
  /** CIDR blocks that reach the public endpoint. Empty: the endpoint is private. */
  readonly publicAccess: readonly string[];
  /** Names of the EKS add-ons. */
  readonly addOns: readonly string[];
}

/** A managed node group. */
export interface NodeGroupOutline {
  readonly name: string;
  /** Availability zones of its subnets; of a subnet that no stack creates, its Terraform expression. */
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  /** `ON_DEMAND` or `SPOT` */
  readonly capacityType: string;
  /** Smallest and largest number of nodes. */
  readonly min: number;
  readonly max: number;
  /** Namespaces whose Pods run on it. */
  readonly namespaces: readonly string[];
}

/** A namespace. */
export interface NamespaceOutline {
  readonly name: string;
  /** Node groups that its Pods run on. Left out: `platform.yaml` does not list the namespace. */
  readonly nodeGroups?: readonly string[];
  readonly parts: readonly PartOutline[];
}

/** A workload of `platform.yaml` in a namespace, or all objects of a namespace that belong to none. */
export interface PartOutline {
  /** Left out: the objects belong to no workload. */
  readonly workload?: string;
  /** Left out: the workload has no option of that name. */
  readonly version?: string;
  /** The objects that run Pods. */
  readonly running: readonly RunningObject[];
  /** All other objects. */
  readonly objects: readonly CountedObjects[];
}

/** An object that runs Pods. */
export interface RunningObject {
  readonly kind: string;
  readonly name: string;
  /** Left out: its kind has none, or an autoscaler sets it. */
  readonly replicas?: number;
}

/** Objects of one kind. */
export interface CountedObjects {
  readonly kind: string;
  readonly count: number;
}

/** What a stack creates in AWS. */
export interface StackResources {
  readonly stack: string;
  readonly resources: readonly {
    /** Terraform type: `aws_nat_gateway`. */
    readonly type: string;
    /** Terraform addresses. */
    readonly addresses: readonly string[];
    /** What tells them apart: CIDR blocks of VPCs, services of endpoints. Left out: nothing short does. */
    readonly details?: readonly string[];
  }[];
}

/** Kinds whose objects run Pods. */
const RUNS_PODS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod']);

/** By Terraform type, the attribute that tells resources apart in a word. */
const DETAIL: Readonly<Record<string, string>> = { aws_vpc: 'cidr_block', aws_vpc_endpoint: 'service_name' };

/** What the synthesized stacks create, in short. It reads whatever was written; what only Terraform knows stays an expression. */
export function platformOutline(platform: PlatformRecord, stacks: readonly Stack[]): PlatformOutline {
  const resources = stacks.map((stack) => ({
    stack,
    all: resourcesOf(stack.document, ...Object.keys(stack.document.resource ?? {})),
  }));
  const objects = resources.flatMap(({ stack, all }) => all.flatMap((each) => readObject(stack, each)));
  const [controlPlane] = resources.flatMap(({ all }) => readControlPlane(all));
  return {
    name: platform.name,
    region: platform.region,
    ...(controlPlane && { controlPlane }),
    nodeGroups: readNodeGroups(
      platform,
      stacks,
      resources.flatMap(({ all }) => all),
    ),
    namespaces: readNamespaces(platform, objects),
    clusterWide: counted(objects.filter(({ namespace }) => namespace === undefined)),
    aws: resources
      .map(({ stack, all }) => ({ stack: stack.name, resources: readAws(all) }))
      .filter((each) => each.resources.length > 0),
  };
}

function readControlPlane(resources: readonly Resource[]): ControlPlaneOutline[] {
  return resources.filter(ofType('aws_eks_cluster')).map(({ attributes }) => {
    const [network = {}] = blocksOf(attributes['vpc_config']);
    return {
      version: textOf(attributes['version']),
      publicAccess: network['endpoint_public_access'] === true ? textsOf(network['public_access_cidrs']) : [],
      addOns: resources
        .filter(ofType('aws_eks_addon'))
        .map((addOn) => textOf(addOn.attributes['addon_name']))
        .sort(),
    };
  });
}

function readNodeGroups(
  platform: PlatformRecord,
  stacks: readonly Stack[],
  resources: readonly Resource[],
): NodeGroupOutline[] {
  const zones = zonesOf(stacks, resources);
  return resources
    .filter(ofType('aws_eks_node_group'))
    .map(({ attributes }) => {
      const name = nodeGroupName(attributes);
      const [scaling = {}] = blocksOf(attributes['scaling_config']);
      return {
        name,
        zones: textsOf(attributes['subnet_ids']).map((subnet) => zones.get(subnet) ?? subnet),
        instanceTypes: textsOf(attributes['instance_types']),
        capacityType: textOf(attributes['capacity_type']),
        min: Number(scaling['min_size']),
        max: Number(scaling['max_size']),
        namespaces: Object.entries(platform.namespaces)
          .filter(([, { nodeGroups }]) => nodeGroups.includes(name))
          .map(([namespace]) => namespace),
      };
    })
    .sort((a, b) => a.zones.join().localeCompare(b.zones.join()) || a.name.localeCompare(b.name));
}

/** The zone of each subnet by the expression of its ID, of a subnet that is looked up by its name too. */
export function zonesOf(stacks: readonly Stack[], resources: readonly Resource[]): Map<string, string> {
  const zones = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const { address, attributes } of resources.filter(ofType('aws_subnet'))) {
    const zone = textOf(attributes['availability_zone']);
    const [tags = {}] = blocksOf(attributes['tags']);
    zones.set(`\${${address}.id}`, zone);
    byName.set(textOf(tags['Name']), zone);
  }
  for (const { document } of stacks) {
    const data = document['data'] as
      Readonly<Record<string, Readonly<Record<string, JsonObject>>>> | undefined;
    for (const [name, subnet] of Object.entries(data?.['aws_subnet'] ?? {})) {
      const filter = (key: string) =>
        textsOf(blocksOf(subnet['filter']).find((each) => each['name'] === key)?.['values'])[0] ?? '';
      const zone =
        textOf(subnet['availability_zone']) || filter('availability-zone') || byName.get(filter('tag:Name'));
      if (zone !== undefined) zones.set(`\${data.aws_subnet.${name}.id}`, zone);
    }
  }
  return zones;
}

/** A Kubernetes object, and whose it is. */
interface ReadObject extends RunningObject {
  readonly namespace: string | undefined;
  /** The construct below the stack that it belongs to. */
  readonly part: string;
  /** Name of the object whose replicas it sets, as an autoscaler does. */
  readonly scales: string | undefined;
}

function readObject(stack: Stack, { address, attributes }: Resource): ReadObject[] {
  const type = address.split('.')[0] ?? '';
  if (!type.startsWith('kubernetes_')) return [];
  const [object = attributes] = blocksOf(attributes['manifest']);
  const [metadata = {}] = blocksOf(object['metadata']);
  const [spec = {}] = blocksOf(object['spec']);
  const [target = {}] = blocksOf(spec['scale_target_ref']);
  const kind = KINDS[type]?.kind ?? textOf(object['kind']);
  const namespace = textOf(metadata['namespace']);
  // A manifest writes a number; a provider's attribute may be a text.
  const replicas = spec['replicas'] === undefined ? NaN : Number(spec['replicas']);
  return [
    {
      kind: kind === '' ? type : kind,
      name: textOf(metadata['name']) || textOf(metadata['generate_name']),
      namespace: kind === 'Namespace' ? textOf(metadata['name']) : namespace === '' ? undefined : namespace,
      part: partOf(stack, attributes),
      scales: textOf(target['name']) || undefined,
      ...(Number.isNaN(replicas) ? {} : { replicas }),
    },
  ];
}

/** `orders` of `dev/orders/web/Resource`, which CDKTF writes into each block. */
function partOf(stack: Stack, attributes: JsonObject): string {
  const [comment = {}] = blocksOf(attributes['//']);
  const [metadata = {}] = blocksOf(comment['metadata']);
  const [first, second = ''] = textOf(metadata['path']).split('/');
  return first === stack.name ? second : '';
}

function readNamespaces(platform: PlatformRecord, objects: readonly ReadObject[]): NamespaceOutline[] {
  const made = objects.map(({ namespace }) => namespace).filter((namespace) => namespace !== undefined);
  const names = new Set([...Object.keys(platform.namespaces), ...made]);
  return [...names].map((name) => {
    const record = platform.namespaces[name];
    const workloads = record?.workloads ?? {};
    const own = objects.filter(({ namespace, kind }) => namespace === name && kind !== 'Namespace');
    const parts = Object.entries(workloads).map(([workload, { version }]) => ({
      workload,
      ...(typeof version === 'string' && { version }),
      ...inShort(own.filter(({ part }) => part === workload)),
    }));
    const rest = inShort(own.filter(({ part }) => !(part in workloads)));
    const isEmpty = rest.running.length === 0 && rest.objects.length === 0;
    return {
      name,
      ...(record && { nodeGroups: record.nodeGroups }),
      parts: isEmpty ? parts : [...parts, rest],
    };
  });
}

function inShort(objects: readonly ReadObject[]): Pick<PartOutline, 'running' | 'objects'> {
  const scaled = new Set(objects.map(({ scales }) => scales));
  return {
    running: objects
      .filter(({ kind }) => RUNS_PODS.has(kind))
      .map(({ kind, name, replicas }) => ({
        ...{ kind, name },
        ...(replicas === undefined || scaled.has(name) ? {} : { replicas }),
      })),
    objects: counted(objects.filter(({ kind }) => !RUNS_PODS.has(kind))),
  };
}

function counted(objects: readonly ReadObject[]): CountedObjects[] {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => a.kind.localeCompare(b.kind));
}

function readAws(resources: readonly Resource[]): StackResources['resources'] {
  const own = resources.filter(({ address }) => address.startsWith('aws_'));
  return [...new Set(own.map(({ address }) => address.split('.')[0] ?? ''))].map((type) => {
    const alike = own.filter(ofType(type));
    const details = alike.map(({ attributes }) => textOf(attributes[DETAIL[type] ?? '']));
    return {
      type,
      addresses: alike.map(({ address }) => address),
      ...(type in DETAIL && { details }),
    };
  });
}

const ofType =
  (type: string) =>
  ({ address }: Resource): boolean =>
    address.startsWith(`${type}.`);
