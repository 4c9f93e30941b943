import { Database, type DatabaseOptions } from '../../../../constructs/aws/database/database';
import { inNamespace, type Synthesized } from '../../kubernetes/namespace-of';
import { allowedTo, granteeOf } from '../grantees';

const database = (options: DatabaseOptions = {}, id = 'orders-db'): Synthesized =>
  inNamespace((stack) => {
    new Database(stack, id, options);
  });

const instance = (options?: DatabaseOptions): Readonly<Record<string, unknown>> =>
  database(options).document.resource?.['aws_db_instance']?.['orders_db'] ?? {};

it('a Database is a PostgreSQL that is encrypted, backed up, upgraded, and protected from deletion', () => {
  expect(instance()).toMatchObject({
    identifier: 'seed-shop-orders-db',
    engine: 'postgres',
    engine_version: '17',
    engine_lifecycle_support: 'open-source-rds-extended-support-disabled',
    auto_minor_version_upgrade: true,
    instance_class: 'db.t4g.medium',
    multi_az: false,
    db_name: 'orders_db',
    port: 5432,
    storage_type: 'gp3',
    storage_encrypted: true,
    allocated_storage: 20,
    max_allocated_storage: 100,
    backup_retention_period: 7,
    copy_tags_to_snapshot: true,
    deletion_protection: true,
    skip_final_snapshot: false,
    final_snapshot_identifier: 'seed-shop-orders-db-final',
    apply_immediately: false,
  });
});

it('a Database is in the private subnets, and only nodes and Pods of the cluster reach it', () => {
  const { resource, data } = database().document;
  expect(instance()).toMatchObject({
    publicly_accessible: false,
    db_subnet_group_name: '${aws_db_subnet_group.orders_db_subnets.name}',
    vpc_security_group_ids: ['${aws_security_group.orders_db_clients.id}'],
  });
  expect(data).toMatchObject({
    aws_subnets: {
      orders_db_private: {
        filter: [
          { name: 'vpc-id', values: ['${data.aws_eks_cluster.cluster.vpc_config[0].vpc_id}'] },
          { name: 'tag:Name', values: ['seed-private-*'] },
        ],
      },
    },
  });
  expect(resource?.['aws_db_subnet_group']?.['orders_db_subnets']).toMatchObject({
    subnet_ids: '${data.aws_subnets.orders_db_private.ids}',
  });
  const { ingress, ...group } = resource?.['aws_security_group']?.['orders_db_clients'] ?? {};
  expect(group).not.toHaveProperty('egress');
  expect(ingress).toEqual([
    {
      description: 'PostgreSQL',
      protocol: 'tcp',
      from_port: 5432,
      to_port: 5432,
      security_groups: ['${data.aws_eks_cluster.cluster.vpc_config[0].cluster_security_group_id}'],
      cidr_blocks: null,
      ipv6_cidr_blocks: null,
      prefix_list_ids: null,
      self: null,
    },
  ]);
});

it('a Database accepts TLS only, by a parameter group that is created before that of another version is deleted', () => {
  const parameters = (options: DatabaseOptions) =>
    database(options).document.resource?.['aws_db_parameter_group']?.['orders_db_parameters'];
  expect(parameters({})).toMatchObject({
    name: 'seed-shop-orders-db-postgres17',
    family: 'postgres17',
    parameter: [{ name: 'rds.force_ssl', value: '1' }],
    lifecycle: { create_before_destroy: true },
  });
  expect(parameters({ version: '18' })).toMatchObject({
    name: 'seed-shop-orders-db-postgres18',
    family: 'postgres18',
  });
  expect(instance({ version: '18' })).toMatchObject({
    engine_version: '18',
    allow_major_version_upgrade: true,
    parameter_group_name: '${aws_db_parameter_group.orders_db_parameters.name}',
  });
});

it('the password of a Database reaches RDS by write-only arguments, and RDS never changes it', () => {
  const { resource, ephemeral, data } = database({ passwordRevision: 3 })
    .document as Synthesized['document'] & {
    ephemeral: Record<string, Record<string, unknown>>;
  };
  expect(resource?.['aws_secretsmanager_secret']?.['orders_db_login']).toMatchObject({
    name: 'seed/shop/orders-db',
    recovery_window_in_days: 0,
  });
  expect(resource?.['aws_secretsmanager_secret_version']?.['orders_db_login_version']).toMatchObject({
    secret_string_wo: expect.stringContaining('{"username": "postgres", "password": ephemeral.') as unknown,
    secret_string_wo_version: 3,
  });
  expect(instance({ passwordRevision: 3 })).toMatchObject({
    username: 'postgres',
    password_wo:
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.orders_db_login_current.secret_string)["password"]}',
    password_wo_version: 3,
  });
  // Read back from the secret: a newly generated password would differ from the stored one.
  expect(ephemeral['aws_secretsmanager_secret_version']?.['orders_db_login_current']).toMatchObject({
    secret_id: '${aws_secretsmanager_secret_version.orders_db_login_version.secret_id}',
  });
  expect(instance()).not.toHaveProperty('password');
  expect(instance()).not.toHaveProperty('manage_master_user_password');
  const others = Object.entries(resource ?? {}).filter(
    ([type]) => !['aws_db_instance', 'aws_secretsmanager_secret_version'].includes(type),
  );
  expect(others.length).toBeGreaterThan(3);
  expect(JSON.stringify([others, data])).not.toContain('ephemeral.');
});

