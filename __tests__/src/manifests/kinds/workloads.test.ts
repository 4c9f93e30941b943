import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

const metadata = { name: 'it', namespace: 'dev' };

it.each([
  [
    'kubernetes_stateful_set_v1',
    {
      metadata,
      wait_for_rollout: true,
      spec: {
        service_name: 'it',
        replicas: '0',
        selector: { match_labels: { app: 'it' } },
        update_strategy: [{ type: 'RollingUpdate', rolling_update: [{ partition: 1 }] }],
        persistent_volume_claim_retention_policy: [{ when_deleted: 'Delete', when_scaled: 'Retain' }],
        template: { metadata: { labels: { app: 'it' } }, spec: { automount_service_account_token: false } },
        volume_claim_template: [
          {
            metadata: { name: 'data', namespace: '' },
            spec: {
              access_modes: ['ReadWriteOnce'],
              storage_class_name: '',
              resources: { requests: { storage: '10Gi' } },
            },
          },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        serviceName: 'it',
        replicas: 0,
        selector: { matchLabels: { app: 'it' } },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
        revisionHistoryLimit: 0,
        template: { metadata: { labels: { app: 'it' } }, spec: { automountServiceAccountToken: false } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
          },
        ],
      },
    },
  ],
  [
    'kubernetes_daemon_set_v1',
    {
      metadata,
      spec: {
        strategy: { type: 'RollingUpdate', rolling_update: { max_surge: '0', max_unavailable: '10%' } },
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '10%' } },
      },
    },
  ],
  [
    'kubernetes_pod_v1',
    { metadata, target_state: ['Running'], spec: { restart_policy: 'Never', host_pid: true } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { automountServiceAccountToken: true, restartPolicy: 'Never', hostPID: true },
    },
  ],
  [
    'kubernetes_job_v1',
    {
      metadata,
      wait_for_completion: false,
      spec: {
        completion_mode: 'Indexed',
        completions: 3,
        ttl_seconds_after_finished: '60',
        pod_failure_policy: {
          rule: [{ action: 'Ignore', on_pod_condition: { type: 'DisruptionTarget' } }],
        },
        template: { spec: {} },
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        completions: 3,
        completionMode: 'Indexed',
        backoffLimitPerIndex: 0,
        maxFailedIndexes: 0,
        ttlSecondsAfterFinished: 60,
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
        },
        template: { spec: { automountServiceAccountToken: true, restartPolicy: 'Never' } },
      },
    },
  ],
  [
    'kubernetes_cron_job_v1',
    {
      metadata,
      spec: {
        schedule: '@daily',
        timezone: 'Etc/UTC',
        failed_jobs_history_limit: 0,
        starting_deadline_seconds: 0,
        job_template: { metadata: {}, spec: { parallelism: 3, template: { metadata: {} } } },
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: '@daily',
        timeZone: 'Etc/UTC',
        failedJobsHistoryLimit: 0,
        jobTemplate: { metadata: {}, spec: { parallelism: 3, completions: 1, template: { metadata: {} } } },
      },
    },
  ],
] as [type: string, attributes: JsonObject, object: JsonObject][])(
  '%s and its arguments become the object of the API',
  (type, attributes, object) => {
    expect(converted(type, attributes)).toStrictEqual(object);
  },
);
