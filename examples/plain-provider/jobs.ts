import { CronJobV1 } from '@cdktf/provider-kubernetes/lib/cron-job-v1';
import { JobV1 } from '@cdktf/provider-kubernetes/lib/job-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “Jobs” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const labelsOf = (name: string) => ({
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/managed-by': 'terraform',
  });
  const containerSecurity = {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const pod = {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: '65532',
      runAsGroup: '65532',
      fsGroup: '65532',
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerm: [
            { matchExpressions: [{ key: 'platform/node', operator: 'In', values: ['node-1', 'node-2'] }] },
          ],
        },
      },
    },
  };
  const ignoreDisruption = {
    action: 'Ignore',
    onPodCondition: [{ type: 'DisruptionTarget', status: 'True' }],
  };
  const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } };
  const job = {
    completions: 1,
    parallelism: 1,
    completionMode: 'NonIndexed',
    backoffLimit: 2,
    activeDeadlineSeconds: 1800,
  };
  new ServiceAccountV1(stack, 'migration-account', {
    metadata: { name: 'migration', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new JobV1(stack, 'migration', {
    metadata: { name: 'migration-a1990978', namespace: 'shop', labels: labelsOf('migration') },
    spec: {
      ...job,
      podFailurePolicy: {
        rule: [
          ignoreDisruption,
          { action: 'FailJob', onExitCodes: { containerName: 'migrate', operator: 'In', values: [2] } },
        ],
      },
      template: {
        metadata: { labels: labelsOf('migration') },
        spec: {
          ...pod,
          serviceAccountName: 'migration',
          container: [
            {
              name: 'migrate',
              image: 'registry.example.com/migration:1.4.0',
              resources,
              securityContext: containerSecurity,
            },
          ],
        },
      },
    },
  });
  new ServiceAccountV1(stack, 'report-account', {
    metadata: { name: 'report', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new CronJobV1(stack, 'report', {
    metadata: { name: 'report', namespace: 'shop', labels: labelsOf('report') },
    spec: {
      schedule: '0 3 * * MON,TUE,WED,THU,FRI',
      timezone: 'Europe/Madrid',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 120,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: { labels: labelsOf('report') },
        spec: {
          ...job,
          podFailurePolicy: { rule: [ignoreDisruption] },
          template: {
            metadata: { labels: labelsOf('report') },
            spec: {
              ...pod,
              serviceAccountName: 'report',
              container: [
                {
                  name: 'report',
                  image: 'registry.example.com/report:1.4.0',
                  imagePullPolicy: 'IfNotPresent',
                  resources,
                  securityContext: containerSecurity,
                },
              ],
            },
          },
        },
      },
    },
  });
}
