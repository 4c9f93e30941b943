/** A platform with every option of platform.yaml that makes something in AWS, and with the roles of its pipeline. */
export const EVERY_OPTION = `name: seed
region: eu-west-1
account: '111122223333'
state: { bucket: seed-111122223333-state, region: eu-west-1 }
imageRegistry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop
images:
  cache: true
  mirrors: { docker.io: registry.example.com/docker-hub }
  reachable: [registry.example.com]
tags: { CostCenter: '4711', team: checkout }
pipeline: { repository: acme/platform, ownerId: 123456, repositoryId: 7890, oidcProvider: create, maxChanges: 200 }
iam:
  boundary: { allow: [{ actions: [bedrock:InvokeModel], resources: ['*'] }] }
  path: /platform/
protect: false
network:
  cidr: 10.0.0.0/16
  secondaryCidr: 100.64.0.0/16
  zones: [a, b, c]
  nat: single
  prefixDelegation: true
  endpoints: [ec2, ecr.api, ecr.dkr, eks, eks-auth, email-smtp, logs, sts]
  controlPlaneSubnets: true
cluster:
  version: '1.36'
  admins: [arn:aws:iam::111122223333:role/platform-admin]
  viewers: [arn:aws:iam::111122223333:role/support]
  pipelines: [arn:aws:iam::111122223333:role/deployer]
  publicAccess: []
  serviceCidr: 10.100.0.0/16
  logRetentionDays: 30
  zones: [a, b]
  zonalShift: true
  addOns:
    eks-pod-identity-agent: { version: default }
    vpc-cni: { version: default }
    kube-proxy: { version: default }
    coredns: { version: default }
    snapshot-controller: { version: default }
    aws-ebs-csi-driver: { version: default, policy: cluster }
    aws-efs-csi-driver: { version: default }
    metrics-server: { version: default }
    eks-node-monitoring-agent: { version: default }
    kube-state-metrics: { version: default }
    amazon-cloudwatch-observability: { version: default }
  controllers:
    loadBalancer: true
    chartRepository: https://charts.example.com
    karpenter: true
    devicePlugins: true
    externalDns: { zones: [Z0123456789ABC] }
  sessionManager: true
  metrics: managed-prometheus
nodes:
  node-1:
    { zone: a, instanceTypes: [m7i.large], min: 1, max: 3, release: tracked, taints: [{ key: dedicated, value: batch, effect: PreferNoSchedule }] }
  node-2: { zone: b, instanceTypes: [m7i.large, m6i.large], min: 1, max: 3, capacity: spot, os: bottlerocket, repair: false }
  node-3:
    zone: c
    instanceTypes: [m7g.large]
    min: 1
    max: 4
    desired: 2
    scaling: autoscaler
    diskGiB: 60
    maxUnavailable: 50%
    labels: { tier: web }
    kubelet:
      maxPods: 60
      kubeReserved: { cpu: 100m, memory: 600Mi, ephemeral-storage: 1Gi }
      systemReserved: { cpu: 100m, memory: 200Mi, ephemeral-storage: 1Gi }
      evictionHard:
        memory.available: 200Mi
        nodefs.available: 10%
        nodefs.inodesFree: 5%
        imagefs.available: 15%
        imagefs.inodesFree: 5%
        pid.available: 10%
      imageGCHighThresholdPercent: 80
      imageGCLowThresholdPercent: 70
      containerLogMaxSize: 20Mi
      containerLogMaxFiles: 3
      podPidsLimit: 4096
  node-gpu: { zone: a, instanceTypes: [g6.xlarge], min: 1, max: 2 }
namespaces:
  dev:
    nodes: [node-1, node-2, node-3]
    podSecurity: restricted
    adopt: false
    quota: { cpu: '8', memory: 16Gi, pods: 60 }
    teams: { arn:aws:iam::111122223333:role/developers: edit }
    workloads:
      storefront: { version: 1.4.0, replicas: 2, host: shop.example.com, debug: true, loginRevision: 1 }
      orders: { version: 2.1.0, replicas: 2, host: orders.example.com }
  prod: { nodes: [node-1, node-2], workloads: { storefront: { version: 1.3.2 }, orders: { version: 2.0.3 } } }
`;

/** What that platform is changed to in place: keys of platform.yaml with their new values. */
export const CHANGES: readonly (readonly [key: string, value: unknown])[] = [
  ['images.cache', false],
  ['tags', { CostCenter: '4712' }],
  ['network.nat', 'per-zone'],
  ['network.endpoints', ['ec2', 'sts', 'sqs']],
  ['cluster.viewers', ['arn:aws:iam::111122223333:role/auditors']],
  ['cluster.publicAccess', ['203.0.113.0/24']],
  ['cluster.logRetentionDays', 60],
  ['cluster.controllers.karpenter', false],
  ['cluster.sessionManager', false],
  ['nodes.node-1.max', 4],
  ['nodes.node-1.labels', { tier: 'batch' }],
  ['nodes.node-3.diskGiB', 80],
  ['namespaces.dev.workloads.storefront.loginRevision', 2],
];

/** Keys that neither has, with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  extends: 'names another file, which has these keys',
  'pipeline.otherPlatforms': 'denies the roles what is of another platform, which the account does not have',
  'pipeline.exceptions': 'only the guard reads them: nothing in AWS differs',
  'pipeline.providers': 'only the check of what runs reads them: nothing in AWS differs',
  'pipeline.classes': 'only the guard reads them: nothing in AWS differs',
  checks: 'only the checks read it: nothing in AWS differs',
  'iam.permissionsBoundary': 'excludes iam.boundary, whose policy the pipeline’s stack has',
};
