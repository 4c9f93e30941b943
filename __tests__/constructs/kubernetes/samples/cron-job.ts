import type { Construct } from 'constructs';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { everything as all, plain } from '../workload-options';

export function defaults(scope: Construct): CronJob {
  return new CronJob(scope, 'web', { containers: { web: plain }, schedule: Schedule.daily({ hour: 3 }) });
}

export function everything(scope: Construct): CronJob {
  const others = {
    yearly: Schedule.cron('@yearly'),
    minutely: Schedule.everyMinutes(30),
    hourly: Schedule.hourly(59),
    daily: Schedule.daily({ hour: 23, minute: 59 }),
  };
  for (const [id, schedule] of Object.entries(others)) {
    new CronJob(scope, id, { containers: { web: plain }, schedule, suspend: true, concurrency: 'Allow' });
  }
  const { options, decorate } = all(scope);
  return decorate(
    new CronJob(scope, 'web', {
      ...options,
      schedule: Schedule.weekly(['MON', 'FRI'], { hour: 3, minute: 30 }),
      timeZone: 'Europe/Madrid',
      concurrency: 'Replace',
      startingDeadlineSeconds: 300,
      history: { successful: 0, failed: 5 },
      suspend: true,
      failOnExitCodes: [2],
    }),
  ).customize((spec) => ({ ...spec, suspend: false }));
}
