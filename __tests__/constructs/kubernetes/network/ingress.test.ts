import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Ingress, type IngressOptions } from '../../../../constructs/kubernetes/network/ingress';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import type { Service } from '../../../../constructs/kubernetes/network/service';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace, type Synthesized } from '../namespace-of';

const web = (scope: Construct, id = 'web'): Service =>
  new Deployment(scope, id, {
    containers: {
      web: {
        image: 'shop/web:1',
        ports: { http: 8080 },
        resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
      },
    },
  }).expose({ ports: { http: 80 } });

const front = (options?: IngressOptions): Synthesized =>
  inNamespace((stack) => {
    new Ingress(stack, 'front', options).route('shop.example.com', '/', web(stack), 'http');
  });

const backend = (name: string): unknown => ({ service: { name, port: { name: 'http' } } });

it('an Ingress is an internal Application Load Balancer that routes to the Pods directly', () => {
  const shop = front();
  expect(shop.object('Ingress')).toStrictEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'front',
      namespace: 'shop',
      labels: { 'app.kubernetes.io/managed-by': 'terraform' },
      annotations: {
        'alb.ingress.kubernetes.io/scheme': 'internal',
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80}]',
        'alb.ingress.kubernetes.io/healthcheck-path': '/',
        'alb.ingress.kubernetes.io/healthcheck-interval-seconds': '15',
        'alb.ingress.kubernetes.io/success-codes': '200',
      },
    },
    spec: {
      ingressClassName: 'alb',
      rules: [
        {
          host: 'shop.example.com',
          http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend('web') }] },
        },
      ],
    },
  });
  expect(shop.document.resource?.['kubernetes_ingress_v1']?.['front']).toMatchObject({
    wait_for_load_balancer: false,
  });
});

it('an Ingress with every option faces the internet by TLS', () => {
  expect(
    front({
      name: 'entrance',
      scheme: 'internet-facing',
      sourceRanges: ['203.0.113.0/24', '198.51.100.0/24'],
      tls: { certificateArns: ['arn:aws:acm:eu-west-1:111122223333:certificate/one'] },
      group: 'shared',
      healthCheck: { path: '/healthz', intervalSeconds: 30, successCodes: '200-299' },
      annotations: {
        'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=30',
      },
    }).object('Ingress'),
  ).toMatchObject({
    metadata: {
      name: 'entrance',
      annotations: {
        'alb.ingress.kubernetes.io/scheme': 'internet-facing',
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
        'alb.ingress.kubernetes.io/ssl-redirect': '443',
        'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:eu-west-1:111122223333:certificate/one',
        'alb.ingress.kubernetes.io/inbound-cidrs': '203.0.113.0/24,198.51.100.0/24',
        'alb.ingress.kubernetes.io/group.name': 'shared',
        'alb.ingress.kubernetes.io/healthcheck-path': '/healthz',
        'alb.ingress.kubernetes.io/healthcheck-interval-seconds': '30',
        'alb.ingress.kubernetes.io/success-codes': '200-299',
        'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=30',
      },
    },
    spec: { tls: [{ hosts: ['shop.example.com'] }] },
  });
});

it('an Ingress of another class has its own annotations only', () => {
  const { metadata, spec } = front({
    className: 'nginx',
    tls: { secretName: 'shop-tls' },
    annotations: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' },
  }).object('Ingress');
  expect(metadata['annotations']).toStrictEqual({ 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' });
  expect(spec).toMatchObject({
    ingressClassName: 'nginx',
    tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }],
  });
});

it.each(['alb', 'nginx'])(
  'an Ingress keeps its certificate if it has a default backend only, with the class %s',
  (className) => {
    const shop = inNamespace((stack) => {
      const ingress = new Ingress(stack, 'front', { className, tls: { secretName: 'shop-tls' } });
      ingress.resource.spec.putDefaultBackend({ service: { name: web(stack).name, port: { name: 'http' } } });
    });
    expect(shop.object('Ingress')['spec']).toMatchObject({
      defaultBackend: backend('web'),
      tls: [{ secretName: 'shop-tls' }],
    });
  },
);

