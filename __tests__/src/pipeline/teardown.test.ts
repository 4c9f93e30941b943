import { AwsCli } from '../../../src/pipeline/aws-cli';
import type { Leftover } from '../../../src/pipeline/teardown/leftovers';
import {
  planTeardown,
  removeWorkloads,
  type TeardownPlan,
} from '../../../src/pipeline/teardown/remove-workloads';
import { FakePrograms, tagList } from './fake-programs';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333';
const NLB = `${ARN}:loadbalancer/net/k8s-dev-web-0123456789/72933e0cc4a50afa`;
const ALB = `${ARN}:loadbalancer/app/k8s-shop-0123456789/82933e0cc4a50afa`;
const OTHER = `${ARN}:loadbalancer/app/somebody/92933e0cc4a50afa`;
const GROUP = `${ARN}:targetgroup/k8s-dev-0123456789-00000000/8f79a6a9ff6a359d`;

/** Load balancers as the AWS CLI lists them, each with its tags. */
function balancers(...all: (readonly [arn: string, tags: Record<string, string>, vpcId?: string])[]): object {
  return {
    'elbv2 describe-load-balancers': {
      LoadBalancers: all.map(([LoadBalancerArn, , VpcId = 'vpc-1']) => ({
        LoadBalancerArn,
        LoadBalancerName: LoadBalancerArn.split('/')[2],
        VpcId,
      })),
    },
    'elbv2 describe-tags': {
      TagDescriptions: all.map(([ResourceArn, tags]) => ({ ResourceArn, Tags: tagList(tags) })),
    },
  };
}

const OF_WEB = { 'elbv2.k8s.aws/cluster': 'seed', 'service.k8s.aws/stack': 'dev/web' };
const WEB = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'dev' },
  spec: { type: 'LoadBalancer' },
};
const INSIDE = { ...WEB, metadata: { name: 'inside', namespace: 'dev' }, spec: { type: 'ClusterIP' } };
const ingress = (name: string, annotations?: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'dev', ...(annotations && { annotations }) },
  spec: { ingressClassName: 'alb' },
});

