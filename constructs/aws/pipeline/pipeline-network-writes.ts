import { defaultGroupName } from '../network/vpc';
import { actions, grant, words } from '../identity/grant';
import type { PipelineScope } from './pipeline-scope';
import type { PolicyStatement } from '../identity/policy-document';

/** Kinds of EC2 that a platform makes, each with its tag from the start, besides security groups. */
const MADE =
  'elastic-ip internet-gateway launch-template natgateway route-table subnet vpc vpc-endpoint vpc-flow-log';

/** What makes something of these kinds, and a security group. */
const CREATION = `AllocateAddress CreateFlowLogs CreateInternetGateway CreateLaunchTemplate CreateNatGateway CreateRouteTable
  CreateSecurityGroup CreateSubnet CreateVpc CreateVpcEndpoint`;

/** What makes rules of a security group. */
const OPENING = 'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress';
const CLOSING = 'RevokeSecurityGroupEgress RevokeSecurityGroupIngress';
const RULE_CHANGES = `ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsEgress
  UpdateSecurityGroupRuleDescriptionsIngress`;

/**
 * The rights to create, change and destroy a platform's network and the launch templates of its nodes. New objects must have the
 * platform's tag, and only objects with it can change. Only the default security group of a VPC may get the tag later, because AWS
 * creates it without tags. Its name then identifies it, and the rights only close it.
 */
export function networkStatements(scope: PipelineScope): PolicyStatement[] {
  const { owned, tagged } = scope;
  const ec2 = (kinds: string): string[] => scope.in('ec2', ...words(kinds).map((kind) => `${kind}/*`));
  const defaultGroup = defaultGroupName(scope.platform);
  const isDefaultGroup = { StringEquals: { 'aws:ResourceTag/Name': defaultGroup } };
  return [
    grant('New', actions('ec2', CREATION), ec2(`${MADE} security-group`), tagged),
    // What the new thing lies in, or is made of.
    grant(
      'Place',
      actions(
        'ec2',
        `CreateFlowLogs CreateNatGateway CreateNetworkInterface CreateRouteTable CreateSecurityGroup CreateSubnet
          CreateVpcEndpoint RunInstances`,
      ),
      ec2('elastic-ip launch-template route-table security-group subnet vpc'),
      owned,
    ),
    grant(
      'TagsOfTheNew',
      actions('ec2', 'CreateTags'),
      ec2(`${MADE} security-group security-group-rule`),
      tagged,
      { StringEquals: { 'ec2:CreateAction': words(`${CREATION} ${OPENING}`) } },
    ),
    grant(
      'Existing',
      actions(
        'ec2',
        `AssociateRouteTable AssociateVpcCidrBlock AttachInternetGateway CreateLaunchTemplateVersion CreateRoute CreateTags
          DeleteFlowLogs DeleteInternetGateway DeleteLaunchTemplate DeleteLaunchTemplateVersions DeleteNatGateway DeleteRoute
          DeleteRouteTable DeleteSubnet DeleteTags DeleteVpc DeleteVpcEndpoints DetachInternetGateway DisassociateAddress
          DisassociateRouteTable DisassociateVpcCidrBlock ModifyLaunchTemplate ModifySubnetAttribute ModifyVpcAttribute
          ModifyVpcEndpoint ReleaseAddress ReplaceRoute ReplaceRouteTableAssociation`,
      ),
      ec2(`${MADE} security-group-rule`),
      owned,
    ),
    grant(
      'Groups',
      actions('ec2', `${OPENING} ${RULE_CHANGES} CreateTags DeleteSecurityGroup DeleteTags`),
      ec2('security-group'),
      owned,
      { StringNotEquals: isDefaultGroup.StringEquals },
    ),
    grant(
      'GroupsInUse',
      actions('ec2', `${CLOSING} ModifyNetworkInterfaceAttribute ModifyVpcEndpoint`),
      ec2('security-group'),
      owned,
    ),
    // Each of these asks for the group, too, whose tag decides: a new rule has none.
    grant('Rules', actions('ec2', `${OPENING} ${CLOSING} ${RULE_CHANGES}`), ec2('security-group-rule')),
    grant('DefaultGroup', actions('ec2', 'CreateTags'), ec2('security-group'), tagged, {
      StringEquals: { 'aws:RequestTag/Name': defaultGroup },
      Null: { 'aws:ResourceTag/Platform': 'true' },
    }),
    grant(
      'TagsOfDefaultGroup',
      actions('ec2', 'CreateTags DeleteTags'),
      ec2('security-group'),
      owned,
      isDefaultGroup,
      { 'ForAllValues:StringNotEqualsIgnoreCase': { 'aws:TagKeys': ['Name', 'Platform'] } },
    ),
    // EKS starts nodes from a launch template only for somebody who could do so himself: from one of the platform's, in its
    // subnets. The security group is the one that EKS made.
    grant(
      'Nodes',
      actions('ec2', 'RunInstances'),
      [
        ...ec2('instance network-interface security-group volume'),
        scope.ofAws('ec2', 'image/*'),
        scope.ofAws('ec2', 'snapshot/*'),
      ],
      { ArnLike: { 'ec2:LaunchTemplate': ec2('launch-template') } },
    ),
    grant('TagsOfNodes', actions('ec2', 'CreateTags'), ec2('instance network-interface volume'), {
      StringEquals: { 'ec2:CreateAction': 'RunInstances' },
    }),
    // The mount targets of a file system are network interfaces, which EFS makes in the caller's name, and which have no tag.
    grant(
      'MountTargets',
      actions('ec2', 'CreateNetworkInterface DeleteNetworkInterface ModifyNetworkInterfaceAttribute'),
      ec2('network-interface'),
    ),
    // The private names of an interface endpoint are a hosted zone of AWS's own.
    grant('PrivateNames', actions('route53', 'AssociateVPCWithHostedZone'), [scope.zone('*')], {
      'ForAllValues:StringLike': { 'route53:VPCs': `VPCId=*,VPCRegion=${scope.region}` },
    }),
  ];
}
