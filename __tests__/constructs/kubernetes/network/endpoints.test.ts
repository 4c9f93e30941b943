import { Token } from 'cdktf';
import { Endpoints } from '../../../../constructs/kubernetes/network/endpoints';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { Service } from '../../../../constructs/kubernetes/network/service';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';

describe('a Service that is backed by machines outside of the cluster', () => {
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

  it('leads to other ports of theirs, by what is spoken on them', () => {
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

  it('takes addresses that only Terraform knows', () => {
    const shop = inNamespace((stack) => {
      new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy([Token.asString('192.0.2.9')]);
    });
    expect(shop.document.resource?.['kubernetes_endpoint_slice_v1']?.['legacy_endpoints']).toMatchObject({
      endpoint: [{ addresses: ['192.0.2.9'] }],
    });
  });
});

describe('an EndpointSlice', () => {
  it('is one of several, of another family and with a protocol of its own', () => {
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

  it('tells all mistakes at once', () => {
    const addresses = [
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '169.254.169.254',
      'fe80::1',
      '224.0.0.1',
      'ff02::1',
      '::ffff:192.0.2.1',
      '010.0.0.1',
      'db.example.com',
      '192.0.2.1',
      '192.0.2.1',
    ];
    expect(() =>
      inNamespace((stack) => {
        const service = new Service(stack, 'legacy', { ports: { sql: 5432 } });
        service.backedBy(addresses, { sqll: 5432, sql: 0 });
        new EndpointSlice(stack, 'none', { service, addresses: [] });
      }),
    ).toThrow(
      new SynthesisError([
        ...[
          '"127.0.0.1" is a loopback address',
          '"::1" is a loopback address',
          '"0.0.0.0" is unspecified',
          '"169.254.169.254" is a link-local address',
          '"fe80::1" is a link-local address',
          '"224.0.0.1" is a link-local multicast address',
          '"ff02::1" is a link-local multicast address',
          '"::ffff:192.0.2.1" is an IPv4 address written as IPv6',
          '"010.0.0.1" is no IP address',
          '"db.example.com" is no IP address',
        ].map((reason) => `shop/legacy/endpoints: address ${reason}; a unicast IP address is allowed`),
        'shop/legacy/endpoints: address "192.0.2.1" is named twice; leave one out',
        'shop/legacy/endpoints: 127.0.0.1 and ::1 are of two families; an EndpointSlice has one: make another one for the other',
        'shop/legacy/endpoints: port "sqll" is no port of shop/legacy; it has: sql',
        'shop/legacy/endpoints: port "sql": got 0; a whole number from 1 to 65535 is allowed',
        'shop/none: it has no address; name the machines that answer',
      ]),
    );
  });
});

describe('Endpoints', () => {
  it('have the name of their Service, and may be UDP', () => {
    const shop = inNamespace((stack) => {
      const service = new Service(stack, 'resolver', {
        ports: { dns: { port: 53, protocol: 'UDP' }, tcp: 53 },
      });
      new Endpoints(stack, 'backends', {
        service,
        addresses: ['192.0.2.1', '192.0.2.2'],
        targetPorts: { tcp: 5353 },
        notReadyAddresses: ['192.0.2.3'],
      });
    });
    expect(shop.object('Endpoints')).toStrictEqual({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'resolver', namespace: 'shop' },
      subsets: [
        {
          addresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }],
          notReadyAddresses: [{ ip: '192.0.2.3' }],
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'tcp', port: 5353, protocol: 'TCP' },
          ],
        },
      ],
    });
  });

  it('stand alone: Kubernetes copies them into an EndpointSlice of their own', () => {
    expect(() =>
      inNamespace((stack) => {
        const service = new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy(['192.0.2.1']);
        new Endpoints(stack, 'backends', { service, addresses: ['192.0.2.1'], targetPorts: { sq: 1 } });
      }),
    ).toThrow(
      new SynthesisError([
        'shop/legacy: shop/legacy/endpoints and shop/backends all say who answers; leave one of them',
        'shop/backends: port "sq" is no port of shop/legacy; it has: sql',
      ]),
    );
  });
});
