import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “Configuration and secrets” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const settings = new ConfigMapV1(stack, 'settings', {
    metadata: { name: 'settings-e4f8e66d', namespace: 'shop' },
    data: { 'log-level': 'info', 'app.ini': 'currency = EUR' },
    immutable: true,
  });
  stack.addOverride('ephemeral.aws_secretsmanager_secret_version.login_value', {
    secret_id: 'shop/database',
  });
  const loginText = 'ephemeral.aws_secretsmanager_secret_version.login_value.secret_string';
  const login = new SecretV1(stack, 'login', {
    metadata: { name: 'login-fdfc37e6', namespace: 'shop' },
    type: 'Opaque',
    dataWo: {
      username: `\${jsondecode(${loginText})["username"]}`,
      password: `\${jsondecode(${loginText})["password"]}`,
    },
    dataWoRevision: 1,
    immutable: true,
  });
  const selector = { 'app.kubernetes.io/name': 'api' };
  const labels = { ...selector, 'app.kubernetes.io/managed-by': 'terraform' };
  new ServiceAccountV1(stack, 'api-account', {
    metadata: { name: 'api', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new DeploymentV1(stack, 'api', {
    metadata: { name: 'api', namespace: 'shop', labels },
    spec: {
      replicas: '2',
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 300,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'api',
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
                  {
                    matchExpressions: [
                      { key: 'platform/node', operator: 'In', values: ['node-1', 'node-2'] },
                    ],
                  },
                ],
              },
            },
          },
          topologySpreadConstraint: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: [{ matchLabels: selector }],
            }),
          ),
          container: [
            {
              name: 'api',
              image: 'registry.example.com/api:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
              env: [
                {
                  name: 'LOG_LEVEL',
                  valueFrom: { configMapKeyRef: { name: settings.metadata.name, key: 'log-level' } },
                },
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              ],
              envFrom: [{ prefix: 'DATABASE_', secretRef: { name: login.metadata.name } }],
              securityContext: {
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ['ALL'] },
                seccompProfile: { type: 'RuntimeDefault' },
              },
              volumeMount: [{ name: 'settings', mountPath: '/etc/app' }],
            },
          ],
          volume: [
            {
              name: 'settings',
              configMap: {
                name: settings.metadata.name,
                defaultMode: '0444',
                items: [{ key: 'app.ini', path: 'app.ini' }],
              },
            },
          ],
        },
      },
    },
  });
  new PodDisruptionBudgetV1(stack, 'budget', {
    metadata: { name: 'api', namespace: 'shop' },
    spec: { maxUnavailable: '1', selector: { matchLabels: selector } },
  });
}
