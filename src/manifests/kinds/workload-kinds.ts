import {
  array,
  as,
  type Block,
  byDefault,
  dropped,
  flag,
  integer,
  intOrString,
  kept,
  number,
  numbers,
  object,
  text,
  where,
  zeroIfUnset,
} from '../field';
import { claimSpec } from './claim-fields';
import type { Kind } from './kind';
import { clusterMetadata, metadata } from './metadata-fields';
import { jobPodSpec, podSpec } from './pod-fields';
import { labelSelector } from './selector-fields';

/** The Pods of a workload that runs on. */
export const podTemplateBlock: Block = { metadata, spec: podSpec };
const template = object(podTemplateBlock);

const rollingUpdate = object({ max_surge: intOrString, max_unavailable: intOrString });
const strategy = object({ type: text, rolling_update: rollingUpdate });

const deployment: Kind = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  fields: {
    metadata,
    spec: object({
      replicas: integer,
      selector: labelSelector,
      strategy,
      min_ready_seconds: number,
      progress_deadline_seconds: kept(number),
      revision_history_limit: kept(number),
      paused: flag,
      template,
    }),
    wait_for_rollout: dropped,
  },
};

const statefulSet: Kind = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  fields: {
    metadata,
    spec: object({
      replicas: integer,
      service_name: text,
      selector: labelSelector,
      update_strategy: object({
        type: text,
        rolling_update: object({ partition: kept(number) }),
      }),
      pod_management_policy: text,
      persistent_volume_claim_retention_policy: object({ when_deleted: text, when_scaled: text }),
      min_ready_seconds: number,
      revision_history_limit: zeroIfUnset(0, number),
      template,
      volume_claim_template: as('volumeClaimTemplates', array({ metadata, spec: claimSpec })),
    }),
    wait_for_rollout: dropped,
  },
};

const daemonSet: Kind = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  fields: {
    metadata,
    spec: object({
      selector: labelSelector,
      strategy: as('updateStrategy', strategy),
      min_ready_seconds: number,
      revision_history_limit: kept(number),
      template,
    }),
    wait_for_rollout: dropped,
  },
};

const pod: Kind = {
  apiVersion: 'v1',
  kind: 'Pod',
  fields: { metadata, spec: podSpec, target_state: dropped },
};

const INDEXED = ['Indexed'];

const jobSpec = object({
  parallelism: kept(number),
  // One completion even when several Pods run at a time; to the API, leaving it out means a work queue.
  completions: byDefault(1, number),
  completion_mode: text,
  backoff_limit: kept(number),
  backoff_limit_per_index: where('completion_mode', INDEXED, zeroIfUnset(0, number)),
  max_failed_indexes: where('completion_mode', INDEXED, zeroIfUnset(0, number)),
  active_deadline_seconds: number,
  ttl_seconds_after_finished: integer,
  pod_failure_policy: object({
    rule: as(
      'rules',
      array({
        action: text,
        on_exit_codes: object({ container_name: text, operator: text, values: numbers }),
        on_pod_condition: as('onPodConditions', array({ type: text, status: byDefault('True', text) })),
      }),
    ),
  }),
  manual_selector: flag,
  selector: labelSelector,
  template: object({ metadata: clusterMetadata, spec: jobPodSpec }),
});

const job: Kind = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  fields: { metadata, spec: jobSpec, wait_for_completion: dropped },
};

const cronJob: Kind = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  fields: {
    metadata,
    spec: object({
      schedule: text,
      timezone: as('timeZone', text),
      concurrency_policy: text,
      starting_deadline_seconds: number,
      successful_jobs_history_limit: kept(number),
      failed_jobs_history_limit: kept(number),
      suspend: flag,
      job_template: object({ metadata, spec: jobSpec }),
    }),
  },
};

export const WORKLOADS = {
  kubernetes_deployment_v1: deployment,
  kubernetes_stateful_set_v1: statefulSet,
  kubernetes_daemon_set_v1: daemonSet,
  kubernetes_pod_v1: pod,
  kubernetes_job_v1: job,
  kubernetes_cron_job_v1: cronJob,
} satisfies Record<string, Kind>;
