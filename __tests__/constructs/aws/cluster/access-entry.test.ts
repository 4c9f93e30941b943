import { AccessEntry, accessEntries } from '../../../../constructs/aws/cluster/access-entry';
import { awsStack } from '../aws-stack';
import { clusterOf } from '../cluster-of';

const ADA = 'arn:aws:iam::111122223333:role/people/ada';
const BOB = 'arn:aws:iam::444455556666:user/bob';

it('an access entry gives a principal its policies, in the cluster and in namespaces', () => {
  const { resource } = awsStack((stack) => {
    const cluster = clusterOf(stack, 'seed').resource;
    new AccessEntry(stack, AccessEntry.idOf(ADA), {
      cluster,
      principal: ADA,
      grants: { AmazonEKSAdminViewPolicy: 'cluster', AmazonEKSEditPolicy: ['qa', 'dev'] },
    });
  });
  const id = 'access_111122223333_role_people_ada';
  expect(resource['aws_eks_access_entry']?.[id]).toMatchObject({
    cluster_name: '${aws_eks_cluster.eks.name}',
    principal_arn: ADA,
    type: 'STANDARD',
  });
  const policies = resource['aws_eks_access_policy_association'] ?? {};
  expect(policies[`${id}_AmazonEKSAdminViewPolicy`]).toMatchObject({
    policy_arn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy',
    access_scope: { type: 'cluster' },
  });
  expect(policies[`${id}_AmazonEKSEditPolicy`]).toMatchObject({
    access_scope: { type: 'namespace', namespaces: ['dev', 'qa'] },
  });
});

it('a principal that several places name has one access entry', () => {
  const entries = accessEntries({
    admins: [ADA],
    viewers: [ADA, BOB],
    teams: { dev: { [BOB]: 'edit' }, qa: { [BOB]: 'edit' } },
  });
  expect(entries).toEqual([
    {
      principal: ADA,
      grants: { AmazonEKSClusterAdminPolicy: 'cluster', AmazonEKSAdminViewPolicy: 'cluster' },
    },
    { principal: BOB, grants: { AmazonEKSAdminViewPolicy: 'cluster', AmazonEKSEditPolicy: ['dev', 'qa'] } },
  ]);
});
