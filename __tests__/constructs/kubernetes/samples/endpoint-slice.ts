import type { Construct } from 'constructs';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { Service } from '../../../../constructs/kubernetes/network/service';

export function defaults(scope: Construct): void {
  const service = new Service(scope, 'database', { ports: { sql: 5432 } });
  new EndpointSlice(scope, 'slice', { service, addresses: ['10.0.0.10'] });
}

export function everything(scope: Construct): void {
  const service = new Service(scope, 'site', {
    ports: { http: { port: 80, appProtocol: 'http' }, https: 443 },
  });
  new EndpointSlice(scope, 'four', {
    service,
    addresses: ['10.0.0.10', '10.0.0.11'],
    targetPorts: { http: 8080 },
    appProtocol: 'https',
  });
  new EndpointSlice(scope, 'six', { service, addresses: ['2001:db8::10'] });
}
