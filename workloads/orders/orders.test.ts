import { synthesizeWorkload } from 'kubernetes-on-aws/testing';
import { orders } from '.';

const uses = { storefront: { version: '1.4.0' } };
const made = synthesizeWorkload(orders, { version: '2.1.0' }, { uses });

it('the workload serves its host, and sends orders to its queue', () => {
  expect(made.object('Deployment', 'orders-web')['spec']).toMatchObject({
    replicas: 2,
    template: {
      spec: {
        containers: [{ env: [{ name: 'QUEUE_URL', value: '${aws_sqs_queue.orders_queue.url}' }] }],
      },
    },
  });
  expect(made.object('Ingress', 'orders-web')['spec']).toMatchObject({
    rules: [{ host: 'orders.dev.test.internal' }],
  });
  expect(made.resource('aws_iam_role_policy.orders_web_account_identity_role_policy')['policy']).toContain(
    'sqs:SendMessage',
  );
});

it('the shop reaches the workload', () => {
  expect(made.object('NetworkPolicy', 'orders-web-from-storefront-web')['spec']).toMatchObject({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'orders-web' } },
  });
});

it('the workload requires the shop beside it', () => {
  expect(() => synthesizeWorkload(orders, { version: '2.1.0' })).toThrow(
    'namespaces.dev.workloads.orders: uses storefront, which the namespace does not run; add storefront under ' +
      'namespaces.dev.workloads, or remove orders',
  );
});
