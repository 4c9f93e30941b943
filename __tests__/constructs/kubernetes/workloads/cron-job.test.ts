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

  it('has the metadata of its Jobs and of their Pods, both of which the provider wants', () => {
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

  it('tells all that is wrong with its times', () => {
    expect(() =>
      inNamespace((stack) =>
        clean(stack, {
          schedule: Schedule.cron('61 3 * * FRI'),
          timeZone: 'Europe/Nowhere',
          startingDeadlineSeconds: 5,
          name: 'c'.repeat(53),
        }),
      ),
    ).toThrow(
      [
        `shop/clean: name: got "${'c'.repeat(53)}"; up to 52 lower case letters, digits and inner dashes are allowed; give it a name`,
        'shop/clean: schedule: got "61" as the minute of "61 3 * * FRI"; 0 to 59 are allowed',
        'shop/clean: timeZone: got "Europe/Nowhere"; a name of the IANA database is allowed, such as Europe/Madrid',
        'shop/clean: startingDeadlineSeconds: got 5; 10 or more are allowed, as the controller looks every 10',
      ].join('\n'),
    );
  });
});
