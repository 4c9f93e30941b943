/** Why the loss of an object is stopped. */
export interface Loss {
  /** What it is: `VPC`. */
  readonly noun: string;
  /** What is lost with it, after a comma: `with all that is in it`. */
  readonly cost: string;
  /** Stopped only while something uses it; the cost is then what uses it. */
  readonly ifUsed?: 'by Pods' | 'by claims';
  /** Others reach something by it, and it holds nothing itself: one whose creation did not end is lost without a loss. */
  readonly carries?: true;
}

const NOTHING = 'nothing';

/** `nothing`: Terraform recreates the object from the code without loss. */
type Losses = Readonly<Record<string, Loss | typeof NOTHING>>;

const ROUTES = 'by which a subnet reaches what is outside it';

/** What is lost with a resource of AWS, by Terraform type: every type that the program's constructs make. */
export const AWS_LOSSES: Losses = {
  aws_cloudwatch_event_rule: NOTHING,
  aws_cloudwatch_event_target: NOTHING,
  aws_cloudwatch_log_group: { noun: 'log group', cost: 'with all logs in it' },
  aws_db_instance: { noun: 'RDS database', cost: 'with all data in it' },
  aws_db_parameter_group: NOTHING,
  aws_db_subnet_group: NOTHING,
  aws_default_security_group: NOTHING,
  aws_ecr_pull_through_cache_rule: {
    noun: 'rule of the image cache',
    cost: 'by which nodes pull images',
    carries: true,
  },
  aws_efs_access_point: {
    noun: 'EFS access point',
    cost: 'by which Pods reach their shared files',
    carries: true,
  },
  // Without it no backups are made, which is the concern of the rule on protections.
  aws_efs_backup_policy: NOTHING,
  aws_efs_file_system: { noun: 'EFS file system', cost: 'with all files in it' },
  // What it refuses is the concern of the rule on rights.
  aws_efs_file_system_policy: NOTHING,
  aws_efs_mount_target: {
    noun: 'EFS mount target',
    cost: 'by which the Pods of a zone reach their shared files',
    carries: true,
  },
  aws_eip: {
    noun: 'public address',
    cost: 'which others may have let through and which AWS does not give again',
    carries: true,
  },
  aws_eks_access_entry: NOTHING,
  aws_eks_access_policy_association: NOTHING,
  aws_eks_addon: { noun: 'add-on', cost: 'on which Pods of the whole cluster depend', carries: true },
  aws_eks_cluster: { noun: 'EKS cluster', cost: 'with all that runs in it' },
  aws_eks_node_group: { noun: 'node group', cost: 'on which Pods run', ifUsed: 'by Pods', carries: true },
  aws_eks_pod_identity_association: NOTHING,
  aws_flow_log: NOTHING,
  aws_iam_instance_profile: NOTHING,
  aws_iam_openid_connect_provider: {
    noun: 'OpenID Connect provider',
    cost: 'by which the jobs of the pipeline sign in',
    carries: true,
  },
  aws_iam_policy: NOTHING,
  aws_iam_role: NOTHING,
  aws_iam_role_policy: NOTHING,
  aws_iam_role_policy_attachment: NOTHING,
  aws_internet_gateway: {
    noun: 'internet gateway',
    cost: 'through which the VPC reaches the internet',
    carries: true,
  },
  aws_kms_alias: NOTHING,
  aws_kms_key: { noun: 'KMS key', cost: 'without which nothing that it has encrypted can be read again' },
  aws_launch_template: NOTHING,
  aws_nat_gateway: {
    noun: 'NAT gateway',
    cost: 'through which private subnets reach the internet',
    carries: true,
  },
  aws_prometheus_scraper: NOTHING,
  aws_prometheus_workspace: { noun: 'Prometheus workspace', cost: 'with all metrics in it' },
  aws_route: { noun: 'route', cost: ROUTES, carries: true },
  aws_route_table: { noun: 'route table', cost: ROUTES, carries: true },
  aws_route_table_association: { noun: 'association of a route table', cost: ROUTES, carries: true },
  aws_s3_bucket: { noun: 'S3 bucket', cost: 'with all objects in it' },
  aws_s3_bucket_lifecycle_configuration: NOTHING,
  aws_s3_bucket_ownership_controls: NOTHING,
  aws_s3_bucket_policy: NOTHING,
  aws_s3_bucket_public_access_block: NOTHING,
  aws_s3_bucket_server_side_encryption_configuration: NOTHING,
  aws_s3_bucket_versioning: NOTHING,
  aws_secretsmanager_secret: { noun: 'secret of Secrets Manager', cost: 'with its value' },
  // AWS keeps the current version for as long as the secret is there.
  aws_secretsmanager_secret_version: NOTHING,
  aws_security_group: NOTHING,
  aws_sns_topic: { noun: 'SNS topic', cost: 'with its subscriptions' },
  aws_sqs_queue: { noun: 'SQS queue', cost: 'with all messages in it' },
  aws_sqs_queue_policy: NOTHING,
  aws_ssm_parameter: NOTHING,
  aws_subnet: { noun: 'subnet', cost: 'with all that has an address in it' },
  aws_vpc: { noun: 'VPC', cost: 'with all that is in it' },
  aws_vpc_endpoint: {
    noun: 'VPC endpoint',
    cost: 'through which nodes and Pods reach a service of AWS',
    carries: true,
  },
  aws_vpc_ipv4_cidr_block_association: { noun: 'range of the VPC', cost: 'with the addresses of its Pods' },
  aws_vpc_security_group_egress_rule: NOTHING,
  aws_vpc_security_group_ingress_rule: NOTHING,
  helm_release: { noun: 'Helm release', cost: 'with all objects that its chart has made' },
  terraform_data: NOTHING,
};

