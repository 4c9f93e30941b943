import { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import {
  NetworkPeer,
  NetworkPolicy,
  NetworkPort,
} from '../../../../constructs/kubernetes/network/network-policy';
import { plain } from '../workload-options';

/** A policy says at least one direction; an empty one denies. */
export function defaults(scope: Construct): void {
  new NetworkPolicy(scope, 'quiet', { ingress: [] });
}

export function everything(scope: Construct): void {
  NetworkPolicy.denyAll(scope, 'deny');
  NetworkPolicy.allowDns(scope, 'dns');
  new NetworkPolicy(scope, 'open', { ingress: [{}], egress: () => [{}] });
  new NetworkPolicy(scope, 'rules', {
    podSelector: { 'app.kubernetes.io/name': 'shop' },
    ingress: [
      {
        from: [
          NetworkPeer.pods({ role: 'client' }),
          NetworkPeer.pods({}, 'other'),
          NetworkPeer.namespace('monitoring'),
          NetworkPeer.anyPod(),
        ],
        ports: [NetworkPort.tcp('http'), NetworkPort.tcpRange(9000, 9100)],
      },
    ],
    egress: [
      { to: [NetworkPeer.range('10.0.0.0/8', { except: ['10.1.0.0/16'] })], ports: [NetworkPort.udp(53)] },
    ],
  });
  connections(scope);
}

/** The policies of workloads that are let talk to each other, across namespaces too. */
function connections(scope: Construct): void {
  const containers = { web: { ...plain, ports: { http: 8080, sql: 5432 } } };
  const web = new Deployment(scope, 'web', { containers });
  const other = new Construct(scope, 'other');
  const neighbors = new Namespace(other, 'namespace', { name: 'samples-neighbors' });
  const database = new Deployment(other, 'database', { containers });
  web.connections
    .allowTo(database, 'sql')
    .allowFrom(database, 'http')
    .allowFromNamespace(neighbors)
    .allowFromCidr('10.0.0.0/16', 'http')
    .allowToCidr('192.168.0.0/16', 443, NetworkPort.udp(123))
    .allowToAws();
}
