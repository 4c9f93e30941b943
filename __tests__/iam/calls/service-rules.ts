import { type Call, type Need, requestTags, type Rules } from './call';

const on =
  (resource: (call: Call) => string) =>
  (call: Call): Need[] => [call.on(resource(call))];
const all = on(() => '*');

/** Of a log group most actions want what is in it too. Source: what AWS says when it denies one. */
const logGroup = (call: Call): string => `log-group:${call.text('logGroupName')}:log-stream:`;

export const LOGS_RULES: Rules = {
  CreateLogGroup: (call) =>
    call
      .makes(logGroup(call), 'logs:TagResource', `log-group:${call.text('logGroupName')}`)
      .map((need) => need),
  DeleteLogGroup: on(logGroup),
  PutRetentionPolicy: on(logGroup),
  DeleteRetentionPolicy: on(logGroup),
  DescribeLogGroups: all,
  ListTagsForResource: on((call) => call.text('resourceArn')),
  TagResource: (call) => call.tagsIt(call.text('resourceArn')),
  UntagResource: (call) => call.untagsIt(call.text('resourceArn'), call.parameters['tagKeys'] as string[]),
};

const key = (call: Call, name = 'KeyId'): string => {
  const id = call.text(name);
  return id.startsWith('arn:') ? id : `key/${id}`;
};
const ofKey = on(key);
const alias = (call: Call): string => call.arn(call.text('AliasName'));
/** An alias is made, moved and deleted by the right to it and to its key. Source: KMS Developer Guide, "Controlling access to aliases". */
const ofAlias = (call: Call): Need[] => {
  const target = call.maybe('TargetKeyId') === undefined ? [] : [call.arn(key(call, 'TargetKeyId'))];
  const keys = [...target, ...call.account.partsOf(alias(call))];
  const then = (): void => {
    call.account.joins(alias(call), target);
  };
  return [{ ...call.on(alias(call)), then }, ...keys.map((one) => call.on(one))];
};

export const KMS_RULES: Rules = {
  CreateKey: (call) => [
    ...call.makes('*').map((need) => ({
      ...need,
      then: () => {
        const [made] = call.answered.filter((one) => one.startsWith('arn:'));
        if (made !== undefined) call.account.tag(made, call.tags);
      },
    })),
    ...call.makes('key/00000000-0000-0000-0000-00000000000a', 'kms:TagResource').slice(1),
  ],
  DescribeKey: ofKey,
  GetKeyPolicy: ofKey,
  PutKeyPolicy: ofKey,
  GetKeyRotationStatus: ofKey,
  EnableKeyRotation: ofKey,
  DisableKeyRotation: ofKey,
  UpdateKeyDescription: ofKey,
  ListResourceTags: ofKey,
  ScheduleKeyDeletion: ofKey,
  TagResource: (call) => call.tagsIt(key(call)),
  UntagResource: (call) => call.untagsIt(key(call), call.parameters['TagKeys'] as string[]),
  CreateAlias: ofAlias,
  UpdateAlias: ofAlias,
  DeleteAlias: ofAlias,
  ListAliases: all,
};

const secret = (call: Call, name = 'SecretId'): string => {
  const id = call.text(name);
  return id.startsWith('arn:') ? id : `secret:${id}-a1b2c3`;
};
const ofSecret = on(secret);

export const SECRETS_RULES: Rules = {
  CreateSecret: (call) => call.makes(secret(call, 'Name'), 'secretsmanager:TagResource'),
  DescribeSecret: ofSecret,
  GetSecretValue: ofSecret,
  PutSecretValue: ofSecret,
  UpdateSecret: ofSecret,
  UpdateSecretVersionStage: ofSecret,
  DeleteSecret: ofSecret,
  GetResourcePolicy: ofSecret,
  GetRandomPassword: all,
  TagResource: (call) => call.tagsIt(secret(call)),
  UntagResource: (call) => call.untagsIt(secret(call), call.parameters['TagKeys'] as string[]),
};

