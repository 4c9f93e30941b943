import { AwsCliError } from '../../../src/pipeline/aws-cli';
import { awsHealth } from '../../../src/pipeline/health/aws-health';

const document = {
  resource: {
    aws_eks_addon: {
      dns: { addon_name: 'coredns' },
      cni: { addon_name: 'vpc-cni' },
      new: { addon_name: 'new' },
    },
    aws_eks_node_group: {
      one: { node_group_name_prefix: 'node-1-' },
      two: { node_group_name_prefix: 'node-2-' },
      own: { node_group_name: 'own' },
    },
    aws_sqs_queue: { queue: { name: 'queue' } },
  },
};
const SUFFIX = '20261201111111111100000001';
const ACTIVE = { nodegroup: { status: 'ACTIVE', health: { issues: [] } } };
const ANSWERS: Readonly<Record<string, unknown>> = {
  'describe-addon seed coredns': {
    addon: {
      status: 'DEGRADED',
      health: { issues: [{ code: 'InsufficientNumberOfReplicas', message: 'The add-on has no Pods.' }] },
    },
  },
  'describe-addon seed vpc-cni': { addon: { status: 'ACTIVE', health: { issues: [] } } },
  // `node-1` is from before its name had a suffix, and is being replaced; `node-1-x` belongs to another platform.
  'list-nodegroups seed ': {
    nodegroups: ['node-1', `node-1-${SUFFIX}`, 'node-1-x', `node-2-${SUFFIX}`, 'own'],
  },
  'describe-nodegroup seed node-1': ACTIVE,
  [`describe-nodegroup seed node-1-${SUFFIX}`]: {
    nodegroup: {
      status: 'CREATING',
      health: { issues: [{ code: 'AsgInstanceLaunchFailures', message: 'No capacity.' }] },
    },
  },
  [`describe-nodegroup seed node-2-${SUFFIX}`]: ACTIVE,
  'describe-nodegroup seed own': {
    nodegroup: { status: 'DEGRADED', health: { issues: [{ code: 'AccessDenied', message: 'No role.' }] } },
  },
};

describe('what EKS reports of a stack while it is applied', () => {
  const asking = (refusal: string) =>
    awsHealth(
      { document },
      {
        cluster: 'seed',
        aws: {
          json: <T>(_: string, operation: string, args: readonly string[]) => {
            const answer = ANSWERS[`${operation} ${args[1] ?? ''} ${args[3] ?? ''}`];
            return answer === undefined
              ? Promise.reject(new AwsCliError(operation, refusal, 'no such add-on'))
              : Promise.resolve(answer as T);
          },
        },
      },
    );

  it('is each issue of those that exist', async () => {
    expect(await asking('ResourceNotFoundException')).toEqual([
      {
        ...{ workload: 'EKS add-on coredns', state: 'stuck', found: 'DEGRADED' },
        cause: 'InsufficientNumberOfReplicas: The add-on has no Pods.',
      },
      {
        ...{ workload: `EKS node group node-1-${SUFFIX}`, state: 'stuck', found: 'CREATING' },
        cause: 'AsgInstanceLaunchFailures: No capacity.',
      },
      {
        ...{ workload: 'EKS node group own', state: 'stuck', found: 'DEGRADED' },
        cause: 'AccessDenied: No role.',
      },
    ]);
  });

  it('is not known where AWS refuses the question', async () => {
    await expect(asking('AccessDeniedException')).rejects.toThrow('no such add-on');
  });
});
