import type { Construct } from 'constructs';
import { CronJob, type CronJobOptions } from '../../../../constructs/kubernetes/workloads/cron-job';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const containers = { migrate: plain };

const clean = (scope: Construct, options: Partial<CronJobOptions> = {}): CronJob =>
  new CronJob(scope, 'clean', { containers, schedule: Schedule.cron('@daily'), ...options });

describe('a CronJob', () => {
  it('runs one Job at a time, at a time of a known zone, and keeps a few', () => {
    expect(inNamespace((stack) => clean(stack)).object('CronJob')['spec']).toMatchObject({
      schedule: '@daily',
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 120,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { backoffLimit: 2, template: { spec: { restartPolicy: 'Never' } } } },
    });
  });

  it('has the metadata of its Jobs and of their Pods, and the provider requires both', () => {
    const { document } = inNamespace((stack) => clean(stack));
    expect(document.resource?.['kubernetes_cron_job_v1']?.['clean']).toMatchObject({
      spec: {
        job_template: {
          metadata: expect.anything() as unknown,
          spec: { template: { metadata: expect.anything() as unknown } },
        },
      },
    });
  });

  it('reports all mistakes in its times', () => {
    expect(() =>
      inNamespace((stack) =>
        clean(stack, {
          schedule: Schedule.everyMinutes(7),
          startingDeadlineSeconds: 5,
        }),
      ),
    ).toThrow(
      [
        'shop/clean: schedule: got every 7 minutes; a divisor of 60 is allowed, so that the intervals are equal',
        'shop/clean: startingDeadlineSeconds: got 5; 10 or more is allowed: the controller checks every 10',
      ].join('\n'),
    );
  });
});
