import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { Account } from '../account/account';
import { actions } from '../identity/grant';
import { policyDocument } from '../identity/policy-document';

/** What it takes to keep a key: to read it, change it, rotate it and delete it. */
const ADMINISTRATION = actions(
  'kms',
  `CancelKeyDeletion CreateAlias DeleteAlias DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation
    GetKeyPolicy GetKeyRotationStatus ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy RotateKeyOnDemand
    ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription`,
);

/**
 * What it takes to use a key through a service of AWS. EKS makes its grant as the one who creates the cluster, and then
 * `kms:GrantIsForAWSResource` does not hold, so that it is no condition here (EKS User Guide, "Encrypt Kubernetes secrets with
 * KMS on existing clusters").
 */
const USE = actions(
  'kms',
  `CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ListGrants ReEncryptFrom
    ReEncryptTo RevokeGrant`,
);

/** The alias and the description of a KMS key. */
export interface EncryptionKeyOptions {
  /** Alias, without `alias/`. */
  readonly alias: string;
  /** What the key is for; the console shows it. */
  readonly description: string;
}

/**
 * A KMS key that rotates each year and, once deleted, can be kept from being lost for 30 days.
 *
 * Its policy leaves it to IAM who in the account may manage and use it, action by action. It allows no action that a symmetric key
 * with KMS key material does not need, such as import or replication. A principal that may put the key's policy can allow them.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export class EncryptionKey extends ArnConstruct {
  readonly resource: KmsKey;

  constructor(scope: Construct, id: string, options: EncryptionKeyOptions) {
    super(scope, id);
    const Principal = { AWS: Account.of(this).principal };
    // In a key's policy this is the key and nothing else; AWS allows no other resource.
    const Resource = ['*'];
    this.resource = new KmsKey(this, MAIN_CHILD, {
      description: options.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(
        { Sid: 'KeptAsIamAllows', Effect: 'Allow', Principal, Action: ADMINISTRATION, Resource },
        { Sid: 'UsedAsIamAllows', Effect: 'Allow', Principal, Action: USE, Resource },
      ),
    });
    new KmsAlias(this, 'alias', { name: `alias/${options.alias}`, targetKeyId: this.resource.keyId });
  }
}
