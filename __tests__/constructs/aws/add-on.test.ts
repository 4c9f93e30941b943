import { EksCluster } from '../../../constructs/aws/eks-cluster';
import { awsStack } from './aws-stack';

it('the EFS CSI driver calls AWS in a role of its own, which its controller gets by Pod Identity', () => {
  const { resource } = awsStack((stack) => {
    const cluster = new EksCluster(stack, 'eks', {
      name: 'seed',
      version: '1.35',
      subnetIds: ['subnet-1', 'subnet-2'],
      admins: [],
      serviceCidr: '172.20.0.0/16',
      logRetentionDays: 30,
    });
    cluster.addAddOn('aws-efs-csi-driver');
  });
  const addOn = resource['aws_eks_addon']?.['eks_aws_efs_csi_driver'];
  expect(addOn).toMatchObject({
    addon_name: 'aws-efs-csi-driver',
    pod_identity_association: [
      {
        service_account: 'efs-csi-controller-sa',
        role_arn: '${aws_iam_role.eks_aws_efs_csi_driver_role.arn}',
      },
    ],
    depends_on: ['aws_iam_role_policy_attachment.eks_aws_efs_csi_driver_role_AmazonEFSCSIDriverPolicy'],
  });
  expect(addOn).not.toHaveProperty('configuration_values');
  expect(resource['aws_iam_role_policy_attachment']).toMatchObject({
    eks_aws_efs_csi_driver_role_AmazonEFSCSIDriverPolicy: {
      policy_arn: 'arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy',
    },
  });
});
