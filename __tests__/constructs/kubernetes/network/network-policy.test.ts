import type { Construct } from 'constructs';
import {
  NetworkPeer,
  NetworkPolicy,
  type NetworkPolicyOptions,
  NetworkPort,
} from '../../../../constructs/kubernetes/network/network-policy';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace, type Synthesized } from '../namespace-of';

const policy = (options: NetworkPolicyOptions): Synthesized =>
  inNamespace((stack) => {
    new NetworkPolicy(stack, 'policy', options);
  });

const specOf = (make: (scope: Construct) => unknown): unknown =>
  inNamespace((stack) => make(stack)).object('NetworkPolicy')['spec'];

it('denyAll denies both directions, by empty lists and not by missing ones', () => {
  expect(specOf((scope) => NetworkPolicy.denyAll(scope, 'default-deny'))).toMatchObject({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
  expect(
    inNamespace((stack) => NetworkPolicy.denyAll(stack, 'deny')).document.resource?.[
      'kubernetes_network_policy_v1'
    ]?.['deny'],
  ).toMatchObject({ spec: { ingress: [], egress: [] } });
});

it('allowDns allows DNS over UDP and TCP', () => {
  expect(specOf((scope) => NetworkPolicy.allowDns(scope, 'dns'))).toStrictEqual({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [
          {
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
          },
        ],
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
    ],
  });
});

it('a NetworkPolicy has every kind of peer and of port', () => {
  expect(
    policy({
      podSelector: { app: 'web' },
      ingress: [
        {
          from: [
            NetworkPeer.pods({}),
            NetworkPeer.pods({ app: 'api' }),
            NetworkPeer.pods({ app: 'api' }, 'tools'),
            NetworkPeer.namespace('monitoring'),
            NetworkPeer.anyPod(),
            NetworkPeer.range('0.0.0.0/0', { except: ['169.254.169.254/32'] }),
            NetworkPeer.range('fd00::/8', { except: ['fd00:1::/64'] }),
          ],
          ports: [NetworkPort.tcp('http'), NetworkPort.udp(53), NetworkPort.tcpRange(8000, 8100)],
        },
      ],
    }).object('NetworkPolicy'),
  ).toMatchObject({
    metadata: { name: 'policy', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { podSelector: {} },
            { podSelector: { matchLabels: { app: 'api' } } },
            {
              podSelector: { matchLabels: { app: 'api' } },
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tools' } },
            },
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
            { namespaceSelector: {} },
            { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
            { ipBlock: { cidr: 'fd00::/8', except: ['fd00:1::/64'] } },
          ],
          ports: [
            { port: 'http', protocol: 'TCP' },
            { port: 53, protocol: 'UDP' },
            { port: 8000, endPort: 8100, protocol: 'TCP' },
          ],
        },
      ],
    },
  });
});

it('a rule without peers and ports allows all, as in Kubernetes', () => {
  expect(specOf((scope) => new NetworkPolicy(scope, 'all', { ingress: [{}] }))).toMatchObject({
    ingress: [{}],
  });
});

it.each([
  ['2001:db8:0::/64', 'write 2001:db8::/64'],
  ['10.0.0.1/16', 'write 10.0.0.0/16'],
])('a NetworkPolicy refuses the second spelling of a range: %s', (cidr, remedy) => {
  expect(() => policy({ ingress: [{ from: [NetworkPeer.range(cidr)] }] })).toThrow(
    `ingress[0].from[0].ipBlock.cidr: got ${cidr}; ${remedy}`,
  );
});

it('a NetworkPolicy reports its errors, each with its place', () => {
  expect(() => policy({})).toThrow(
    'shop/policy: the policy has neither ingress nor egress; an empty list of either denies, a rule in it allows what it names',
  );
  expect(() =>
    policy({
      ingress: [{ from: [NetworkPeer.anyPod()] }, { from: [] }],
      egress: [{ to: [], ports: [] }],
    }),
  ).toThrow(
    new SynthesisError(
      [
        'ingress[1].from is empty, which allows every peer; name some, or leave it out for every one',
        'egress[0].to is empty, which allows every peer; name some, or leave it out for every one',
        'egress[0].ports is empty, which allows every port; name some, or leave it out for every one',
      ].map((error) => `shop/policy: ${error}`),
    ),
  );
});
