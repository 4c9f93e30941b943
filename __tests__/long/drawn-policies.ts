import fc from 'fast-check';
import type { KubernetesObject } from '../../src/manifests/objects';
import type { JsonObject } from '../../src/manifests/terraform-document';

/** Namespaces, Pods and NetworkPolicies. */
export interface DrawnNetwork {
  readonly namespaces: readonly KubernetesObject[];
  readonly pods: readonly KubernetesObject[];
  readonly policies: readonly KubernetesObject[];
}

const NAMESPACES = ['a', 'b', 'c'];
const value = fc.constantFrom('x', 'y', 'z');
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), value, { maxKeys: 2 });
const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom('app', 'tier', 'none'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.uniqueArray(value, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    key: fc.constantFrom('app', 'tier', 'none'),
    operator: fc.constantFrom('Exists', 'DoesNotExist'),
  }),
);
const selector = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: labels }),
  fc.record({ matchExpressions: fc.array(expression, { minLength: 1, maxLength: 2 }) }),
);
const namespaceSelector = fc.oneof(
  selector,
  fc.record({ matchLabels: fc.record({ 'kubernetes.io/metadata.name': fc.constantFrom(...NAMESPACES) }) }),
);
const ipBlock = fc.constantFrom(
  { cidr: '0.0.0.0/0' },
  { cidr: '10.0.0.0/8' },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  { cidr: '10.0.0.0/16', except: ['10.0.128.0/17', '10.0.0.0/24'] },
  { cidr: '203.0.113.0/24' },
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector }),
  fc.record({ podSelector: selector, namespaceSelector }),
  fc.record({ ipBlock }),
);
const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const port = fc.oneof(
  fc.record({ protocol }),
  fc.record({ protocol, port: fc.constantFrom<string | number>(53, 80, 8080, 'http', 'dns') }),
  fc.record({ port: fc.constantFrom(80, 8080) }),
  fc.record({ protocol, port: fc.constant(80), endPort: fc.constantFrom(80, 443, 9000) }),
);
type Rule = Readonly<Record<string, readonly JsonObject[]>>;

/** netpol-analyzer refuses a name of a port to an address outside. */
const withoutNamesOutside = (drawn: Rule): Rule =>
  drawn['to']?.every((each) => !('ipBlock' in each))
    ? drawn
    : {
        ...drawn,
        ...(drawn['ports'] && {
          ports: drawn['ports'].map((each) => (typeof each['port'] === 'string' ? { port: 53 } : each)),
        }),
      };

const rule = (peers: 'from' | 'to'): fc.Arbitrary<Rule> =>
  fc
    .record(
      {
        [peers]: fc.array(peer, { minLength: 1, maxLength: 3 }),
        ports: fc.array(port, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    )
    .map((drawn) => drawn as unknown as Rule)
    .map((drawn) => (peers === 'to' ? withoutNamesOutside(drawn) : drawn));
const spec = fc
  .record({
    podSelector: selector,
    ingress: fc.option(fc.array(rule('from'), { maxLength: 3 }), { nil: undefined }),
    egress: fc.option(fc.array(rule('to'), { maxLength: 3 }), { nil: undefined }),
    said: fc.boolean(),
  })
  .map(({ podSelector, ingress, egress, said }): JsonObject => ({
    podSelector,
    ...(ingress && { ingress }),
    ...(egress && { egress }),
    ...(said && { policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])] }),
  }));

const http = { name: 'http', protocol: 'TCP' };
const containerPorts = fc.constantFrom<readonly object[]>(
  [],
  [{ ...http, containerPort: 8080 }],
  [
    { ...http, containerPort: 80 },
    { name: 'dns', protocol: 'UDP', containerPort: 53 },
  ],
);

/** Three namespaces, two to six Pods, up to five policies. */
export const drawnNetwork: fc.Arbitrary<DrawnNetwork> = fc
  .record({
    namespaces: fc.tuple(labels, labels, labels),
    pods: fc.array(fc.record({ namespace: fc.constantFrom(...NAMESPACES), labels, ports: containerPorts }), {
      minLength: 2,
      maxLength: 6,
    }),
    policies: fc.array(fc.record({ namespace: fc.constantFrom(...NAMESPACES), spec }), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ namespaces, pods, policies }) => ({
    namespaces: namespaces.map((own, i) => {
      const name = NAMESPACES[i] ?? '';
      const all = { ...own, 'kubernetes.io/metadata.name': name };
      return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: all } };
    }),
    pods: pods.map(({ namespace, labels: own, ports }, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${i}`, namespace, labels: own },
      spec: { containers: [{ name: 'c', image: 'shop/web:1', ports }] },
      status: { hostIP: '192.168.0.1', podIPs: [{ ip: `10.0.0.${i + 1}` }] },
    })),
    policies: policies.map(({ namespace, spec: own }, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${i}`, namespace },
      spec: own,
    })),
  }));
