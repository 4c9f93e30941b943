import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { Service } from '../../../../constructs/kubernetes/network/service';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';

const backedBy = (addresses: readonly string[], targetPorts = {}): unknown =>
  inNamespace((stack) => {
    new Service(stack, 'legacy', { ports: { sql: 5432 } }).backedBy(addresses, targetPorts);
  });

it('an error reports ports that the Service lacks, and ports that no container has', () => {
  expect(() =>
    inNamespace((stack) => {
      const service = new Service(stack, 'legacy', { ports: { sql: 5432 } });
      service.backedBy(['192.0.2.1'], { sqll: 5432 });
      new EndpointSlice(stack, 'none', { service, addresses: [] });
    }),
  ).toThrow(
    new SynthesisError([
      'shop/legacy/endpoints: port "sqll" is no port of shop/legacy; it has: sql',
      'shop/none: it has no address; name the machines that answer',
    ]),
  );
});

it.each(['127.0.0.1', '0.0.0.0', '169.254.169.254', '224.0.0.1', 'db.example.com'])(
  '%s is refused as an address',
  (address) => {
    expect(() => backedBy([address])).toThrow(`endpoints[0].addresses[0]: Invalid value: "${address}"`);
  },
);

it('addresses of two families and a port of 0 are refused', () => {
  expect(() => backedBy(['192.0.2.1', '2001:db8::1'])).toThrow(
    'endpoints[0].addresses: Invalid value: "192.0.2.1": must be an IPv6 address',
  );
  expect(() => backedBy(['192.0.2.1'], { sql: 0 })).toThrow(
    'port "sql": got 0; a whole number from 1 to 65535 is allowed',
  );
});
