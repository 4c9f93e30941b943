import type { ChangedObject } from './tried-edits';

const EKS = 'https://docs.aws.amazon.com/eks/latest/userguide';
const K8S = 'https://kubernetes.io/docs/concepts';
const VPC = 'https://docs.aws.amazon.com/vpc/latest';

/** Arguments whose change replaces the object: the provider's documentation calls them "forces new resource". */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  aws_eks_cluster: ['kubernetes_network_config'],
  aws_eks_node_group: ['ami_type', 'capacity_type', 'instance_types', 'subnet_ids'],
  aws_iam_role: ['path'],
  aws_s3_bucket: ['bucket'],
  aws_subnet: ['cidr_block'],
  aws_vpc: ['cidr_block'],
  aws_vpc_ipv4_cidr_block_association: ['cidr_block'],
  kubernetes_job_v1: ['metadata', 'spec'],
  kubernetes_pod_v1: ['metadata', 'spec'],
};

/** What a change of the provider's default tags is a change of. */
export const EVERY_RESOURCE = 'every AWS resource';

/** Whether a change of arguments replaces the object. */
export const replaces = (type: string, changed: readonly string[]): boolean =>
  changed.some((each) => REPLACING[type]?.includes(each));

/** Arguments of Terraform itself: the order, and what Terraform refuses. Nothing in AWS or in the cluster changes. */
const OF_TERRAFORM = ['depends_on', 'lifecycle'];

/** What Terraform does to an object. */
export function doneTo({ type, action, arguments: changed }: ChangedObject): string {
  if (action !== 'change') return action === 'create' ? 'creates' : 'destroys';
  if (changed.every((each) => OF_TERRAFORM.includes(each))) return 'keeps';
  return replaces(type, changed) ? 'replaces' : 'changes';
}

/** What of the running platform notices a change, for how long on AWS, and where that is written. */
interface Notice {
  /** `<what Terraform does> <type> <argument>`. */
  readonly of: RegExp;
  readonly text: string;
  readonly source: string;
}

