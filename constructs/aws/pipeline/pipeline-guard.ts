import { GITHUB_OIDC_RESOURCE } from './github-oidc';
import { pipelineNames, type PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** Services that a platform is made of, and that are in a region. */
const REGIONAL = [
  'aps',
  'ec2',
  'eks',
  'elasticfilesystem',
  'events',
  'kms',
  'logs',
  'rds',
  'secretsmanager',
  'sqs',
  'ssm',
];

/** Services that the roles of a platform use: of its control plane, nodes, add-ons, controllers and workloads. */
const USED_BY_ROLES = [
  ...REGIONAL,
  'acm',
  'autoscaling',
  'cloudwatch',
  'cognito-idp',
  'dynamodb',
  'ec2messages',
  'ecr',
  'ecr-public',
  'eks-auth',
  'elasticloadbalancing',
  'pricing',
  'rds-db',
  'route53',
  's3',
  'ses',
  'shield',
  'sns',
  'ssmmessages',
  'tag',
  'waf-regional',
  'wafv2',
  'xray',
];

const everyActionOf = (services: readonly string[]): string[] => services.map((service) => `${service}:*`);

/**
 * The most that a pipeline may do when it applies, whatever its other policies say, or will once somebody widens them. A
 * boundary allows nothing by itself, so that it names services where those policies name actions.
 */
export function guardStatements(scope: PipelineScope, roleBoundary: string): PolicyStatement[] {
  return [
    {
      Sid: 'Services',
      Effect: 'Allow',
      Action: everyActionOf([...REGIONAL, 'iam', 's3']),
      Resource: ['*'],
    },
    ...prohibitions(scope, roleBoundary),
  ];
}

/** What a pipeline is forbidden when it applies. */
export function prohibitions(scope: PipelineScope, roleBoundary: string): PolicyStatement[] {
  const { guard, roleBoundary: boundaryName } = pipelineNames(scope.platform);
  return [
    {
      // Its own rights, and what bounds them and those of all roles.
      Sid: 'NotItself',
      Effect: 'Deny',
      Action: [
        'iam:Add*',
        'iam:Attach*',
        'iam:Create*',
        'iam:Delete*',
        'iam:Detach*',
        'iam:PassRole',
        'iam:Put*',
        'iam:Remove*',
        'iam:Set*',
        'iam:Tag*',
        'iam:Untag*',
        'iam:Update*',
      ],
      Resource: [
        scope.iam('role', `${scope.platform}-pipeline-*`),
        scope.iam('policy', `${scope.platform}-pipeline-*`),
        // Named in full too, should the pattern ever change.
        scope.iam('policy', guard),
        scope.iam('policy', boundaryName),
        scope.iamResource(GITHUB_OIDC_RESOURCE),
      ],
    },
    {
      Sid: 'NoPeople',
      Effect: 'Deny',
      Action: [
        'iam:AddUserToGroup',
        'iam:AttachGroupPolicy',
        'iam:AttachUserPolicy',
        'iam:CreateAccessKey',
        'iam:CreateGroup',
        'iam:CreateLoginProfile',
        'iam:CreateOpenIDConnectProvider',
        'iam:CreateSAMLProvider',
        'iam:CreateServiceSpecificCredential',
        'iam:CreateUser',
        'iam:CreateVirtualMFADevice',
        'iam:PutGroupPolicy',
        'iam:PutUserPolicy',
        'iam:UpdateAccessKey',
        'iam:UpdateAccountPasswordPolicy',
        'iam:UpdateLoginProfile',
        'iam:UpdateSAMLProvider',
        'iam:UploadSSHPublicKey',
        'iam:UploadSigningCertificate',
      ],
      Resource: ['*'],
    },
    {
      Sid: 'NoRolesOfOthers',
      Effect: 'Deny',
      Action: ROLE_CHANGES,
      NotResource: [scope.roles],
    },
    {
      Sid: 'NoRoleWithoutItsBoundary',
      Effect: 'Deny',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      Resource: ['*'],
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': roleBoundary } },
    },
    {
      Sid: 'NoBoundaryTakenAway',
      Effect: 'Deny',
      Action: ['iam:DeleteRolePermissionsBoundary'],
      Resource: ['*'],
    },
    {
      Sid: 'NoOtherRegion',
      Effect: 'Deny',
      Action: everyActionOf(REGIONAL),
      Resource: ['*'],
      Condition: { StringNotEquals: { 'aws:RequestedRegion': scope.region } },
    },
    ...stateProhibitions(scope),
  ];
}

/**
 * The most that a role of the platform may do, one that the pipeline has made above all: what the pipeline is kept from, it
 * cannot have done by a role of its making.
 */
export function roleBoundaryStatements(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'Services',
      Effect: 'Allow',
      Action: [
        ...everyActionOf(USED_BY_ROLES),
        'iam:CreateServiceLinkedRole',
        'iam:Get*',
        'iam:List*',
        'iam:PassRole',
      ],
      Resource: ['*'],
    },
    {
      Sid: 'NotTheStates',
      Effect: 'Deny',
      Action: ['s3:*'],
      Resource: [scope.bucket, `${scope.bucket}/*`],
    },
    {
      Sid: 'NotThePipeline',
      Effect: 'Deny',
      Action: ['iam:PassRole'],
      Resource: [scope.iam('role', `${scope.platform}-pipeline-*`)],
    },
  ];
}

const ROLE_CHANGES = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
];

/** The bucket stays as it is, and so does every version in it; a lock is put and taken away. */
function stateProhibitions({ bucket, platform }: PipelineScope): PolicyStatement[] {
  return [
    {
      Sid: 'NoChangeOfTheStateBucket',
      Effect: 'Deny',
      Action: [
        's3:BypassGovernanceRetention',
        's3:Create*',
        's3:DeleteBucket*',
        's3:DeleteObjectVersion*',
        's3:PutAccelerateConfiguration',
        's3:PutBucket*',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:PutObjectAcl',
        's3:PutReplicationConfiguration',
      ],
      Resource: [bucket, `${bucket}/*`],
    },
    {
      Sid: 'NoStateDeleted',
      Effect: 'Deny',
      Action: ['s3:DeleteObject'],
      NotResource: [`${bucket}/${platform}/*.tflock`],
    },
  ];
}
