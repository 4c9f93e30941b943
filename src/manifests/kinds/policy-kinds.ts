import {
  array,
  as,
  dropped,
  type Field,
  flag,
  intOrString,
  kept,
  number,
  object,
  text,
  textMap,
  texts,
  where,
  zeroIfUnset,
} from '../field';
import type { Kind } from './kind';
import { clusterMetadata, metadata } from './metadata-fields';
import { labelSelector } from './selector-fields';

const resourceQuota: Kind = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  fields: {
    metadata,
    spec: object({
      hard: textMap,
      scopes: texts,
      scope_selector: object({
        match_expression: as('matchExpressions', array({ scope_name: text, operator: text, values: texts })),
      }),
    }),
  },
};

const limitRange: Kind = {
  apiVersion: 'v1',
  kind: 'LimitRange',
  fields: {
    metadata,
    spec: object({
      limit: as(
        'limits',
        array({
          type: text,
          max: textMap,
          min: textMap,
          default: textMap,
          default_request: textMap,
          max_limit_request_ratio: textMap,
        }),
      ),
    }),
  },
};

const podDisruptionBudget: Kind = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  fields: {
    metadata,
    spec: object({ min_available: intOrString, max_unavailable: intOrString, selector: labelSelector }),
  },
};

// Of the three values, the provider sends the one that the type names.
const target = object({
  type: text,
  average_utilization: where('type', ['Utilization'], number),
  average_value: where('type', ['AverageValue'], text),
  value: where('type', ['Value'], text),
});
const objectReference = object({ api_version: text, kind: text, name: text });
const metric = object({ name: text, selector: labelSelector });

const scalingRules: Field = object({
  select_policy: text,
  // Left out, this is sent as 0, which takes away the five minutes that scaling down would wait.
  stabilization_window_seconds: zeroIfUnset(0, number),
  policy: as('policies', array({ type: text, value: number, period_seconds: number })),
});

const horizontalPodAutoscaler: Kind = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  fields: {
    metadata,
    spec: object({
      scale_target_ref: objectReference,
      min_replicas: number,
      max_replicas: number,
      metric: as(
        'metrics',
        array({
          type: text,
          resource: object({ name: text, target }),
          container_resource: object({ container: text, name: text, target }),
          pods: object({ metric, target }),
          object: object({ described_object: objectReference, metric, target }),
          external: object({ metric, target }),
        }),
      ),
      behavior: object({ scale_up: scalingRules, scale_down: scalingRules }),
      target_cpu_utilization_percentage: dropped,
    }),
  },
};

const priorityClass: Kind = {
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  fields: {
    metadata: clusterMetadata,
    value: kept(number),
    global_default: flag,
    preemption_policy: text,
    description: text,
  },
};

const runtimeClass: Kind = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  fields: { metadata: clusterMetadata, handler: text },
};

export const POLICY = {
  kubernetes_resource_quota_v1: resourceQuota,
  kubernetes_limit_range_v1: limitRange,
  kubernetes_pod_disruption_budget_v1: podDisruptionBudget,
  kubernetes_horizontal_pod_autoscaler_v2: horizontalPodAutoscaler,
  kubernetes_priority_class_v1: priorityClass,
  kubernetes_runtime_class_v1: runtimeClass,
} satisfies Record<string, Kind>;
