import { ACCOUNT, type IamRequest } from './simulator';

/** What a row asks for, the action, its resource, and what else IAM knows of the request. */
export type Row = readonly [what: string, action: string, resource: string, context?: IamRequest['context']];

export const REGION = 'eu-west-1';
export const arn = (service: string, resource: string, region = REGION): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
export const iam = (resource: string): string => `arn:aws:iam::${ACCOUNT}:${resource}`;
export const STATES = 'arn:aws:s3:::seed-state';

export const OTHERS = { 'aws:ResourceTag/Platform': 'other' };
export const TAGGED = { 'aws:RequestTag/Platform': 'seed', 'aws:TagKeys': ['Platform'] };
export const BOUNDARY = { 'iam:PermissionsBoundary': iam('policy/seed-pipeline-role-boundary') };
export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
export const to = (service: string): IamRequest['context'] => ({
  'iam:PassedToService': `${service}.amazonaws.com`,
});
export const elsewhere = { 'aws:RequestedRegion': 'us-east-1' };
export const KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
