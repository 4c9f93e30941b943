import { actions, grant, words } from '../identity/grant';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** Services that create a service-linked role in an account at their first use. */
const SERVICE_LINKED =
  words(`backup.amazonaws.com eks-nodegroup.amazonaws.com eks.amazonaws.com elasticfilesystem.amazonaws.com
  pullthroughcache.ecr.amazonaws.com rds.amazonaws.com scraper.aps.amazonaws.com spot.amazonaws.com`);

/** Services that a role of the platform is handed to. */
const PASSED_TO = ['ec2', 'eks', 'pods.eks', 'vpc-flow-logs'];

/** What it takes to make, change and destroy a platform's cluster, and what is beside it in AWS. */
export function serviceStatements(scope: PipelineScope): PolicyStatement[] {
  return [...cluster(scope), ...keys(scope), ...files(scope), ...beside(scope), ...metrics(scope)];
}

/** What it takes to write a platform's states. None is deleted. */
export function stateWriteStatements({ bucket, platform }: PipelineScope): PolicyStatement[] {
  return [
    grant('WriteStates', actions('s3', 'PutObject'), [
      `${bucket}/${platform}/*.tfstate`,
      // What was applied last, beside each of them.
      `${bucket}/${platform}/*.applied.json`,
    ]),
  ];
}

/**
 * What it takes to make, change and destroy the roles of a platform: within their boundary.
 *
 * @param boundary ARN of the policy that bounds each of them
 */
export function identityStatements(scope: PipelineScope, boundary: string): PolicyStatement[] {
  const { roles, instanceProfiles, owned, tagged, ownedIfTagged } = scope;
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
  return [
    grant('NewRoles', actions('iam', 'CreateRole PutRolePermissionsBoundary'), [roles], bounded),
    // A role without a boundary gets it first; until then its trust policy cannot change.
    grant(
      'RightsOfRoles',
      actions(
        'iam',
        'AttachRolePolicy DeleteRolePolicy DetachRolePolicy PutRolePolicy UpdateAssumeRolePolicy',
      ),
      [roles],
      bounded,
      owned,
    ),
    grant('Roles', actions('iam', 'DeleteRole UntagRole UpdateRole UpdateRoleDescription'), [roles], owned),
    grant(
      'TagsOfNewRoles',
      actions('iam', 'CreateInstanceProfile TagInstanceProfile TagRole'),
      [roles, instanceProfiles],
      tagged,
      ownedIfTagged,
    ),
    grant('TagsOfRoles', actions('iam', 'TagInstanceProfile TagRole'), [roles, instanceProfiles], owned),
    grant(
      'InstanceProfiles',
      actions(
        'iam',
        'AddRoleToInstanceProfile DeleteInstanceProfile RemoveRoleFromInstanceProfile UntagInstanceProfile',
      ),
      [instanceProfiles],
      owned,
    ),
    grant('HandOver', actions('iam', 'PassRole'), [roles], {
      StringEquals: { 'iam:PassedToService': scope.principals(...PASSED_TO) },
    }),
    grant(
      'RolesOfServices',
      actions('iam', 'CreateServiceLinkedRole'),
      [scope.iamResource('role/aws-service-role/*')],
      { StringEquals: { 'iam:AWSServiceName': SERVICE_LINKED } },
    ),
  ];
}

function cluster(scope: PipelineScope): PolicyStatement[] {
  return [
    // CreateCluster too is allowed by the name of the cluster to be. Source: EKS User Guide, Identity-based policy examples
    grant(
      'Cluster',
      actions(
        'eks',
        `AssociateAccessPolicy AssociateEncryptionConfig CreateAccessEntry CreateAddon CreateCluster CreateNodegroup
          CreatePodIdentityAssociation DeleteAccessEntry DeleteAddon DeleteCluster DeleteNodegroup
          DeletePodIdentityAssociation DisassociateAccessPolicy TagResource UntagResource UpdateAccessEntry UpdateAddon
          UpdateClusterConfig UpdateClusterVersion UpdateNodegroupConfig UpdateNodegroupVersion
          UpdatePodIdentityAssociation`,
      ),
      scope.cluster('nodegroup', 'addon', 'access-entry', 'podidentityassociation'),
    ),
  ];
}

