/** A platform with every option of platform.yaml that makes something in AWS, and with the roles of its pipeline. */
export const EVERY_OPTION = `name: seed
region: eu-west-1
state: { bucket: seed-111122223333-state }
pipeline: { repository: acme/platform }
protect: false
network:
  cidr: 10.0.0.0/16
  secondaryCidr: 100.64.0.0/16
  zones: [a, b, c]
  nat: single
  endpoints: [ec2, ecr.api, ecr.dkr, eks, eks-auth, email-smtp, logs, sts]
  controlPlaneSubnets: true
cluster:
  version: '1.36'
  admins: [arn:aws:iam::111122223333:role/platform-admin]
  viewers: [arn:aws:iam::111122223333:role/support]
  publicAccess: []
  addOns: { snapshot-controller: {}, kube-state-metrics: {}, amazon-cloudwatch-observability: {} }
  controllers: { loadBalancer: true, karpenter: true, externalDns: { zones: [Z0123456789ABC] } }
  metrics: managed-prometheus
nodes:
  node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3, taints: [{ key: dedicated, value: batch, effect: PreferNoSchedule }] }
  node-2: { zone: b, instanceTypes: [m7i.large, m6i.large], min: 1, max: 3, capacity: spot, os: bottlerocket }
  node-3: { zone: c, instanceTypes: [m7g.large], min: 1, max: 4, desired: 2, scaling: autoscaler, labels: { tier: web } }
namespaces:
  dev:
    nodes: [node-1, node-2, node-3]
    teams: { arn:aws:iam::111122223333:role/developers: edit }
    workloads: { storefront: { version: 1.4.0 }, orders: { version: 2.1.0 } }
  prod: { nodes: [node-1, node-2], workloads: { storefront: { version: 1.3.2 }, orders: { version: 2.0.3 } } }
`;
