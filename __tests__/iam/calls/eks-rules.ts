import { type Call, type Need, requestTags, type Rules } from './call';

const PODS = 'pods.eks.amazonaws.com';
const EKS = 'eks.amazonaws.com';
/** Ends the ARN of what EKS gives an id of its own. */
const ID = '12345678-1234-1234-1234-123456789012';

const cluster = (call: Call): string => `cluster/${call.text('cluster')}`;
const nodegroup = (call: Call): string =>
  `nodegroup/${call.text('cluster')}/${call.text('nodegroupName')}/${ID}`;
const addon = (call: Call): string => `addon/${call.text('cluster')}/${call.text('addonName')}/${ID}`;
const association = (call: Call): string =>
  `podidentityassociation/${call.text('cluster')}/${call.maybe('associationId') ?? 'a-0123456789abcdef0'}`;

/** `access-entry/<cluster>/role/<account>/<name>/<id>` */
function accessEntry(call: Call): string {
  const [, , , , account = '', principal = ''] = call.text('principalArn').split(':');
  const [kind = ''] = principal.split('/');
  return `access-entry/${call.text('cluster')}/${kind}/${account}/${principal.split('/').at(-1) ?? ''}/${ID}`;
}

/** Of a role that a call names, EKS looks whether it is there and may be used, as the caller. Source: EKS User Guide. */
const looksAt = (call: Call, role: string | undefined): Need[] =>
  role === undefined
    ? []
    : [call.on(role, {}, 'iam:GetRole'), call.on(role, {}, 'iam:ListAttachedRolePolicies')];

/** EKS encrypts Secrets by the key as the caller's grant lets it. Source: EKS User Guide, "Encrypt Kubernetes secrets". */
function encryption(call: Call): Need[] {
  const [first] = (call.parameters['encryptionConfig'] ?? []) as { provider: { keyArn: string } }[];
  if (!first) return [];
  const { keyArn } = first.provider;
  return ['kms:DescribeKey', 'kms:CreateGrant'].map((action) => call.on(keyArn, {}, action));
}

/**
 * To create or update a node group with a launch template takes the right to start instances from it, with their tags.
 * Source: EKS User Guide, "Customize managed nodes with launch templates".
 */
function instances(call: Call): Need[] {
  const template = call.maybe('launchTemplate.id');
  if (template === undefined) return [];
  const of = { 'ec2:LaunchTemplate': call.arn(`launch-template/${template}`, 'ec2') };
  const subnets = (call.parameters['subnets'] ?? []) as string[];
  const own = ['instance/new', 'network-interface/new', 'volume/new'];
  return [
    ...[`launch-template/${template}`, ...subnets.map((id) => `subnet/${id}`), ...own].map((resource) =>
      call.on(resource, of, 'ec2:RunInstances'),
    ),
    call.on(`arn:aws:ec2:${call.region}::image/ami-0123456789abcdef0`, of, 'ec2:RunInstances'),
    ...own.map((resource) =>
      call.on(
        resource,
        { 'ec2:CreateAction': 'RunInstances', 'aws:RequestTag/Name': 'node', 'aws:TagKeys': ['Name'] },
        'ec2:CreateTags',
      ),
    ),
  ];
}

/** The roles that an add-on's Pods get with it. */
function identities(call: Call): Need[] {
  const given = (call.parameters['podIdentityAssociations'] ?? []) as { roleArn: string }[];
  return given.flatMap(({ roleArn }) => [
    ...call.passes(roleArn, PODS),
    call.on(cluster(call), {}, 'eks:CreatePodIdentityAssociation'),
  ]);
}

