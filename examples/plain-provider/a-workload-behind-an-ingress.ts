import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { IngressV1 } from '@cdktf/provider-kubernetes/lib/ingress-v1';
import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import type { TerraformStack } from 'cdktf';

/** “A workload behind an Ingress” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selector = { 'app.kubernetes.io/name': 'web' };
  const labels = {
    ...selector,
    'app.kubernetes.io/managed-by': 'terraform',
    'app.kubernetes.io/version': '1.4.0',
  };
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
  const timing = { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
  const health = { ...timing, httpGet: { path: '/healthz', port: '8080', scheme: 'HTTP' } };
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
          ...pod,
          serviceAccountName: 'web',
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
              name: 'web',
              image: 'registry.example.com/web:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              port: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
              startupProbe: { ...health, periodSeconds: 2, failureThreshold: 30 },
              livenessProbe: health,
              readinessProbe: { ...timing, httpGet: { path: '/readyz', port: '8080', scheme: 'HTTP' } },
              securityContext: containerSecurity,
              volumeMount: [{ name: 'logs', mountPath: '/var/log/web' }],
            },
            {
              name: 'access-log',
              image: 'registry.example.com/access-log:1.4.0',
              imagePullPolicy: 'IfNotPresent',
              resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '32Mi' } },
              securityContext: containerSecurity,
              volumeMount: [{ name: 'logs', mountPath: '/var/log/web', readOnly: true }],
            },
          ],
          volume: [{ name: 'logs', emptyDir: { sizeLimit: '64Mi' } }],
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
      selector,
      port: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    },
  });
  new IngressV1(stack, 'ingress', {
    metadata: {
      name: 'shop',
      namespace: 'shop',
      labels: { 'app.kubernetes.io/managed-by': 'terraform' },
      annotations: {
        'alb.ingress.kubernetes.io/scheme': 'internal',
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80}]',
        'alb.ingress.kubernetes.io/healthcheck-path': '/readyz',
        'alb.ingress.kubernetes.io/healthcheck-interval-seconds': '15',
        'alb.ingress.kubernetes.io/success-codes': '200',
      },
    },
    spec: {
      ingressClassName: 'alb',
      rule: [
        {
          host: 'shop.example.com',
          http: {
            path: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    },
  });
  new NetworkPolicyV1(stack, 'from-subnets', {
    metadata: { name: 'web-from-10.0.0.0-16', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ port: '8080', protocol: 'TCP' }] }],
    },
  });
}
