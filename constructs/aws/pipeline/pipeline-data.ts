import { actions, grant } from '../identity/grant';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** What it takes to read how an S3 bucket is set. Listing it too: without that, S3 says of what is not there that it is forbidden. */
export const BUCKET_READS = actions(
  's3',
  `GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketObjectLockConfiguration
    GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging
    GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration
    ListBucket`,
);

/** What it takes to plan what workloads have of AWS beside the cluster: buckets, queues, databases. */
export function dataReadStatements(scope: PipelineScope): PolicyStatement[] {
  return [
    grant('Buckets', BUCKET_READS, [scope.buckets]),
    grant('Queues', actions('sqs', 'GetQueueAttributes GetQueueUrl ListQueueTags'), scope.queues),
    grant(
      'Databases',
      actions(
        'rds',
        'DescribeDBParameterGroups DescribeDBParameters DescribeDBSubnetGroups ListTagsForResource',
      ),
      scope.databases,
    ),
    // The provider looks for a database by an id that AWS chose, which RDS takes for a look at all of them.
    grant('ListOfDatabases', actions('rds', 'DescribeDBInstances'), scope.in('rds', 'db:*')),
  ];
}

/**
 * What it takes to make, change and destroy what workloads have of AWS beside the cluster: buckets, queues, databases. S3 and SQS
 * know a name and no tag here, and RDS makes nothing under a name that is not the platform's.
 */
export function dataWriteStatements(scope: PipelineScope): PolicyStatement[] {
  return [
    // Nothing about objects: a bucket that is not empty stays.
    grant(
      'Buckets',
      actions(
        's3',
        `CreateBucket DeleteBucket DeleteBucketPolicy PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock
          PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration`,
      ),
      [scope.buckets],
    ),
    grant(
      'Queues',
      actions('sqs', 'CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue'),
      scope.queues,
    ),
    grant(
      'Databases',
      actions(
        'rds',
        `AddTagsToResource CreateDBInstance CreateDBParameterGroup CreateDBSnapshot CreateDBSubnetGroup DeleteDBInstance
          DeleteDBParameterGroup DeleteDBSubnetGroup ModifyDBInstance ModifyDBParameterGroup ModifyDBSubnetGroup
          RebootDBInstance RemoveTagsFromResource ResetDBParameterGroup`,
      ),
      scope.databases,
    ),
    // AWS's own, one for each version of an engine, with which a database is made.
    grant(
      'DefaultOptionGroups',
      actions('rds', 'CreateDBInstance ModifyDBInstance'),
      scope.in('rds', 'og:default:postgres-*'),
    ),
  ];
}
