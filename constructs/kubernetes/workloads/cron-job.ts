import { CronJobV1, type CronJobV1Spec } from '@cdktf/provider-kubernetes/lib/cron-job-v1';
import type { Construct } from 'constructs';
import type { CronJob as ApiCronJob } from 'kubernetes-types/batch/v1';
import { MAIN_CHILD } from '../../terraform/construct';
import { invalidJob, jobSpec, type JobSpecOptions } from './job-spec';
import type { Schedule } from './schedule';
import { Workload } from './workload';

/** A CronJob: its schedule, its time zone, and how its Jobs overlap. */
export interface CronJobOptions extends JobSpecOptions {
  readonly schedule: Schedule;
  /** Time zone of the schedule, such as `Europe/Madrid`. @default Etc/UTC */
  readonly timeZone?: string;
  /**
   * What happens when a run is due while the one before still runs: it is left out, runs as well, or takes its place.
   * @default Forbid
   */
  readonly concurrency?: 'Allow' | 'Forbid' | 'Replace';
  /**
   * Seconds by which a run may be late; a later one is left out. At least 10: the controller looks no more often.
   * @default 120
   */
  readonly startingDeadlineSeconds?: number;
  /** Runs that are kept: those that ended well, and those that failed. @default - 3 and 1 */
  readonly history?: { readonly successful?: number; readonly failed?: number };
  /** Whether no run is started for the time being. @default false */
  readonly suspend?: boolean;
}

/**
 * A CronJob: a Job at set times, one at a time.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
 */
export class CronJob extends Workload<CronJobV1Spec, ApiCronJob> {
  readonly resource: CronJobV1;

  constructor(scope: Construct, id: string, options: CronJobOptions) {
    super(scope, id, options);
    const { timeZone = 'Etc/UTC', startingDeadlineSeconds = 120, history = {} } = options;
    this.node.addValidation({
      validate: () => [
        ...options.schedule.validate(),
        ...invalidJob(options, this.template.sidecarNames),
        ...(startingDeadlineSeconds >= 10
          ? []
          : [
              `startingDeadlineSeconds: got ${startingDeadlineSeconds}; 10 or more is allowed: the controller checks every 10`,
            ]),
      ],
    });
    this.resource = new CronJobV1(this, MAIN_CHILD, {
      metadata: this.objectMetadata(),
      spec: { schedule: '', jobTemplate: { metadata: {}, spec: { template: { metadata: {}, spec: {} } } } },
    });
    this.complete(this.resource, () => {
      const { restartPolicy = 'Never' } = options;
      const template = this.podTemplate({ several: false, restartPolicy });
      this.resource.putSpec(
        this.customized({
          schedule: options.schedule.expression,
          timezone: timeZone,
          concurrencyPolicy: options.concurrency ?? 'Forbid',
          startingDeadlineSeconds,
          successfulJobsHistoryLimit: history.successful ?? 3,
          failedJobsHistoryLimit: history.failed ?? 1,
          suspend: options.suspend ?? false,
          jobTemplate: {
            // The provider wants both metadata blocks, this one and the Pods'.
            metadata: { labels: { ...this.labels } },
            spec: jobSpec(options, template),
          },
        }),
      );
    });
  }
}