it('a workload signs in to a Database by IAM, as the one user that it names', () => {
  const synthesized = inNamespace((stack) => {
    new Database(stack, 'orders').grantConnect(granteeOf(stack, 'web'), { user: 'orders' });
  });
  expect(synthesized.document.resource?.['aws_db_instance']?.['orders']).toMatchObject({
    iam_database_authentication_enabled: true,
  });
  expect(allowedTo(synthesized, 'web')).toEqual([
    {
      Effect: 'Allow',
      Action: ['rds-db:connect'],
      Resource: [
        'arn:${data.aws_partition.account_partition.partition}:rds-db:eu-west-1:' +
          '${data.aws_caller_identity.account.account_id}:dbuser:${aws_db_instance.orders.resource_id}/orders',
      ],
    },
  ]);
});

it('every option of a Database can be set', () => {
  expect(
    instance({
      name: 'orders',
      databaseName: 'shop',
      instanceClass: 'db.m7g.large',
      multiAz: true,
      storageGiB: 200,
      maxStorageGiB: 400,
      backupDays: 35,
      deletionProtection: false,
      finalSnapshot: false,
      applyImmediately: true,
      encryptionKey: { arn: 'arn:aws:kms:eu-west-1:111122223333:key/1' },
    }),
  ).toMatchObject({
    identifier: 'orders',
    db_name: 'shop',
    instance_class: 'db.m7g.large',
    multi_az: true,
    allocated_storage: 200,
    max_allocated_storage: 400,
    backup_retention_period: 35,
    deletion_protection: false,
    skip_final_snapshot: true,
    apply_immediately: true,
    kms_key_id: 'arn:aws:kms:eu-west-1:111122223333:key/1',
  });
  expect(instance({ finalSnapshot: false })).not.toHaveProperty('final_snapshot_identifier');
});

it('a Database gives its host, port, name and secret', () => {
  let orders: Database | undefined;
  const { document } = inNamespace((stack) => {
    orders = new Database(stack, 'orders');
    orders.resource.addOverride('tags', { host: orders.host, arn: orders.arn });
  });
  expect(orders).toMatchObject({ port: 5432, name: 'orders', secretName: 'seed/shop/orders' });
  expect(document.resource?.['aws_db_instance']?.['orders']).toMatchObject({
    tags: { host: '${aws_db_instance.orders.address}', arn: '${aws_db_instance.orders.arn}' },
  });
});

it('a Database reports all mistakes in one error', () => {
  expect(() =>
    inNamespace((stack) => {
      new Database(stack, 'orders', {
        name: 'Orders-',
        databaseName: '1st',
        instanceClass: 't4g.medium',
        storageGiB: 10,
        maxStorageGiB: 10,
        backupDays: 0,
      }).grantConnect(granteeOf(stack, 'web'), { user: 'postgres' });
    }),
  ).toThrow(
    [
      'name: the RDS database would be "Orders-", of 7 characters; 1 to 63 lower-case letters, digits and single "-", ' +
        'a letter first and no "-" at the end are allowed. Set name, or give the construct a shorter ID',
      'databaseName: got "1st"; 1 to 63 letters, digits and "_" are allowed, a letter first. ' +
        'Set databaseName, or give the construct another ID',
      'storageGiB: got 10; a whole number from 20 to 65536 is allowed',
      'maxStorageGiB: got 10; at least a tenth more than storageGiB is allowed, up to 65536',
      'backupDays: got 0; a whole number from 1 to 35 is allowed',
      'instanceClass: got "t4g.medium"; expected a class such as db.t4g.medium',
      'grantConnect: user: got "postgres"; a user of the database other than postgres is allowed, ' +
        'of up to 63 lower-case letters, digits and "_"',
    ]
      .map((error) => `shop/orders: ${error}`)
      .join('\n'),
  );
});
