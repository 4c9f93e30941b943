import type { Construct } from 'constructs';
import { Job } from '../../../../constructs/kubernetes/workloads/job';
import { everything as all, plain } from '../workload-options';

export function defaults(scope: Construct): Job {
  return new Job(scope, 'web', { containers: { web: plain } });
}

export function everything(scope: Construct): Job {
  const { options, decorate } = all(scope);
  return decorate(
    new Job(scope, 'web', {
      ...options,
      backoffLimit: 5,
      activeDeadlineSeconds: 60,
      completions: 3,
      parallelism: 2,
      indexed: true,
      maxFailedIndexes: 1,
      failOnExitCodes: [2, 3],
      wait: true,
    }),
  ).customize((spec) => ({ ...spec, backoffLimit: 9 }));
}