/** In the order of their weight: a row has the first of each text. */
const NOTICES: readonly Notice[] = [
  {
    of: /^replaces aws_iam_role /,
    text: 'programs with the role, if it were done: the guard stops it',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  },
  {
    of: /^replaces aws_(vpc|subnet|vpc_ipv4_cidr_block_association|eks_cluster) /,
    text: 'everything that runs, if it were done: the plan refuses it or the guard stops it',
    source: `${EKS}/network-reqs.html`,
  },
  {
    of: /^replaces aws_eks_node_group /,
    text: 'Pods of the group: its successor is ready first, after 2 to 5 minutes. Then EKS drains the old nodes for some minutes, and ends them also where a PodDisruptionBudget forbids it',
    source: `${EKS}/delete-managed-node-group.html`,
  },
  {
    of: /^destroys aws_eks_node_group /,
    text: 'Pods of the group: EKS drains the nodes for some minutes, and then ends them also where a PodDisruptionBudget forbids it',
    source: `${EKS}/delete-managed-node-group.html`,
  },
  {
    of: /^changes aws_launch_template |^changes aws_eks_node_group (version|release_version)$/,
    text: 'Pods on the nodes: EKS replaces maxUnavailable nodes at a time, within PodDisruptionBudgets: minutes for each node',
    source: `${EKS}/managed-node-update-behavior.html`,
  },
  {
    of: /^changes aws_eks_node_group taint$/,
    text: 'Pods that do not tolerate the taint: EKS sets it on running nodes, and NoExecute evicts them',
    source: `${EKS}/node-taints-managed-node-groups.html`,
  },
  {
    of: /^changes aws_eks_node_group (labels|scaling_config|update_config|node_repair_config)$/,
    text: 'no running Pod, unless fewer nodes are wanted: EKS drains those that go',
    source: `${EKS}/update-managed-node-group.html`,
  },
  {
    of: /^creates aws_(eks_node_group|launch_template) /,
    text: 'nothing; the nodes are ready after 2 to 5 minutes',
    source: `${EKS}/create-managed-node-group.html`,
  },
  {
    of: /^changes aws_eks_cluster version$/,
    text: 'the API server, for seconds at each change of an instance; about 10 minutes in all',
    source: `${EKS}/update-cluster.html`,
  },
  {
    of: /^changes aws_eks_cluster vpc_config$/,
    text: 'clients of the API server that the new setting shuts out, after some minutes',
    source: `${EKS}/cluster-endpoint.html`,
  },
  { of: /^changes aws_eks_cluster zonal_shift_config$/, text: 'nothing', source: `${EKS}/zone-shift.html` },
  {
    of: /^changes aws_eks_addon /,
    text: 'Pods of the add-on, one after the other: minutes; running connections stay',
    source: `${EKS}/updating-an-add-on.html`,
  },
  {
    of: /^destroys aws_eks_addon /,
    text: 'what the add-on served, from then on',
    source: `${EKS}/removing-an-add-on.html`,
  },
  { of: /^creates aws_eks_addon /, text: 'nothing', source: `${EKS}/creating-an-add-on.html` },
  {
    of: /^(creates|destroys) aws_eks_(access|pod_identity)/,
    text: 'the IAM principal or the ServiceAccount that is named, after seconds',
    source: `${EKS}/access-entries.html`,
  },
  {
    of: /^(creates|destroys|changes) aws_iam_/,
    text: 'programs with the role, after seconds: IAM is eventually consistent',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html',
  },
  {
    of: /^changes aws_route /,
    text: 'open connections through the old NAT gateway, which end; new ones work at once',
    source: `${VPC}/userguide/nat-gateway-troubleshooting.html`,
  },
  {
    of: /^destroys aws_(route|nat_gateway|eip|subnet) /,
    text: 'traffic that leaves the VPC through it, from then on; a deleted NAT gateway stays visible for an hour',
    source: `${VPC}/userguide/nat-gateway-working-with.html`,
  },
  {
    of: /^(creates|changes) aws_(route|route_table|route_table_association|nat_gateway|eip|subnet|vpc_ipv4_cidr_block_association) /,
    text: 'nothing; a NAT gateway takes 1 to 2 minutes',
    source: `${VPC}/userguide/nat-gateway-working-with.html`,
  },
  {
    of: /^(creates|destroys|changes) aws_(vpc_endpoint|security_group) /,
    text: 'new connections to the service, which take the other way; minutes for the names in DNS',
    source: `${VPC}/privatelink/create-interface-endpoint.html`,
  },
  {
    of: /^changes every AWS resource /,
    text: 'nothing that runs: AWS changes tags in place',
    source: 'https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html',
  },
  {
    of: /^changes aws_cloudwatch_log_group retention_in_days$/,
    text: 'no Pod; CloudWatch Logs deletes events that are older than a shorter retention within 72 hours',
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  },
  {
    of: /^(creates|changes|destroys|replaces) aws_ecr_pull/,
    text: 'no Pod; images that are pulled from then on',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html',
  },
  {
    of: /^(creates|changes|destroys|replaces) aws_(cloudwatch_log_group|cloudwatch_event|prometheus|sqs_queue|s3_bucket)/,
    text: 'no Pod; what is stored and sent from then on',
    source:
      'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
  },
  {
    of: /^(creates|changes|destroys) aws_(secretsmanager|ssm|efs|s3_bucket)/,
    text: 'Pods that read it, when they start',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html',
  },
  {
    of: /^replaces kubernetes_(pod|job)_v1 /,
    text: 'a Service with this Pod alone, for the start of a Pod: Terraform deletes the Pod or Job and creates it',
    source: `${K8S}/workloads/pods/`,
  },
  {
    of: /^(changes|destroys|creates) kubernetes_stateful_set_v1 /,
    text: 'Pods of StatefulSets, one after the other: a single Pod is down for the start of a Pod',
    source: `${K8S}/workloads/controllers/statefulset/`,
  },
  {
    of: /^changes kubernetes_(deployment|daemon_set|cron_job)_v1 |^changes kubernetes_manifest /,
    text: 'Pods, in a rolling update within maxUnavailable; a change of labels alone replaces none',
    source: `${K8S}/workloads/controllers/deployment/`,
  },
  {
    of: /^changes kubernetes_(resource_quota|namespace)_v1 /,
    text: 'Pods that are created from then on; running ones stay',
    source: `${K8S}/policy/resource-quotas/`,
  },
  {
    of: /^changes kubernetes_ingress_v1 /,
    text: 'clients of the old hostname, after seconds: the controller has reconciled then',
    source: `${K8S}/services-networking/ingress/`,
  },
  {
    of: /^destroys kubernetes_/,
    text: 'what used the removed objects',
    source: `${K8S}/workloads/pods/pod-lifecycle/`,
  },
  {
    of: /^(creates|changes) kubernetes_/,
    text: 'nothing that runs',
    source: `${K8S}/overview/working-with-objects/`,
  },
  {
    of: /^(creates|changes|destroys) helm_release /,
    text: 'Pods of the chart; what AWS has for its Ingresses stays',
    source: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/',
  },
  {
    of: /^destroys aws_(launch_template|route_table|route_table_association|vpc_ipv4|kms|iam)/,
    text: 'nothing that still runs',
    source: `${EKS}/launch-templates.html`,
  },
];

/** What notices a change of objects. @throws when no notice is about one of them */
export function noticedOf(objects: readonly ChangedObject[]): readonly Pick<Notice, 'text' | 'source'>[] {
  const found = objects.flatMap((object) => {
    const does = doneTo(object);
    if (does === 'keeps') return [];
    const changed = object.arguments.filter((each) => !OF_TERRAFORM.includes(each));
    return (changed.length === 0 ? [''] : changed).map((argument) => {
      const change = `${does} ${object.type} ${argument}`;
      const place = NOTICES.findIndex(({ of }) => of.test(change));
      if (place < 0) throw new Error(`no notice is about: ${change}`);
      return place;
    });
  });
  // The heaviest ones say enough.
  return [...new Set(found)]
    .sort((a, b) => a - b)
    .slice(0, 3)
    .flatMap((place) => NOTICES[place] ?? []);
}
