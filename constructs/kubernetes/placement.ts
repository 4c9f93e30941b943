import type { DeploymentV1SpecTemplateSpecAffinity } from '@cdktf/provider-kubernetes/lib/deployment-v1';

/** The label by which a node says which node of the platform it belongs to. */
export const NODE_LABEL = 'platform/node';

/** The required node affinity to some nodes of the platform: what keeps a namespace's Pods to its row. */
export function requiredNodes(nodes: readonly string[]): DeploymentV1SpecTemplateSpecAffinity {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerm: [{ matchExpressions: [{ key: NODE_LABEL, operator: 'In', values: [...nodes] }] }],
      },
    },
  };
}
