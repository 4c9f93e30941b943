import { Token } from 'cdktf';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { Service } from '../../../../constructs/kubernetes/network/service';
import { inNamespace } from '../namespace-of';

describe('a Service for machines outside the cluster', () => {
  it('has no selector, and an EndpointSlice that says every condition', () => {
    const shop = inNamespace((stack) => {
      new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy(['192.0.2.1', '192.0.2.2']);
    });
    expect(shop.object('Service')).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'legacy',
        namespace: 'shop',
        labels: { 'app.kubernetes.io/name': 'legacy', 'app.kubernetes.io/managed-by': 'terraform' },
      },
      spec: {
        type: 'ClusterIP',
        ports: [{ name: 'sql', port: 5432, targetPort: 5432, protocol: 'TCP' }],
      },
    });
    expect(shop.object('EndpointSlice')).toStrictEqual({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'legacy-endpoints',
        namespace: 'shop',
        labels: {
          'kubernetes.io/service-name': 'legacy',
          'endpointslice.kubernetes.io/managed-by': 'terraform',
        },
      },
      addressType: 'IPv4',
      endpoints: ['192.0.2.1', '192.0.2.2'].map((address) => ({
        addresses: [address],
        conditions: { ready: true, serving: true, terminating: false },
      })),
      ports: [{ name: 'sql', port: 5432, appProtocol: 'tcp' }],
    });
  });

  it('maps its ports to other ports of the machines, by protocol', () => {
    const shop = inNamespace((stack) => {
      new Service(stack, 'legacy', {
        ports: { http: { port: 80, appProtocol: 'http' }, sql: 5432 },
        headless: true,
      }).backedBy(['2001:db8::1'], { http: 8080 });
    });
    expect(shop.object('EndpointSlice')).toMatchObject({
      addressType: 'IPv6',
      endpoints: [{ addresses: ['2001:db8::1'] }],
      ports: [
        { name: 'http', port: 8080, appProtocol: 'http' },
        { name: 'sql', port: 5432, appProtocol: 'tcp' },
      ],
    });
  });

  it('accepts addresses that only Terraform knows', () => {
    const shop = inNamespace((stack) => {
      new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy([Token.asString('192.0.2.9')]);
    });
    expect(shop.document.resource?.['kubernetes_endpoint_slice_v1']?.['legacy_endpoints']).toMatchObject({
      endpoint: [{ addresses: ['192.0.2.9'] }],
    });
  });
});

describe('an EndpointSlice', () => {
  it('can be one of several, of another family and with its own protocol', () => {
    const shop = inNamespace((stack) => {
      const service = new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy(['192.0.2.1']);
      new EndpointSlice(stack, 'six', {
        service,
        addresses: ['2001:db8::1'],
        targetPorts: { sql: 6432 },
        appProtocol: 'postgresql',
      });
    });
    expect(shop.object('EndpointSlice', 'six')).toMatchObject({
      addressType: 'IPv6',
      ports: [{ port: 6432, appProtocol: 'postgresql' }],
    });
  });

  it('refuses UDP, which the provider would send as TCP', () => {
    expect(() =>
      inNamespace((stack) => {
        new Service(stack, 'resolver', {
          ports: { dns: { port: 53, protocol: 'UDP' }, tcp: 53 },
        }).backedBy(['192.0.2.1']);
      }),
    ).toThrow(
      'shop/resolver/endpoints: port "dns" is UDP, but the provider sends every port of an EndpointSlice as TCP; use Endpoints for it',
    );
  });
});
