/** AWS services that an interface endpoint can be had for, by the last part of the endpoint's name. */
export const ENDPOINT_SERVICES = [
  'autoscaling',
  'ec2',
  'ec2messages',
  'ecr.api',
  'ecr.dkr',
  'eks',
  'eks-auth',
  'elasticfilesystem',
  'elasticloadbalancing',
  'email-smtp',
  'kms',
  'logs',
  'monitoring',
  'secretsmanager',
  'sqs',
  'ssm',
  'ssmmessages',
  'sts',
  'xray',
] as const;

/** A service of AWS with an interface endpoint. */
export type EndpointService = (typeof ENDPOINT_SERVICES)[number];

/** Services that have no endpoint in some zones, which AWS lists by account. Source: SES Developer Guide, Setting up VPC endpoints. */
export const NOT_IN_EVERY_ZONE: readonly EndpointService[] = ['email-smtp'];

/**
 * What nodes and the platform's own Pods need of AWS, and why: without NAT they reach it by an interface endpoint, or not at
 * all. Source: EKS User Guide, Deploy private clusters with limited internet access.
 */
export const NEEDED_WITHOUT_NAT: Readonly<Partial<Record<EndpointService, string>>> = {
  ec2: 'addresses and volumes for Pods',
  'ecr.api': 'images',
  'ecr.dkr': 'images',
  'eks-auth': 'roles of Pods',
  elasticfilesystem: 'shared files',
  logs: 'logs of Pods',
  sts: 'roles of Pods',
};

/** What of AWS a node needs to be entered by Session Manager. Source: Systems Manager User Guide, VPC endpoints. */
export const NEEDED_BY_SESSIONS: readonly EndpointService[] = ['ec2messages', 'ssm', 'ssmmessages'];