/** A disk as the AWS CLI lists it, with the tags of the CSI driver. */
const disk = (VolumeId: string, claim: string, cluster = 'seed'): object => ({
  VolumeId,
  State: 'in-use',
  Tags: tagList({
    'ebs.csi.aws.com/cluster': 'true',
    KubernetesCluster: cluster,
    'kubernetes.io/created-for/pvc/namespace': 'dev',
    'kubernetes.io/created-for/pvc/name': claim,
  }),
});
const claimed = (name: string, handle: string, policy: string): object[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'dev' },
    spec: { volumeName: `pvc-${name}` },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${name}` },
    spec: { persistentVolumeReclaimPolicy: policy, csi: { volumeHandle: handle } },
  },
];
const pod = (
  name: string,
  claim: string,
  owner?: { apiVersion: string; kind: string; name: string },
): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'dev',
    ...(owner && { ownerReferences: [{ ...owner, controller: true }] }),
  },
  spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] },
});

let programs: FakePrograms;

beforeEach(() => {
  programs = new FakePrograms();
});

afterEach(() => {
  programs.remove();
});

const options = () => ({
  cluster: 'seed',
  aws: new AwsCli({ region: 'eu-west-1', environment: programs.environment }),
  documents: [{ resource: { aws_cloudwatch_log_group: { logs: { name: '/aws/eks/seed/cluster' } } } }],
  environment: programs.environment,
});

async function planned(...args: Parameters<FakePrograms['have']>): Promise<readonly Leftover[]> {
  programs.have(...args);
  return (await planTeardown(options())).found;
}

const removed = (timeout = 30_000): Promise<TeardownPlan> =>
  removeWorkloads(options(), { timeout, interval: 1 }, () => undefined);

describe('the plan of teardown', () => {
  it('finds nothing in an empty account, and changes nothing', async () => {
    expect(await planned({}, [WEB])).toEqual([]);
    expect(programs.calls('kubectl delete')).toEqual([]);
    expect(programs.calls('aws').filter((call) => !/ (describe|update-kubeconfig)/.test(call))).toEqual([]);
  });

  it('names the Service of a load balancer, of its target groups and of its security group', async () => {
    const group = { GroupId: 'sg-1', GroupName: 'k8s-dev-web-0123456789', Tags: tagList(OF_WEB) };
    const account = {
      ...balancers([NLB, OF_WEB], [GROUP, OF_WEB]),
      'elbv2 describe-load-balancers': {
        LoadBalancers: [{ LoadBalancerArn: NLB, LoadBalancerName: 'k8s-dev-web-0123456789', VpcId: 'vpc-1' }],
      },
      'elbv2 describe-target-groups': {
        TargetGroups: [{ TargetGroupArn: GROUP, TargetGroupName: 'k8s-dev-0123456789-00000000' }],
      },
      'ec2 describe-security-groups': { SecurityGroups: [group] },
    };
    const found = await planned(account, [WEB]);
    expect(found).toMatchObject([
      { kind: 'load balancer', id: NLB, owner: 'Service dev/web', effect: 'blocks the VPC', fate: 'removed' },
      { kind: 'target group', id: GROUP, owner: 'Service dev/web', effect: 'outlives it', fate: 'removed' },
      {
        kind: 'security group',
        id: 'sg-1',
        owner: 'Service dev/web',
        effect: 'blocks the VPC',
        fate: 'removed',
      },
    ]);
    const orphans = await planned(account, []);
    expect(orphans.map(({ fate, because }) => `${fate}: ${because}`)).toEqual(
      Array(3).fill('left: Service dev/web is gone, so that no controller knows it any more'),
    );
    expect(orphans.map(({ remedy }) => remedy)).toEqual([
      `aws elbv2 delete-load-balancer --load-balancer-arn ${NLB}`,
      `aws elbv2 delete-target-group --target-group-arn ${GROUP}`,
      'aws ec2 delete-security-group --group-id sg-1',
    ]);
  });

  it('includes Ingresses, groups of them, and other resources in the VPC that are not of the cluster', async () => {
    const account = balancers(
      [ALB, { 'elbv2.k8s.aws/cluster': 'seed', 'ingress.k8s.aws/stack': 'shop' }],
      [OTHER, {}],
      [`${OTHER}0`, {}, 'vpc-2'],
      [`${OTHER}1`, { 'elbv2.k8s.aws/cluster': 'other', 'service.k8s.aws/stack': 'dev/web' }, 'vpc-2'],
    );
    const members = [
      ingress('shop', { 'alb.ingress.kubernetes.io/group.name': 'shop' }),
      ingress('admin', { 'alb.ingress.kubernetes.io/group.name': 'shop' }),
      ingress('alone'),
    ];
    expect(await planned(account as Record<string, unknown>, members)).toMatchObject([
      { id: ALB, fate: 'removed', because: 'goes with the last of Ingress dev/shop, Ingress dev/admin' },
      { id: OTHER, fate: 'left', because: 'it is in the VPC and no controller of this cluster made it' },
    ]);
  });

  it('includes Classic Load Balancers of the cloud provider, with their security group', async () => {
    const owned = { 'kubernetes.io/cluster/seed': 'owned' };
    const found = await planned(
      {
        'elb describe-load-balancers': {
          LoadBalancerDescriptions: [{ LoadBalancerName: 'a0123', VPCId: 'vpc-1' }],
        },
        'elb describe-tags': {
          TagDescriptions: [
            {
              LoadBalancerName: 'a0123',
              Tags: tagList({ ...owned, 'kubernetes.io/service-name': 'dev/web' }),
            },
          ],
        },
        'ec2 describe-security-groups': {
          SecurityGroups: [
            { GroupId: 'sg-1', GroupName: 'k8s-elb-a0123', Tags: tagList(owned) },
            { GroupId: 'sg-2', GroupName: 'eks-cluster-sg-seed-1', Tags: tagList(owned) },
          ],
        },
      },
      [WEB],
    );
    expect(found).toMatchObject([
      { kind: 'load balancer', id: 'a0123', owner: 'Service dev/web', fate: 'removed' },
      { kind: 'security group', id: 'sg-1', owner: 'Service dev/web', fate: 'removed' },
    ]);
  });

  it('separates interfaces that nothing deletes from those of Terraform, of EKS and of instances', async () => {
    const nic = (id: string, Description: string, more: object = {}): object => ({
      NetworkInterfaceId: id,
      Description,
      InterfaceType: 'interface',
      Status: 'in-use',
      ...more,
    });
    const attached = { InstanceId: 'i-1', DeleteOnTermination: true };
    programs.have(
      {
        ...balancers([NLB, OF_WEB]),
        'ec2 describe-network-interfaces': {
          NetworkInterfaces: [
            nic('eni-nat', 'Interface for NAT Gateway nat-1', { InterfaceType: 'nat_gateway' }),
            nic('eni-endpoint', 'VPC Endpoint Interface vpce-1', { InterfaceType: 'vpc_endpoint' }),
            nic('eni-efs', 'EFS mount target for fs-1 (fsmt-1)'),
            nic('eni-eks', 'Amazon EKS seed'),
            nic('eni-node', '', { Attachment: attached }),
            nic('eni-cni', 'aws-K8S-i-1', { Attachment: attached }),
            nic('eni-leaked', 'aws-K8S-i-2', { Status: 'available' }),
            // It goes with the load balancer, which is listed.
            nic('eni-elb', 'ELB net/k8s-dev-web-0123456789/72933e0cc4a50afa', { RequesterManaged: true }),
            nic('eni-lambda', 'AWS Lambda VPC ENI-orders', { RequesterManaged: true }),
            nic('eni-own', 'of somebody', { Status: 'available' }),
          ],
        },
      },
      [WEB],
    );
    const { found, notes } = await planTeardown(options());
    expect(found.filter(({ kind }) => kind === 'network interface')).toMatchObject([
      { id: 'eni-leaked', fate: 'left', because: 'the VPC CNI made it for i-2 and did not delete it' },
      { id: 'eni-own', fate: 'left', because: 'nothing is known to delete it: of somebody' },
    ]);
    expect(notes).toEqual([expect.stringContaining('eni-lambda (AWS Lambda VPC ENI-orders)')]);
  });

  it('keeps a disk with the policy Retain, and ignores what no volume refers to, with snapshots', async () => {
    const found = await planned(
      {
        'ec2 describe-volumes': {
          Volumes: [
            disk('vol-delete', 'cache'),
            disk('vol-retain', 'orders'),
            disk('vol-orphan', 'old'),
            disk('vol-other', 'data', 'other'),
            { ...disk('vol-going', 'old'), State: 'deleting' },
          ],
        },
        'ec2 describe-snapshots': {
          Snapshots: [
            {
              SnapshotId: 'snap-1',
              Tags: tagList({ 'ebs.csi.aws.com/cluster': 'true', 'kubernetes.io/cluster/seed': 'owned' }),
            },
          ],
        },
      },
      [...claimed('cache', 'vol-delete', 'Delete'), ...claimed('orders', 'vol-retain', 'Retain')],
    );
    expect(found).toMatchObject([
      { id: 'vol-delete', owner: 'PersistentVolumeClaim dev/cache', fate: 'removed' },
      {
        id: 'vol-retain',
        fate: 'kept',
        because: 'PersistentVolume pvc-orders has the reclaim policy Retain',
      },
      { id: 'vol-orphan', owner: 'PersistentVolumeClaim dev/old', fate: 'left' },
      { id: 'snap-1', kind: 'snapshot', fate: 'left' },
    ]);
  });

  it('includes instances of Karpenter, and log groups that are not in Terraform', async () => {
    const ours = { 'karpenter.sh/nodepool': 'spot', 'eks:eks-cluster-name': 'seed' };
    const found = await planned(
      {
        'ec2 describe-instances': {
          Reservations: [
            {
              Instances: [
                { InstanceId: 'i-1', Tags: tagList({ ...ours, 'karpenter.sh/nodeclaim': 'spot-1' }) },
              ],
            },
            {
              Instances: [
                { InstanceId: 'i-2', Tags: tagList({ ...ours, 'karpenter.sh/nodeclaim': 'spot-2' }) },
              ],
            },
            {
              Instances: [{ InstanceId: 'i-3', Tags: tagList({ ...ours, 'eks:eks-cluster-name': 'other' }) }],
            },
          ],
        },
        'logs describe-log-groups': {
          logGroups: [
            { logGroupName: '/aws/eks/seed/cluster' },
            { logGroupName: '/aws/containerinsights/seed/performance' },
            { logGroupName: '/aws/containerinsights/seedling/performance' },
          ],
        },
      },
      [{ apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', metadata: { name: 'spot-1' } }],
    );
    expect(found).toMatchObject([
      { id: 'i-1', owner: 'NodeClaim spot-1', fate: 'removed' },
      { id: 'i-2', owner: 'NodeClaim spot-2', fate: 'left' },
      { id: '/aws/containerinsights/seed/performance', kind: 'log group', fate: 'left' },
    ]);
  });

  it('counts everything as left behind without a cluster, and finds the VPC by its tags', async () => {
    programs.have({
      ...balancers([NLB, OF_WEB]),
      'eks describe-cluster':
        'An error occurred (ResourceNotFoundException) when calling the DescribeCluster operation: No cluster found for name: seed.',
      'ec2 describe-vpcs': { Vpcs: [{ VpcId: 'vpc-9' }] },
    });
    expect(await planTeardown(options())).toMatchObject({
      clusterExists: false,
      found: [{ id: NLB, fate: 'left' }],
    });
    expect(programs.calls('kubectl')).toEqual([]);
    expect(programs.calls('aws ec2 describe-security-groups')).toEqual([
      expect.stringContaining('Name=vpc-id,Values=vpc-9'),
    ]);
  });

  it('prints the message of the AWS CLI if it cannot sign in, or is missing', async () => {
    programs.have({
      'eks describe-cluster':
        'Unable to locate credentials. You can configure credentials by running "aws configure".',
    });
    await expect(planTeardown(options())).rejects.toMatchObject({
      name: 'AwsCliError',
      message:
        'aws eks describe-cluster: Unable to locate credentials. You can configure credentials by running "aws configure".',
    });
    programs.remove();
    await expect(planTeardown(options())).rejects.toThrow('the AWS CLI is not installed');
    programs = new FakePrograms();
  });
});

describe('the removal of teardown', () => {
  it('deletes what has load balancers, waits until those are gone, and keeps other Services', async () => {
    programs.have(balancers([NLB, OF_WEB]) as Record<string, unknown>, [WEB, INSIDE, ingress('shop')], {
      'Service web': balancers(),
    });
    expect(await removed()).toMatchObject({ found: [], stuck: [] });
    expect(programs.calls('kubectl delete')).toEqual([
      'kubectl delete Service web --namespace dev --ignore-not-found --wait=false',
      'kubectl delete Ingress.v1.networking.k8s.io shop --namespace dev --ignore-not-found --wait=false',
    ]);
  });

  it('deletes what would create the Pods of a claim again, then the claim; a retained claim stays with its users', async () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cache' };
    programs.have(
      { 'ec2 describe-volumes': { Volumes: [disk('vol-1', 'cache'), disk('vol-2', 'orders')] } },
      [
        ...claimed('cache', 'vol-1', 'Delete'),
        ...claimed('orders', 'vol-2', 'Retain'),
        pod('cache-5f-x', 'cache', { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cache-5f' }),
        pod('by-hand', 'cache'),
        pod('kafka-0', 'cache', { apiVersion: 'core.strimzi.io/v1', kind: 'StrimziPodSet', name: 'kafka' }),
        pod('orders-0', 'orders', { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'orders' }),
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          metadata: {
            name: 'cache-5f',
            namespace: 'dev',
            ownerReferences: [{ ...deployment, controller: true }],
          },
        },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cache', namespace: 'dev' } },
      ],
      { 'PersistentVolumeClaim cache': { 'ec2 describe-volumes': { Volumes: [disk('vol-2', 'orders')] } } },
    );
    expect(await removed()).toMatchObject({ found: [{ id: 'vol-2', fate: 'kept' }], stuck: [] });
    expect(programs.calls('kubectl delete').map((call) => call.replace(/ --namespace.*/, ''))).toEqual([
      'kubectl delete Deployment.v1.apps cache',
      'kubectl delete Pod by-hand',
      'kubectl delete StrimziPodSet.v1.core.strimzi.io kafka',
      'kubectl delete PersistentVolumeClaim cache',
    ]);
  });

  it('deletes the nodes of Karpenter last, after everything else', async () => {
    const instance = {
      InstanceId: 'i-1',
      Tags: tagList({ 'karpenter.sh/nodepool': 'spot', 'eks:eks-cluster-name': 'seed' }),
    };
    programs.have(
      {
        ...balancers([NLB, OF_WEB]),
        'ec2 describe-instances': { Reservations: [{ Instances: [instance] }] },
      },
      [
        WEB,
        { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'spot' } },
        { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: 'default' } },
      ],
      { 'Service web': balancers(), 'NodePool spot': { 'ec2 describe-instances': { Reservations: [] } } },
    );
    expect(await removed()).toMatchObject({ found: [], stuck: [] });
    expect(programs.calls('kubectl delete').map((call) => call.replace(/ --ignore.*/, ''))).toEqual([
      'kubectl delete Service web --namespace dev',
      'kubectl delete NodePool.v1.karpenter.sh spot',
      'kubectl delete EC2NodeClass.v1.karpenter.k8s.aws default',
    ]);
  });

  it('reports what was not deleted in time, in the cluster and in AWS', async () => {
    programs.have(balancers([NLB, OF_WEB]) as Record<string, unknown>, [WEB], {}, ['web']);
    expect(await removed(1)).toMatchObject({
      stuck: ['Service dev/web'],
      found: [
        {
          id: NLB,
          fate: 'left',
          because: 'Service dev/web was removed, and no controller has deleted it in time',
        },
      ],
    });
  });

  it('keeps the nodes while something is stuck, because its controller may run on them', async () => {
    const instance = {
      InstanceId: 'i-1',
      Tags: tagList({ 'karpenter.sh/nodepool': 'spot', 'eks:eks-cluster-name': 'seed' }),
    };
    programs.have(
      { 'ec2 describe-instances': { Reservations: [{ Instances: [instance] }] } },
      [WEB, { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: 'spot' } }],
      {},
      ['web'],
    );
    expect(await removed(1)).toMatchObject({
      stuck: ['Service dev/web'],
      found: [
        {
          id: 'i-1',
          fate: 'left',
          because: 'NodePool spot was not removed, since what goes before it is still there',
        },
      ],
    });
    expect(programs.calls('kubectl delete NodePool')).toEqual([]);
  });
});
