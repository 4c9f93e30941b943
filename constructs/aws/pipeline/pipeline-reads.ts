import { GITHUB_OIDC_RESOURCE } from './github-oidc';
import { actions, grant } from '../identity/grant';
import { BUCKET_READS } from './pipeline-data';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/**
 * The rights to plan a platform's stacks: to read every object in them, with the values of their secrets. Terraform reads an
 * ephemeral resource at each plan, and stores it nowhere.
 *
 * Source: Service Authorization Reference; what Terraform's AWS provider 5.100 asks for when it refreshes.
 */
export function planStatements(scope: PipelineScope): PolicyStatement[] {
  return [...cluster(scope), ...services(scope), ...identities(scope)];
}

/**
 * The rights to read the platform's states and the settings of their bucket, and to lock a state. Planning takes the lock too,
 * which is an object beside the state.
 */
export function stateReadStatements({ bucket, platform }: PipelineScope): PolicyStatement[] {
  return [
    grant('Locks', actions('s3', 'DeleteObject PutObject'), [`${bucket}/${platform}/*.tflock`]),
    grant('States', actions('s3', 'GetObject'), [`${bucket}/${platform}/*`]),
    grant('StateBucket', BUCKET_READS, [bucket]),
  ];
}

function cluster(scope: PipelineScope): PolicyStatement[] {
  return [
    // Lists, and a random text: AWS knows no narrower resource.
    grant(
      'Lists',
      [
        ...actions(
          'ec2',
          `DescribeAccountAttributes DescribeAddresses DescribeAddressesAttribute DescribeAvailabilityZones DescribeFlowLogs
            DescribeInternetGateways DescribeLaunchTemplateVersions DescribeLaunchTemplates DescribeNatGateways
            DescribeNetworkAcls DescribeNetworkInterfaces DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules
            DescribeSecurityGroups DescribeSubnets DescribeTags DescribeVpcEndpointServices DescribeVpcEndpoints
            DescribeVpcs`,
        ),
        ...actions('ecr', 'DescribePullThroughCacheRules'),
        ...actions('eks', 'ListClusters'),
        ...actions('kms', 'ListAliases'),
        ...actions('logs', 'DescribeLogGroups'),
        ...actions('secretsmanager', 'GetRandomPassword'),
        ...actions('ssm', 'DescribeParameters'),
      ],
      ['*'],
      scope.inRegion,
    ),
    grant('Network', actions('ec2', 'DescribeVpcAttribute'), scope.in('ec2', 'vpc/*')),
    grant(
      'Cluster',
      actions(
        'eks',
        `DescribeAccessEntry DescribeAddon DescribeCluster DescribeNodegroup DescribePodIdentityAssociation DescribeUpdate
          ListAssociatedAccessPolicies ListNodegroups ListPodIdentityAssociations ListTagsForResource`,
      ),
      scope.cluster('nodegroup', 'addon', 'access-entry', 'podidentityassociation'),
    ),
    grant(
      'Keys',
      actions('kms', 'DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags'),
      scope.in('kms', 'key/*'),
      scope.owned,
    ),
  ];
}

function services(scope: PipelineScope): PolicyStatement[] {
  const { platform } = scope;
  return [
    grant('LogGroups', actions('logs', 'ListTagsForResource'), scope.logGroups),
    grant(
      'Secrets',
      actions('secretsmanager', 'DescribeSecret GetResourcePolicy GetSecretValue'),
      scope.in('secretsmanager', `secret:${platform}/*`),
    ),
    grant(
      'Files',
      actions(
        'elasticfilesystem',
        `DescribeAccessPoints DescribeBackupPolicy DescribeFileSystemPolicy DescribeFileSystems
          DescribeLifecycleConfiguration DescribeMountTargetSecurityGroups DescribeMountTargets ListTagsForResource`,
      ),
      scope.in('elasticfilesystem', 'file-system/*', 'access-point/*'),
    ),
    grant('Parameters', actions('ssm', 'GetParameter GetParameters ListTagsForResource'), [
      ...scope.in('ssm', `parameter/${platform}/*`),
      // AWS publishes the ids of its AMIs there, in an account of its own.
      scope.ofAws('ssm', 'parameter/aws/service/*'),
    ]),
    grant(
      'Interruptions',
      actions('events', 'DescribeRule ListTagsForResource ListTargetsByRule'),
      scope.in('events', `rule/${platform}-karpenter-*`),
    ),
    grant(
      'Metrics',
      actions(
        'aps',
        `DescribeLoggingConfiguration DescribeScraper DescribeWorkspace DescribeWorkspaceConfiguration
          ListTagsForResource`,
      ),
      scope.in('aps', 'workspace/*', 'scraper/*'),
      scope.owned,
    ),
  ];
}

function identities(scope: PipelineScope): PolicyStatement[] {
  return [
    grant(
      'Identities',
      actions(
        'iam',
        `GetInstanceProfile GetOpenIDConnectProvider GetPolicy GetPolicyVersion GetRole GetRolePolicy
          ListAttachedRolePolicies ListInstanceProfilesForRole ListPolicyVersions ListRolePolicies`,
      ),
      [
        scope.roles,
        scope.instanceProfiles,
        scope.iam('policy', `${scope.platform}-*`),
        scope.iamResource(GITHUB_OIDC_RESOURCE),
      ],
    ),
  ];
}
