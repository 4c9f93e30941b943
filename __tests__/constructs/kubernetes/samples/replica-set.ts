import type { Construct } from 'constructs';
import { Probe } from '../../../../constructs/kubernetes/pods/probe';
import { Cpu } from '../../../../constructs/kubernetes/pods/quantity';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { everything as all, plain } from '../workload-options';

export function defaults(scope: Construct): ReplicaSet {
  return new ReplicaSet(scope, 'web', { containers: { web: plain } });
}

export function everything(scope: Construct): ReplicaSet {
  new ReplicaSet(scope, 'fixed', {
    containers: { web: plain },
    replicas: 3,
    budget: { maxUnavailable: '50%' },
  }).addSidecar('proxy', { ...plain, readiness: Probe.fromTcpSocket(8080) });
  new ReplicaSet(scope, 'none', { containers: { web: plain }, replicas: 0, budget: false });
  const { options, decorate } = all(scope);
  const set = decorate(
    new ReplicaSet(scope, 'web', { ...options, minReadySeconds: 2, budget: { maxUnavailable: 1 } }),
  );
  set.autoscale({ max: 3, cpu: { targetAverage: Cpu.millis(500) } });
  return set.customize((spec) => ({ ...spec, minReadySeconds: 1 }));
}
