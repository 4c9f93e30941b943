import type { Construct } from 'constructs';
import { EventCollector } from '../../../../constructs/kubernetes/observability/event-collector';
import type { CollectorOptions } from '../../../../constructs/kubernetes/observability/fluent-bit';

const required: CollectorOptions = { region: 'eu-west-1', logGroupPrefix: '/aws/events' };

export function defaults(scope: Construct): void {
  new EventCollector(scope, 'collector', required);
}

export function everything(scope: Construct): void {
  new EventCollector(scope, 'collector', {
    ...required,
    namespaces: ['samples-defaults', 'samples-everything'],
    image: 'shop/fluent-bit:5',
  });
}
