import type { Construct } from 'constructs';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { everything as all, plain } from '../workload-options';

export function defaults(scope: Construct): Pod {
  return new Pod(scope, 'web', { containers: { web: plain } });
}

export function everything(scope: Construct): Pod {
  const { options, decorate } = all(scope);
  return decorate(new Pod(scope, 'web', { ...options, restartPolicy: 'OnFailure' })).customize((spec) => ({
    ...spec,
    hostname: 'web',
  }));
}
