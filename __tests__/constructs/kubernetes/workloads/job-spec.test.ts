import { invalidJob, jobSpec } from '../../../../constructs/kubernetes/workloads/job-spec';

const template = { metadata: {}, spec: { container: [{ name: 'migrate' }] } };

it('has no time to live, and limits that are said', () => {
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

it('tells numbers that Kubernetes refuses, and a sidecar that never ends', () => {
  expect(invalidJob({ completions: 0, parallelism: 1.5 }, ['proxy'])).toEqual([
    'completions: got 0; a whole number from 1 is allowed',
    'parallelism: got 1.5; a whole number from 1 is allowed',
    expect.stringMatching(/^sidecar "proxy" would keep the Job from its end/),
  ]);
});
