import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { EnvValue } from '../../../../constructs/kubernetes/pods/env-value';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Secret } from '../../../../constructs/kubernetes/configuration/secret';
import { inNamespace } from '../namespace-of';

/** A variable as the API server gets it in a container. */
function variable(make: (scope: Construct) => EnvValue): unknown {
  const { object } = inNamespace((stack) => {
    const resources = { cpu: Cpu.millis(100), memory: Size.mebibytes(64) };
    const web = new Deployment(stack, 'web', {});
    web.addContainer('web', { image: 'shop/web:1', resources, env: { VALUE: make(stack) } });
    web.addContainer('sidecar', { image: 'shop/sidecar:1', resources });
  });
  const spec = object('Deployment')['spec'] as {
    template: { spec: { containers: { env: readonly unknown[] }[] } };
  };
  return spec.template.spec.containers[0]?.env[0];
}

const hashed = (name: string): unknown => expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{8}$`));

it.each<[string, (scope: Construct) => EnvValue, unknown]>([
  ['a text', () => EnvValue.fromValue('${HOME}'), { value: '${HOME}' }],
  [
    'a key of a ConfigMap',
    (scope) => EnvValue.fromConfigMap(new ConfigMap(scope, 'settings', { data: { level: 'info' } }), 'level'),
    { valueFrom: { configMapKeyRef: { name: hashed('settings'), key: 'level' } } },
  ],
  [
    'a key of a Secret',
    (scope) =>
      EnvValue.fromSecret(
        Secret.fromSecretsManager(scope, 'database', {
          secretName: 'seed/database',
          keys: ['password'],
          revision: 1,
        }),
        'password',
      ),
    { valueFrom: { secretKeyRef: { name: hashed('database'), key: 'password' } } },
  ],
  [
    'a fact of the Pod',
    () => EnvValue.fromField("metadata.labels['app.kubernetes.io/version']"),
    { valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/version']" } } },
  ],
  [
    'a resource of the container',
    () => EnvValue.fromResource('limits.memory'),
    { valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1' } } },
  ],
  [
    'a resource of another container, in a unit',
    () => EnvValue.fromResource('requests.cpu', { container: 'sidecar', divisor: Cpu.millis(1) }),
    {
      valueFrom: { resourceFieldRef: { resource: 'requests.cpu', containerName: 'sidecar', divisor: '1m' } },
    },
  ],
])('%s is the value of a variable', (_what, make, expected) => {
  expect(variable(make)).toMatchObject({ name: 'VALUE', ...(expected as object) });
});
