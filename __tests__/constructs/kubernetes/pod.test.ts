import type { Construct } from 'constructs';
import { Pod, type PodOptions } from '../../../constructs/kubernetes/pod';
import { inNamespace } from './namespace-of';
import { plain } from './workload-options';

const shell = (scope: Construct, options: Partial<PodOptions> = {}): Pod =>
  new Pod(scope, 'shell', { containers: { shell: plain }, ...options });

const resourceOf = (options: Partial<PodOptions> = {}, nodes?: readonly string[]): unknown =>
  inNamespace((stack) => shell(stack, options), nodes && { nodes }).document.resource?.[
    'kubernetes_pod_v1'
  ]?.['shell'];

it('says every limit, for one that the LimitRange adds would replace it at each plan', () => {
  const amounts = { cpu: '100m', memory: '128Mi' };
  expect(resourceOf()).toMatchObject({
    spec: { container: [{ resources: { requests: amounts, limits: amounts } }] },
  });
});

it.each([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.cloudprovider.kubernetes.io/shutdown',
])('refuses to tolerate %s, which would replace it at each plan', (key) => {
  expect(() => inNamespace((stack) => shell(stack, { tolerations: [{ key, operator: 'Exists' }] }))).toThrow(
    `shop/shell: tolerates "${key}", for which the provider would replace a Pod at every plan`,
  );
});

it.each([
  ['Always', ['Running']],
  ['Never', ['Running', 'Succeeded']],
] as const)('with restartPolicy %s it is done when it is %s', (restartPolicy, targetState) => {
  expect(resourceOf({ restartPolicy })).toMatchObject({
    target_state: targetState,
    timeouts: { create: '5m', delete: '5m' },
  });
});

it('has its labels and annotations itself', () => {
  const shop = inNamespace((stack) => shell(stack, { scrape: { port: 9090 } }));
  expect(shop.object('Pod').metadata).toMatchObject({
    name: 'shell',
    namespace: 'shop',
    labels: { 'app.kubernetes.io/name': 'shell' },
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
  });
});
