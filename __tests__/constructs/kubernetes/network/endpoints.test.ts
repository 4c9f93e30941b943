import { Endpoints } from '../../../../constructs/kubernetes/network/endpoints';
import { Service } from '../../../../constructs/kubernetes/network/service';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';

describe('Endpoints', () => {
  it('have the name of their Service, and may have UDP', () => {
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

  it('need no other object: Kubernetes copies them into an EndpointSlice', () => {
    expect(() =>
      inNamespace((stack) => {
        const service = new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy(['192.0.2.1']);
        new Endpoints(stack, 'backends', { service, addresses: ['192.0.2.1'], targetPorts: { sq: 1 } });
      }),
    ).toThrow(
      new SynthesisError([
        'shop/legacy: shop/legacy/endpoints and shop/backends all set the backend; keep one of them',
        'shop/backends: port "sq" is no port of shop/legacy; it has: sql',
      ]),
    );
  });
});
