import type { Document } from 'yaml';

/** How one key of platform.yaml is edited. */
export interface KeyEdit {
  /** Two values that differ from each other and from what holds without the key. */
  readonly values: readonly [unknown, unknown];
  /** What else the platform has meanwhile. */
  readonly beside?: (file: Document) => void;
}

const ROLE = 'arn:aws:iam::111122223333:role';
const version = (older: string, newer: string): KeyEdit => ({ values: [older, newer] });
const between = (first: unknown, second: unknown): KeyEdit => ({ values: [first, second] });
const beside =
  (...settings: readonly (readonly [key: string, value: unknown])[]) =>
  (file: Document): void => {
    for (const [key, value] of settings) file.setIn(key.split('.'), value);
  };
const PIPELINE = beside(['state.bucket', 'seed-state'], ['pipeline.repository', 'acme/platform']);
const SHOP = beside(['namespaces.dev.workloads.storefront.version', '1.4.0']);
const ORDERS = beside(
  ['namespaces.dev.workloads.storefront.version', '1.4.0'],
  ['namespaces.dev.workloads.orders.version', '2.1.0'],
);
const inPipeline = (first: unknown, second: unknown): KeyEdit => ({
  values: [first, second],
  beside: PIPELINE,
});
const inShop = (first: unknown, second: unknown): KeyEdit => ({ values: [first, second], beside: SHOP });
const inOrders = (first: unknown, second: unknown): KeyEdit => ({ values: [first, second], beside: ORDERS });

