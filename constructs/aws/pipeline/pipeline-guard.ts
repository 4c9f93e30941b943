import { GITHUB_OIDC_RESOURCE } from './github-oidc';
import { actions, everyActionOf, grant } from '../identity/grant';
import { pipelineNames, type PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** Services that a platform is made of, and that are in a region. */
const REGIONAL = 'aps ec2 ecr eks elasticfilesystem events kms logs rds secretsmanager sqs ssm';

const deny = (Sid: string, Action: readonly string[], rest: Partial<PolicyStatement>): PolicyStatement => ({
  Sid,
  Effect: 'Deny',
  Action,
  ...rest,
});

/**
 * The most that a pipeline may do when it applies, whatever its other policies say, or will once somebody widens them. A
 * boundary allows nothing by itself, so that it names services where those policies name actions.
 */
export function guardStatements(scope: PipelineScope, roleBoundary: string): PolicyStatement[] {
  return [
    grant(
      'Services',
      [...everyActionOf(`${REGIONAL} iam`), ...actions('route53', 'AssociateVPCWithHostedZone')],
      ['*'],
    ),
    grant('Buckets', ['s3:*'], [scope.bucket, `${scope.bucket}/${scope.platform}/*`, scope.buckets]),
    ...prohibitions(scope, roleBoundary),
  ];
}

/** What is another platform's by its name, though a pattern of this platform's names fits it. */
export function notOfOthers({ ofOthers }: PipelineScope): PolicyStatement[] {
  return ofOthers.length === 0 ? [] : [deny('NotOfOthers', ['*'], { Resource: ofOthers })];
}

/** What a pipeline is forbidden when it applies. */
export function prohibitions(scope: PipelineScope, roleBoundary: string): PolicyStatement[] {
  const { guard, roleBoundary: boundaryName } = pipelineNames(scope.platform);
  return [
    // Its own rights, and what bounds them and those of all roles.
    deny(
      'NotItself',
      actions('iam', 'Add* Attach* Create* Delete* Detach* PassRole Put* Remove* Set* Tag* Untag* Update*'),
      {
        Resource: [
          scope.iam('role', `${scope.platform}-pipeline-*`),
          scope.iam('policy', `${scope.platform}-pipeline-*`),
          // Named in full too, should the pattern ever change.
          scope.iam('policy', guard),
          scope.iam('policy', boundaryName),
          scope.iamResource(GITHUB_OIDC_RESOURCE),
        ],
      },
    ),
    deny(
      'NoPeople',
      actions(
        'iam',
        `AddUserToGroup AttachGroupPolicy AttachUserPolicy CreateAccessKey CreateGroup CreateLoginProfile
          CreateOpenIDConnectProvider CreateSAMLProvider CreateServiceSpecificCredential CreateUser CreateVirtualMFADevice
          PutGroupPolicy PutUserPolicy UpdateAccessKey UpdateAccountPasswordPolicy UpdateLoginProfile UpdateSAMLProvider
          UploadSSHPublicKey UploadSigningCertificate`,
      ),
      { Resource: ['*'] },
    ),
    deny(
      'NoRolesOfOthers',
      actions(
        'iam',
        `AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy PassRole
          PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole`,
      ),
      { NotResource: [scope.roles] },
    ),
    deny(
      'NoRoleWithoutItsBoundary',
      actions('iam', 'AttachRolePolicy CreateRole PutRolePermissionsBoundary PutRolePolicy'),
      { Resource: ['*'], Condition: { StringNotEquals: { 'iam:PermissionsBoundary': roleBoundary } } },
    ),
    deny('NoBoundaryTakenAway', actions('iam', 'DeleteRolePermissionsBoundary'), { Resource: ['*'] }),
    deny('NoOtherRegion', everyActionOf(REGIONAL), {
      Resource: ['*'],
      Condition: { StringNotEquals: { 'aws:RequestedRegion': scope.region } },
    }),
    deny('NoOtherPlatform', everyActionOf(REGIONAL), { Resource: ['*'], Condition: scope.ofAnother }),
    // The bucket stays as it is, and so does every version in it; a lock is put and taken away.
    deny(
      'NoChangeOfTheStateBucket',
      actions(
        's3',
        `BypassGovernanceRetention Create* DeleteBucket* DeleteObjectVersion* PutAccelerateConfiguration PutBucket*
          PutEncryptionConfiguration PutLifecycleConfiguration PutObjectAcl PutReplicationConfiguration`,
      ),
      { Resource: [scope.bucket, `${scope.bucket}/*`] },
    ),
    // The roles and the bucket are an administrator's, who runs Terraform on this state.
    deny('NoStateOfThePipeline', actions('s3', 'PutObject'), {
      Resource: ['tfstate', 'applied.json'].map(
        (kind) => `${scope.bucket}/${scope.platform}/pipeline.${kind}`,
      ),
    }),
    deny('NoStateDeleted', actions('s3', 'DeleteObject'), {
      NotResource: [`${scope.bucket}/${scope.platform}/*.tflock`],
    }),
  ];
}
