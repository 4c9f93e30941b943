import {
  addressesOf,
  NetworkPolicies,
  podEndpoint,
  shownPorts,
  type Endpoint,
} from '../../../src/rules/network-policies';
import type { JsonObject } from '../../../src/manifests/terraform-document';

const pod = (name: string, port: number, address: string): Endpoint =>
  podEndpoint(
    {
      metadata: { name, namespace: 'dev', labels: { app: name } },
      spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: port }] }] },
    },
    {},
    addressesOf(`${address}/32`),
  );
const [web, api] = [pod('web', 8080, '10.0.1.1'), pod('api', 9090, '10.0.2.1')];
const outside: Endpoint = { addresses: addressesOf('203.0.113.7/32') };

const ports = (spec: JsonObject, from = web, to = api): string => {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'dev' },
  };
  return shownPorts(new NetworkPolicies([{ ...policy, spec }], [web, api, outside]).allowed(from, to));
};

it.each<[string, string, JsonObject]>([
  ['no rule', '', { podSelector: {} }],
  [
    'a list of egress that is empty and no type',
    'all',
    { podSelector: { matchLabels: { app: 'web' } }, egress: [] },
  ],
  ['a rule for everyone', 'all', { podSelector: {}, ingress: [{}] }],
  ['a port by its number', 'TCP 80', { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }],
  [
    'ranges of ports that touch',
    'TCP 80-90 UDP',
    {
      podSelector: {},
      ingress: [{ ports: [{ port: 80, endPort: 85 }, { port: 86, endPort: 90 }, { protocol: 'UDP' }] }],
    },
  ],
  [
    'addresses that hold the Pod, as the VPC CNI takes them',
    'all',
    { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16' } }] }] },
  ],
  [
    'addresses without those of the Pod',
    '',
    { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] } }] }] },
  ],
  ['addresses of IPv6', '', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '::/0' } }] }] }],
  [
    'a name of a port, which stands for its numbers in all Pods that the policy selects',
    'TCP 8080,9090',
    { podSelector: {}, ingress: [{ ports: [{ port: 'http' }] }] },
  ],
  [
    'a selector by expressions',
    'all',
    {
      podSelector: {},
      ingress: [
        {
          from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] } }],
        },
      ],
    },
  ],
])('%s allows: %s', (_, expected, spec) => {
  expect(ports(spec)).toBe(expected);
});

it('a port name is found in the Pods that an egress rule selects, and nowhere without a selector', () => {
  const egress = (to?: JsonObject): JsonObject => ({
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [{ ports: [{ port: 'http' }], ...(to && { to: [to] }) }],
  });
  expect(ports(egress({ podSelector: { matchLabels: { app: 'api' } } }))).toBe('TCP 9090');
  expect(ports(egress())).toBe('');
  expect(ports(egress(), web, outside)).toBe('');
});
