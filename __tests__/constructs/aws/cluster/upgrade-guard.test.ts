import { UpgradeGuard } from '../../../../constructs/aws/cluster/upgrade-guard';
import { resolveLiterally } from '../../../../constructs/terraform/fast-tokens';
import { awsStack } from '../aws-stack';

let preconditions: unknown;
const { data } = awsStack((stack) => {
  const guard = new UpgradeGuard(stack, 'upgrade', { cluster: 'seed', version: '1.35' });
  preconditions = resolveLiterally(stack, guard.preconditions);
});

it('the upgrade guard reads a cluster and its node groups only where they exist', () => {
  const count = '${contains(data.aws_eks_clusters.upgrade_clusters.names, "seed") ? 1 : 0}';
  expect(data['aws_eks_cluster']?.['upgrade_cluster']).toMatchObject({ name: 'seed', count });
  expect(data['aws_eks_node_groups']?.['upgrade_node_groups']).toMatchObject({ cluster_name: 'seed', count });
  expect(data['aws_eks_node_group']?.['upgrade_node_group']).toMatchObject({
    cluster_name: 'seed',
    node_group_name: '${each.value}',
    for_each: '${toset(flatten(data.aws_eks_node_groups.upgrade_node_groups[*].names))}',
  });
});

it('the upgrade guard allows the current version and the next, with nodes at most three minor versions behind', () => {
  expect(preconditions).toEqual([
    {
      condition: expect.stringContaining('contains([34, 35], ') as unknown,
      errorMessage: expect.stringContaining('EKS goes up one minor version at a time. ${anytrue(') as unknown,
    },
    {
      condition: expect.stringContaining('>= 32])') as unknown,
      errorMessage: expect.stringContaining('Allowed is 1.32 or newer') as unknown,
    },
  ]);
});
