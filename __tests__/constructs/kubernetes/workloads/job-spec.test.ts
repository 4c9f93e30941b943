import { invalidJob, jobSpec } from '../../../../constructs/kubernetes/workloads/job-spec';

const template = { metadata: {}, spec: { container: [{ name: 'migrate' }] } };

it('a Job spec has no time to live, and has the given limits', () => {
  expect(jobSpec({}, template)).toEqual({
    completions: 1,
    parallelism: 1,
    completionMode: 'NonIndexed',
    backoffLimit: 2,
    activeDeadlineSeconds: 1800,
    podFailurePolicy: {
      rule: [{ action: 'Ignore', onPodCondition: [{ type: 'DisruptionTarget', status: 'True' }] }],
    },
    template,
  });
});

it('a Job spec reports a deadline that would be lost, and a sidecar that never ends', () => {
  expect(invalidJob({ activeDeadlineSeconds: 0 }, ['proxy'])).toEqual([
    'activeDeadlineSeconds: got 0; 1 or more is allowed',
    expect.stringMatching(/^sidecar "proxy" is an ordinary container and would keep the Job from completing/),
  ]);
});
