import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “Connections” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selectorOf = (name: string) => ({ 'app.kubernetes.io/name': name });
  const labelsOf = (name: string) => ({ ...selectorOf(name), 'app.kubernetes.io/managed-by': 'terraform' });
  const containerSecurity = {
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const pod = {
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
  const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '64Mi' } };
  const rollout = {
    revisionHistoryLimit: 5,
    progressDeadlineSeconds: 300,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
  };
  new ServiceAccountV1(stack, 'api-account', {
    metadata: { name: 'api', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new DeploymentV1(stack, 'api', {
    metadata: { name: 'api', namespace: 'shop', labels: labelsOf('api') },
    spec: {
      ...rollout,
      replicas: '2',
      selector: { matchLabels: selectorOf('api') },
      template: {
        metadata: { labels: labelsOf('api') },
        spec: {
          ...pod,
          serviceAccountName: 'api',
          topologySpreadConstraint: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: [{ matchLabels: selectorOf('api') }],
            }),
          ),
          container: [
            {
              name: 'api',
              image: 'registry.example.com/api:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              port: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
              resources,
              securityContext: containerSecurity,
            },
          ],
        },
      },
    },
  });
  new PodDisruptionBudgetV1(stack, 'api-budget', {
    metadata: { name: 'api', namespace: 'shop' },
    spec: { maxUnavailable: '1', selector: { matchLabels: selectorOf('api') } },
  });
  new ServiceAccountV1(stack, 'cache-account', {
    metadata: { name: 'cache', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new DeploymentV1(stack, 'cache', {
    metadata: { name: 'cache', namespace: 'shop', labels: labelsOf('cache') },
    spec: {
      ...rollout,
      replicas: '1',
      selector: { matchLabels: selectorOf('cache') },
      template: {
        metadata: { labels: labelsOf('cache') },
        spec: {
          ...pod,
          serviceAccountName: 'cache',
          topologySpreadConstraint: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: [{ matchLabels: selectorOf('cache') }],
            }),
          ),
          container: [
            {
              name: 'cache',
              image: 'registry.example.com/cache:7',
              imagePullPolicy: 'IfNotPresent',
              port: [{ name: 'redis', containerPort: 6379, protocol: 'TCP' }],
              resources,
              securityContext: containerSecurity,
            },
          ],
        },
      },
    },
  });
  new NetworkPolicyV1(stack, 'api-to-cache', {
    metadata: { name: 'api-to-cache', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: selectorOf('api') },
      policyTypes: ['Egress'],
      egress: [
        {
          to: [{ podSelector: { matchLabels: selectorOf('cache') } }],
          ports: [{ port: '6379', protocol: 'TCP' }],
        },
      ],
    },
  });
  new NetworkPolicyV1(stack, 'cache-from-api', {
    metadata: { name: 'cache-from-api', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: selectorOf('cache') },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: selectorOf('api') } }],
          ports: [{ port: '6379', protocol: 'TCP' }],
        },
      ],
    },
  });
  new NetworkPolicyV1(stack, 'api-to-payment', {
    metadata: { name: 'api-to-192.0.2.10-32', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: selectorOf('api') },
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '192.0.2.10/32' } }], ports: [{ port: '8443', protocol: 'TCP' }] }],
    },
  });
  new NetworkPolicyV1(stack, 'api-from-monitoring', {
    metadata: { name: 'api-from-namespace-monitoring', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: selectorOf('api') },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
          ports: [{ port: '8080', protocol: 'TCP' }],
        },
      ],
    },
  });
}
