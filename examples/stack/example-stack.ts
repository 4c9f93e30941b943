import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { App } from 'cdktf';
import { Stack, type Platform } from 'kubernetes-on-aws';

/** A topic, until the stack has what it is for. */
export class ExampleStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'example', platform);
    new SnsTopic(this, 'topic', { name: `${platform.name}-example` });
  }
}
