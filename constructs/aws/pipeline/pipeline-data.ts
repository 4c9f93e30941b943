import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** What it takes to read how an S3 bucket is set. Listing it too: without that, S3 says of what is not there that it is forbidden. */
export const BUCKET_READS = [
  's3:GetAccelerateConfiguration',
  's3:GetBucketAcl',
  's3:GetBucketCORS',
  's3:GetBucketLocation',
  's3:GetBucketLogging',
  's3:GetBucketObjectLockConfiguration',
  's3:GetBucketOwnershipControls',
  's3:GetBucketPolicy',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketRequestPayment',
  's3:GetBucketTagging',
  's3:GetBucketVersioning',
  's3:GetBucketWebsite',
  's3:GetEncryptionConfiguration',
  's3:GetLifecycleConfiguration',
  's3:GetReplicationConfiguration',
  's3:ListBucket',
];

/** What it takes to plan what workloads have of AWS beside the cluster: buckets, queues, databases. */
export function dataReadStatements(scope: PipelineScope): PolicyStatement[] {
  return [
    { Sid: 'Buckets', Effect: 'Allow', Action: BUCKET_READS, Resource: [scope.buckets] },
    {
      Sid: 'Queues',
      Effect: 'Allow',
      Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListQueueTags'],
      Resource: scope.queues,
    },
    {
      Sid: 'Databases',
      Effect: 'Allow',
      Action: [
        'rds:DescribeDBParameterGroups',
        'rds:DescribeDBParameters',
        'rds:DescribeDBSubnetGroups',
        'rds:ListTagsForResource',
      ],
      Resource: scope.databases,
    },
    {
      // The provider looks for a database by an id that AWS chose, which RDS takes for a look at all of them.
      Sid: 'ListOfDatabases',
      Effect: 'Allow',
      Action: ['rds:DescribeDBInstances'],
      Resource: scope.in('rds', 'db:*'),
    },
  ];
}

/**
 * What it takes to make, change and destroy what workloads have of AWS beside the cluster: buckets, queues, databases. S3 and SQS
 * know a name and no tag here, and RDS makes nothing under a name that is not the platform's.
 */
export function dataWriteStatements(scope: PipelineScope): PolicyStatement[] {
  return [
    {
      // Nothing about objects: a bucket that is not empty stays.
      Sid: 'Buckets',
      Effect: 'Allow',
      Action: [
        's3:CreateBucket',
        's3:DeleteBucket',
        's3:DeleteBucketPolicy',
        's3:PutBucketOwnershipControls',
        's3:PutBucketPolicy',
        's3:PutBucketPublicAccessBlock',
        's3:PutBucketTagging',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
      ],
      Resource: [scope.buckets],
    },
    {
      Sid: 'Queues',
      Effect: 'Allow',
      Action: [
        'sqs:CreateQueue',
        'sqs:DeleteQueue',
        'sqs:SetQueueAttributes',
        'sqs:TagQueue',
        'sqs:UntagQueue',
      ],
      Resource: scope.queues,
    },
    {
      Sid: 'Databases',
      Effect: 'Allow',
      Action: [
        'rds:AddTagsToResource',
        'rds:CreateDBInstance',
        'rds:CreateDBParameterGroup',
        'rds:CreateDBSnapshot',
        'rds:CreateDBSubnetGroup',
        'rds:DeleteDBInstance',
        'rds:DeleteDBParameterGroup',
        'rds:DeleteDBSubnetGroup',
        'rds:ModifyDBInstance',
        'rds:ModifyDBParameterGroup',
        'rds:ModifyDBSubnetGroup',
        'rds:RebootDBInstance',
        'rds:RemoveTagsFromResource',
        'rds:ResetDBParameterGroup',
      ],
      Resource: scope.databases,
    },
    {
      // AWS's own, one for each version of an engine, with which a database is made.
      Sid: 'DefaultOptionGroups',
      Effect: 'Allow',
      Action: ['rds:CreateDBInstance', 'rds:ModifyDBInstance'],
      Resource: scope.in('rds', 'og:default:postgres-*'),
    },
  ];
}
