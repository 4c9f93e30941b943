import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import type { TerraformStack } from 'cdktf';

/** “The escape hatch” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selector = { 'app.kubernetes.io/name': 'web' };
  const labels = { ...selector, 'app.kubernetes.io/managed-by': 'terraform' };
  new ServiceAccountV1(stack, 'web-account', {
    metadata: { name: 'web', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new DeploymentV1(stack, 'web', {
    metadata: { name: 'web', namespace: 'shop', labels },
    spec: {
      replicas: '2',
      revisionHistoryLimit: 5,
      progressDeadlineSeconds: 300,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'web',
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
          dnsConfig: { option: [{ name: 'ndots', value: '2' }] },
          container: [
            {
              name: 'web',
              image: 'registry.example.com/web:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              port: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
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
    metadata: { name: 'web', namespace: 'shop' },
    spec: { maxUnavailable: '1', selector: { matchLabels: selector } },
  });
  new ServiceV1(stack, 'service', {
    metadata: { name: 'web', namespace: 'shop', labels },
    spec: {
      type: 'ClusterIP',
      ipFamilies: ['IPv4'],
      selector,
      port: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
  });
}
