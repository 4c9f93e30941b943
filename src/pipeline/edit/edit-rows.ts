import { isDeepStrictEqual } from 'node:util';
import { OUTLIVING_IN_AWS, OUTLIVING_IN_KUBERNETES } from '../../facts/outliving-types';
import { POD_TEMPLATES } from '../../facts/pod-templates';
import { blocksOf, textOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import { KINDS, MANIFEST } from '../../manifests/kinds';
import { nodeGroupName } from '../../manifests/node-group-name';
import type { JsonObject, TerraformDocument } from '../../manifests/terraform-document';
import { kubernetesObject } from '../guard/change/kubernetes-change';
import { hasZonalVolumes, storedObjects, writtenSpec, type StoredResource } from './stored-objects';

/** What an edit of platform.yaml does to what runs. */
export type Effect = 'refused' | 'outage' | 'loss' | 'restart' | 'partial';

/** How an argument, or an object, is not as it was applied. `any`: whatever is not. */
export type Comparison = 'any' | 'changed' | 'lower' | 'more' | 'off' | 'added' | 'removed';

/** An object as it was applied and as it is declared. */
export interface EditedObject {
  readonly stack: string;
  readonly address: string;
  /** Undefined for what does not exist yet. */
  readonly before?: JsonObject;
  /** Undefined for what is declared no more. */
  readonly after?: JsonObject;
  /** Whether Terraform would delete it before what depends on it has changed. */
  readonly goesBeforeUse: boolean;
}

/** All stacks as they were applied, and as they are declared. */
export interface Edit {
  readonly stored: ReadonlyMap<string, readonly StoredResource[]>;
  readonly documents: ReadonlyMap<string, TerraformDocument>;
}

/** One effect of an edit: which change of which argument has it, in the words of platform.yaml. */
export interface EditRow {
  readonly code: string;
  /** Key of platform.yaml. `<name>` stands for the name that the object has there. */
  readonly key: string;
  readonly effect: Effect;
  /** Terraform type, or several. */
  readonly type: string | readonly string[];
  /** Argument, with blocks as `vpc_config.subnet_ids`, or several. @default - the object itself */
  readonly argument?: string | readonly string[];
  readonly change: Comparison;
  /** Value of an argument that is not written. @default - such an argument is not compared */
  readonly unset?: string;
  /** Which objects the row is about. @default - all of the type */
  readonly only?: (object: EditedObject, edit: Edit) => boolean;
  /** What happens. */
  readonly says: string;
  /** How to get there, or what to do before. */
  readonly remedy: string;
}

const ANOTHER = 'Change it back, or add another platform with the value and move what runs to it';

/** The types of objects with a Pod template. */
const RUNS_PODS = [
  ...Object.keys(KINDS).filter((type) =>
    [...Object.keys(POD_TEMPLATES), 'Pod'].includes(KINDS[type]?.kind ?? ''),
  ),
  MANIFEST,
];

const GOES_BEFORE_USE =
  'the state of <address> was saved without its order of deletion: Terraform would delete the object while what remains still uses it';
const APPLY_FIRST = 'Apply once without its removal, which saves the order. Then plan the removal again';

const REPLACED_GROUP =
  'EKS keeps this of a node group: Terraform creates a second one, waits until its nodes are ready, and deletes the first. ' +
  'EKS drains the old nodes for some minutes, and then ends them also where a PodDisruptionBudget forbids it. A workload with a single Pod is down for the start of a Pod';
const TWICE =
  'Both groups run meanwhile: check that the quotas of EC2 and the addresses of the subnet have room for twice the nodes';

/** In the order in which they are printed. */
export const EDIT_ROWS: readonly EditRow[] = [
  {
    ...{ code: 'vpc-range', key: 'network.cidr', effect: 'refused' },
    ...{ type: 'aws_vpc', argument: 'cidr_block', change: 'changed' },
    says: 'AWS keeps the first range of a VPC: Terraform would replace the VPC with all that is in it',
    remedy: `${ANOTHER}. For more addresses of Pods, set network.secondaryCidr`,
  },
  {
    ...{ code: 'service-range', key: 'cluster.serviceCidr', effect: 'refused' },
    ...{
      type: 'aws_eks_cluster',
      argument: 'kubernetes_network_config.service_ipv4_cidr',
      change: 'changed',
    },
    says: 'EKS keeps the range of a cluster: Terraform would replace the cluster with all that runs in it',
    remedy: ANOTHER,
  },
  {
    ...{ code: 'role-path', key: 'iam.path', effect: 'refused' },
    ...{ type: 'aws_iam_role', argument: 'path', change: 'changed', unset: '/' },
    says: 'IAM keeps the path of a role: Terraform would replace the role of the cluster, and the cluster with it',
    remedy: ANOTHER,
    only: ({ address }) => address === 'aws_iam_role.eks_role',
  },
  {
    ...{ code: 'cluster-zones', key: 'cluster.zones', effect: 'refused' },
    ...{ type: 'aws_eks_cluster', argument: 'vpc_config.subnet_ids', change: 'any', only: changesZones },
    says: 'EKS takes subnets of the zones that the cluster was created with, and refuses others',
    remedy:
      'Change it back. To add a zone to network.zones only, write the zones of the cluster in cluster.zones',
  },
  {
    ...{ code: 'zone-in-use', key: 'network.zones', effect: 'refused' },
    ...{ type: 'aws_subnet', change: 'removed' },
    only: isUsedElsewhere,
    says: 'the subnet <name> is deleted before what other stacks have in it: network interfaces of EKS, nodes, mount targets. AWS refuses it after 20 minutes',
    remedy: 'Keep the zone in network.zones. Node groups may leave it',
  },
  {
    ...{ code: 'pod-range-removed', key: 'network.secondaryCidr', effect: 'refused' },
    ...{ type: 'aws_vpc_ipv4_cidr_block_association', change: 'removed' },
    says: 'the subnets of the Pods are deleted while Pods have addresses in them, which AWS refuses after 20 minutes',
    remedy: ANOTHER,
  },
  {
    ...{ code: 'pod-range-changed', key: 'network.secondaryCidr', effect: 'refused' },
    ...{ type: 'aws_vpc_ipv4_cidr_block_association', argument: 'cidr_block', change: 'changed' },
    says: 'Terraform would replace the range with its subnets, which AWS refuses while Pods have addresses in them',
    remedy: ANOTHER,
  },
  {
    ...{ code: 'load-balancers-left', key: 'cluster.controllers.loadBalancer', effect: 'refused' },
    ...{ type: 'aws_iam_role', change: 'removed' },
    only: ({ address }, edit) => address.includes('.load_balancer_controller') && hasLoadBalancers(edit),
    says: 'the controller goes before its Ingresses and Services of type LoadBalancer, and their load balancers stay in AWS',
    remedy: 'Remove these from the workloads first, and apply. Then turn the controller off',
  },
  {
    ...{ code: 'order-not-saved', key: '<name>', effect: 'refused' },
    ...{ type: OUTLIVING_IN_AWS, change: 'removed' },
    only: ({ goesBeforeUse }) => goesBeforeUse,
    ...{ says: GOES_BEFORE_USE, remedy: APPLY_FIRST },
  },
  {
    ...{ code: 'public-access-off', key: 'cluster.publicAccess', effect: 'outage' },
    ...{ type: 'aws_eks_cluster', argument: 'vpc_config.endpoint_public_access', change: 'off' },
    says: 'only what is in the VPC reaches the API server: kubectl and the jobs of the pipeline elsewhere lose it, this apply too',
    remedy: 'Apply from a runner in the VPC, or keep the range of this one',
  },
  {
    ...{ code: 'last-admin', key: 'cluster.admins', effect: 'outage' },
    ...{ type: 'aws_eks_access_policy_association', change: 'removed' },
    only: ({ address }, { documents }) =>
      isAdmin(address) &&
      [...documents.values()]
        .flatMap(({ resource }) => Object.keys(resource?.['aws_eks_access_policy_association'] ?? {}))
        .filter(isAdmin).length <= 1,
    says: 'one principal is left with all rights in the cluster: if its role is deleted, no user gets in with them',
    remedy: 'Keep a second admin',
  },
  {
    ...{ code: 'internet-removed', key: 'network.nat', effect: 'outage' },
    ...{ type: 'aws_route', change: 'removed' },
    only: ({ before }, edit) => typeof before?.['nat_gateway_id'] === 'string' && keepsItsZones(edit),
    says: 'Pods and nodes of the zone no longer reach the internet',
    remedy: 'Check that they reach all that they need by endpoints, images too',
  },
  {
    ...{ code: 'used-object-removed', key: '<name>', effect: 'outage' },
    ...{ type: OUTLIVING_IN_KUBERNETES, change: 'removed' },
    only: ({ goesBeforeUse }) => goesBeforeUse,
    says: GOES_BEFORE_USE,
    remedy: `${APPLY_FIRST}. For a resource of your own, set create_before_destroy in its lifecycle before`,
  },
  {
    ...{ code: 'node-group-removed', key: 'nodes.<name>', effect: 'outage' },
    ...{ type: 'aws_eks_node_group', change: 'removed' },
    says: 'its Pods are evicted. EBS volumes stay in its zone: without another node group there, their Pods stay Pending',
    remedy: 'A rename is a new node group: add it, move the namespaces, apply, and then remove the old one',
  },
  {
    ...{ code: 'node-group-replaced', key: 'nodes.<name>', effect: 'restart' },
    ...{
      type: 'aws_eks_node_group',
      argument: ['instance_types', 'capacity_type', 'ami_type'],
      change: 'changed',
    },
    ...{ says: REPLACED_GROUP, remedy: TWICE },
  },
  {
    ...{ code: 'node-group-moved', key: 'nodes.<name>.zone', effect: 'outage' },
    ...{ type: 'aws_eks_node_group', argument: 'subnet_ids', change: 'any', only: changesZones },
    says: `${REPLACED_GROUP}. EBS volumes stay in the old zone: without another node group there, their Pods stay Pending`,
    remedy: `${TWICE}. For EBS volumes, keep a node group of the old zone in the namespace, or move the data to another zone first`,
  },
  {
    ...{ code: 'nodes-tagged', key: 'tags', effect: 'restart' },
    ...{ type: 'aws_launch_template', argument: 'tag_specifications.tags', change: 'changed' },
    says:
      'EC2 takes the tags of nodes and their volumes from the launch template: EKS replaces all nodes, some at a time, within PodDisruptionBudgets. ' +
      'A workload with a single Pod is down for the start of a Pod',
    remedy: 'Apply it when that is acceptable',
  },
  {
    ...{ code: 'taint-added', key: 'nodes.<name>.taints', effect: 'outage' },
    ...{ type: 'aws_eks_node_group', argument: 'taint', change: 'more' },
    says: 'Pods that do not tolerate the taint are no longer scheduled there. NoExecute evicts those that run',
    remedy: 'Give the workloads of its namespaces the toleration first, and apply',
  },
  {
    ...{ code: 'namespace-leaves-zone', key: 'namespaces.<name>.nodes', effect: 'outage' },
    ...{ type: RUNS_PODS, change: 'any' },
    only: leavesZone,
    says: 'EBS volumes stay in the zone of the removed node group. A Pod that has one there stays Pending, and the apply fails',
    remedy:
      'Keep a node group of the zone in the namespace, or move the data to a claim in another zone first',
  },
  {
    ...{ code: 'address-lost', key: 'network.nat', effect: 'loss' },
    ...{ type: 'aws_eip', change: 'removed' },
    says: 'the public address <name> is released, and AWS does not return it',
    remedy: 'Change the lists that allow the address first',
  },
  {
    ...{ code: 'logs-kept-shorter', key: 'cluster.logRetentionDays', effect: 'loss' },
    ...{ type: 'aws_cloudwatch_log_group', argument: 'retention_in_days', change: 'lower' },
    says: 'CloudWatch Logs deletes older events within 72 hours',
    remedy: 'Export them first if you need them',
  },
  {
    ...{ code: 'pod-range-added', key: 'network.secondaryCidr', effect: 'partial' },
    ...{ type: 'aws_vpc_ipv4_cidr_block_association', change: 'added' },
    says: 'nodes that run keep the addresses of their Pods in network.cidr',
    remedy:
      'Replace the nodes after the apply: raise the version of each node group, or move its Pods to a new node group',
  },
];

const keepsItsZones = ({ stored, documents }: Edit): boolean =>
  Object.keys(documents.get('network')?.resource?.['aws_subnet'] ?? {}).length >=
  (stored.get('network') ?? []).filter(({ type }) => type === 'aws_subnet').length;

/**
 * Whether an object is in other zones than before. Its subnets are IDs in a state, and names of data sources, which end with the zone's
 * letter, in a document. What cannot be read is no change.
 */
function changesZones({ before, after }: EditedObject, { stored }: Edit): boolean {
  const text = JSON.stringify(before);
  const was = new Set(
    (stored.get('network') ?? [])
      .filter(
        ({ type, attributes }) => type === 'aws_subnet' && text.includes(JSON.stringify(attributes['id'])),
      )
      .map(({ attributes }) => textOf(attributes['availability_zone']).slice(-1)),
  );
  const is = new Set(
    [...JSON.stringify(after).matchAll(/\$\{data\.aws_subnet\.\w+_([a-f])\.id\}/g)].map(
      ([, letter = '']) => letter,
    ),
  );
  return was.size > 0 && is.size > 0 && !isDeepStrictEqual([...was].sort(), [...is].sort());
}

const isAdmin = (address: string): boolean => address.endsWith('_AmazonEKSClusterAdminPolicy');

/** Whether an object of another stack names the ID of an object. */
function isUsedElsewhere({ stack, before }: EditedObject, { stored }: Edit): boolean {
  const id = JSON.stringify(before?.['id']);
  return [...stored].some(
    ([name, resources]) =>
      name !== stack && JSON.stringify(resources.map(({ attributes }) => attributes)).includes(id),
  );
}

/** The class of the controller's Ingresses; one without a class is the default's. */
const ALB_CLASS = 'alb';

function hasLoadBalancers({ stored, documents }: Edit): boolean {
  const declared = [...documents.values()].flatMap(({ resource = {} }) =>
    Object.entries(resource).flatMap(([type, named]) =>
      Object.values(named).map((attributes) => ({ type, attributes })),
    ),
  );
  return [...[...stored.values()].flat(), ...declared].some(({ type, attributes }) => {
    const { manifest } = attributes;
    const kind = type === MANIFEST && isObject(manifest) ? textOf(manifest['kind']) : KINDS[type]?.kind;
    return blocksOf((isObject(manifest) ? manifest : attributes)['spec']).some((spec) =>
      kind === 'Ingress'
        ? ['', ALB_CLASS].includes(textOf(spec['ingress_class_name'] ?? spec['ingressClassName']))
        : kind === 'Service' && spec['type'] === 'LoadBalancer',
    );
  });
}

/** Whether a workload with volumes of one zone loses the last of its node groups in a zone. */
function leavesZone({ address, before, after }: EditedObject, { documents, stored }: Edit): boolean {
  const zones = new Map(
    Object.values(documents.get('cluster')?.resource?.['aws_eks_node_group'] ?? {}).map((group) => [
      nodeGroupName(group),
      JSON.stringify(group['subnet_ids']),
    ]),
  );
  const zonesOf = (values: JsonObject | undefined): Set<string> => {
    const text = JSON.stringify(blocksOf(writtenSpec(values)));
    return new Set([...zones].filter(([name]) => text.includes(`"${name}"`)).map(([, zone]) => zone));
  };
  const left = zonesOf(after);
  if ([...zonesOf(before)].every((zone) => left.has(zone))) return false;
  const workload = kubernetesObject(address.split('.')[0] ?? '', before ?? {});
  return workload !== undefined && hasZonalVolumes(workload, storedObjects([...stored.values()].flat()));
}
