import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { IConstruct } from 'constructs';
import { actions, everyActionOf, grant } from '../identity/grant';
import { notOfOthers } from './pipeline-guard';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** What roles of a platform may do beyond what their boundary lets pass by itself. */
export interface BoundaryAllowance {
  /** Actions, such as `bedrock:InvokeModel` or `kinesis:*`. */
  readonly actions: readonly string[];
  /** ARNs, or patterns of them. @default ['*'] */
  readonly resources?: readonly string[];
}

/** What a permissions boundary allows besides the needs of the platform. */
export interface RoleBoundaryOptions {
  /** IDs of the hosted zones whose records roles may change. @default [] */
  readonly zones?: readonly string[];
  /** @default [] */
  readonly allow?: readonly BoundaryAllowance[];
}

/**
 * The most that a role of the platform may do. The pipeline cannot escape its own limits by a role that it creates. The boundary
 * allows what AWS' own policies for clusters, nodes and add-ons and the controllers require, and what a workload has under the
 * platform's name. It holds in the platform's region, except for global services. `allow` adds everything else.
 *
 * A role has one boundary of one policy, so the boundary uses patterns.
 *
 * Source: AWS Managed Policy Reference Guide; Service Authorization Reference.
 */
export function roleBoundaryStatements(
  scope: PipelineScope,
  { zones = [], allow = [] }: RoleBoundaryOptions = {},
): PolicyStatement[] {
  return [
    ...atLarge(scope),
    ...nodes(scope),
    ...known(scope),
    ...named(scope, zones),
    ...allow.map(({ actions: allowed, resources = ['*'] }, i) =>
      grant(`Allowed${i + 1}`, allowed, resources),
    ),
    ...denied(scope),
    ...notOfOthers(scope),
  ];
}

/** What AWS knows no narrower resource for, or what belongs to AWS: what is read, and what nodes and Pods say of themselves. */
function atLarge({ inRegion }: PipelineScope): PolicyStatement[] {
  return [
    grant(
      'InTheRegion',
      [
        ...actions('acm', 'Describe* List*'),
        ...actions('autoscaling', 'Describe*'),
        ...actions('cloudwatch', 'Get* List* PutMetricData'),
        ...actions('cognito-idp', 'DescribeUserPoolClient'),
        ...actions('ec2', 'Describe* GetSecurityGroupsForVpc'),
        ...actions('ec2messages', '*'),
        ...actions('ecr', 'BatchImportUpstreamImage CreateRepository'),
        ...actions('eks', 'ListClusters'),
        ...actions('eks-auth', 'AssumeRoleForPodIdentity'),
        ...actions('elasticfilesystem', '*AccessPoint* Describe*'),
        ...actions('elasticloadbalancing', 'Create* Describe* SetWebAcl *Listener* *Rule* *Targets'),
        ...actions('logs', 'DescribeLog*'),
        ...actions('ses', 'Send*'),
        ...actions(
          'ssm',
          'Describe* GetD* GetManifest List* PutCo* PutInventory Update*Status UpdateInstanceInformation',
        ),
        ...actions('ssmmessages', '*'),
        ...['waf-regional', 'wafv2'].flatMap((service) => actions(service, '*WebACL Get*')),
        ...actions('xray', 'Get* Put*'),
      ],
      ['*'],
      inRegion,
    ),
    // In no region, or in another one: images and prices.
    grant(
      'Anywhere',
      [
        ...actions('ecr', 'BatchCheck* BatchGet* Describe* Get* List*'),
        ...actions('ecr-public', 'Get*'),
        ...actions(
          'iam',
          'GetInstanceProfile GetServerCertificate ListInstanceProfiles ListServerCertificates',
        ),
        ...actions('pricing', 'GetProducts'),
        ...actions('route53', 'Get* List*'),
        ...actions('shield', '*Protection GetSubscriptionState'),
        ...actions('sts', 'GetServiceBearerToken'),
      ],
      ['*'],
    ),
  ];
}