export const EKS_RULES: Rules = {
  CreateCluster: (call) => [
    ...call.makes(`cluster/${call.text('name')}`, 'eks:TagResource'),
    ...call.passes(call.text('roleArn'), EKS),
    ...looksAt(call, call.text('roleArn')),
    ...encryption(call),
    call.makesServiceRole(EKS, 'AWSServiceRoleForAmazonEKS'),
  ],
  DescribeCluster: (call) => [call.on(cluster(call))],
  DeleteCluster: (call) => [call.on(cluster(call))],
  UpdateClusterConfig: (call) => [call.on(cluster(call))],
  UpdateClusterVersion: (call) => [call.on(cluster(call))],
  AssociateEncryptionConfig: (call) => [call.on(cluster(call)), ...encryption(call)],
  ListClusters: (call) => [call.on('*')],
  DescribeAddonVersions: (call) => [call.on('*')],
  DescribeClusterVersions: (call) => [call.on('*')],
  DescribeUpdate: (call) => [
    call.on(
      call.maybe('nodegroupName') ? nodegroup(call) : call.maybe('addonName') ? addon(call) : cluster(call),
    ),
  ],

  CreateNodegroup: (call) => [
    call.on(cluster(call), requestTags(call.tags)),
    ...call.makes(nodegroup(call), 'eks:TagResource').slice(1),
    ...call.passes(call.text('nodeRole'), EKS),
    ...looksAt(call, call.text('nodeRole')),
    ...instances(call),
    call.makesServiceRole('eks-nodegroup.amazonaws.com', 'AWSServiceRoleForAmazonEKSNodegroup'),
    ...(call.maybe('capacityType') === 'SPOT'
      ? [call.makesServiceRole('spot.amazonaws.com', 'AWSServiceRoleForEC2Spot')]
      : []),
  ],
  DescribeNodegroup: (call) => [call.on(nodegroup(call))],
  DeleteNodegroup: (call) => [call.on(nodegroup(call))],
  ListNodegroups: (call) => [call.on(cluster(call))],
  UpdateNodegroupConfig: (call) => [call.on(nodegroup(call))],
  UpdateNodegroupVersion: (call) => [call.on(nodegroup(call)), ...instances(call)],

  CreateAddon: (call) => [
    call.on(cluster(call), requestTags(call.tags)),
    ...call.makes(addon(call), 'eks:TagResource').slice(1),
    ...identities(call),
  ],
  DescribeAddon: (call) => [call.on(addon(call))],
  DeleteAddon: (call) => [call.on(addon(call))],
  ListAddons: (call) => [call.on(cluster(call))],
  UpdateAddon: (call) => [call.on(addon(call)), ...identities(call)],

  CreateAccessEntry: (call) => [
    call.on(cluster(call), requestTags(call.tags)),
    ...call.makes(accessEntry(call), 'eks:TagResource').slice(1),
  ],
  DescribeAccessEntry: (call) => [call.on(accessEntry(call))],
  DeleteAccessEntry: (call) => [call.on(accessEntry(call))],
  UpdateAccessEntry: (call) => [call.on(accessEntry(call))],
  ListAccessEntries: (call) => [call.on(cluster(call))],
  AssociateAccessPolicy: (call) => [call.on(accessEntry(call), { 'eks:policyArn': call.text('policyArn') })],
  DisassociateAccessPolicy: (call) => [call.on(accessEntry(call))],
  ListAssociatedAccessPolicies: (call) => [call.on(accessEntry(call))],

  CreatePodIdentityAssociation: (call) => [
    call.on(cluster(call), requestTags(call.tags)),
    ...call.makes(association(call), 'eks:TagResource').slice(1),
    ...call.passes(call.text('roleArn'), PODS),
    call.on(call.text('roleArn'), {}, 'iam:GetRole'),
  ],
  DescribePodIdentityAssociation: (call) => [call.on(association(call))],
  DeletePodIdentityAssociation: (call) => [call.on(association(call))],
  UpdatePodIdentityAssociation: (call) => [
    call.on(association(call)),
    ...call.passes(call.maybe('roleArn'), PODS),
  ],
  ListPodIdentityAssociations: (call) => [call.on(cluster(call))],

  ListTagsForResource: (call) => [call.on(call.text('resourceArn'))],
  TagResource: (call) => call.tagsIt(call.text('resourceArn')),
  UntagResource: (call) => call.untagsIt(call.text('resourceArn'), [call.text('tagKeys')]),
};
