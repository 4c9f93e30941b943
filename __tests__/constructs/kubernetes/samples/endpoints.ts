import type { Construct } from 'constructs';
import { Endpoints } from '../../../../constructs/kubernetes/network/endpoints';
import { Service } from '../../../../constructs/kubernetes/network/service';

export function defaults(scope: Construct): void {
  const service = new Service(scope, 'database', { ports: { sql: 5432 } });
  new Endpoints(scope, 'endpoints', { service, addresses: ['10.0.0.10'] });
}

export function everything(scope: Construct): void {
  const service = new Service(scope, 'names', {
    ports: { dns: { port: 53, protocol: 'UDP' }, 'dns-tcp': 53 },
  });
  new Endpoints(scope, 'endpoints', {
    service,
    addresses: ['10.0.0.10', '10.0.0.11'],
    notReadyAddresses: ['10.0.0.12'],
    targetPorts: { dns: 5353, 'dns-tcp': 5353 },
  });
}
