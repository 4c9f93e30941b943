import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Service, type ServiceOptions } from '../../../../constructs/kubernetes/network/service';
import { plain } from '../workload-options';

export function defaults(scope: Construct): void {
  const workload = new Deployment(scope, 'web', { containers: { web: { ...plain, ports: { http: 8080 } } } });
  new Service(scope, 'cluster-ip', { workload, ports: { http: 80 } });
  new Service(scope, 'headless', { workload, ports: {}, headless: true });
  new Service(scope, 'node-port', { workload, ports: { http: 80 }, type: 'NodePort' });
  new Service(scope, 'load-balancer', { workload, ports: { http: 80 }, type: 'LoadBalancer' });
  new Service(scope, 'outside', { ports: { http: 80 } }).backedBy(['10.0.0.10']);
}

export function everything(scope: Construct): void {
  const workload = new Deployment(scope, 'web', {
    containers: { web: { ...plain, ports: { http: 8080, dns: { port: 5353, protocol: 'UDP' } } } },
  });
  const ports: ServiceOptions['ports'] = {
    http: { port: 80, protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' },
    names: { port: 53, targetPort: 'dns' },
  };
  const annotations = { 'example.com/team': 'shop' };
  new Service(scope, 'cluster-ip', {
    workload,
    ports,
    type: 'ClusterIP',
    name: 'shop',
    annotations,
    publishNotReadyAddresses: true,
    sessionAffinitySeconds: 600,
  });
  new Service(scope, 'headless', { workload, ports, headless: true, publishNotReadyAddresses: false });
  new Service(scope, 'node-port', {
    workload,
    ports,
    type: 'NodePort',
    nodePorts: { http: 30080, names: 30053 },
    annotations,
    sessionAffinitySeconds: 86400,
  });
  new Service(scope, 'internal', {
    workload,
    ports,
    type: 'LoadBalancer',
    scheme: 'internal',
    sourceRanges: ['10.0.0.0/16', '192.168.0.0/24'],
    annotations: {
      'service.beta.kubernetes.io/aws-load-balancer-attributes': 'load_balancing.cross_zone.enabled=true',
    },
  });
  new Service(scope, 'public', {
    workload,
    ports: { http: 80 },
    type: 'LoadBalancer',
    scheme: 'internet-facing',
    sourceRanges: ['0.0.0.0/0'],
  });
  new Service(scope, 'outside', { ports: { http: { port: 80, appProtocol: 'http' }, https: 443 } }).backedBy(
    ['10.0.0.10', '10.0.0.11'],
    { http: 8080, https: 8443 },
  );
}
