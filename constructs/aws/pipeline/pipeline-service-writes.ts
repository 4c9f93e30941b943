import { partitionOf, servicePrincipal } from '../../../src/facts/partitions';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** Services that make a role of their own in an account, once, for whoever first uses them. */
const SERVICE_LINKED = [
  'backup.amazonaws.com',
  'eks-nodegroup.amazonaws.com',
  'eks.amazonaws.com',
  'elasticfilesystem.amazonaws.com',
  'rds.amazonaws.com',
  'scraper.aps.amazonaws.com',
  'spot.amazonaws.com',
];

/** Services that a role of the platform is handed to. */
const PASSED_TO = ['ec2', 'eks', 'pods.eks', 'vpc-flow-logs'];

/** What it takes to make, change and destroy a platform's cluster, and what is beside it in AWS. */
export function serviceStatements(scope: PipelineScope): PolicyStatement[] {
  return [...cluster(scope), ...keys(scope), ...beside(scope)];
}

/** What it takes to write a platform's states. None is deleted. */
export function stateWriteStatements({ bucket, platform }: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'WriteStates',
      Effect: 'Allow',
      Action: ['s3:PutObject'],
      // And beside each of them what was applied last.
      Resource: [`${bucket}/${platform}/*.tfstate`, `${bucket}/${platform}/*.applied.json`],
    },
  ];
}

/**
 * What it takes to make, change and destroy the roles of a platform: within their boundary.
 *
 * @param boundary ARN of the policy that bounds each of them
 */
export function identityStatements(scope: PipelineScope, boundary: string): PolicyStatement[] {
  const bounded = { 'iam:PermissionsBoundary': boundary };
  const partition = partitionOf(scope.region);
  return [
    {
      Sid: 'NewRoles',
      Effect: 'Allow',
      Action: ['iam:CreateRole', 'iam:PutRolePermissionsBoundary'],
      Resource: [scope.roles],
      Condition: { StringEquals: bounded },
    },
    {
      // A role that was there before its boundary gets that first.
      Sid: 'RightsOfRoles',
      Effect: 'Allow',
      Action: ['iam:AttachRolePolicy', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePolicy'],
      Resource: [scope.roles],
      Condition: { StringEquals: { ...bounded, 'aws:ResourceTag/Platform': scope.platform } },
    },
    {
      Sid: 'Roles',
      Effect: 'Allow',
      Action: [
        'iam:DeleteRole',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      Resource: [scope.roles],
      Condition: scope.owned,
    },
    {
      Sid: 'TagsOfNewRoles',
      Effect: 'Allow',
      Action: ['iam:CreateInstanceProfile', 'iam:TagInstanceProfile', 'iam:TagRole'],
      Resource: [scope.roles, scope.instanceProfiles],
      Condition: {
        StringEquals: { 'aws:RequestTag/Platform': scope.platform },
        StringEqualsIfExists: { 'aws:ResourceTag/Platform': scope.platform },
      },
    },
    {
      Sid: 'InstanceProfiles',
      Effect: 'Allow',
      Action: [
        'iam:AddRoleToInstanceProfile',
        'iam:DeleteInstanceProfile',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:UntagInstanceProfile',
      ],
      Resource: [scope.instanceProfiles],
      Condition: scope.owned,
    },
    {
      Sid: 'HandOver',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [scope.roles],
      Condition: {
        StringEquals: {
          'iam:PassedToService': PASSED_TO.map((service) => servicePrincipal(service, partition)),
        },
      },
    },
    {
      Sid: 'RolesOfServices',
      Effect: 'Allow',
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: [scope.iamResource('role/aws-service-role/*')],
      Condition: { StringEquals: { 'iam:AWSServiceName': SERVICE_LINKED } },
    },
  ];
}

function cluster(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'Cluster',
      Effect: 'Allow',
      Action: [
        'eks:AssociateAccessPolicy',
        'eks:AssociateEncryptionConfig',
        'eks:CreateAccessEntry',
        'eks:CreateAddon',
        'eks:CreateCluster',
        'eks:CreateNodegroup',
        'eks:CreatePodIdentityAssociation',
        'eks:DeleteAccessEntry',
        'eks:DeleteAddon',
        'eks:DeleteCluster',
        'eks:DeleteNodegroup',
        'eks:DeletePodIdentityAssociation',
        'eks:DisassociateAccessPolicy',
        'eks:TagResource',
        'eks:UntagResource',
        'eks:UpdateAccessEntry',
        'eks:UpdateAddon',
        'eks:UpdateClusterConfig',
        'eks:UpdateClusterVersion',
        'eks:UpdateNodegroupConfig',
        'eks:UpdateNodegroupVersion',
        'eks:UpdatePodIdentityAssociation',
      ],
      Resource: scope.cluster('nodegroup', 'addon', 'access-entry', 'podidentityassociation'),
    },
  ];
}

