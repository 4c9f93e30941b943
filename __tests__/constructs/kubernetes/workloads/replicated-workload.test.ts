import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { inNamespace } from '../namespace-of';

it.each([Deployment, StatefulSet])(
  'a replicated workload has two replicas and a budget, and one of them may be set: %p',
  (Kind) => {
    const shop = inNamespace((stack) => {
      new Kind(stack, 'web', { image: 'shop/web:1' });
      new Kind(stack, 'three', { image: 'shop/web:1', replicas: 3, budget: { minAvailable: 2 } });
      new Kind(stack, 'bare', { image: 'shop/web:1', budget: false });
    });
    expect(shop.object(Kind.name, 'web')).toMatchObject({ spec: { replicas: 2 } });
    expect(shop.object('PodDisruptionBudget', 'web')).toMatchObject({ spec: { maxUnavailable: 1 } });
    expect(shop.object('PodDisruptionBudget', 'three')).toMatchObject({ spec: { minAvailable: 2 } });
    expect(() => shop.object('PodDisruptionBudget', 'bare')).toThrow('0 objects');
  },
);
