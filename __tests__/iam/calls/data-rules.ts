import { type Call, type Need, requestTags, type Rules } from './call';

const list = (call: Call, name: string): string[] =>
  Object.entries(call.parameters).flatMap(([key, value]) =>
    key.startsWith(name) && typeof value === 'string' ? [value] : [],
  );

/** What a database is made of, besides itself. */
function partsOfDatabase(call: Call): Need[] {
  const group = call.maybe('DBParameterGroupName');
  const subnets = call.maybe('DBSubnetGroupName');
  const key = call.maybe('KmsKeyId');
  return [
    ...(group === undefined ? [] : [call.on(`pg:${group}`)]),
    ...(subnets === undefined ? [] : [call.on(`subgrp:${subnets}`)]),
    // The option group that AWS has for each version of an engine.
    call.on('og:default:postgres-17'),
    ...(key === undefined
      ? []
      : ['kms:CreateGrant', 'kms:DescribeKey'].map((action) => call.on(key, {}, action))),
  ];
}

const database = (call: Call): string => `db:${call.text('DBInstanceIdentifier')}`;
const parameters = (call: Call): string => `pg:${call.text('DBParameterGroupName')}`;
const subnets = (call: Call): string => `subgrp:${call.text('DBSubnetGroupName')}`;
const ofParameters = (call: Call): Need[] => [call.on(parameters(call))];
const ofSubnets = (call: Call): Need[] => [call.on(subnets(call))];

export const RDS_RULES: Rules = {
  CreateDBInstance: (call) => [
    ...call.makes(database(call), 'rds:AddTagsToResource'),
    ...partsOfDatabase(call),
    call.makesServiceRole('rds.amazonaws.com', 'AWSServiceRoleForRDS'),
  ],
  ModifyDBInstance: (call) => [call.on(database(call)), ...partsOfDatabase(call)],
  // A snapshot is made of it as it goes.
  DeleteDBInstance: (call) => {
    const snapshot = call.maybe('FinalDBSnapshotIdentifier');
    return [
      call.on(database(call)),
      ...(snapshot === undefined
        ? []
        : [
            call.on(`snapshot:${snapshot}`, {}, 'rds:CreateDBSnapshot'),
            call.on(database(call), {}, 'rds:CreateDBSnapshot'),
          ]),
    ];
  },
  // By the id that AWS chose it is looked for among all.
  DescribeDBInstances: (call) => [call.on(`db:${call.maybe('DBInstanceIdentifier') ?? 'any'}`)],
  CreateDBParameterGroup: (call) => call.makes(parameters(call), 'rds:AddTagsToResource'),
  ModifyDBParameterGroup: ofParameters,
  ResetDBParameterGroup: ofParameters,
  DescribeDBParameterGroups: ofParameters,
  DescribeDBParameters: ofParameters,
  DeleteDBParameterGroup: ofParameters,
  CreateDBSubnetGroup: (call) => call.makes(subnets(call), 'rds:AddTagsToResource'),
  ModifyDBSubnetGroup: ofSubnets,
  DescribeDBSubnetGroups: ofSubnets,
  DeleteDBSubnetGroup: ofSubnets,
  ListTagsForResource: (call) => [call.on(call.text('ResourceName'))],
  AddTagsToResource: (call) => call.tagsIt(call.text('ResourceName')),
  RemoveTagsFromResource: (call) => call.untagsIt(call.text('ResourceName'), list(call, 'TagKeys.member.')),
};

const workspace = (call: Call): string => `workspace/${call.text('workspaceId')}`;
const scraper = (call: Call): string => `scraper/${call.text('scraperId')}`;
const ofWorkspace = (call: Call): Need[] => [call.on(workspace(call))];
const ofScraper = (call: Call): Need[] => [call.on(scraper(call))];

/** The right to make something without a name, and to tag it. */
function makes(call: Call, kind: string, on: readonly string[]): Need[] {
  const request = requestTags(call.tags);
  const then = (): void => {
    const [made] = call.answered.filter((one) => one.includes(`:${kind}/`));
    if (made !== undefined) call.account.tag(made, call.tags);
  };
  return [
    ...on.map((resource) => ({ ...call.on(resource, request), then })),
    // Of tags at the creation IAM is asked apart. Source: AMP User Guide, "Tagging".
    call.on(`${kind}/new`, request, 'aps:TagResource'),
  ];
}

/** How CloudWatch Logs is made to take what a service of AWS sends. Source: CloudWatch Logs User Guide, "Enable logging from AWS services". */
const delivery = (call: Call): Need[] =>
  ['CreateLogDelivery', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'].map((action) =>
    call.on('*', {}, `logs:${action}`),
  );

export const APS_RULES: Rules = {
  CreateWorkspace: (call) => makes(call, 'workspace', ['*']),
  DescribeWorkspace: ofWorkspace,
  DescribeWorkspaceConfiguration: ofWorkspace,
  UpdateWorkspaceAlias: ofWorkspace,
  DeleteWorkspace: ofWorkspace,
  DescribeLoggingConfiguration: ofWorkspace,
  CreateLoggingConfiguration: (call) => [...ofWorkspace(call), ...delivery(call)],
  UpdateLoggingConfiguration: (call) => [...ofWorkspace(call), ...delivery(call)],
  DeleteLoggingConfiguration: ofWorkspace,
  // Source: the dependent actions of aps:CreateScraper in the Service Authorization Reference.
  CreateScraper: (call) => {
    const cluster = call.text('source.eksConfiguration.clusterArn');
    return [
      ...makes(call, 'scraper', [cluster, call.text('destination.ampConfiguration.workspaceArn')]),
      call.on(cluster, {}, 'eks:DescribeCluster'),
      call.on('*', {}, 'ec2:DescribeSubnets'),
      call.on('*', {}, 'ec2:DescribeSecurityGroups'),
      call.makesServiceRole('scraper.aps.amazonaws.com', 'AWSServiceRoleForAmazonPrometheusScraper'),
    ];
  },
  DescribeScraper: ofScraper,
  UpdateScraper: ofScraper,
  DeleteScraper: ofScraper,
  ListTagsForResource: (call) => [call.on(call.text('resourceArn'))],
  TagResource: (call) => call.tagsIt(call.text('resourceArn')),
  UntagResource: (call) => call.untagsIt(call.text('resourceArn'), [call.text('tagKeys')]),
};
