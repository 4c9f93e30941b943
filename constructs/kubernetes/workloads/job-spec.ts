import type { DeploymentV1SpecTemplate } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { JobV1Spec, JobV1SpecPodFailurePolicyRule } from '@cdktf/provider-kubernetes/lib/job-v1';
import type { WorkloadOptions } from './workload';

/** The API's way to say that `backoffLimit` does not count, because each index has a limit of its own. */
const UNLIMITED = 2_147_483_647;

/** Seconds after which a Job is ended that says nothing of it. */
export const ACTIVE_DEADLINE_SECONDS = 1800;

/** The retries, the deadline and the completions of a Job. */
export interface JobSpecOptions extends Omit<WorkloadOptions, 'spread'> {
  /**
   * How often a Pod that fails is made again: for the whole Job, or for each index of an indexed one. A Pod that a drain takes
   * away does not count.
   * @default 2
   */
  readonly backoffLimit?: number;
  /** Seconds after which the Job is ended, finished or not; `none` lets it run for as long as it takes. @default 1800 */
  readonly activeDeadlineSeconds?: number | 'none';
  /**
   * Whether a container that fails is started again in its Pod, or in a new Pod. With `OnFailure`, a Pod that a drain takes away counts
   * as failed: Kubernetes has a Pod failure policy for `Never` only.
   * @default Never
   */
  readonly restartPolicy?: 'Never' | 'OnFailure';
  /** Pods that have to end well. @default 1 */
  readonly completions?: number;
  /** Pods that run at a time. @default 1 */
  readonly parallelism?: number;
  /** Whether each Pod has a number of its own, from 0, in `JOB_COMPLETION_INDEX`. @default false */
  readonly indexed?: boolean;
  /** Indexes that may fail for good before the whole Job does; for an indexed Job only. @default 0 */
  readonly maxFailedIndexes?: number;
  /**
   * Exit statuses of any container, 1 to 255, with which trying again is without effect: they end the Job at once.
   * @default []
   */
  readonly failOnExitCodes?: readonly number[];
}

/**
 * The spec of a Job. It has no time to live: Terraform would find the Job gone at the next plan, and run it again.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */
export function jobSpec(options: JobSpecOptions, template: DeploymentV1SpecTemplate): JobV1Spec {
  const { backoffLimit = 2, indexed = false, failOnExitCodes = [], restartPolicy } = options;
  const { activeDeadlineSeconds = ACTIVE_DEADLINE_SECONDS } = options;
  const rules: JobV1SpecPodFailurePolicyRule[] = [
    // A Pod that was taken away has not failed.
    { action: 'Ignore', onPodCondition: [{ type: 'DisruptionTarget', status: 'True' }] },
  ];
  if (failOnExitCodes.length > 0) {
    // One for each container: of a rule for all of them, which names none, the provider crashes.
    for (const containerName of containerNames(template)) {
      const onExitCodes = { containerName, operator: 'In', values: [...failOnExitCodes] };
      rules.push({ action: 'FailJob', onExitCodes });
    }
  }
  return {
    completions: options.completions ?? 1,
    parallelism: options.parallelism ?? 1,
    completionMode: indexed ? 'Indexed' : 'NonIndexed',
    backoffLimit: indexed ? UNLIMITED : backoffLimit,
    // Left out, both would be sent as 0.
    ...(indexed && { backoffLimitPerIndex: backoffLimit, maxFailedIndexes: options.maxFailedIndexes ?? 0 }),
    ...(activeDeadlineSeconds !== 'none' && { activeDeadlineSeconds }),
    ...(restartPolicy !== 'OnFailure' && { podFailurePolicy: { rule: rules } }),
    template,
  };
}

function containerNames({ spec }: DeploymentV1SpecTemplate): string[] {
  return [spec.initContainer, spec.container].flatMap((list) =>
    Array.isArray(list) ? list.map(({ name }) => name) : [],
  );
}

/** What is wrong with a Job's options. */
export function invalidJob(options: JobSpecOptions, sidecars: readonly string[]): string[] {
  const errors: string[] = [];
  const { activeDeadlineSeconds = ACTIVE_DEADLINE_SECONDS } = options;
  // The provider does not send it, and the Job would have no deadline.
  if (activeDeadlineSeconds === 0) errors.push('activeDeadlineSeconds: got 0; 1 or more is allowed');
  if (options.maxFailedIndexes !== undefined && options.indexed !== true) {
    errors.push('maxFailedIndexes: only an indexed Job has indexes; set indexed: true, or leave it out');
  }
  if (options.restartPolicy === 'OnFailure' && options.failOnExitCodes !== undefined) {
    errors.push('failOnExitCodes: has no effect with restartPolicy OnFailure; remove one of them');
  }
  // The API server has no upper limit, and no status is above 255.
  for (const code of options.failOnExitCodes ?? []) {
    if (code > 255) errors.push(`failOnExitCodes: got ${code}; whole numbers from 1 to 255 are allowed`);
  }
  for (const name of sidecars) {
    errors.push(
      `sidecar "${name}" is an ordinary container and would keep the Job from completing; set via: 'manifest', which makes it a native sidecar`,
    );
  }
  return errors;
}
