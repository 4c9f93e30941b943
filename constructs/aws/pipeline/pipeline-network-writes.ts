import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** Kinds of EC2 that a platform makes, each with its tag from the start. */
const MADE = [
  'elastic-ip',
  'internet-gateway',
  'launch-template',
  'natgateway',
  'route-table',
  'security-group',
  'security-group-rule',
  'subnet',
  'vpc',
  'vpc-endpoint',
  'vpc-flow-log',
];

/** Actions that make something of these kinds. */
const CREATION = [
  'ec2:AllocateAddress',
  'ec2:CreateFlowLogs',
  'ec2:CreateInternetGateway',
  'ec2:CreateLaunchTemplate',
  'ec2:CreateNatGateway',
  'ec2:CreateRouteTable',
  'ec2:CreateSecurityGroup',
  'ec2:CreateSubnet',
  'ec2:CreateVpc',
  'ec2:CreateVpcEndpoint',
];

/**
 * What it takes to make, change and destroy a platform's network and the launch templates of its nodes: what is made has the
 * platform's tag, and only what has it is changed.
 */
export function networkStatements(scope: PipelineScope): PolicyStatement[] {
  const ec2 = (...kinds: readonly string[]): string[] => scope.in('ec2', ...kinds.map((kind) => `${kind}/*`));
  return [
    { Sid: 'New', Effect: 'Allow', Action: CREATION, Resource: ec2(...MADE), Condition: scope.tagged },
    {
      // What the new thing lies in, or is made of.
      Sid: 'Place',
      Effect: 'Allow',
      Action: [
        'ec2:CreateFlowLogs',
        'ec2:CreateNatGateway',
        'ec2:CreateRouteTable',
        'ec2:CreateSecurityGroup',
        'ec2:CreateSubnet',
        'ec2:CreateVpcEndpoint',
      ],
      Resource: ec2('elastic-ip', 'route-table', 'security-group', 'subnet', 'vpc'),
      Condition: scope.owned,
    },
    {
      Sid: 'TagsOfTheNew',
      Effect: 'Allow',
      Action: ['ec2:CreateTags'],
      Resource: ec2(...MADE),
      Condition: {
        StringEquals: {
          'aws:RequestTag/Platform': scope.platform,
          'ec2:CreateAction': CREATION.map((action) => action.slice('ec2:'.length)),
        },
      },
    },
    {
      // A VPC comes with a security group, which has no tag yet; that of another platform has one.
      Sid: 'DefaultSecurityGroup',
      Effect: 'Allow',
      Action: ['ec2:CreateTags', 'ec2:RevokeSecurityGroupEgress', 'ec2:RevokeSecurityGroupIngress'],
      Resource: ec2('security-group'),
      Condition: { Null: { 'aws:ResourceTag/Platform': 'true' } },
    },
    {
      Sid: 'Existing',
      Effect: 'Allow',
      Action: [
        'ec2:AssociateRouteTable',
        'ec2:AttachInternetGateway',
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:CreateLaunchTemplateVersion',
        'ec2:CreateRoute',
        'ec2:CreateTags',
        'ec2:DeleteFlowLogs',
        'ec2:DeleteInternetGateway',
        'ec2:DeleteLaunchTemplate',
        'ec2:DeleteLaunchTemplateVersions',
        'ec2:DeleteNatGateway',
        'ec2:DeleteRoute',
        'ec2:DeleteRouteTable',
        'ec2:DeleteSecurityGroup',
        'ec2:DeleteSubnet',
        'ec2:DeleteTags',
        'ec2:DeleteVpc',
        'ec2:DeleteVpcEndpoints',
        'ec2:DetachInternetGateway',
        'ec2:DisassociateAddress',
        'ec2:DisassociateRouteTable',
        'ec2:ModifyLaunchTemplate',
        'ec2:ModifySecurityGroupRules',
        'ec2:ModifySubnetAttribute',
        'ec2:ModifyVpcAttribute',
        'ec2:ModifyVpcEndpoint',
        'ec2:ReleaseAddress',
        'ec2:ReplaceRoute',
        'ec2:ReplaceRouteTableAssociation',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
        'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
      ],
      Resource: ec2(...MADE),
      Condition: scope.owned,
    },
    {
      // EKS starts nodes from a launch template only for somebody who could do so himself.
      Sid: 'Nodes',
      Effect: 'Allow',
      Action: ['ec2:RunInstances'],
      Resource: [
        ...ec2('instance', 'launch-template', 'network-interface', 'security-group', 'subnet', 'volume'),
        scope.ofAws('ec2', 'image/*'),
        scope.ofAws('ec2', 'snapshot/*'),
      ],
      Condition: { ArnLike: { 'ec2:LaunchTemplate': ec2('launch-template') } },
    },
    {
      Sid: 'TagsOfNodes',
      Effect: 'Allow',
      Action: ['ec2:CreateTags'],
      Resource: ec2('instance', 'network-interface', 'volume'),
      Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
    },
    {
      // The mount targets of a file system are network interfaces, which EFS makes in the caller's name.
      Sid: 'MountTargets',
      Effect: 'Allow',
      Action: [
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:ModifyNetworkInterfaceAttribute',
      ],
      Resource: ec2('network-interface', 'security-group', 'subnet'),
    },
  ];
}
