import type { KubernetesObject } from '../../src/manifests/objects';

/** A valid object, and the path by which it is created. */
export interface Sample {
  readonly path: string;
  readonly object: KubernetesObject;
}

const image = 'registry.example.com/app:1';
const labels = { app: 'web' };
const metadata = { name: 'web', namespace: 'default', labels, annotations: { 'example.com/note': 'x' } };
const cluster = { name: 'web', labels };
const http = {
  path: '/healthz',
  port: 'http',
  scheme: 'HTTP',
  httpHeaders: [{ name: 'X-Probe', value: 'a' }],
};
const requirement = { key: 'zone', operator: 'In', values: ['a'] };

const podSpec = (restartPolicy: string) => ({
  restartPolicy,
  terminationGracePeriodSeconds: 30,
  serviceAccountName: 'web',
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    fsGroup: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  tolerations: [{ key: 'gpu', operator: 'Equal', value: 'a', effect: 'NoExecute', tolerationSeconds: 60 }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [requirement] }],
      },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 10,
          podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
        },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: labels },
    },
  ],
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['a.example.com'] }],
  dnsConfig: {
    nameservers: ['10.0.0.1'],
    searches: ['a.example.com'],
    options: [{ name: 'ndots', value: '2' }],
  },
  initContainers: [{ name: 'first', image, command: ['true'] }],
  containers: [
    {
      name: 'web',
      image,
      imagePullPolicy: 'Always',
      workingDir: '/srv',
      args: ['a'],
      ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      env: [
        { name: 'A', value: 'b' },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
        { name: 'D', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      ],
      envFrom: [{ prefix: 'X_', configMapRef: { name: 'settings' } }],
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
      volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'a', readOnly: true }],
      livenessProbe: { httpGet: http, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 },
      readinessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 1, successThreshold: 2 },
      startupProbe: { grpc: { port: 8080, service: 'a' } },
      lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsUser: 1000 },
    },
  ],
  volumes: [
    { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
    {
      name: 'settings',
      configMap: { name: 'settings', defaultMode: 288, items: [{ key: 'a', path: 'a.ini', mode: 256 }] },
    },
    {
      name: 'all',
      projected: {
        sources: [{ serviceAccountToken: { path: 'token', audience: 'a', expirationSeconds: 3600 } }],
      },
    },
    { name: 'claim', persistentVolumeClaim: { claimName: 'data' } },
  ],
});
const template = { metadata: { labels }, spec: podSpec('Always') };
const selector = { matchLabels: labels };
const jobSpec = {
  backoffLimit: 2,
  completions: 1,
  parallelism: 1,
  activeDeadlineSeconds: 600,
  ttlSecondsAfterFinished: 60,
  completionMode: 'NonIndexed',
  podFailurePolicy: {
    rules: [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      { action: 'FailJob', onExitCodes: { containerName: 'web', operator: 'In', values: [1, 2] } },
    ],
  },
  template: { metadata: { labels }, spec: podSpec('Never') },
};

const sample = (
  apiVersion: string,
  resource: string,
  kind: string,
  rest: object,
  ofCluster = false,
): Sample => ({
  path: `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/${ofCluster ? '' : 'namespaces/default/'}${resource}`,
  object: { apiVersion, kind, metadata: ofCluster ? cluster : metadata, ...rest },
});
const RBAC = 'rbac.authorization.k8s.io';

