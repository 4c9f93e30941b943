import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { EnvFrom } from '../../../../constructs/kubernetes/pods/env-from';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from '../namespace-of';

it('envFrom makes every key a variable, with an optional prefix', () => {
  const { object } = inNamespace((stack) => {
    const settings = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
    new Deployment(stack, 'web', {
      image: 'shop/web:1',
      envFrom: [EnvFrom.fromConfigMap(settings), EnvFrom.fromConfigMap(settings, { prefix: 'APP_' })],
    });
  });
  const { name } = object('ConfigMap').metadata;
  expect(object('Deployment')).toHaveProperty('spec.template.spec.containers.0.envFrom', [
    { configMapRef: { name } },
    { prefix: 'APP_', configMapRef: { name } },
  ]);
});
