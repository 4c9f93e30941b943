import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { PriorityClassV1 } from '@cdktf/provider-kubernetes/lib/priority-class-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “Placement” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selector = { 'app.kubernetes.io/name': 'search' };
  const labels = { ...selector, 'app.kubernetes.io/managed-by': 'terraform' };
  const checkout = new PriorityClassV1(stack, 'checkout', {
    metadata: { name: 'shop-checkout-1000' },
    value: 1000,
    description: 'What customers wait for',
    preemptionPolicy: 'PreemptLowerPriority',
  });
  new ServiceAccountV1(stack, 'search-account', {
    metadata: { name: 'search', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new DeploymentV1(stack, 'search', {
    metadata: { name: 'search', namespace: 'shop', labels },
    spec: {
      replicas: '2',
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 300,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'search',
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
                      { key: 'platform/node', operator: 'In', values: ['node-1'] },
                      { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['eu-west-1a'] },
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
          priorityClassName: checkout.metadata.name,
          toleration: [{ key: 'dedicated', value: 'search', effect: 'NoSchedule' }],
          container: [
            {
              name: 'search',
              image: 'registry.example.com/search:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } },
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
    metadata: { name: 'search', namespace: 'shop' },
    spec: { maxUnavailable: '1', selector: { matchLabels: selector } },
  });
}