/** A parameter's name has its slash already. */
const parameter = (call: Call, name = 'Name'): string => `parameter/${call.text(name).replace(/^\//, '')}`;
/** AWS's own are in an account of its own. */
const readParameter = (call: Call): string =>
  call.text('Name').startsWith('/aws/service/')
    ? `arn:aws:ssm:${call.region}::${parameter(call)}`
    : parameter(call);

export const SSM_RULES: Rules = {
  PutParameter: (call) => call.makes(parameter(call), 'ssm:AddTagsToResource'),
  GetParameter: on(readParameter),
  DeleteParameter: on(parameter),
  DescribeParameters: all,
  ListTagsForResource: on((call) => parameter(call, 'ResourceId')),
  AddTagsToResource: (call) => call.tagsIt(parameter(call, 'ResourceId')),
  RemoveTagsFromResource: (call) =>
    call.untagsIt(parameter(call, 'ResourceId'), call.parameters['TagKeys'] as string[]),
};

const queue = (call: Call): string =>
  call.maybe('QueueName') ?? call.text('QueueUrl').split('/').at(-1) ?? '';
const ofQueue = on(queue);

export const SQS_RULES: Rules = {
  CreateQueue: (call) => call.makes(queue(call), 'sqs:TagQueue'),
  GetQueueUrl: ofQueue,
  GetQueueAttributes: ofQueue,
  SetQueueAttributes: ofQueue,
  DeleteQueue: ofQueue,
  ListQueueTags: ofQueue,
  TagQueue: (call) => call.tagsIt(queue(call)),
  UntagQueue: (call) => call.untagsIt(queue(call), call.parameters['TagKeys'] as string[]),
};

const rule = (call: Call): string => `rule/${call.maybe('Rule') ?? call.text('Name')}`;
const ofRule = on(rule);

export const EVENTS_RULES: Rules = {
  PutRule: (call) => call.makes(rule(call), 'events:TagResource'),
  DescribeRule: ofRule,
  DeleteRule: ofRule,
  PutTargets: ofRule,
  RemoveTargets: ofRule,
  ListTargetsByRule: ofRule,
  ListTagsForResource: on((call) => call.text('ResourceARN')),
  TagResource: (call) => call.tagsIt(call.text('ResourceARN')),
  UntagResource: (call) => call.untagsIt(call.text('ResourceARN'), call.parameters['TagKeys'] as string[]),
};

/** No rule of a cache has an ARN. Source: Service Authorization Reference. */
export const ECR_RULES: Rules = {
  // The role that pulls is made with the first rule. Source: ECR User Guide, "Using service-linked roles for Amazon ECR".
  CreatePullThroughCacheRule: (call) => [
    call.on('*'),
    call.makesServiceRole('pullthroughcache.ecr.amazonaws.com', 'AWSServiceRoleForECRPullThroughCache'),
  ],
  UpdatePullThroughCacheRule: all,
  DeletePullThroughCacheRule: all,
  DescribePullThroughCacheRules: all,
};

const fileSystem = (call: Call): string => {
  const id = call.text('FileSystemId');
  return id.startsWith('arn:') ? id : `file-system/${id}`;
};
const ofFileSystem = on(fileSystem);
/** The answers name what was made: `fs-…`, `fsap-…`. */
const madeHere = (call: Call, needs: Need[], kind: string): Need[] =>
  needs.map((need) => ({
    ...need,
    then: () => {
      const [made] = call.answered.filter((one) => one.includes(`:${kind}/`));
      if (made !== undefined) call.account.tag(made, call.tags);
    },
  }));
/** A file system or an access point that tags are asked of by its id. */
const tagged = (call: Call): string =>
  call.text('id').startsWith('fsap-') ? `access-point/${call.text('id')}` : `file-system/${call.text('id')}`;
/** Which file system a mount target belongs to is not in the requests about it. */
const anyFileSystem = (call: Call): string =>
  call.account.partsOf(call.text('MountTargetId'))[0] ?? 'file-system/fs-0123456789abcdef0';

