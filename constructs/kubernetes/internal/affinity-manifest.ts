import type {
  DeploymentV1SpecTemplateSpecAffinity,
  DeploymentV1SpecTemplateSpecAffinityNodeAffinity,
  DeploymentV1SpecTemplateSpecAffinityPodAffinity,
  DeploymentV1SpecTemplateSpecAffinityPodAffinityRequiredDuringSchedulingIgnoredDuringExecution,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { as, list, map, object, pointer, text } from './manifest-fields';

const requirements = list({ key: text, operator: text, values: pointer });

/** Labels that are to be there. */
export const labelSelector = object({ matchLabels: map, matchExpressions: requirements });

const nodeSelectorTerm = { matchExpressions: requirements, matchFields: requirements };

const podAffinityTerm: Record<
  keyof DeploymentV1SpecTemplateSpecAffinityPodAffinityRequiredDuringSchedulingIgnoredDuringExecution,
  ReturnType<typeof object>
> = { topologyKey: text, labelSelector, namespaces: pointer, namespaceSelector: labelSelector };

const podAffinity = object<DeploymentV1SpecTemplateSpecAffinityPodAffinity>({
  requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list({
    weight: pointer,
    podAffinityTerm: object(podAffinityTerm),
  }),
});

/** To which nodes, and beside which Pods, a Pod goes. */
export const affinity = object<DeploymentV1SpecTemplateSpecAffinity>({
  nodeAffinity: object<DeploymentV1SpecTemplateSpecAffinityNodeAffinity>({
    requiredDuringSchedulingIgnoredDuringExecution: object({
      nodeSelectorTerm: as('nodeSelectorTerms', list(nodeSelectorTerm)),
    }),
    preferredDuringSchedulingIgnoredDuringExecution: list({
      weight: pointer,
      preference: object(nodeSelectorTerm),
    }),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
});
