import type { RecordedCall } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/call-log';

/** An operation of a service that names none in the request: method, path, name; `{x}` is one segment of the path. */
type Route = readonly [method: string, path: string, operation: string];

const EKS: readonly Route[] = [
  ['GET', '/clusters', 'ListClusters'],
  ['POST', '/clusters', 'CreateCluster'],
  ['GET', '/clusters/{cluster}', 'DescribeCluster'],
  ['DELETE', '/clusters/{cluster}', 'DeleteCluster'],
  ['POST', '/clusters/{cluster}/update-config', 'UpdateClusterConfig'],
  ['POST', '/clusters/{cluster}/updates', 'UpdateClusterVersion'],
  ['GET', '/clusters/{cluster}/updates/{updateId}', 'DescribeUpdate'],
  ['POST', '/clusters/{cluster}/encryption-config/associate', 'AssociateEncryptionConfig'],
  ['GET', '/clusters/{cluster}/node-groups', 'ListNodegroups'],
  ['POST', '/clusters/{cluster}/node-groups', 'CreateNodegroup'],
  ['GET', '/clusters/{cluster}/node-groups/{nodegroupName}', 'DescribeNodegroup'],
  ['DELETE', '/clusters/{cluster}/node-groups/{nodegroupName}', 'DeleteNodegroup'],
  ['POST', '/clusters/{cluster}/node-groups/{nodegroupName}/update-config', 'UpdateNodegroupConfig'],
  ['POST', '/clusters/{cluster}/node-groups/{nodegroupName}/update-version', 'UpdateNodegroupVersion'],
  ['GET', '/addons/supported-versions', 'DescribeAddonVersions'],
  ['GET', '/cluster-versions', 'DescribeClusterVersions'],
  ['GET', '/clusters/{cluster}/addons', 'ListAddons'],
  ['POST', '/clusters/{cluster}/addons', 'CreateAddon'],
  ['GET', '/clusters/{cluster}/addons/{addonName}', 'DescribeAddon'],
  ['DELETE', '/clusters/{cluster}/addons/{addonName}', 'DeleteAddon'],
  ['POST', '/clusters/{cluster}/addons/{addonName}/update', 'UpdateAddon'],
  ['GET', '/clusters/{cluster}/access-entries', 'ListAccessEntries'],
  ['POST', '/clusters/{cluster}/access-entries', 'CreateAccessEntry'],
  ['GET', '/clusters/{cluster}/access-entries/{principalArn}', 'DescribeAccessEntry'],
  ['POST', '/clusters/{cluster}/access-entries/{principalArn}', 'UpdateAccessEntry'],
  ['DELETE', '/clusters/{cluster}/access-entries/{principalArn}', 'DeleteAccessEntry'],
  [
    'GET',
    '/clusters/{cluster}/access-entries/{principalArn}/access-policies',
    'ListAssociatedAccessPolicies',
  ],
  ['POST', '/clusters/{cluster}/access-entries/{principalArn}/access-policies', 'AssociateAccessPolicy'],
  [
    'DELETE',
    '/clusters/{cluster}/access-entries/{principalArn}/access-policies/{policyArn}',
    'DisassociateAccessPolicy',
  ],
  ['GET', '/clusters/{cluster}/pod-identity-associations', 'ListPodIdentityAssociations'],
  ['POST', '/clusters/{cluster}/pod-identity-associations', 'CreatePodIdentityAssociation'],
  ['GET', '/clusters/{cluster}/pod-identity-associations/{associationId}', 'DescribePodIdentityAssociation'],
  ['POST', '/clusters/{cluster}/pod-identity-associations/{associationId}', 'UpdatePodIdentityAssociation'],
  ['DELETE', '/clusters/{cluster}/pod-identity-associations/{associationId}', 'DeletePodIdentityAssociation'],
  ['GET', '/tags/{resourceArn}', 'ListTagsForResource'],
  ['POST', '/tags/{resourceArn}', 'TagResource'],
  ['DELETE', '/tags/{resourceArn}', 'UntagResource'],
];

const EFS: readonly Route[] = (
  [
    ['GET', '/file-systems', 'DescribeFileSystems'],
    ['POST', '/file-systems', 'CreateFileSystem'],
    ['PUT', '/file-systems/{FileSystemId}', 'UpdateFileSystem'],
    ['DELETE', '/file-systems/{FileSystemId}', 'DeleteFileSystem'],
    ['GET', '/file-systems/{FileSystemId}/policy', 'DescribeFileSystemPolicy'],
    ['PUT', '/file-systems/{FileSystemId}/policy', 'PutFileSystemPolicy'],
    ['DELETE', '/file-systems/{FileSystemId}/policy', 'DeleteFileSystemPolicy'],
    ['GET', '/file-systems/{FileSystemId}/lifecycle-configuration', 'DescribeLifecycleConfiguration'],
    ['PUT', '/file-systems/{FileSystemId}/lifecycle-configuration', 'PutLifecycleConfiguration'],
    ['GET', '/file-systems/{FileSystemId}/backup-policy', 'DescribeBackupPolicy'],
    ['PUT', '/file-systems/{FileSystemId}/backup-policy', 'PutBackupPolicy'],
    ['GET', '/access-points', 'DescribeAccessPoints'],
    ['POST', '/access-points', 'CreateAccessPoint'],
    ['DELETE', '/access-points/{AccessPointId}', 'DeleteAccessPoint'],
    ['GET', '/mount-targets', 'DescribeMountTargets'],
    ['POST', '/mount-targets', 'CreateMountTarget'],
    ['DELETE', '/mount-targets/{MountTargetId}', 'DeleteMountTarget'],
    ['GET', '/mount-targets/{MountTargetId}/security-groups', 'DescribeMountTargetSecurityGroups'],
    ['PUT', '/mount-targets/{MountTargetId}/security-groups', 'ModifyMountTargetSecurityGroups'],
    ['GET', '/resource-tags/{id}', 'ListTagsForResource'],
    ['POST', '/resource-tags/{id}', 'TagResource'],
    ['DELETE', '/resource-tags/{id}', 'UntagResource'],
  ] as const
).map(([method, path, operation]) => [method, `/2015-02-01${path}`, operation]);

