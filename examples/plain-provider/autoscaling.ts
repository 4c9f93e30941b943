import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “Autoscaling” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selector = { 'app.kubernetes.io/name': 'api' };
  const labels = { ...selector, 'app.kubernetes.io/managed-by': 'terraform' };
  new ServiceAccountV1(stack, 'api-account', {
    metadata: { name: 'api', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new DeploymentV1(stack, 'api', {
    metadata: { name: 'api', namespace: 'shop', labels },
    spec: {
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
              resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '256Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ['ALL'] },
                seccompProfile: { type: 'RuntimeDefault' },
              },
            },
          ],
        },
      },
    },
  });
  new PodDisruptionBudgetV1(stack, 'budget', {
    metadata: { name: 'api', namespace: 'shop' },
    spec: { minAvailable: '1', selector: { matchLabels: selector } },
  });
  new HorizontalPodAutoscalerV2(stack, 'autoscaler', {
    metadata: { name: 'api', namespace: 'shop', labels },
    spec: {
      minReplicas: 2,
      maxReplicas: 6,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      metric: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
      behavior: {
        scaleDown: [
          {
            stabilizationWindowSeconds: 300,
            selectPolicy: 'Max',
            policy: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
          },
        ],
        scaleUp: [
          {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policy: [
              { type: 'Percent', value: 100, periodSeconds: 15 },
              { type: 'Pods', value: 4, periodSeconds: 15 },
            ],
          },
        ],
      },
    },
  });
}
