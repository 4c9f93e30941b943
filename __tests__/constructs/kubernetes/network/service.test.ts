import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Service, type ServiceOptions } from '../../../../constructs/kubernetes/network/service';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace } from '../namespace-of';

const web = (scope: Construct, id = 'web'): Deployment =>
  new Deployment(scope, id, {
    containers: {
      web: {
        image: 'shop/web:1',
        ports: { http: 8080, dns: { port: 53, protocol: 'UDP' } },
        resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
      },
    },
  });

const exposed = (options: ServiceOptions): { object: unknown; terraform: unknown } => {
  const shop = inNamespace((stack) => web(stack).expose(options));
  return {
    object: shop.object('Service'),
    terraform: shop.document.resource?.['kubernetes_service_v1']?.['web_service'],
  };
};

const LABELS = { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/managed-by': 'terraform' };

const SELECTOR = { 'app.kubernetes.io/name': 'web' };

describe('a ClusterIP Service', () => {
  it('has only ports by default', () => {
    expect(exposed({ ports: { http: 80 } }).object).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop', labels: LABELS },
      spec: {
        type: 'ClusterIP',
        selector: SELECTOR,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
  });

  it('can have every option', () => {
    expect(
      exposed({
        ports: {
          http: { port: 80, appProtocol: 'http' },
          alternative: { port: 8080, targetPort: 'http' },
          dns: 53,
        },
        name: 'front',
        headless: true,
        annotations: { team: 'shop' },
        publishNotReadyAddresses: true,
        sessionAffinitySeconds: 60,
      }).object,
    ).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front', namespace: 'shop', labels: LABELS, annotations: { team: 'shop' } },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        selector: SELECTOR,
        publishNotReadyAddresses: true,
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
        ports: [
          { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
          { name: 'alternative', port: 8080, targetPort: 'http', protocol: 'TCP' },
          { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
        ],
      },
    });
  });

  it('routes to ports of containers that are added later', () => {
    const shop = inNamespace((stack) => {
      const deployment = web(stack);
      deployment.expose({ ports: { metrics: 9090 } });
      deployment.addContainer('metrics', {
        image: 'shop/metrics:1',
        ports: { metrics: 9090 },
        resources: { cpu: Cpu.millis(10), memory: Size.mebibytes(16) },
      });
    });
    expect(shop.object('Service')).toMatchObject({ spec: { ports: [{ targetPort: 'metrics' }] } });
  });

  it('accepts overrides of what has no option', () => {
    const shop = inNamespace((stack) => {
      web(stack).expose({ ports: { http: 80 } }).resource.spec.internalTrafficPolicy = 'Local';
    });
    expect(shop.object('Service')).toMatchObject({
      spec: { internalTrafficPolicy: 'Local', ports: [{ port: 80 }] },
    });
  });

  it('has a DNS name that works in every namespace', () => {
    let host = '';
    inNamespace((stack) => {
      host = web(stack).expose({ ports: { http: 80 } }).host;
    });
    expect(host).toBe('web.shop.svc');
  });

  it('may lack ports only if it is headless', () => {
    expect(exposed({ ports: {}, headless: true }).object).toMatchObject({ spec: { clusterIP: 'None' } });
    expect(() => exposed({ ports: {} })).toThrow('spec.ports: Required value; set ports');
  });
});

describe('a NodePort Service', () => {
  it('sets the ports of the nodes', () => {
    expect(
      exposed({ type: 'NodePort', ports: { http: 80, dns: 53 }, nodePorts: { http: 30080 } }).object,
    ).toMatchObject({
      spec: {
        type: 'NodePort',
        ports: [
          { name: 'http', port: 80, nodePort: 30080 },
          { name: 'dns', port: 53 },
        ],
      },
    });
  });
});

describe('a LoadBalancer Service', () => {
  it('is an internal Network Load Balancer that routes to the Pods directly', () => {
    expect(exposed({ type: 'LoadBalancer', ports: { http: 80 } }).object).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'shop',
        labels: LABELS,
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
          'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
          'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
        },
      },
      spec: {
        type: 'LoadBalancer',
        loadBalancerClass: 'service.k8s.aws/nlb',
        allocateLoadBalancerNodePorts: false,
        selector: SELECTOR,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
  });

  it('is not waited for: the default wait of the provider never ends without a controller', () => {
    expect(exposed({ type: 'LoadBalancer', ports: { http: 80 } }).terraform).toMatchObject({
      wait_for_load_balancer: false,
    });
  });

  it('can have every option', () => {
    expect(
      exposed({
        type: 'LoadBalancer',
        scheme: 'internet-facing',
        sourceRanges: ['203.0.113.0/24', '2001:db8::/32'],
        annotations: { 'service.beta.kubernetes.io/aws-load-balancer-ssl-ports': '443' },
        ports: { http: 80 },
      }).object,
    ).toMatchObject({
      metadata: {
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
          'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
          'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
          'service.beta.kubernetes.io/aws-load-balancer-ssl-ports': '443',
        },
      },
      spec: { loadBalancerSourceRanges: ['203.0.113.0/24', '2001:db8::/32'] },
    });
  });

  it('names its clients if it faces the internet', () => {
    const ranges = [] as unknown as [string];
    const facing = (sourceRanges: [string]): unknown =>
      exposed({ type: 'LoadBalancer', ports: { http: 80 }, scheme: 'internet-facing', sourceRanges });
    expect(() => facing(ranges)).toThrow(
      'shop/web/service: sourceRanges: required for an internet-facing load balancer: the ranges that may connect. 0.0.0.0/0 is everyone',
    );
    expect(() => facing(['203.0.113.7'])).toThrow('spec.LoadBalancerSourceRanges');
  });
});

it('a Service reports all mistakes in one error', () => {
  expect(() =>
    inNamespace((stack) => {
      const workload = web(stack);
      const other = new BaseStack(App.of(stack), 'other');
      new Namespace(other, 'namespace', { name: 'other' });
      new Service(stack, 'front', {
        workload,
        ports: { htp: 80, http: 80, dns: { port: 53, protocol: 'TCP' } },
      });
      new Service(stack, 'far', { workload: web(other), ports: { http: 80 } });
      const both = new Service(stack, 'both', { workload, ports: { http: 80 } });
      new EndpointSlice(stack, 'slice', { service: both, addresses: ['192.0.2.1'] });
      new Service(stack, 'nothing', { ports: { http: { port: 80, targetPort: 'http' } } });
    }),
  ).toThrow(
    [
      'shop/front: port "htp" is no port of shop/web; its containers have: http, dns',
      'shop/front: port "dns" is TCP, but the container\'s is UDP; leave protocol out',
      'shop/far: other/web is in another namespace; a Service finds Pods of its own only: make it beside the workload',
      'shop/both: shop/web and shop/slice all set the backend; keep one of them',
      'shop/nothing: no backend. Set workload, or call backedBy() with the addresses that answer',
      'shop/nothing: port "http" leads to "http", but there is no workload; pass numbers to backedBy()',
    ].join('\n'),
  );
});
