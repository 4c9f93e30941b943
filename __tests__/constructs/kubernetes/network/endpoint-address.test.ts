import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import { Service } from '../../../../constructs/kubernetes/network/service';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';

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
