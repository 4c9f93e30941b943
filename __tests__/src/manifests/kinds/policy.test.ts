import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

const metadata = { name: 'it', namespace: 'dev' };

it.each([
  [
    'kubernetes_resource_quota_v1',
    {
      metadata,
      spec: {
        hard: { 'requests.cpu': 4, pods: '10' },
        scope_selector: {
          match_expression: { scope_name: 'PriorityClass', operator: 'In', values: ['high'] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: {
        hard: { 'requests.cpu': '4', pods: '10' },
        scopeSelector: {
          matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }],
        },
      },
    },
  ],
  [
    'kubernetes_limit_range_v1',
    {
      metadata,
      spec: { limit: { type: 'Container', default: { memory: '1Gi' }, default_request: { cpu: '100m' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata,
      spec: { limits: [{ type: 'Container', default: { memory: '1Gi' }, defaultRequest: { cpu: '100m' } }] },
    },
  ],
  [
    'kubernetes_pod_disruption_budget_v1',
    {
      metadata,
      spec: { min_available: '0', max_unavailable: '50%', selector: { match_labels: { app: 'it' } } },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: 0, maxUnavailable: '50%', selector: { matchLabels: { app: 'it' } } },
    },
  ],
  [
    'kubernetes_horizontal_pod_autoscaler_v2',
    {
      metadata,
      spec: {
        max_replicas: 5,
        scale_target_ref: { api_version: 'apps/v1', kind: 'Deployment', name: 'it' },
        metric: {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', average_utilization: 70, average_value: '5' },
          },
        },
        behavior: {
          scale_down: [{ select_policy: 'Min', policy: { type: 'Pods', value: 1, period_seconds: 60 } }],
        },
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'it' },
        maxReplicas: 5,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
          },
        ],
        behavior: {
          scaleDown: {
            selectPolicy: 'Min',
            stabilizationWindowSeconds: 0,
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        },
      },
    },
  ],
  [
    'kubernetes_priority_class_v1',
    { metadata: { name: 'low' }, value: 0, description: '', preemption_policy: 'Never' },
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'low' },
      value: 0,
      preemptionPolicy: 'Never',
    },
  ],
  [
    'kubernetes_runtime_class_v1',
    { metadata: { name: 'gvisor' }, handler: 'runsc' },
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'gvisor' }, handler: 'runsc' },
  ],
] as [type: string, attributes: JsonObject, object: JsonObject][])(
  '%s and its arguments become the object of the API',
  (type, attributes, object) => {
    expect(converted(type, attributes)).toStrictEqual(object);
  },
);
