import type { Construct } from 'constructs';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { PodDisruptionBudget } from '../../../../constructs/kubernetes/scaling/pod-disruption-budget';
import { plain } from '../workload-options';

/** The one that several Pods get unless told otherwise. */
export function defaults(scope: Construct): void {
  new Deployment(scope, 'web', { containers: { web: plain } });
}

export function everything(scope: Construct): void {
  const containers = { web: plain };
  new Deployment(scope, 'count', { containers, budget: { maxUnavailable: 1 } });
  new Deployment(scope, 'part', { containers, budget: { maxUnavailable: '25%' } });
  new Deployment(scope, 'least', { containers, budget: { minAvailable: 1 } });
  const agents = new DaemonSet(scope, 'agents', { containers });
  new PodDisruptionBudget(scope, 'agents-budget', { workload: agents, minAvailable: '20%' });
}
