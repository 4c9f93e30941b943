import type { Construct } from 'constructs';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { everything as all, plain } from '../workload-options';

export function defaults(scope: Construct): DaemonSet {
  return new DaemonSet(scope, 'web', { containers: { web: plain } });
}

export function everything(scope: Construct): DaemonSet {
  const { options, decorate } = all(scope);
  return decorate(
    new DaemonSet(scope, 'web', { ...options, maxUnavailable: '50%', minReadySeconds: 1 }),
  ).customize((spec) => ({ ...spec, revisionHistoryLimit: 1 }));
}
