import { findCluster } from '../../../../constructs/aws/cluster/find-cluster';
import { inNamespace } from '../../kubernetes/namespace-of';
import { awsStack } from '../aws-stack';

it('findCluster() finds the cluster of the platform by its name, once for each stack', () => {
  const { data } = awsStack((stack) => {
    expect(findCluster(stack)).toBe(findCluster(stack));
  });
  expect(data['aws_eks_cluster']).toMatchObject({ cluster: { name: 'seed' } });
  expect(Object.keys(data['aws_eks_cluster'] ?? {})).toHaveLength(1);
});

it('findCluster() returns the cluster that the Kubernetes provider has found', () => {
  const { data } = inNamespace((stack) => {
    findCluster(stack);
  }).document as { data?: Record<string, Record<string, unknown>> };
  expect(Object.keys(data?.['aws_eks_cluster'] ?? {})).toEqual(['cluster']);
});
