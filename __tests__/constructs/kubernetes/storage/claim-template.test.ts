import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { StorageClass } from '../../../../constructs/kubernetes/storage/storage-class';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { inNamespace } from '../namespace-of';

it('each Pod gets a claim of the given size and class', () => {
  const { object } = inNamespace((stack) => {
    const storageClass = new StorageClass(stack, 'fast', { name: 'fast' });
    const set = new StatefulSet(stack, 'store', { image: 'shop/store:1' });
    set.container.mount('/data', set.addClaim('data', { size: Size.gibibytes(20), storageClass }));
  });
  expect(object('StatefulSet')).toMatchObject({
    spec: {
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } },
        },
      ],
      template: { spec: { containers: [{ volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } },
    },
  });
});