export const EFS_RULES: Rules = {
  CreateFileSystem: (call) => {
    const created = { 'elasticfilesystem:CreateAction': 'CreateFileSystem' };
    const [make, ...tag] = call.makes(
      '*',
      'elasticfilesystem:TagResource',
      'file-system/fs-0123456789abcdea',
    );
    const keyId = call.maybe('KmsKeyId');
    return [
      ...(make ? madeHere(call, [make], 'file-system') : []),
      ...tag.map((need) => ({ ...need, context: { ...need.context, ...created } })),
      // EFS uses the key in the caller's name. Source: EFS User Guide, "Using KMS keys for Amazon EFS".
      ...(keyId === undefined
        ? []
        : ['kms:DescribeKey', 'kms:CreateGrant', 'kms:GenerateDataKeyWithoutPlaintext'].map((action) =>
            call.on(keyId, {}, action),
          )),
      call.makesServiceRole('elasticfilesystem.amazonaws.com', 'AWSServiceRoleForAmazonElasticFileSystem'),
    ];
  },
  DescribeFileSystems: (call) => [
    call.on(call.maybe('FileSystemId') === undefined ? 'file-system/any' : fileSystem(call)),
  ],
  UpdateFileSystem: ofFileSystem,
  DeleteFileSystem: ofFileSystem,
  DescribeFileSystemPolicy: ofFileSystem,
  PutFileSystemPolicy: ofFileSystem,
  DeleteFileSystemPolicy: ofFileSystem,
  DescribeLifecycleConfiguration: ofFileSystem,
  PutLifecycleConfiguration: ofFileSystem,
  DescribeBackupPolicy: ofFileSystem,
  PutBackupPolicy: (call) => [
    ...ofFileSystem(call),
    call.makesServiceRole('backup.amazonaws.com', 'AWSServiceRoleForBackup'),
  ],
  CreateAccessPoint: (call) => [
    ...madeHere(call, [call.on(fileSystem(call), requestTags(call.tags))], 'access-point'),
    ...call
      .makes('access-point/fsap-0123456789abcdea', 'elasticfilesystem:TagResource')
      .slice(1)
      .map((need) => ({
        ...need,
        context: { ...need.context, 'elasticfilesystem:CreateAction': 'CreateAccessPoint' },
      })),
  ],
  DescribeAccessPoints: (call) => [call.on(`access-point/${call.text('AccessPointId')}`)],
  DeleteAccessPoint: (call) => [call.on(`access-point/${call.text('AccessPointId')}`)],
  // As the caller EFS makes a network interface in the subnet. Source: EFS API Reference, CreateMountTarget.
  CreateMountTarget: (call) => {
    const [mount, ...more] = ofFileSystem(call);
    const learn = (): void => {
      for (const id of call.answered.filter((one) => one.startsWith('fsmt-')))
        call.account.joins(id, [call.arn(fileSystem(call))]);
    };
    return [
      ...(mount ? [{ ...mount, then: learn }] : []),
      ...more,
      call.on('*', {}, 'ec2:DescribeSubnets'),
      call.on('*', {}, 'ec2:DescribeNetworkInterfaces'),
      ...[
        'network-interface/new',
        `subnet/${call.text('SubnetId')}`,
        ...((call.parameters['SecurityGroups'] ?? []) as string[]).map((id) => `security-group/${id}`),
      ].map((resource) => call.on(resource, {}, 'ec2:CreateNetworkInterface')),
    ];
  },
  DescribeMountTargets: (call) => [
    call.on(call.maybe('FileSystemId') === undefined ? anyFileSystem(call) : fileSystem(call)),
  ],
  DescribeMountTargetSecurityGroups: on(anyFileSystem),
  ModifyMountTargetSecurityGroups: (call) => [
    call.on(anyFileSystem(call)),
    call.on('network-interface/eni-0123456789abcdef0', {}, 'ec2:ModifyNetworkInterfaceAttribute'),
  ],
  DeleteMountTarget: (call) => [
    call.on(anyFileSystem(call)),
    call.on('network-interface/eni-0123456789abcdef0', {}, 'ec2:DeleteNetworkInterface'),
  ],
  ListTagsForResource: on(tagged),
  TagResource: (call) => call.tagsIt(tagged(call)),
  UntagResource: (call) => call.untagsIt(tagged(call), [call.text('tagKeys')]),
};
