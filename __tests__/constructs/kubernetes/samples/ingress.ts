import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Ingress } from '../../../../constructs/kubernetes/network/ingress';
import type { Service } from '../../../../constructs/kubernetes/network/service';
import { plain } from '../workload-options';

function service(scope: Construct): Service {
  return new Deployment(scope, 'web', {
    containers: { web: { ...plain, ports: { http: 8080, admin: 9000 } } },
  }).expose({ ports: { http: 80, admin: 81 } });
}

export function defaults(scope: Construct): void {
  new Ingress(scope, 'front').route('shop.example.com', '/', service(scope), 'http');
}

export function everything(scope: Construct): void {
  const web = service(scope);
  const front = new Ingress(scope, 'front', {
    name: 'entrance',
    className: 'alb',
    group: 'shared',
    scheme: 'internet-facing',
    tls: { certificateArns: ['arn:aws:acm:eu-west-1:111122223333:certificate/one'] },
    sourceRanges: ['203.0.113.0/24', '2001:db8::/32'],
    healthCheck: { path: '/healthz', intervalSeconds: 30, successCodes: '200-299' },
    annotations: {
      'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=30',
    },
  })
    .route('shop.example.com', '/', web, 'http')
    .route('shop.example.com', '/admin', web, 'admin', { pathType: 'Exact' });
  web.route(front, '*.example.com', '/', 'http', { pathType: 'Prefix' });
  new Ingress(scope, 'back', { scheme: 'internal', sourceRanges: ['10.0.0.0/16'] }).route(
    '*',
    '/',
    web,
    'http',
  );
  new Ingress(scope, 'other', { className: 'nginx', tls: { secretName: 'shop-tls' } }).route(
    'shop.example.com',
    '/',
    web,
    'http',
  );
  new Ingress(scope, 'open', { scheme: 'internet-facing', tls: false, sourceRanges: ['0.0.0.0/0'] }).route(
    '*',
    '/',
    web,
    'http',
  );
}
