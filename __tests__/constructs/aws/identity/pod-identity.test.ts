import { awsStack } from '../aws-stack';
import { clusterOf } from '../cluster-of';
import { rolePolicy, statementsOf } from '../role-policy';

it('PodIdentity gives the Pods of a ServiceAccount from elsewhere a role of their own', () => {
  const statement = {
    Effect: 'Allow',
    Action: ['logs:PutLogEvents'],
    Resource: ['arn:aws:logs:::x'],
  } as const;
  const stack = awsStack((scope) => {
    clusterOf(scope, 'seed').addPodIdentity('collector', {
      namespace: 'logging',
      serviceAccount: 'log-collector',
      statements: [statement],
    });
  });
  expect(stack.resource['aws_eks_pod_identity_association']?.['eks_collector']).toMatchObject({
    cluster_name: '${aws_eks_cluster.eks.name}',
    namespace: 'logging',
    service_account: 'log-collector',
    role_arn: '${aws_iam_role.eks_collector_role.arn}',
    depends_on: ['aws_iam_role_policy.eks_collector_role_policy'],
  });
  const role = stack.resource['aws_iam_role']?.['eks_collector_role'];
  expect(role).toMatchObject({ name: 'seed-log-collector' });
  expect(statementsOf(role?.['assume_role_policy'] as string)[0]?.Condition).toEqual({
    StringEquals: {
      'aws:RequestTag/eks-cluster-name': 'seed',
      'aws:RequestTag/kubernetes-namespace': 'logging',
      'aws:RequestTag/kubernetes-service-account': 'log-collector',
    },
  });
  expect(statementsOf(rolePolicy(stack, 'eks_collector_role_policy'))).toEqual([statement]);
});
