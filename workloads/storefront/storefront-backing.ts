import { Construct } from 'constructs';
import { AccessPoint, GeneratedSecret } from 'kubernetes-on-aws/aws';

export interface StorefrontBackingOptions {
  readonly platform: string;
  readonly namespace: string;
  /** The EFS file system of the platform's shared volumes. */
  readonly fileSystemId: string;
  /** Counts the rotations of the database's password, from 1. */
  readonly loginRevision: number;
}

/** The secret in AWS Secrets Manager with the login of a storefront's database: `username` and `password`. */
export function databaseLoginName(platform: string, namespace: string): string {
  return `${platform}/${namespace}/storefront/database`;
}

/** The access point of a storefront's media. */
export function mediaName(platform: string, namespace: string): string {
  return `${platform}/${namespace}/storefront/media`;
}

/** What a storefront needs of AWS: the login of its database, and a directory for the pictures of its goods. */
export class StorefrontBacking extends Construct {
  constructor(scope: Construct, id: string, options: StorefrontBackingOptions) {
    super(scope, id);
    const { platform, namespace, fileSystemId, loginRevision } = options;
    new GeneratedSecret(this, 'database', {
      name: databaseLoginName(platform, namespace),
      description: `Login of the storefront's database in the namespace ${namespace}`,
      fields: { username: 'storefront' },
      generated: { password: {} },
      revision: loginRevision,
      // A platform that was destroyed can be made anew under the same names.
      recoveryWindowDays: 0,
    });
    new AccessPoint(this, 'media', {
      fileSystemId,
      name: mediaName(platform, namespace),
      path: `/${namespace}/storefront`,
    });
  }
}