/**
 * What EC2 does for nodes, Pods and volumes. Network interfaces and static volumes have no tag that could tell whose they are;
 * everything else gets its tags as it is made.
 */
function nodes(scope: PipelineScope): PolicyStatement[] {
  const ec2 = [...scope.in('ec2', '*'), scope.ofAws('ec2', '*')];
  return [
    grant(
      'Nodes',
      actions(
        'ec2',
        `Assign* AttachVolume CreateFleet CreateLaunchTemplate CreateSecurityGroup CreateSnapshot* CreateVolume DetachVolume
          ModifyNetworkInterfaceAttribute ModifyVolume RunInstances Unassign* *NetworkInterface`,
      ),
      ec2,
    ),
    grant('NewTags', ['ec2:CreateTags'], ec2, { Null: { 'ec2:CreateAction': 'false' } }),
    grant('NewBalancers', ['elasticloadbalancing:AddTags'], scope.in('elasticloadbalancing', '*'), {
      Null: { 'elasticloadbalancing:CreateAction': 'false' },
    }),
  ];
}

/** What a tag says to be the platform's: its own, that of EKS, or that of a controller. */
function known({ platform, inRegion }: PipelineScope): PolicyStatement[] {
  const tags: readonly (readonly [tag: string, value: string, services: string])[] = [
    ['Platform', platform, 'aps autoscaling ec2 elasticfilesystem elasticloadbalancing kms'],
    [`kubernetes.io/cluster/${platform}`, 'owned', 'autoscaling ec2 elasticloadbalancing'],
    ['elbv2.k8s.aws/cluster', platform, 'ec2 elasticloadbalancing'],
    // It does not say which cluster; the policy of the add-on does.
    ['ebs.csi.aws.com/cluster', 'true', 'ec2'],
  ];
  return tags.map(([tag, value, services], i) =>
    grant(`Tagged${i + 1}`, everyActionOf(services), ['*'], inRegion, {
      StringEquals: { [`aws:ResourceTag/${tag}`]: value },
    }),
  );
}

/** What has the platform's name, or is named by it. */
function named(scope: PipelineScope, zones: readonly string[]): PolicyStatement[] {
  const { platform } = scope;
  const own = `${platform}-*`;
  const rows: readonly (readonly [service: string, names: string, resources: readonly string[]])[] = [
    ['dynamodb', '*', scope.in('dynamodb', `table/${own}`)],
    ['eks', 'Describe* List*', scope.in('eks', `cluster/${platform}`)],
    ['logs', '*', scope.in('logs', `log-group:*/${platform}/*`)],
    ['rds-db', 'connect', scope.in('rds-db', 'dbuser:*')],
    ['secretsmanager', '*', scope.in('secretsmanager', `secret:${platform}/*`)],
    ['sns', '*', scope.in('sns', own)],
    ['sqs', '*', scope.queues],
    ['ssm', 'GetParameter*', scope.in('ssm', `parameter/${platform}/*`)],
    // AWS publishes the ids of its AMIs there.
    ['ssm', 'GetParameter*', [scope.ofAws('ssm', 'parameter/aws/service/*')]],
    // Kinds without a tag of the platform's before they get one.
    ['ec2', 'CreateTags', scope.in('ec2', 'network-interface/*')],
    ['elasticfilesystem', 'TagResource', scope.in('elasticfilesystem', 'access-point/*')],
    ['elasticloadbalancing', 'AddTags RemoveTags', scope.in('elasticloadbalancing', 'listener*')],
  ];
  return [
    grant('Buckets', ['s3:*'], [scope.bucketsNamed(own)], scope.inAccount),
    grant(
      'Named',
      [...new Set(rows.flatMap(([service, names]) => actions(service, names)))],
      rows.flatMap(([, , resources]) => resources),
    ),
    ...(zones.length > 0
      ? [
          grant(
            'Records',
            ['route53:ChangeResourceRecordSets'],
            zones.map((zone) => scope.zone(zone)),
          ),
        ]
      : []),
    // Karpenter starts nodes with the role of its nodes.
    grant('HandOver', ['iam:PassRole'], [scope.iam('role', `${platform}-karpenter-*`)], {
      StringEquals: { 'iam:PassedToService': scope.principals('ec2') },
    }),
    grant('RolesOfServices', ['iam:CreateServiceLinkedRole'], [scope.iamResource('role/aws-service-role/*')]),
  ];
}

