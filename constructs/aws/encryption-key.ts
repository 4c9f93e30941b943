import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';

export interface EncryptionKeyOptions {
  /** Alias, without `alias/`. */
  readonly alias: string;
  /** What the key is for; the console shows it. */
  readonly description: string;
}

/** A KMS key that rotates each year and, once deleted, can be kept from being lost for 30 days. */
export class EncryptionKey extends Construct {
  readonly resource: KmsKey;

  constructor(scope: Construct, id: string, options: EncryptionKeyOptions) {
    super(scope, id);
    this.resource = new KmsKey(this, MAIN_CHILD, {
      description: options.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    new KmsAlias(this, 'alias', { name: `alias/${options.alias}`, targetKeyId: this.resource.keyId });
  }

  get arn(): string {
    return this.resource.arn;
  }
}
