import { SqsQueue, type SqsQueueConfig } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { type NameRule, resourceName } from '../account/resource-name';
import { allow, type Grantee } from '../identity/allow';
import { onlyThroughTls, policyDocument } from '../identity/policy-document';

/** Source: Amazon SQS Developer Guide, "Amazon SQS message quotas" and "Amazon SQS standard queue quotas". */
const NAME: NameRule = {
  kind: 'SQS queue',
  pattern: /^(?=.{1,80}$)[\w-]+(\.fifo)?$/,
  allowed: '1 to 80 letters, digits, "-" and "_"',
};
const DAY = 24 * 60 * 60;
const LONGEST_RETENTION_DAYS = 14;
const LONGEST_VISIBILITY_TIMEOUT = 12 * 60 * 60;
/** The longest that a request for messages waits for one: it finds those of all servers, and fewer requests come back empty. */
const LONGEST_WAIT_SECONDS = 20;

/** An SQS queue: its name, its order, its retention and its dead-letter queue. */
export interface QueueOptions {
  /**
   * Name of the queue, which `.fifo` follows where it is one.
   * @default - `<platform>-<stack>-<ids down to the construct>`
   */
  readonly name?: string;
  /**
   * Whether messages come in the order in which they were sent, each once. Who sends says a group, and an ID or, with
   * `byContent`, none: the same text within five minutes is then the same message.
   * @default false
   */
  readonly fifo?: boolean | 'byContent';
  /**
   * Seconds for which a message that was received is hidden from others, 0 to 43200. It has to be longer than the work on it.
   * @default 30
   */
  readonly visibilityTimeoutSeconds?: number;
  /** Days for which a message waits to be received, 1 to 14. @default 4 */
  readonly retentionDays?: number;
  /**
   * How often a message is received, 1 to 1000, before it goes to the queue of dead letters. That queue keeps it for 14 days.
   * `false`: there is no such queue.
   * @default 5
   */
  readonly maxReceiveCount?: number | false;
  /**
   * The KMS key that encrypts the messages, such as an `EncryptionKey`. The grants allow its use too.
   * @default - the keys of SQS (SSE-SQS)
   */
  readonly encryptionKey?: { readonly arn: string };
}

/**
 * An SQS queue for a workload: encrypted, through TLS only, with a queue of dead letters beside it.
 *
 * ```ts
 * const orders = new Queue(scope, 'orders').grantSend(web).grantReceive(worker);
 * new Deployment(scope, 'worker', { env: { QUEUE_URL: orders.url } });
 * ```
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html
 */
export class Queue extends ArnConstruct {
  readonly resource: SqsQueue;
  /** Where messages go that could not be worked on. */
  readonly deadLetters: SqsQueue | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly options: QueueOptions = {},
  ) {
    super(scope, id);
    const { name, fifo = false, visibilityTimeoutSeconds = 30, retentionDays = 4 } = options;
    const { maxReceiveCount = 5 } = options;
    this.node.addValidation({ validate: () => optionErrors(options) });
    const suffix = fifo === false ? '' : '.fifo';
    if (maxReceiveCount !== false) {
      this.deadLetters = this.queue('dead-letters', {
        name: resourceName(this, NAME, { name, suffix: `-dead-letters${suffix}` }),
        messageRetentionSeconds: LONGEST_RETENTION_DAYS * DAY,
      });
    }
    this.resource = this.queue(MAIN_CHILD, {
      name: resourceName(this, NAME, { name, suffix }),
      messageRetentionSeconds: retentionDays * DAY,
      visibilityTimeoutSeconds,
      receiveWaitTimeSeconds: LONGEST_WAIT_SECONDS,
      ...(this.deadLetters && {
        redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.deadLetters.arn, maxReceiveCount }),
      }),
    });
  }

  /** What the clients of SQS take; known when Terraform runs. */
  get url(): string {
    return this.resource.url;
  }

  /** Lets the Pods of a workload send messages. */
  grantSend(workload: Grantee): this {
    return this.grant(workload, ['sqs:SendMessage'], ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** Lets the Pods of a workload receive messages, keep them hidden for longer, and delete them. */
  grantReceive(workload: Grantee): this {
    return this.grant(
      workload,
      ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
      ['kms:Decrypt'],
    );
  }

  private grant(workload: Grantee, actions: readonly string[], keyActions: readonly string[]): this {
    allow(workload, [...actions, 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], this.arn);
    const { encryptionKey } = this.options;
    if (encryptionKey) allow(workload, keyActions, encryptionKey.arn);
    return this;
  }

  private queue(id: string, config: SqsQueueConfig): SqsQueue {
    const { fifo = false, encryptionKey } = this.options;
    const queue = new SqsQueue(this, id, {
      ...config,
      ...(fifo !== false && { fifoQueue: true, contentBasedDeduplication: fifo === 'byContent' }),
      ...(encryptionKey ? { kmsMasterKeyId: encryptionKey.arn } : { sqsManagedSseEnabled: true }),
    });
    new SqsQueuePolicy(this, id === MAIN_CHILD ? 'policy' : `${id}-policy`, {
      queueUrl: queue.url,
      policy: policyDocument(onlyThroughTls('sqs:*', queue.arn)),
    });
    return queue;
  }
}

function optionErrors({
  visibilityTimeoutSeconds = 30,
  retentionDays = 4,
  maxReceiveCount = 5,
}: QueueOptions): string[] {
  const ranges = [
    ['visibilityTimeoutSeconds', visibilityTimeoutSeconds, 0, LONGEST_VISIBILITY_TIMEOUT],
    ['retentionDays', retentionDays, 1, LONGEST_RETENTION_DAYS],
    ...(maxReceiveCount === false ? [] : [['maxReceiveCount', maxReceiveCount, 1, 1000] as const]),
  ] as const;
  return ranges.flatMap(([option, value, min, max]) =>
    Number.isInteger(value) && value >= min && value <= max
      ? []
      : [`${option}: got ${value}; a whole number from ${min} to ${max} is allowed`],
  );
}
