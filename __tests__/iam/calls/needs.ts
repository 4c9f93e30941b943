import type { RecordedCall } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/call-log';
import { authorizationReference, decide, type IamRequest, type Principal } from '../simulator';
import { AccountView } from './account-view';
import { Call, type Need, type Rules } from './call';
import { APS_RULES, RDS_RULES } from './data-rules';
import { ec2Needs } from './ec2-rules';
import { EKS_RULES } from './eks-rules';
import { IAM_RULES, STS_RULES } from './iam-rules';
import { restOperation } from './rest-operations';
import {
  ECR_RULES,
  EFS_RULES,
  EVENTS_RULES,
  KMS_RULES,
  LOGS_RULES,
  SECRETS_RULES,
  SQS_RULES,
  SSM_RULES,
} from './service-rules';

const RULES: Readonly<Record<string, Rules>> = {
  aps: APS_RULES,
  ecr: ECR_RULES,
  eks: EKS_RULES,
  elasticfilesystem: EFS_RULES,
  events: EVENTS_RULES,
  iam: IAM_RULES,
  kms: KMS_RULES,
  logs: LOGS_RULES,
  rds: RDS_RULES,
  secretsmanager: SECRETS_RULES,
  sqs: SQS_RULES,
  ssm: SSM_RULES,
  sts: STS_RULES,
};

/** What a call asks of IAM, all of which has to be allowed. */
export interface Asked {
  readonly call: string;
  readonly needs: readonly IamRequest[];
}

/**
 * What calls ask of IAM, one after the other, on an account in which nothing is at first.
 *
 * @param counts whether the call at an index is one of a role's; the others need no rule
 * @throws at a call of a role for which there is no rule
 */
export async function askedOf(
  calls: readonly RecordedCall[],
  counts: (index: number) => boolean = () => true,
): Promise<Asked[]> {
  const account = new AccountView();
  const asked: Asked[] = [];
  for (const [index, recorded] of calls.entries()) {
    const { service } = recorded;
    const named = recorded.operation.includes('/')
      ? restOperation(recorded)
      : { operation: recorded.operation, at: {} };
    if (!named)
      throw new Error(`${service}: ${recorded.operation}: no operation is known by this method and path`);
    const call = new Call(service, named.operation, recorded, account, named.at);
    const needs = await needsOf(call).catch((error: unknown) => {
      if (counts(index)) throw error;
      return [];
    });
    asked.push({
      call: `${service} ${named.operation}`,
      needs: needs.map(({ action, resource, context }) => ({ action, resource, context })),
    });
    if (recorded.status < 300) for (const { then } of needs) then?.();
  }
  return asked;
}

async function needsOf(call: Call): Promise<Need[]> {
  const { service, operation } = call;
  if (service === 'ec2') return ec2Needs(call, authorizationReference());
  if (service === 's3') {
    const resource = `arn:aws:s3:::${call.text('bucket')}`;
    const key = call.text('key');
    return [call.on(key === '' ? resource : `${resource}/${key}`)];
  }
  const rule = RULES[service]?.[operation];
  if (!rule)
    throw new Error(
      `${service} ${operation}: no rule says which rights it takes; write one in __tests__/iam/calls`,
    );
  return rule(call);
}

/** The requests among what calls ask that a role is denied, each once: `ec2 CreateSubnet: ec2:CreateTags on …`. */
export async function deniedTo(principal: Principal, asked: readonly Asked[]): Promise<string[]> {
  const distinct = new Map<string, { call: string; request: IamRequest }>();
  for (const { call, needs } of asked) {
    for (const request of needs) distinct.set(JSON.stringify(request), { call, request });
  }
  const denied = new Set<string>();
  for (const { call, request } of distinct.values()) {
    const decision = await decide(principal, request);
    if (decision !== 'Allowed') denied.add(`${call}: ${request.action} on ${request.resource}: ${decision}`);
  }
  return [...denied].sort();
}
