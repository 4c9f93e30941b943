import { AwsCliError } from '../../../src/pipeline/aws-cli';
import { awsHealth } from '../../../src/pipeline/health/aws-health';

const document = {
  resource: {
    aws_eks_addon: {
      dns: { addon_name: 'coredns' },
      cni: { addon_name: 'vpc-cni' },
      new: { addon_name: 'new' },
    },
    aws_eks_node_group: { one: { node_group_name: 'node-1' } },
    aws_sqs_queue: { queue: { name: 'queue' } },
  },
};
const ANSWERS: Readonly<Record<string, unknown>> = {
  'describe-addon seed coredns': {
    addon: {
      status: 'DEGRADED',
      health: { issues: [{ code: 'InsufficientNumberOfReplicas', message: 'The add-on has no Pods.' }] },
    },
  },
  'describe-addon seed vpc-cni': { addon: { status: 'ACTIVE', health: { issues: [] } } },
  'describe-nodegroup seed node-1': {
    nodegroup: {
      status: 'CREATING',
      health: { issues: [{ code: 'AsgInstanceLaunchFailures', message: 'No capacity.' }] },
    },
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
        ...{ workload: 'EKS node group node-1', state: 'stuck', found: 'CREATING' },
        cause: 'AsgInstanceLaunchFailures: No capacity.',
      },
    ]);
  });

  it('is not known where AWS refuses the question', async () => {
    await expect(asking('AccessDeniedException')).rejects.toThrow('no such add-on');
  });
});
