import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets';
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { DEFAULT_POSTGRESQL_VERSION, type PostgresqlVersion } from '../../../src/facts/postgresql-versions';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { ArnConstruct } from '../account/arn-construct';
import { Account } from '../account/account';
import { awsOf } from '../account/aws-provider';
import { type NameRule, pathFromStack, resourceName } from '../account/resource-name';
import { findCluster } from '../cluster/find-cluster';
import { allow, type Grantee } from '../identity/allow';
import { subnetName } from '../network/vpc';
import { GeneratedSecret } from '../security/generated-secret';

const PORT = 5432;
/** The user that RDS makes, who may do most in the database. */
const MASTER = 'postgres';

/** Source: Amazon RDS API Reference, CreateDBInstance, DBInstanceIdentifier. */
const NAME: NameRule = {
  kind: 'RDS database',
  pattern: /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  allowed: '1 to 63 lower-case letters, digits and single "-", a letter first and no "-" at the end',
};

/** A PostgreSQL database: its version, its size, its backups and its password. */
export interface DatabaseOptions {
  /** Name of the instance. @default - `<platform>-<stack>-<ids down to the construct>` */
  readonly name?: string;
  /**
   * Name of the database in it: letters, digits and `_`.
   * @default - the construct's ID, with `_` for other characters
   */
  readonly databaseName?: string;
  /**
   * Major version of PostgreSQL. RDS goes to newer minor versions by itself. A higher one upgrades the database, which is down
   * meanwhile; there is no way back but a backup.
   * @default '17'
   */
  readonly version?: PostgresqlVersion;
  /** Instance class. @default db.t4g.medium */
  readonly instanceClass?: string;
  /**
   * Whether a second instance in another zone takes over when the first fails. It doubles the price.
   * @default false
   */
  readonly multiAz?: boolean;
  /** GiB to begin with, at least 20. @default 20 */
  readonly storageGiB?: number;
  /** GiB that the storage grows to by itself. It never shrinks. @default - five times `storageGiB` */
  readonly maxStorageGiB?: number;
  /** Days, 1 to 35, that backups go back. @default 7 */
  readonly backupDays?: number;
  /**
   * Whether AWS refuses to delete it. To destroy a database, set it to false and apply first.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * Whether a snapshot `<name>-final` is left when it is destroyed. One of that name from before has to be deleted first.
   * @default true
   */
  readonly finalSnapshot?: boolean;
  /**
   * Whether a change that makes the database restart is made at once and not in the next maintenance window.
   * @default false
   */
  readonly applyImmediately?: boolean;
  /** Counts the passwords of the user `postgres`: a higher number sets another one. @default 1 */
  readonly passwordRevision?: number;
  /** The KMS key that encrypts storage, backups and snapshots. @default - the account's key for RDS */
  readonly encryptionKey?: { readonly arn: string };
}

