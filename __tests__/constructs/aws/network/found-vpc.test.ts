import { EksCluster } from '../../../../constructs/aws/cluster';
import { Vpc } from '../../../../constructs/aws/network';
import { resolve } from 'cdktf/lib/_tokens';
import { awsStack } from '../aws-stack';

it('a VPC that exists is found by its name', () => {
  let handedOut: Record<string, unknown> = {};
  const { data } = awsStack((stack) => {
    const vpc = Vpc.lookup(stack, 'vpc', 'company');
    const cluster = EksCluster.lookup(stack, 'cluster', 'seed');
    handedOut = resolve(stack, {
      vpcId: vpc.vpcId,
      cidr: vpc.cidr,
      subnets: vpc.privateSubnets,
      again: vpc.privateSubnets,
      public: vpc.publicSubnets,
      securityGroup: cluster.securityGroup,
      clusterVpc: cluster.vpcId,
    });
  });
  expect(handedOut).toEqual({
    vpcId: '${data.aws_vpc.vpc.id}',
    cidr: '${data.aws_vpc.vpc.cidr_block}',
    subnets: '${data.aws_subnets.vpc_private.ids}',
    again: '${data.aws_subnets.vpc_private.ids}',
    public: '${data.aws_subnets.vpc_public.ids}',
    securityGroup: '${data.aws_eks_cluster.cluster.vpc_config[0].cluster_security_group_id}',
    clusterVpc: '${data.aws_eks_cluster.cluster.vpc_config[0].vpc_id}',
  });
  expect(data).toMatchObject({
    aws_vpc: { vpc: { tags: { Name: 'company' } } },
    aws_subnets: {
      vpc_private: {
        filter: [{ name: 'vpc-id', values: ['${data.aws_vpc.vpc.id}'] }],
        tags: { 'kubernetes.io/role/internal-elb': '1' },
      },
    },
    aws_eks_cluster: { cluster: { name: 'seed' } },
  });
});

it('a VPC returns its private subnets by zone', () => {
  let subnets: unknown;
  awsStack((stack) => {
    const options = { name: 'seed', region: 'eu-west-1', cidr: '10.0.0.0/16', zones: ['a', 'b'] } as const;
    subnets = resolve(stack, new Vpc(stack, 'vpc', options).privateSubnets);
  });
  expect(subnets).toEqual({ a: '${aws_subnet.vpc_private_a.id}', b: '${aws_subnet.vpc_private_b.id}' });
});
