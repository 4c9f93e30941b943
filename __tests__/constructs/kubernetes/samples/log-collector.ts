import type { Construct } from 'constructs';
import type { CollectorOptions } from '../../../../constructs/kubernetes/observability/fluent-bit';
import { LogCollector } from '../../../../constructs/kubernetes/observability/log-collector';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';

const required: CollectorOptions = { region: 'eu-west-1', logGroupPrefix: '/aws/logs' };

export function defaults(scope: Construct): void {
  new Namespace(scope, 'namespace', { name: 'samples-logging', podSecurity: 'privileged' });
  new LogCollector(scope, 'collector', required);
}

export function everything(scope: Construct): void {
  new Namespace(scope, 'namespace', { name: 'samples-logging-everything', podSecurity: 'privileged' });
  new LogCollector(scope, 'collector', {
    ...required,
    namespaces: ['samples-defaults', 'samples-everything'],
    image: 'shop/fluent-bit:5',
  });
}