/**
 * A PostgreSQL database of Amazon RDS for a workload, in the private subnets, encrypted, with backups. Only the cluster's nodes and
 * Pods reach it, through TLS only.
 *
 * A workload signs in by IAM, with a token that the AWS SDKs make and that is good for 15 minutes: `grantConnect`. Its user has
 * to be there: `CREATE USER orders; GRANT rds_iam TO orders;`. Or it signs in as `postgres` with the password in the secret
 * `secretName`, whose keys are `username` and `password`. Terraform makes that password, and keeps it in no file, plan or state;
 * it stays the same until `passwordRevision` is raised. RDS would change one of its own every 7 days.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export class Database extends ArnConstruct {
  readonly resource: DbInstance;
  /** Name of the database in the instance. */
  readonly name: string;
  /** The login of the user `postgres`. */
  readonly secret: GeneratedSecret;
  readonly port = PORT;

  constructor(scope: Construct, id: string, options: DatabaseOptions = {}) {
    super(scope, id);
    const { version = DEFAULT_POSTGRESQL_VERSION, passwordRevision = 1, storageGiB = 20 } = options;
    const { platform } = awsOf(this);
    const name = resourceName(this, NAME, { name: options.name });
    this.name = options.databaseName ?? id.replace(/\W/g, '_');
    this.node.addValidation({ validate: () => optionErrors(this.name, options) });

    this.secret = new GeneratedSecret(this, 'login', {
      name: [platform, ...pathFromStack(this)].join('/'),
      description: `Login of the database ${name}`,
      fields: { username: MASTER },
      generated: { password: { excludePunctuation: true } },
      revision: passwordRevision,
      // Nothing is lost with a password that can be set again, and a name that waits for its deletion would be in the way.
      recoveryWindowDays: 0,
    });
    const parameters = new DbParameterGroup(this, 'parameters', {
      // Another version has other parameters, and its group is there before the database leaves the old one.
      name: `${name}-postgres${version}`,
      family: `postgres${version}`,
      description: `Parameters of the database ${name}`,
      parameter: [{ name: 'rds.force_ssl', value: '1' }],
      lifecycle: OUTLIVES_USE,
    });
    const network = this.network(name, platform);
    this.resource = new DbInstance(this, MAIN_CHILD, {
      identifier: name,
      engine: 'postgres',
      engineVersion: version,
      // Never billed for extended support unasked: once standard support ends, RDS upgrades.
      engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      autoMinorVersionUpgrade: true,
      // By another `version` only, which is meant.
      allowMajorVersionUpgrade: true,
      instanceClass: options.instanceClass ?? 'db.t4g.medium',
      multiAz: options.multiAz ?? false,
      allocatedStorage: storageGiB,
      maxAllocatedStorage: options.maxStorageGiB ?? 5 * storageGiB,
      storageType: 'gp3',
      storageEncrypted: true,
      ...(options.encryptionKey && { kmsKeyId: options.encryptionKey.arn }),
      dbName: this.name,
      port: PORT,
      username: MASTER,
      passwordWo: this.secret.value('password'),
      passwordWoVersion: passwordRevision,
      iamDatabaseAuthenticationEnabled: true,
      publiclyAccessible: false,
      ...network,
      parameterGroupName: parameters.name,
      backupRetentionPeriod: options.backupDays ?? 7,
      copyTagsToSnapshot: true,
      deletionProtection: options.deletionProtection ?? true,
      skipFinalSnapshot: !(options.finalSnapshot ?? true),
      ...((options.finalSnapshot ?? true) && { finalSnapshotIdentifier: `${name}-final` }),
      applyImmediately: options.applyImmediately ?? false,
    });
  }

  /** Hostname of the database, known when Terraform runs. */
  get host(): string {
    return this.resource.address;
  }

  /** Name of the secret in Secrets Manager with the login of the user `postgres`. */
  get secretName(): string {
    return this.secret.name;
  }

  /**
   * Lets the Pods of a workload sign in by IAM, as one user of the database.
   *
   * @param options.user name of a user in PostgreSQL that has the role `rds_iam`
   */
  grantConnect(workload: Grantee, options: { readonly user: string }): this {
    const user = (options as Partial<typeof options> | undefined)?.user ?? '';
    const { region } = awsOf(this);
    const dbUser = `dbuser:${this.resource.resourceId}/${user}`;
    allow(workload, ['rds-db:connect'], Account.of(this).arn('rds-db', region, dbUser));
    this.node.addValidation({
      validate: () =>
        /^[a-z_][a-z0-9_]{0,62}$/.test(user) && user !== MASTER
          ? []
          : [
              `grantConnect: user: got "${user}"; a user of the database other than ${MASTER} is allowed, ` +
                'of up to 63 lower-case letters, digits and "_"',
            ],
    });
    return this;
  }

  /** Who reaches the database: nodes and Pods of the cluster, which share the security group that EKS makes. */
  private network(name: string, platform: string) {
    const { vpcId, clusterSecurityGroupId } = findCluster(this).vpcConfig.get(0);
    const subnets = new DataAwsSubnets(this, 'private', {
      filter: [
        { name: 'vpc-id', values: [vpcId] },
        { name: 'tag:Name', values: [subnetName(platform, 'private', '*')] },
      ],
    });
    const subnetGroup = new DbSubnetGroup(this, 'subnets', {
      name,
      description: `Private subnets for the database ${name}`,
      subnetIds: subnets.ids,
    });
    const group = new SecurityGroup(this, 'clients', {
      name: `${name}-postgresql`,
      description: `PostgreSQL to the database ${name}`,
      vpcId,
      // Within the group and not as rules of their own, so that a rule that was added by hand is seen and taken away.
      ingress: [
        {
          description: 'PostgreSQL',
          protocol: 'tcp',
          fromPort: PORT,
          toPort: PORT,
          securityGroups: [clusterSecurityGroupId],
        },
      ],
      tags: { Name: `${name}-postgresql` },
    });
    return { dbSubnetGroupName: subnetGroup.name, vpcSecurityGroupIds: [group.id] };
  }
}

function optionErrors(
  databaseName: string,
  { storageGiB = 20, maxStorageGiB = 5 * storageGiB, backupDays = 7, instanceClass }: DatabaseOptions,
): string[] {
  const whole = (value: number, min: number, max: number): boolean =>
    Number.isInteger(value) && value >= min && value <= max;
  return [
    ...(/^[A-Za-z]\w{0,62}$/.test(databaseName)
      ? []
      : [
          `databaseName: got "${databaseName}"; 1 to 63 letters, digits and "_" are allowed, a letter first. ` +
            'Set databaseName, or give the construct another ID',
        ]),
    // gp3 of RDS for PostgreSQL. Source: Amazon RDS User Guide, "Amazon RDS DB instance storage".
    ...(whole(storageGiB, 20, 65_536)
      ? []
      : [`storageGiB: got ${storageGiB}; a whole number from 20 to 65536 is allowed`]),
    ...(whole(maxStorageGiB, Math.ceil(storageGiB * 1.1), 65_536)
      ? []
      : [
          `maxStorageGiB: got ${maxStorageGiB}; at least a tenth more than storageGiB is allowed, up to 65536`,
        ]),
    ...(whole(backupDays, 1, 35)
      ? []
      : [`backupDays: got ${backupDays}; a whole number from 1 to 35 is allowed`]),
    ...(instanceClass === undefined || /^db\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceClass)
      ? []
      : [`instanceClass: got "${instanceClass}"; expected a class such as db.t4g.medium`]),
  ];
}
