import type { Construct } from 'constructs';
import { PlacementPolicy } from '../../../../constructs/kubernetes/admission/placement-policy';

/** It holds in no namespace of the samples, whose Pods may run on every node. */
export function defaults(scope: Construct): void {
  new PlacementPolicy(scope, 'placement', { nodeGroups: { shop: ['node-1'] } });
}

/** It holds for the Pods of all the other samples. */
export function everything(scope: Construct): void {
  new PlacementPolicy(scope, 'placement', {
    nodeGroups: { 'samples-everything': ['node-1', 'node-2'], 'samples-nowhere': ['node-1'] },
  });
}