it('an Ingress of another class refuses options that are annotations of alb', () => {
  const said: IngressOptions = {
    className: 'nginx',
    scheme: 'internal',
    group: 'shared',
    healthCheck: { path: '/healthz' },
    sourceRanges: ['10.0.0.0/16'],
    tls: { certificateArns: ['arn:aws:acm:eu-west-1:111122223333:certificate/one'] },
  };
  const nothing =
    'has no effect, because the class "nginx" does not read the annotations of alb; remove it, and write those of the class in annotations';
  expect(() => front(said)).toThrow(
    new Error(
      [
        ...['scheme', 'sourceRanges', 'group', 'healthCheck'].map(
          (option) => `shop/front: ${option}: ${nothing}`,
        ),
        `shop/front: tls.certificateArns: ${nothing}; a certificate is a Secret there: tls.secretName`,
      ].join('\n'),
    ),
  );
});

it('an Ingress routes several hosts and paths to several Services', () => {
  const shop = inNamespace((stack) => {
    const ingress = new Ingress(stack, 'front', { tls: { secretName: 'shop-tls' } });
    const [one, other] = [web(stack), web(stack, 'api')];
    ingress.route('shop.example.com', '/', one, 'http').route('*.example.com', '/', one, 'http');
    other
      .route(ingress, 'shop.example.com', '/api', 'http')
      .route(ingress, '*', '/status', 'http', { pathType: 'Exact' });
  });
  expect(shop.object('Ingress')['spec']).toStrictEqual({
    ingressClassName: 'alb',
    tls: [{ hosts: ['shop.example.com', '*.example.com'], secretName: 'shop-tls' }],
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: backend('web') },
            { path: '/api', pathType: 'Prefix', backend: backend('api') },
          ],
        },
      },
      {
        host: '*.example.com',
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend('web') }] },
      },
      { http: { paths: [{ path: '/status', pathType: 'Exact', backend: backend('api') }] } },
    ],
  });
});

it('an Ingress accepts overrides of what has no option', () => {
  const shop = inNamespace((stack) => {
    const service = web(stack);
    new Ingress(stack, 'front').resource.spec.putDefaultBackend({
      service: { name: service.name, port: { name: 'http' } },
    });
  });
  expect(shop.object('Ingress')).toMatchObject({ spec: { defaultBackend: backend('web') } });
});

it('an Ingress reports all mistakes in one error', () => {
  expect(() =>
    inNamespace((stack) => {
      const other = new BaseStack(App.of(stack), 'other');
      new Namespace(other, 'namespace', { name: 'other' });
      const [one, two] = [web(stack), web(stack, 'api')];
      new Ingress(stack, 'empty');
      new Ingress(stack, 'front', {
        scheme: 'internet-facing',
        tls: false,
        sourceRanges: [] as unknown as [string],
        healthCheck: { path: 'healthz', intervalSeconds: 1 },
      })
        .route('shop.example.com', '/', one, 'https')
        .route('shop.example.com', '/', two, 'http')
        .route('far.example.com', '/', web(other), 'http');
    }),
  ).toThrow(
    [
      ...[
        'route "shop.example.com/": port "https" is no port of shop/web/service; it has: http',
        'route "shop.example.com/" leads to shop/web/service and to shop/api/service; give one of them another path',
        'route "far.example.com/": other/web/service is in another namespace; an Ingress leads to Services of its own: make one beside it',
        'sourceRanges: required for an internet-facing load balancer: the ranges that may connect. 0.0.0.0/0 is everyone',
        'healthCheck: path "healthz" has to begin with /',
        'healthCheck: got 1 seconds; a whole number from 5 to 300 is allowed',
      ].map((error) => `shop/front: ${error}`),
    ].join('\n'),
  );
});