/** Every key of the schema, `<name>` for a name; or, in words, why no edit of it can be tried. */
export const KEY_EDITS: Readonly<Record<string, KeyEdit | string>> = {
  name: between('seed', 'shop'),
  region: between('eu-west-1', 'eu-central-1'),
  account: between('111122223333', '444455556666'),
  extends: 'What the other file sets counts as if this file set it.',
  'state.bucket':
    'Commands refuse an edit until the states have moved. `npm run state:bootstrap` creates the first bucket and moves local states into it. ' +
    'For another bucket, or none, the error names the `terraform init -migrate-state` of each stack ([states](../guides/pipeline.md)).',
  'state.region': {
    values: ['eu-central-1', 'eu-west-2'],
    beside: beside(['state.bucket', 'seed-state']),
  },
  imageRegistry: inShop('registry.example.com/shop', 'registry.example.com/other'),
  'images.cache': inShop(true, false),
  'images.mirrors': inShop(
    { '111122223333.dkr.ecr.eu-west-1.amazonaws.com': 'registry.example.com/a' },
    { '111122223333.dkr.ecr.eu-west-1.amazonaws.com': 'registry.example.com/b' },
  ),
  'images.reachable': between(['registry.example.com'], ['registry.example.org']),
  tags: between({ team: 'shop' }, { team: 'web' }),
  protect: between(false, true),
  'pipeline.repository': inPipeline('acme/platform', 'acme/other'),
  'pipeline.ownerId': {
    values: [1234, 5678],
    beside: beside(
      ['state.bucket', 'seed-state'],
      ['pipeline.repository', 'acme/platform'],
      ['pipeline.repositoryId', 4321],
    ),
  },
  'pipeline.repositoryId': {
    values: [1234, 5678],
    beside: beside(
      ['state.bucket', 'seed-state'],
      ['pipeline.repository', 'acme/platform'],
      ['pipeline.ownerId', 4321],
    ),
  },
  'pipeline.oidcProvider': inPipeline('existing', 'create'),
  'pipeline.otherPlatforms': inPipeline(['seed-two'], ['seed-three']),
  'pipeline.maxChanges': inPipeline(10, 20),
  'pipeline.exceptions': inPipeline(
    [
      {
        address: 'cluster/aws_eks_cluster.eks',
        change: '0123456789ab',
        reason: 'the second office',
        until: '2026-12-01',
      },
    ],
    [
      {
        address: 'cluster/aws_eks_cluster.eks',
        change: 'ba9876543210',
        reason: 'the third office',
        until: '2026-12-01',
      },
    ],
  ),
  'pipeline.providers': inPipeline(
    [{ source: 'cloudflare/cloudflare', version: '4.52.0', reason: 'records of the shop' }],
    [{ source: 'cloudflare/cloudflare', version: '4.53.0', reason: 'records of the shop' }],
  ),
  'pipeline.classes': inPipeline(
    [{ type: 'aws_route53_zone', class: 'content', reason: 'a zone of the shop' }],
    [{ type: 'aws_route53_zone', class: 'exposure', reason: 'a zone of the shop' }],
  ),
  'checks.waivers': between(
    [
      {
        code: 'CAP-004',
        address: 'dev/kubernetes_namespace_v1.namespace',
        reason: 'known',
        until: '2026-12-01',
      },
    ],
    [
      {
        code: 'CAP-004',
        address: 'dev/kubernetes_namespace_v1.namespace',
        reason: 'known',
        until: '2026-12-02',
      },
    ],
  ),
  'checks.reachability': between(
    [{ to: 'dev', neverFrom: ['internet'] }],
    [{ to: 'dev', neverFrom: ['vpc'] }],
  ),
  'iam.permissionsBoundary': between(
    'arn:aws:iam::111122223333:policy/bounds',
    'arn:aws:iam::111122223333:policy/others',
  ),
  'iam.boundary.allow': inPipeline(
    [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop/*'] }],
    [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::other/*'] }],
  ),
  'iam.path': between('/team/', '/shop/'),
  'network.cidr': between('10.0.0.0/16', '10.4.0.0/16'),
  'network.secondaryCidr': between('100.64.0.0/16', '100.65.0.0/16'),
  'network.zones': between(['a', 'b'], ['a', 'b', 'c']),
  'network.nat': between('per-zone', 'single'),
  'network.prefixDelegation': between(false, true),
  'network.endpoints': between(['sts'], ['sts', 'ec2']),
  'network.controlPlaneSubnets': between(true, false),
  'cluster.version': between('1.35', '1.36'),
  'cluster.admins': between([`${ROLE}/platform-admin`], [`${ROLE}/platform-admin`, `${ROLE}/on-call`]),
  'cluster.viewers': between([`${ROLE}/support`], [`${ROLE}/audit`]),
  'cluster.pipelines': between([`${ROLE}/deploy`], [`${ROLE}/deploy-two`]),
  'cluster.publicAccess': between(['203.0.113.0/24'], []),
  'cluster.serviceCidr': between('10.100.0.0/16', '10.101.0.0/16'),
  'cluster.logRetentionDays': between(400, 30),
  'cluster.zones': between(['a', 'b'], ['a', 'c']),
  'cluster.zonalShift': between(true, false),
  'cluster.addOns.eks-pod-identity-agent.version': version('v1.3.9-eksbuild.3', 'v1.3.10-eksbuild.2'),
  'cluster.addOns.vpc-cni.version': version('v1.22.1-eksbuild.1', 'v1.22.3-eksbuild.1'),
  'cluster.addOns.kube-proxy.version': version('v1.36.0-eksbuild.2', 'v1.36.0-eksbuild.7'),
  'cluster.addOns.coredns.version': version('v1.14.3-eksbuild.3', 'v1.14.4-eksbuild.3'),
  'cluster.addOns.snapshot-controller.version': version('v8.5.0-eksbuild.3', 'v8.5.1-eksbuild.1'),
  'cluster.addOns.aws-ebs-csi-driver.version': version('v1.61.1-eksbuild.1', 'v1.62.0-eksbuild.1'),
  'cluster.addOns.aws-ebs-csi-driver.policy': between('account', 'cluster'),
  'cluster.addOns.aws-efs-csi-driver.version': version('v3.1.0-eksbuild.1', 'v3.2.0-eksbuild.1'),
  'cluster.addOns.metrics-server.version': version('v0.8.1-eksbuild.10', 'v0.8.2-eksbuild.1'),
  'cluster.addOns.eks-node-monitoring-agent.version': version('v1.6.3-eksbuild.1', 'v1.6.4-eksbuild.1'),
  'cluster.addOns.kube-state-metrics.version': version('v2.17.0-eksbuild.1', 'v2.18.0-eksbuild.1'),
  'cluster.addOns.amazon-cloudwatch-observability.version': version('v6.2.0-eksbuild.1', 'v6.3.0-eksbuild.1'),
  'cluster.controllers.loadBalancer': inShop(true, false),
  'cluster.controllers.chartRepository': {
    values: ['https://charts.example.com', 'https://charts.example.org'],
    beside: beside(['cluster.controllers.loadBalancer', true]),
  },
  'cluster.controllers.karpenter': between(true, false),
  'cluster.controllers.devicePlugins': {
    values: [false, true],
    beside: beside(['nodes.node-2.instanceTypes', ['g6.xlarge']]),
  },
  'cluster.controllers.externalDns.zones': between(['Z0123456789ABC'], ['Z0123456789ABC', 'Z0123456789DEF']),
  'cluster.sessionManager': between(true, false),
  'cluster.metrics': between('managed-prometheus', 'none'),
  'nodes.<name>': between(
    { zone: 'a', instanceTypes: ['m7i.large'], min: 1, max: 3 },
    { zone: 'b', instanceTypes: ['m7i.large'], min: 1, max: 3 },
  ),
  'nodes.<name>.zone': between('a', 'b'),
  'nodes.<name>.instanceTypes': between(['m7i.large'], ['m7i.xlarge']),
  'nodes.<name>.capacity': between('spot', 'on-demand'),
  'nodes.<name>.os': between('bottlerocket', 'al2023'),
  'nodes.<name>.min': between(1, 2),
  'nodes.<name>.max': between(3, 4),
  'nodes.<name>.desired': between(2, 3),
  'nodes.<name>.scaling': between('autoscaler', 'terraform'),
  'nodes.<name>.diskGiB': between(50, 60),
  'nodes.<name>.kubelet.maxPods': between(50, 60),
  'nodes.<name>.kubelet.kubeReserved.cpu': between('110m', '120m'),
  'nodes.<name>.kubelet.kubeReserved.memory': between('600Mi', '700Mi'),
  'nodes.<name>.kubelet.kubeReserved.ephemeral-storage': between('2Gi', '3Gi'),
  'nodes.<name>.kubelet.systemReserved.cpu': between('110m', '120m'),
  'nodes.<name>.kubelet.systemReserved.memory': between('600Mi', '700Mi'),
  'nodes.<name>.kubelet.systemReserved.ephemeral-storage': between('2Gi', '3Gi'),
  'nodes.<name>.kubelet.evictionHard.memory.available': between('200Mi', '300Mi'),
  'nodes.<name>.kubelet.evictionHard.nodefs.available': between('12%', '13%'),
  'nodes.<name>.kubelet.evictionHard.nodefs.inodesFree': between('6%', '7%'),
  'nodes.<name>.kubelet.evictionHard.imagefs.available': between('16%', '17%'),
  'nodes.<name>.kubelet.evictionHard.imagefs.inodesFree': between('6%', '7%'),
  'nodes.<name>.kubelet.evictionHard.pid.available': between('11%', '12%'),
  'nodes.<name>.kubelet.imageGCHighThresholdPercent': between(86, 87),
  'nodes.<name>.kubelet.imageGCLowThresholdPercent': between(70, 71),
  'nodes.<name>.kubelet.containerLogMaxSize': between('20Mi', '30Mi'),
  'nodes.<name>.kubelet.containerLogMaxFiles': between(6, 7),
  'nodes.<name>.kubelet.podPidsLimit': between(2000, 3000),
  'nodes.<name>.labels': between({ 'shop/tier': 'web' }, { 'shop/tier': 'batch' }),
  'nodes.<name>.taints': between(
    [{ key: 'shop/for', value: 'web', effect: 'PreferNoSchedule' }],
    [{ key: 'shop/for', value: 'batch', effect: 'PreferNoSchedule' }],
  ),
  'nodes.<name>.maxUnavailable': between(2, 3),
  'nodes.<name>.repair': between(false, true),
  'nodes.<name>.release': between('1.36.3-20260801', 'tracked'),
  'namespaces.<name>': between({ nodes: ['node-1'] }, { nodes: ['node-2'] }),
  'namespaces.<name>.nodes': inShop(['node-1', 'node-2'], ['node-2']),
  'namespaces.<name>.podSecurity': between('baseline', 'restricted'),
  'namespaces.<name>.adopt': between(true, false),
  'namespaces.<name>.quota.cpu': between('20', '30'),
  'namespaces.<name>.quota.memory': between('20Gi', '30Gi'),
  'namespaces.<name>.quota.pods': between(60, 70),
  'namespaces.<name>.teams': between({ [`${ROLE}/team`]: 'view' }, { [`${ROLE}/team`]: 'edit' }),
  'namespaces.<name>.workloads.storefront.version': between('1.4.0', '1.4.1'),
  'namespaces.<name>.workloads.storefront.replicas': inShop(3, 4),
  'namespaces.<name>.workloads.storefront.host': inShop('shop.example.com', 'shop.example.org'),
  'namespaces.<name>.workloads.storefront.debug': inShop(false, true),
  'namespaces.<name>.workloads.storefront.loginRevision': inShop(2, 3),
  'namespaces.<name>.workloads.orders.version': inOrders('2.1.0', '2.1.1'),
  'namespaces.<name>.workloads.orders.replicas': inOrders(3, 4),
  'namespaces.<name>.workloads.orders.host': inOrders('orders.example.com', 'orders.example.org'),
};
