import type { KubernetesObject } from '../../../src/manifests/objects';
import { objectAt } from '../../../src/rules/workload-pods';

/** That a rollout that Terraform waits for would never begin. */
export const pausedRollout = (object: KubernetesObject): string[] =>
  object.kind === 'Deployment' &&
  object.apiVersion === 'apps/v1' &&
  objectAt(object, 'spec')['paused'] === true
    ? [
        'spec.paused: got true. A paused Deployment starts no new Pod, and Terraform waits for its rollout; remove it, or set replicas to 0 for no Pods',
      ]
    : [];