function denied(scope: PipelineScope): PolicyStatement[] {
  const deny = (Sid: string, Action: readonly string[], Resource: readonly string[]): PolicyStatement => ({
    Sid,
    Effect: 'Deny',
    Action,
    Resource,
  });
  return [
    deny('NotTheStates', ['s3:*'], [scope.bucket, `${scope.bucket}/*`]),
    { ...deny('NoOtherPlatform', ['ec2:*', 'kms:*'], ['*']), Condition: scope.ofAnother },
  ];
}

/**
 * Reports what the policies of roles below a stack allow and the boundary never does. AWS would deny it without a message about
 * the boundary. An ARN that is known only after apply counts as allowed. So does a policy from elsewhere.
 */
export function keepWithin(stack: IConstruct, boundary: readonly PolicyStatement[]): void {
  stack.node.addValidation({
    validate: () =>
      stack.node.findAll().flatMap((construct) => {
        if (!(construct instanceof IamRolePolicy)) return [];
        return beyond(writtenIn(construct.policyInput ?? ''), boundary).map(
          (what) =>
            `${construct.node.path}: allows ${what}, which the boundary of the platform's roles keeps from them; add it to ` +
            'iam.boundary.allow, or take it out',
        );
      }),
  });
}

function writtenIn(policy: string): PolicyStatement[] {
  return policy.startsWith('{') ? (JSON.parse(policy) as { Statement: PolicyStatement[] }).Statement : [];
}

/** `kinesis:PutRecord on arn:…` */
function beyond(statements: readonly PolicyStatement[], boundary: readonly PolicyStatement[]): string[] {
  const allowed = boundary.filter(({ Effect }) => Effect === 'Allow');
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource = [] }) =>
      [Action].flat().flatMap((action) => {
        const patterns = allowed.filter((one) => one.Action.some((pattern) => overlap(pattern, action)));
        const resources = new Set(patterns.flatMap((one) => one.Resource ?? []));
        return [Resource]
          .flat()
          .filter((arn) => ![...resources].some((pattern) => overlap(pattern, arn)))
          .map((arn) => `${action} on ${arn.replace(/\$\{[^}]*\}/g, '*')}`);
      }),
    );
}

/** Whether some text fits two patterns of IAM, of which `*` stands for any characters, and so does what is not known yet. */
function overlap(one: string, other: string): boolean {
  if (one === '*' || other === '*' || one === other) return true;
  const [a, b] = [one, other].map((text) => text.replace(/\$\{[^}]*\}/g, '*').toLowerCase()) as [
    string,
    string,
  ];
  // fits[j]: whether what is left of a, from i on, and of b, from j on, fit each other.
  const fits = Array.from({ length: b.length + 1 }, (_, j) => /^\**$/.test(b.slice(j)));
  for (let i = a.length - 1; i >= 0; i--) {
    const next = [...fits];
    fits[b.length] = a[i] === '*' && next[b.length] === true;
    for (let j = b.length - 1; j >= 0; j--) {
      const isWild = a[i] === '*' || b[j] === '*';
      const step = isWild
        ? next[j] || fits[j + 1]
        : (a[i] === b[j] || b[j] === '?' || a[i] === '?') && next[j + 1];
      fits[j] = step === true;
    }
  }
  return fits[0] === true;
}
