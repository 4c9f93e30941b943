import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Ingress } from '../../../../constructs/kubernetes/network/ingress';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

/** A Deployment in some version, with all that stands around it. */
const web = (scope: Construct, version: string): void => {
  const deployment = new Deployment(scope, 'web', {
    version,
    replicas: version === '1' ? 2 : 3,
    containers: { web: { ...plain, image: `shop/web:${version}`, ports: { http: 8080 } } },
  });
  const service = deployment.expose({ ports: { http: 80 } });
  new Ingress(scope, 'front').route('shop.example.com', '/', service, 'http');
};

it.each([
  [
    'PodDisruptionBudget',
    'which a change would replace',
    'kubernetes_pod_disruption_budget_v1',
    'web_budget',
  ],
  ['Ingress', 'which a change would rob of its finalizer', 'kubernetes_ingress_v1', 'front'],
])('a new version of a workload changes nothing of its %s, %s', (_kind, _why, type, name) => {
  const resourceOf = (version: string): unknown =>
    inNamespace((stack) => {
      web(stack, version);
    }).document.resource?.[type]?.[name];
  expect(resourceOf('1')).toHaveProperty('spec');
  expect(resourceOf('2')).toEqual(resourceOf('1'));
});
