import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “A native sidecar” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selector = { 'app.kubernetes.io/name': 'worker' };
  const labels = { ...selector, 'app.kubernetes.io/managed-by': 'terraform' };
  const containerSecurity = {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  new ServiceAccountV1(stack, 'worker-account', {
    metadata: { name: 'worker', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new Manifest(stack, 'worker', {
    manifest: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'worker', namespace: 'shop', labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'worker',
            // The older name, which the API server keeps beside the new one.
            serviceAccount: 'worker',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 30,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65532,
              runAsGroup: 65532,
              fsGroup: 65532,
              fsGroupChangePolicy: 'OnRootMismatch',
              seccompProfile: { type: 'RuntimeDefault' },
            },
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [
                        { key: 'platform/node', operator: 'In', values: ['node-2', 'node-1'] },
                      ],
                    },
                  ],
                },
              },
            },
            topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
              (topologyKey) => ({
                maxSkew: 1,
                topologyKey,
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: selector },
              }),
            ),
            initContainers: [
              {
                name: 'proxy',
                image: 'registry.example.com/proxy:1.4.0',
                imagePullPolicy: 'IfNotPresent',
                restartPolicy: 'Always',
                ports: [{ name: 'admin', containerPort: 15000, protocol: 'TCP' }],
                resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '32Mi' } },
                readinessProbe: {
                  tcpSocket: { port: 15000 },
                  periodSeconds: 10,
                  timeoutSeconds: 1,
                  failureThreshold: 3,
                },
                securityContext: containerSecurity,
              },
            ],
            containers: [
              {
                name: 'worker',
                image: 'registry.example.com/worker:1.4.0',
                imagePullPolicy: 'IfNotPresent',
                resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
                securityContext: containerSecurity,
              },
            ],
          },
        },
      },
    },
  });
}