/** One object of each kind that the constructs make, with most of the fields that have limits. */
export const VALID_OBJECTS: readonly Sample[] = [
  sample('apps/v1', 'deployments', 'Deployment', {
    spec: {
      replicas: 2,
      minReadySeconds: 5,
      progressDeadlineSeconds: 300,
      revisionHistoryLimit: 5,
      selector,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
      template,
    },
  }),
  sample('apps/v1', 'statefulsets', 'StatefulSet', {
    spec: {
      replicas: 2,
      serviceName: 'web',
      podManagementPolicy: 'OrderedReady',
      minReadySeconds: 0,
      selector,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template,
      volumeClaimTemplates: [
        {
          metadata: { name: 'disk' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  }),
  sample('apps/v1', 'daemonsets', 'DaemonSet', {
    spec: {
      selector,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template,
    },
  }),
  sample('apps/v1', 'replicasets', 'ReplicaSet', {
    spec: { replicas: 2, minReadySeconds: 1, selector, template },
  }),
  sample('v1', 'pods', 'Pod', { spec: podSpec('OnFailure') }),
  sample('batch/v1', 'jobs', 'Job', { spec: jobSpec }),
  sample('batch/v1', 'cronjobs', 'CronJob', {
    spec: {
      schedule: '0 3 * * MON-FRI',
      timeZone: 'Europe/Madrid',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 60,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      suspend: false,
      jobTemplate: { spec: jobSpec },
    },
  }),
  sample('v1', 'services', 'Service', {
    spec: {
      type: 'LoadBalancer',
      selector: labels,
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      externalTrafficPolicy: 'Local',
      allocateLoadBalancerNodePorts: false,
      ports: [
        { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
        { name: 'dns', port: 53, targetPort: 53, protocol: 'TCP' },
      ],
    },
  }),
  sample('networking.k8s.io/v1', 'ingresses', 'Ingress', {
    spec: {
      ingressClassName: 'alb',
      tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }],
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [
              {
                path: '/a',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { name: 'http' } } },
              },
              { path: '/b', pathType: 'Exact', backend: { service: { name: 'web', port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  }),
  sample('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', {
    spec: {
      podSelector: { matchExpressions: [requirement] },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
          ports: [{ port: 80, endPort: 90, protocol: 'TCP' }],
        },
      ],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: labels } }], ports: [{ port: 'http', protocol: 'UDP' }] },
      ],
    },
  }),
  sample('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['192.0.2.1'], conditions: { ready: true } }],
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP', appProtocol: 'tcp' }],
  }),
  sample('v1', 'endpoints', 'Endpoints', {
    subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }] }],
  }),
  sample('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
    spec: {
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: 'Max',
          policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
        },
      },
    },
  }),
  sample('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', {
    spec: { maxUnavailable: 1, selector },
  }),
  sample('v1', 'configmaps', 'ConfigMap', {
    data: { 'a.ini': 'x' },
    binaryData: { b: 'AAAA' },
    immutable: true,
  }),
  sample('v1', 'secrets', 'Secret', {
    type: 'kubernetes.io/basic-auth',
    data: { username: 'YQ==', password: 'YQ==' },
  }),
  sample('v1', 'serviceaccounts', 'ServiceAccount', {
    automountServiceAccountToken: false,
    imagePullSecrets: [{ name: 'pull' }],
  }),
  sample('v1', 'limitranges', 'LimitRange', {
    spec: {
      limits: [
        {
          type: 'Container',
          default: { memory: '128Mi' },
          defaultRequest: { memory: '64Mi' },
          max: { memory: '1Gi' },
        },
      ],
    },
  }),
  sample('v1', 'resourcequotas', 'ResourceQuota', {
    spec: {
      hard: { 'requests.cpu': '4', pods: '10' },
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
    },
  }),
  sample('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'gp3',
      volumeMode: 'Filesystem',
      resources: { requests: { storage: '1Gi' } },
    },
  }),
  sample(
    'v1',
    'persistentvolumes',
    'PersistentVolume',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'static',
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1', fsType: 'ext4' },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } },
      },
    },
    true,
  ),
  sample(
    'storage.k8s.io/v1',
    'storageclasses',
    'StorageClass',
    {
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3' },
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
    },
    true,
  ),
  sample(`${RBAC}/v1`, 'roles', 'Role', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: ['web'] }],
  }),
  sample(`${RBAC}/v1`, 'rolebindings', 'RoleBinding', {
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'web' },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'default' }],
  }),
  sample(
    `${RBAC}/v1`,
    'clusterroles',
    'ClusterRole',
    { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] },
    true,
  ),
  sample(
    'scheduling.k8s.io/v1',
    'priorityclasses',
    'PriorityClass',
    { value: 1000, globalDefault: false, preemptionPolicy: 'Never' },
    true,
  ),
  sample(
    'admissionregistration.k8s.io/v1',
    'validatingadmissionpolicies',
    'ValidatingAdmissionPolicy',
    {
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
        },
        validations: [{ expression: 'object.spec.containers.size() > 0', message: 'a' }],
      },
    },
    true,
  ),
];
