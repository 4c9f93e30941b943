import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { EfsFileSystem } from '@cdktf/provider-aws/lib/efs-file-system';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { Aspects, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { isObject } from '../../../src/manifests/field';
import { CLAIM, KINDS } from '../../../src/manifests/kinds';

/** What cannot be had back once it is gone, or takes everything in it along. */
const PROTECTED = [Vpc, EksCluster, KmsKey, EfsFileSystem, S3Bucket, DbInstance];

/**
 * Lets Terraform refuse every plan that would destroy or replace what holds data or a network. In the stack these are the VPC, EKS
 * cluster, KMS keys, EFS file systems, S3 buckets, RDS databases and PersistentVolumeClaims.
 *
 * Terraform also refuses to replace one whose creation failed halfway. If it is empty, remove the protection for that one apply.
 * If it is complete, keep it by `terraform untaint`.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export function protectFromLoss(stack: IConstruct): void {
  Aspects.of(stack).add({
    visit: (construct) => {
      if (!TerraformResource.isTerraformResource(construct)) return;
      if (isClaim(construct) || PROTECTED.some((type) => construct instanceof type)) {
        construct.lifecycle = { ...construct.lifecycle, preventDestroy: true };
      }
    },
  });
}

/** A claim of either form: a manifest is read as the provider's own class for it gives it. */
function isClaim(resource: TerraformResource & { readonly manifestInput?: unknown }): boolean {
  const { terraformResourceType, manifestInput: manifest } = resource;
  const claim = KINDS[CLAIM];
  return (
    terraformResourceType === CLAIM ||
    (isObject(manifest) && manifest['apiVersion'] === claim?.apiVersion && manifest['kind'] === claim?.kind)
  );
}