const APS: readonly Route[] = [
  ['POST', '/workspaces', 'CreateWorkspace'],
  ['GET', '/workspaces/{workspaceId}', 'DescribeWorkspace'],
  ['DELETE', '/workspaces/{workspaceId}', 'DeleteWorkspace'],
  ['POST', '/workspaces/{workspaceId}/alias', 'UpdateWorkspaceAlias'],
  ['GET', '/workspaces/{workspaceId}/configuration', 'DescribeWorkspaceConfiguration'],
  ['GET', '/workspaces/{workspaceId}/logging', 'DescribeLoggingConfiguration'],
  ['POST', '/workspaces/{workspaceId}/logging', 'CreateLoggingConfiguration'],
  ['PUT', '/workspaces/{workspaceId}/logging', 'UpdateLoggingConfiguration'],
  ['DELETE', '/workspaces/{workspaceId}/logging', 'DeleteLoggingConfiguration'],
  ['POST', '/scrapers', 'CreateScraper'],
  ['GET', '/scrapers/{scraperId}', 'DescribeScraper'],
  ['PUT', '/scrapers/{scraperId}', 'UpdateScraper'],
  ['DELETE', '/scrapers/{scraperId}', 'DeleteScraper'],
  ['GET', '/tags/{resourceArn}', 'ListTagsForResource'],
  ['POST', '/tags/{resourceArn}', 'TagResource'],
  ['DELETE', '/tags/{resourceArn}', 'UntagResource'],
];

const ROUTES: Readonly<Record<string, readonly Route[]>> = { aps: APS, eks: EKS, elasticfilesystem: EFS };

/** What a part of the query is called where IAM names the action otherwise. */
const BUCKET_PARTS: Readonly<Record<string, string>> = {
  accelerate: 'AccelerateConfiguration',
  acl: 'BucketAcl',
  cors: 'BucketCORS',
  encryption: 'EncryptionConfiguration',
  lifecycle: 'LifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  'object-lock': 'BucketObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  publicAccessBlock: 'BucketPublicAccessBlock',
  replication: 'ReplicationConfiguration',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

export interface NamedOperation {
  readonly operation: string;
  /** Parts of the path and the query. */
  readonly at: Readonly<Record<string, string>>;
}

/** The operation of a request whose method and path name it; undefined when none is known. */
export function restOperation({ service, operation: line }: RecordedCall): NamedOperation | undefined {
  const [method = '', target = ''] = line.split(' ');
  const url = new URL(target, 'http://sandbox');
  const query = Object.fromEntries(url.searchParams);
  if (service === 's3') return s3Operation(method, url);
  for (const [verb, path, operation] of ROUTES[service] ?? []) {
    const at = verb === method ? match(path, url.pathname) : undefined;
    if (at) return { operation, at: { ...query, ...at } };
  }
  return undefined;
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.replace(/\/$/, '').split('/');
  if (names.length !== parts.length) return undefined;
  const pairs = names.map((name, index) => [name, decodeURIComponent(parts[index] ?? '')] as const);
  if (pairs.some(([name, part]) => !name.startsWith('{') && name !== part)) return undefined;
  return Object.fromEntries(
    pairs.filter(([name]) => name.startsWith('{')).map(([name, part]) => [name.slice(1, -1), part]),
  );
}

/** Operations of S3 by the names of IAM. */
function s3Operation(method: string, url: URL): NamedOperation | undefined {
  const [bucket = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
  const key = rest.join('/');
  const at = { bucket, key };
  const named = (operation: string): NamedOperation => ({ operation, at });
  const parts = [...url.searchParams.keys()].filter((name) => name !== 'x-id');
  if (bucket === '') return named('ListAllMyBuckets');
  if (key !== '') {
    if (url.searchParams.has('versionId'))
      return named(method === 'DELETE' ? 'DeleteObjectVersion' : 'GetObjectVersion');
    return parts.length > 0
      ? undefined
      : named(
          { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method] ?? '',
        );
  }
  const part = parts.map((name) => BUCKET_PARTS[name]).find((name) => name !== undefined);
  if (part !== undefined) {
    if (method === 'GET') return named(`Get${part}`);
    // Nothing but a policy is deleted by an action of its own. Source: Service Authorization Reference.
    return named(method === 'DELETE' && part === 'BucketPolicy' ? 'DeleteBucketPolicy' : `Put${part}`);
  }
  if (parts.includes('versions')) return named('ListBucketVersions');
  // Objects are named in the body, each with its version.
  if (method === 'POST' && parts.includes('delete'))
    return { operation: 'DeleteObjectVersion', at: { bucket, key: '*' } };
  if (method === 'PUT') return named('CreateBucket');
  if (method === 'DELETE') return named('DeleteBucket');
  return method === 'GET' || method === 'HEAD' ? named('ListBucket') : undefined;
}
