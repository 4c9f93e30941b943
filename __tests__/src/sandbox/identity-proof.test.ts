import type { Stack } from '../../../src/manifests/stacks';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { accountsWithRole, keptFromTheAgent } from '../../../src/sandbox/identity-proof';

const POD = {
  metadata: { namespace: 'dev', name: 'web-1', labels: { app: 'web' } },
  spec: { serviceAccountName: 'web' },
};
const ACCOUNTS = accountsWithRole([
  {
    name: 'dev',
    document: {
      resource: { aws_eks_pod_identity_association: { web: { namespace: 'dev', service_account: 'web' } } },
    },
  } as unknown as Stack,
]);

const policy = (spec: object, namespace = 'dev'): KubernetesObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace, name: 'policy' },
  spec: { policyTypes: ['Egress'], ...spec },
});
const DENIED = policy({ podSelector: {} });
const opening = (cidr: string, port?: number | string, more = {}): KubernetesObject =>
  policy({
    podSelector: { matchLabels: { app: 'web' } },
    egress: [{ to: [{ ipBlock: { cidr } }], ...(port !== undefined && { ports: [{ port, ...more }] }) }],
  });

it.each([
  ['nothing but a policy that denies', [DENIED]],
  ['DNS only', [DENIED, policy({ podSelector: {}, egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }] })]],
  ['the APIs only', [DENIED, opening('0.0.0.0/0', 443)]],
  ['another address', [DENIED, opening('169.254.170.2/32', 80)]],
  [
    'a range without it',
    [policy({ egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }] }] })],
  ],
  ['the port over UDP', [DENIED, opening('169.254.170.23/32', 80, { protocol: 'UDP' })]],
  [
    'an opening of other Pods',
    [DENIED, policy({ podSelector: { matchLabels: { app: 'api' } }, egress: [{}] })],
  ],
  [
    'an opening by expressions for others',
    [
      DENIED,
      policy({
        podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] },
        egress: [{}],
      }),
    ],
  ],
])('a Pod with a role and egress to %s is reported', (_, policies) => {
  const [finding, ...more] = keptFromTheAgent([POD], policies, ACCOUNTS);
  expect(more).toEqual([]);
  expect(finding).toMatch(
    /^Pod dev\/web-1 gets no credentials of the IAM role of web: the NetworkPolicies policy.* keep it/,
  );
});

it.each([
  ['no policy', [POD], []],
  ['a policy of ingress', [POD], [policy({ policyTypes: ['Ingress'] })]],
  ['a policy of another namespace', [POD], [policy({ podSelector: {} }, 'prod')]],
  ['an opening', [POD], [DENIED, opening('169.254.170.23/32', 80)]],
  ['an opening of a range of ports', [POD], [DENIED, opening('169.254.0.0/16', 1, { endPort: 1024 })]],
  ['an opening of everything', [POD], [DENIED, policy({ podSelector: {}, egress: [{}] })]],
  ['the network of the node', [{ ...POD, spec: { ...POD.spec, hostNetwork: true } }], [DENIED]],
  ['no role', [{ ...POD, spec: {} }], [DENIED]],
])('a Pod with %s is not reported', (_, pods, policies) => {
  expect(keptFromTheAgent(pods, policies, ACCOUNTS)).toEqual([]);
});
