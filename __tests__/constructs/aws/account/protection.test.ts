import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { Database } from '../../../../constructs/aws/database/database';
import { EksCluster } from '../../../../constructs/aws/cluster/eks-cluster';
import { Bucket } from '../../../../constructs/aws/storage/bucket';
import { FileSystem } from '../../../../constructs/aws/storage/file-system';
import { protectFromLoss } from '../../../../constructs/aws/account/protection';
import { Vpc } from '../../../../constructs/aws/network/vpc';
import { awsStack } from '../aws-stack';

/** Addresses of what is protected, in a stack with everything that can be. */
function guarded(protect: boolean): string[] {
  const { resource } = awsStack((stack) => {
    if (protect) protectFromLoss(stack);
    new Vpc(stack, 'vpc', { name: 'seed', region: 'eu-west-1', cidr: '10.0.0.0/16', zones: ['a', 'b'] });
    const eks = new EksCluster(stack, 'eks', {
      name: 'seed',
      version: DEFAULT_KUBERNETES_VERSION,
      subnetIds: ['subnet-1', 'subnet-2'],
      admins: ['arn:aws:iam::111122223333:role/admin'],
      serviceCidr: '172.20.0.0/16',
      logRetentionDays: 30,
    });
    eks.addNodeGroup('blue', {
      name: 'blue',
      subnetIds: ['subnet-1'],
      instanceTypes: ['m7i.large'],
      scaling: { min: 1, max: 1, desired: 1 },
    });
    new FileSystem(stack, 'files', {
      name: 'seed-files',
      vpcId: 'vpc-1',
      subnetIds: { a: 'subnet-1' },
      clients: { cidrs: ['10.0.0.0/16'] },
    });
    new Bucket(stack, 'pictures');
    new Database(stack, 'orders');
  });
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(
        ([, { lifecycle }]) => (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy,
      )
      .map(([name]) => `${type}.${name}`),
  );
}

it('protection covers the VPC, the cluster, every KMS key, file system, bucket and database, in all scopes of the stack', () => {
  expect(guarded(true).sort()).toEqual([
    'aws_db_instance.orders',
    'aws_efs_file_system.files',
    'aws_eks_cluster.eks',
    'aws_kms_key.eks_secrets',
    'aws_kms_key.files_key',
    'aws_s3_bucket.pictures',
    'aws_vpc.vpc',
  ]);
});

it('no resource is protected by default', () => {
  expect(guarded(false)).toEqual([]);
});
