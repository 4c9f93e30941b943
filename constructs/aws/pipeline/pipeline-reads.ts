import { GITHUB_OIDC_RESOURCE } from './github-oidc';
import { BUCKET_READS } from './pipeline-data';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/**
 * What it takes to plan a platform's stacks: to read every object that they hold, with the values of their secrets, since an
 * ephemeral resource is read at each plan and kept nowhere.
 *
 * Source: Service Authorization Reference; what Terraform's AWS provider 5.100 asks for when it refreshes.
 */
export function planStatements(scope: PipelineScope): PolicyStatement[] {
  return [...network(scope), ...cluster(scope), ...services(scope), ...identities(scope)];
}

/**
 * What it takes to read the platform's states and how their bucket is, and to lock a state, which planning does too: the lock is
 * an object beside it.
 */
export function stateReadStatements({ bucket, platform }: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'Locks',
      Effect: 'Allow',
      Action: ['s3:DeleteObject', 's3:PutObject'],
      Resource: [`${bucket}/${platform}/*.tflock`],
    },
    { Sid: 'States', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${bucket}/${platform}/*`] },
    { Sid: 'StateBucket', Effect: 'Allow', Action: BUCKET_READS, Resource: [bucket] },
  ];
}

function network({ inRegion }: PipelineScope): PolicyStatement[] {
  return [
    {
      // EC2 limits no Describe to single resources.
      Sid: 'Network',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeAccountAttributes',
        'ec2:DescribeAddresses',
        'ec2:DescribeAddressesAttribute',
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeFlowLogs',
        'ec2:DescribeInternetGateways',
        'ec2:DescribeLaunchTemplateVersions',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribeNatGateways',
        'ec2:DescribeNetworkAcls',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribePrefixLists',
        'ec2:DescribeRouteTables',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeTags',
        'ec2:DescribeVpcAttribute',
        'ec2:DescribeVpcEndpointServices',
        'ec2:DescribeVpcEndpoints',
        'ec2:DescribeVpcs',
      ],
      Resource: ['*'],
      Condition: inRegion,
    },
  ];
}

function cluster(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'Cluster',
      Effect: 'Allow',
      Action: [
        'eks:DescribeAccessEntry',
        'eks:DescribeAddon',
        'eks:DescribeCluster',
        'eks:DescribeNodegroup',
        'eks:DescribePodIdentityAssociation',
        'eks:DescribeUpdate',
        'eks:ListAssociatedAccessPolicies',
        'eks:ListNodegroups',
        'eks:ListPodIdentityAssociations',
        'eks:ListTagsForResource',
      ],
      Resource: scope.cluster('nodegroup', 'addon', 'access-entry', 'podidentityassociation'),
    },
    {
      Sid: 'Keys',
      Effect: 'Allow',
      Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      Resource: scope.in('kms', 'key/*'),
      Condition: scope.owned,
    },
    {
      // Lists, and a random text: AWS knows no narrower resource.
      Sid: 'Lists',
      Effect: 'Allow',
      Action: [
        'eks:ListClusters',
        'kms:ListAliases',
        'secretsmanager:GetRandomPassword',
        'ssm:DescribeParameters',
      ],
      Resource: ['*'],
      Condition: scope.inRegion,
    },
  ];
}

function services(scope: PipelineScope): PolicyStatement[] {
  const { platform } = scope;
  return [
    {
      Sid: 'ListOfLogGroups',
      Effect: 'Allow',
      Action: ['logs:DescribeLogGroups'],
      Resource: scope.in('logs', 'log-group:*'),
    },
    {
      Sid: 'LogGroups',
      Effect: 'Allow',
      Action: ['logs:ListTagsForResource'],
      Resource: scope.logGroups,
    },
    {
      Sid: 'Secrets',
      Effect: 'Allow',
      Action: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetResourcePolicy',
        'secretsmanager:GetSecretValue',
      ],
      Resource: scope.in('secretsmanager', `secret:${platform}/*`),
    },
    {
      Sid: 'Files',
      Effect: 'Allow',
      Action: [
        'elasticfilesystem:DescribeAccessPoints',
        'elasticfilesystem:DescribeBackupPolicy',
        'elasticfilesystem:DescribeFileSystemPolicy',
        'elasticfilesystem:DescribeFileSystems',
        'elasticfilesystem:DescribeLifecycleConfiguration',
        'elasticfilesystem:DescribeMountTargetSecurityGroups',
        'elasticfilesystem:DescribeMountTargets',
        'elasticfilesystem:ListTagsForResource',
      ],
      Resource: scope.in('elasticfilesystem', 'file-system/*', 'access-point/*'),
    },
    {
      Sid: 'Parameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:ListTagsForResource'],
      Resource: [
        ...scope.in('ssm', `parameter/${platform}/*`),
        // AWS publishes the ids of its AMIs there, in an account of its own.
        scope.ofAws('ssm', 'parameter/aws/service/*'),
      ],
    },
    {
      Sid: 'Interruptions',
      Effect: 'Allow',
      Action: ['events:DescribeRule', 'events:ListTagsForResource', 'events:ListTargetsByRule'],
      Resource: scope.in('events', `rule/${platform}-karpenter-*`),
    },
    {
      Sid: 'Metrics',
      Effect: 'Allow',
      Action: [
        'aps:DescribeLoggingConfiguration',
        'aps:DescribeScraper',
        'aps:DescribeWorkspace',
        'aps:DescribeWorkspaceConfiguration',
        'aps:ListTagsForResource',
      ],
      Resource: scope.in('aps', 'workspace/*', 'scraper/*'),
      Condition: scope.owned,
    },
  ];
}

function identities(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'Identities',
      Effect: 'Allow',
      Action: [
        'iam:GetInstanceProfile',
        'iam:GetOpenIDConnectProvider',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListPolicyVersions',
        'iam:ListRolePolicies',
      ],
      Resource: [
        scope.roles,
        scope.instanceProfiles,
        scope.iam('policy', `${scope.platform}-*`),
        scope.iamResource(GITHUB_OIDC_RESOURCE),
      ],
    },
  ];
}
