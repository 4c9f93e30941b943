import type { Construct } from 'constructs';
import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { StorageClass } from '../../../../constructs/kubernetes/storage/storage-class';
import { everything as all, plain } from '../workload-options';

/** With the claim of its own that a StatefulSet is made for; the class has to be there, and is a default one. */
export function defaults(scope: Construct): StatefulSet {
  const storageClass = new StorageClass(scope, 'class');
  const set = new StatefulSet(scope, 'web', { containers: {} });
  const data = set.addClaim('data', { size: Size.gibibytes(1), storageClass });
  set.addContainer('web', plain).mount('/data', data);
  return set;
}

export function everything(scope: Construct): StatefulSet {
  const { options, decorate } = all(scope);
  const set = decorate(
    new StatefulSet(scope, 'web', {
      ...options,
      replicas: 3,
      budget: { minAvailable: 2 },
      podManagement: 'Parallel',
      partition: 1,
      minReadySeconds: 2,
      timeoutMinutes: 5,
      revisionHistoryLimit: 3,
      protect: true,
    }),
  );
  const data = set.addClaim('data', {
    size: Size.gibibytes(10),
    storageClass: new StorageClass(scope, 'fast', { name: 'fast' }),
    accessMode: 'ReadWriteOncePod',
    labels: { 'example.com/backup': 'daily' },
  });
  set.addContainer('store', plain).mount('/data', data);
  return set.customize((spec) => ({ ...spec, minReadySeconds: 1 }));
}