/** What is lost with an object of Kubernetes, by kind: every kind that Kubernetes knows by itself and that can be declared. */
export const KUBERNETES_LOSSES: Losses = {
  CSIDriver: NOTHING,
  ClusterRole: NOTHING,
  ClusterRoleBinding: NOTHING,
  ConfigMap: NOTHING,
  CronJob: NOTHING,
  CustomResourceDefinition: { noun: 'CustomResourceDefinition', cost: 'with all objects of its kind' },
  DaemonSet: NOTHING,
  Deployment: NOTHING,
  EndpointSlice: NOTHING,
  Endpoints: NOTHING,
  HorizontalPodAutoscaler: NOTHING,
  Ingress: NOTHING,
  IngressClass: NOTHING,
  Job: NOTHING,
  LimitRange: NOTHING,
  MutatingAdmissionPolicy: NOTHING,
  MutatingAdmissionPolicyBinding: NOTHING,
  Namespace: { noun: 'Namespace', cost: 'with all that runs and is kept in it' },
  NetworkPolicy: NOTHING,
  PersistentVolume: { noun: 'PersistentVolume', cost: 'by which a claim finds its data', carries: true },
  PersistentVolumeClaim: { noun: 'PersistentVolumeClaim', cost: 'with the data of its volume' },
  Pod: NOTHING,
  PodDisruptionBudget: NOTHING,
  PriorityClass: NOTHING,
  ReplicaSet: NOTHING,
  ResourceQuota: NOTHING,
  Role: NOTHING,
  RoleBinding: NOTHING,
  RuntimeClass: NOTHING,
  Secret: NOTHING,
  Service: NOTHING,
  ServiceAccount: NOTHING,
  StatefulSet: { noun: 'StatefulSet', cost: 'with its Pods, and with what keeps their data' },
  StorageClass: {
    noun: 'StorageClass',
    cost: 'without which claims get no volume',
    ifUsed: 'by claims',
    carries: true,
  },
  ValidatingAdmissionPolicy: NOTHING,
  ValidatingAdmissionPolicyBinding: NOTHING,
};

/**
 * What is lost with an object, or undefined for one that is made again from the code as it was. Of a type that no table knows
 * no table says that nothing is lost with it.
 *
 * @param kind the Kubernetes kind, of an object that is one
 */
export function lossOf(type: string, kind: string | undefined): Loss | undefined {
  // Every namespace has this account, and gets it back at once.
  if (type === 'kubernetes_default_service_account_v1') return undefined;
  const [table, name] = kind === undefined ? [AWS_LOSSES, type] : [KUBERNETES_LOSSES, kind];
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  return known === NOTHING
    ? undefined
    : (known ?? { noun: name, cost: 'of which the guard does not know what is lost with it' });
}