function keys(scope: PipelineScope): PolicyStatement[] {
  const key = scope.in('kms', 'key/*');
  return [
    // A key has no name before it is made.
    grant('NewKeys', actions('kms', 'CreateKey'), ['*'], scope.tagged, scope.inRegion),
    // KMS does not say that a key is just being made; one that has an alias is somebody's.
    grant('TagsOfNewKeys', actions('kms', 'TagResource'), key, scope.tagged, scope.ownedIfTagged, {
      Null: { 'kms:ResourceAliases': 'true' },
    }),
    grant(
      'Keys',
      actions(
        'kms',
        `CreateAlias DeleteAlias EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias
          UpdateKeyDescription`,
      ),
      key,
      scope.owned,
    ),
    // EKS and EFS use the key with the rights of the role that creates the cluster or the file system.
    grant(
      'UseOfKeys',
      actions('kms', 'CreateGrant Decrypt Encrypt GenerateDataKeyWithoutPlaintext'),
      key,
      scope.owned,
    ),
    grant(
      'Aliases',
      actions('kms', 'CreateAlias DeleteAlias UpdateAlias'),
      scope.in('kms', `alias/${scope.platform}-*`),
    ),
  ];
}

function files(scope: PipelineScope): PolicyStatement[] {
  const made = scope.in('elasticfilesystem', 'file-system/*', 'access-point/*');
  return [
    // A file system has no name before it is made.
    grant('NewFiles', actions('elasticfilesystem', 'CreateFileSystem'), ['*'], scope.tagged, scope.inRegion),
    grant(
      'NewAccessPoints',
      actions('elasticfilesystem', 'CreateAccessPoint'),
      made,
      scope.tagged,
      scope.owned,
    ),
    grant('TagsOfNewFiles', actions('elasticfilesystem', 'TagResource'), made, scope.tagged, {
      StringEquals: { 'elasticfilesystem:CreateAction': words('CreateAccessPoint CreateFileSystem') },
    }),
    grant(
      'Files',
      actions(
        'elasticfilesystem',
        `CreateMountTarget DeleteAccessPoint DeleteFileSystem DeleteFileSystemPolicy DeleteMountTarget
          ModifyMountTargetSecurityGroups PutBackupPolicy PutFileSystemPolicy PutLifecycleConfiguration TagResource
          UntagResource UpdateFileSystem`,
      ),
      made,
      scope.owned,
    ),
  ];
}

function beside(scope: PipelineScope): PolicyStatement[] {
  const { platform } = scope;
  return [
    grant(
      'LogGroups',
      actions(
        'logs',
        `CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy TagResource UntagResource`,
      ),
      scope.logGroups,
    ),
    grant(
      'Secrets',
      actions(
        'secretsmanager',
        `CreateSecret DeleteSecret PutSecretValue TagResource UntagResource UpdateSecret UpdateSecretVersionStage`,
      ),
      scope.in('secretsmanager', `secret:${platform}/*`),
    ),
    // Rules of an image cache have a prefix of repositories and no ARN.
    grant(
      'ImageCache',
      actions('ecr', 'CreatePullThroughCacheRule DeletePullThroughCacheRule UpdatePullThroughCacheRule'),
      ['*'],
      scope.inRegion,
    ),
    grant(
      'Parameters',
      actions('ssm', 'AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource'),
      scope.in('ssm', `parameter/${platform}/*`),
    ),
    grant(
      'Interruptions',
      actions('events', 'DeleteRule PutRule PutTargets RemoveTargets TagResource UntagResource'),
      scope.in('events', `rule/${platform}-karpenter-*`),
    ),
  ];
}

/** What collects a platform's metrics. */
function metrics(scope: PipelineScope): PolicyStatement[] {
  const made = scope.in('aps', 'workspace/*', 'scraper/*');
  return [
    // Neither has a name of ours before it is made. A scraper is made of a cluster and a workspace.
    grant('NewWorkspaces', actions('aps', 'CreateWorkspace'), ['*'], scope.tagged, scope.inRegion),
    grant(
      'NewScrapers',
      actions('aps', 'CreateScraper'),
      [...scope.cluster(), ...scope.in('aps', 'workspace/*')],
      scope.tagged,
    ),
    grant('TagsOfNewMetrics', actions('aps', 'TagResource'), made, scope.tagged, scope.ownedIfTagged),
    grant(
      'Metrics',
      actions(
        'aps',
        `CreateLoggingConfiguration DeleteLoggingConfiguration DeleteScraper DeleteWorkspace TagResource UntagResource
          UpdateLoggingConfiguration UpdateScraper UpdateWorkspaceAlias`,
      ),
      made,
      scope.owned,
    ),
    // How a service of AWS is let write to a log group; CloudWatch Logs knows no narrower resource.
    grant(
      'LogDelivery',
      actions(
        'logs',
        `CreateLogDelivery DeleteLogDelivery DescribeResourcePolicies GetLogDelivery ListLogDeliveries PutResourcePolicy
          UpdateLogDelivery`,
      ),
      ['*'],
      scope.inRegion,
    ),
  ];
}
