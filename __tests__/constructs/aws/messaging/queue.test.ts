import { Queue, type QueueOptions } from '../../../../constructs/aws/messaging/queue';
import { EncryptionKey } from '../../../../constructs/aws/security/encryption-key';
import { inNamespace, type Synthesized } from '../../kubernetes/namespace-of';
import { allowedTo, granteeOf } from '../grantees';

const queue = (options: QueueOptions = {}): Synthesized =>
  inNamespace((stack) => {
    new Queue(stack, 'orders', options)
      .grantSend(granteeOf(stack, 'web'))
      .grantReceive(granteeOf(stack, 'worker'));
  });

const queues = ({ document }: Synthesized) => document.resource?.['aws_sqs_queue'] ?? {};

it('a Queue is encrypted, and keeps messages for four days', () => {
  expect(queues(queue())['orders']).toMatchObject({
    name: 'seed-shop-orders',
    sqs_managed_sse_enabled: true,
    message_retention_seconds: 345_600,
    visibility_timeout_seconds: 30,
    receive_wait_time_seconds: 20,
  });
  expect(queues(queue())['orders']).not.toHaveProperty('fifo_queue');
});

it('a Queue moves a message to the dead-letter queue after five receives, which keeps it for 14 days', () => {
  const all = queues(queue());
  expect(JSON.parse(all['orders']?.['redrive_policy'] as string)).toEqual({
    deadLetterTargetArn: '${aws_sqs_queue.orders_dead_letters.arn}',
    maxReceiveCount: 5,
  });
  expect(all['orders_dead_letters']).toMatchObject({
    name: 'seed-shop-orders-dead-letters',
    sqs_managed_sse_enabled: true,
    message_retention_seconds: 1_209_600,
  });
  expect(Object.keys(queues(queue({ maxReceiveCount: false })))).toEqual(['orders']);
  expect(queues(queue({ maxReceiveCount: false }))['orders']).not.toHaveProperty('redrive_policy');
});

it('a Queue and its dead-letter queue accept TLS only', () => {
  const policies = queue().document.resource?.['aws_sqs_queue_policy'] ?? {};
  expect(Object.keys(policies).sort()).toEqual(['orders_dead_letters_policy', 'orders_policy']);
  for (const [name, of] of [
    ['orders_policy', 'orders'],
    ['orders_dead_letters_policy', 'orders_dead_letters'],
  ] as const) {
    expect(policies[name]).toMatchObject({ queue_url: `\${aws_sqs_queue.${of}.url}` });
    expect(JSON.parse(policies[name]?.['policy'] as string)).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: ['sqs:*'],
          Resource: [`\${aws_sqs_queue.${of}.arn}`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  }
});

it('a sender cannot receive from a Queue, and a receiver cannot send', () => {
  const synthesized = queue();
  const Resource = ['${aws_sqs_queue.orders.arn}'];
  expect(allowedTo(synthesized, 'web')).toEqual([
    {
      Effect: 'Allow',
      Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
      Resource,
    },
  ]);
  expect(allowedTo(synthesized, 'worker')).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:ReceiveMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      Resource,
    },
  ]);
});

it('the grants of a Queue with an own key include that key', () => {
  const synthesized = inNamespace((stack) => {
    const encryptionKey = new EncryptionKey(stack, 'key', { alias: 'seed-shop', description: 'Orders' });
    new Queue(stack, 'orders', { encryptionKey })
      .grantSend(granteeOf(stack, 'web'))
      .grantReceive(granteeOf(stack, 'worker'));
  });
  for (const each of Object.values(queues(synthesized))) {
    expect(each).toMatchObject({ kms_master_key_id: '${aws_kms_key.key.arn}' });
    expect(each).not.toHaveProperty('sqs_managed_sse_enabled');
  }
  const key = { Effect: 'Allow', Resource: ['${aws_kms_key.key.arn}'] };
  expect(allowedTo(synthesized, 'web')[1]).toEqual({
    ...key,
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  });
  expect(allowedTo(synthesized, 'worker')[1]).toEqual({ ...key, Action: ['kms:Decrypt'] });
});

it('a FIFO Queue and its dead-letter queue have names with the suffix that SQS requires', () => {
  const all = queues(queue({ fifo: 'byContent', name: 'steps' }));
  expect(all['orders']).toMatchObject({
    name: 'steps.fifo',
    fifo_queue: true,
    content_based_deduplication: true,
  });
  expect(all['orders_dead_letters']).toMatchObject({ name: 'steps-dead-letters.fifo', fifo_queue: true });
  expect(queues(queue({ fifo: true }))['orders']).toMatchObject({ content_based_deduplication: false });
});

it('a Queue gives its URL and its ARN as references', () => {
  let orders: Queue | undefined;
  const { document } = inNamespace((stack) => {
    orders = new Queue(stack, 'orders');
    orders.resource.addOverride('tags', { url: orders.url, arn: orders.arn });
  });
  expect(document.resource?.['aws_sqs_queue']?.['orders']).toMatchObject({
    tags: { url: '${aws_sqs_queue.orders.url}', arn: '${aws_sqs_queue.orders.arn}' },
  });
});

it('a Queue reports all mistakes in one error', () => {
  expect(() =>
    queue({ name: 'a b', visibilityTimeoutSeconds: 43_201, retentionDays: 15, maxReceiveCount: 0 }),
  ).toThrow(
    [
      'visibilityTimeoutSeconds: got 43201; a whole number from 0 to 43200 is allowed',
      'retentionDays: got 15; a whole number from 1 to 14 is allowed',
      'maxReceiveCount: got 0; a whole number from 1 to 1000 is allowed',
      'name: the SQS queue would be "a b-dead-letters", of 16 characters; 1 to 80 letters, digits, "-" and "_" are allowed. ' +
        'Set name, or give the construct a shorter ID',
      'name: the SQS queue would be "a b", of 3 characters; 1 to 80 letters, digits, "-" and "_" are allowed. ' +
        'Set name, or give the construct a shorter ID',
    ]
      .map((error) => `shop/orders: ${error}`)
      .join('\n'),
  );
});
