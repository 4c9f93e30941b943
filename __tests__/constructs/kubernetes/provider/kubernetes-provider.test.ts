import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import type { Construct } from 'constructs';
import { inNamespace } from '../namespace-of';

it('the Kubernetes provider signs in by exec only: a token would be stored, and expire between plan and apply', () => {
  const { kubernetes } = inNamespace(() => undefined).document['provider'] as {
    readonly kubernetes: readonly object[];
  };
  expect(kubernetes).toMatchObject([
    {
      host: '${data.aws_eks_cluster.cluster.endpoint}',
      exec: [
        {
          api_version: 'client.authentication.k8s.io/v1beta1',
          command: 'aws',
          args: ['eks', 'get-token', '--cluster-name', 'seed', '--region', 'eu-west-1'],
        },
      ],
    },
  ]);
  expect(kubernetes.flatMap((provider) => Object.keys(provider)).sort()).toEqual([
    'cluster_ca_certificate',
    'exec',
    'host',
  ]);
});

it('the Kubernetes provider is refused in the stack that creates a cluster, whose endpoint no plan knows', () => {
  const make = (scope: Construct): EksCluster =>
    new EksCluster(scope, 'eks', { name: 'seed', roleArn: 'role', vpcConfig: { subnetIds: ['subnet-1'] } });
  expect(() => inNamespace((stack) => make(stack))).toThrow(
    'shop: has the Kubernetes provider beside shop/eks, whose endpoint is unknown while the stack is planned; make the Kubernetes objects in a stack of their own',
  );
  expect(() =>
    inNamespace((stack) => new DataAwsEksCluster(stack, 'other', { name: 'other' })),
  ).not.toThrow();
});