function keys(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      // A key has no name before it is made.
      Sid: 'NewKeys',
      Effect: 'Allow',
      Action: ['kms:CreateKey'],
      Resource: ['*'],
      Condition: {
        StringEquals: { 'aws:RequestTag/Platform': scope.platform, 'aws:RequestedRegion': scope.region },
      },
    },
    {
      Sid: 'TagsOfNewKeys',
      Effect: 'Allow',
      Action: ['kms:TagResource'],
      Resource: scope.in('kms', 'key/*'),
      Condition: {
        StringEquals: { 'aws:RequestTag/Platform': scope.platform },
        StringEqualsIfExists: { 'aws:ResourceTag/Platform': scope.platform },
      },
    },
    {
      // The last four: EKS and EFS use the key in the name of whoever makes the cluster or the file system.
      Sid: 'Keys',
      Effect: 'Allow',
      Action: [
        'kms:CreateAlias',
        'kms:DeleteAlias',
        'kms:EnableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:UntagResource',
        'kms:UpdateAlias',
        'kms:UpdateKeyDescription',
        'kms:CreateGrant',
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKeyWithoutPlaintext',
      ],
      Resource: scope.in('kms', 'key/*'),
      Condition: scope.owned,
    },
    {
      Sid: 'Aliases',
      Effect: 'Allow',
      Action: ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'],
      Resource: scope.in('kms', `alias/${scope.platform}-*`),
    },
  ];
}

function beside(scope: PipelineScope): PolicyStatement[] {
  const { platform } = scope;
  return [
    {
      Sid: 'LogGroups',
      Effect: 'Allow',
      Action: [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:DeleteRetentionPolicy',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
      Resource: scope.logGroups,
    },
    {
      Sid: 'Secrets',
      Effect: 'Allow',
      Action: [
        'secretsmanager:CreateSecret',
        'secretsmanager:DeleteSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:TagResource',
        'secretsmanager:UntagResource',
        'secretsmanager:UpdateSecret',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      Resource: scope.in('secretsmanager', `secret:${platform}/*`),
    },
    {
      Sid: 'NewFiles',
      Effect: 'Allow',
      Action: [
        'elasticfilesystem:CreateAccessPoint',
        'elasticfilesystem:CreateFileSystem',
        'elasticfilesystem:TagResource',
      ],
      Resource: scope.in('elasticfilesystem', 'file-system/*', 'access-point/*'),
      Condition: {
        StringEquals: { 'aws:RequestTag/Platform': platform },
        StringEqualsIfExists: { 'aws:ResourceTag/Platform': platform },
      },
    },
    {
      Sid: 'Files',
      Effect: 'Allow',
      Action: [
        'elasticfilesystem:CreateMountTarget',
        'elasticfilesystem:DeleteAccessPoint',
        'elasticfilesystem:DeleteFileSystem',
        'elasticfilesystem:DeleteFileSystemPolicy',
        'elasticfilesystem:DeleteMountTarget',
        'elasticfilesystem:ModifyMountTargetSecurityGroups',
        'elasticfilesystem:PutBackupPolicy',
        'elasticfilesystem:PutFileSystemPolicy',
        'elasticfilesystem:PutLifecycleConfiguration',
        'elasticfilesystem:UntagResource',
        'elasticfilesystem:UpdateFileSystem',
      ],
      Resource: scope.in('elasticfilesystem', 'file-system/*', 'access-point/*'),
      Condition: scope.owned,
    },
    {
      Sid: 'Parameters',
      Effect: 'Allow',
      Action: [
        'ssm:AddTagsToResource',
        'ssm:DeleteParameter',
        'ssm:PutParameter',
        'ssm:RemoveTagsFromResource',
      ],
      Resource: scope.in('ssm', `parameter/${platform}/*`),
    },
    {
      Sid: 'Interruptions',
      Effect: 'Allow',
      Action: [
        'events:DeleteRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
        'events:TagResource',
        'events:UntagResource',
      ],
      Resource: scope.in('events', `rule/${platform}-karpenter-*`),
    },
  ];
}

/** What it takes to make, change and destroy what collects a platform's metrics. */
export function metricsStatements(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      // Neither has a name of ours before it is made.
      Sid: 'NewMetrics',
      Effect: 'Allow',
      Action: ['aps:CreateScraper', 'aps:CreateWorkspace'],
      Resource: ['*'],
      Condition: {
        StringEquals: { 'aws:RequestTag/Platform': scope.platform, 'aws:RequestedRegion': scope.region },
      },
    },
    {
      Sid: 'Metrics',
      Effect: 'Allow',
      Action: [
        'aps:CreateLoggingConfiguration',
        'aps:CreateScraper',
        'aps:DeleteLoggingConfiguration',
        'aps:DeleteScraper',
        'aps:DeleteWorkspace',
        'aps:TagResource',
        'aps:UntagResource',
        'aps:UpdateLoggingConfiguration',
        'aps:UpdateScraper',
        'aps:UpdateWorkspaceAlias',
      ],
      Resource: scope.in('aps', 'workspace/*', 'scraper/*'),
      Condition: scope.owned,
    },
    {
      // How a service of AWS is let write to a log group; CloudWatch Logs knows no narrower resource.
      Sid: 'LogDelivery',
      Effect: 'Allow',
      Action: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      Resource: ['*'],
      Condition: scope.inRegion,
    },
  ];
}
