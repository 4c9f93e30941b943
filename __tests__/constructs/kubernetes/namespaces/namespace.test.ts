import { PodSecurityPolicy } from '@cdktf/provider-kubernetes/lib/pod-security-policy';
import { Namespace, type NamespaceOptions } from '../../../../constructs/kubernetes/namespaces/namespace';
import { inNamespace } from '../namespace-of';

const labels = (options: Partial<NamespaceOptions> = {}): unknown =>
  inNamespace(() => undefined, options).object('Namespace').metadata.labels;

it('a Namespace is restricted, and its default ServiceAccount mounts no token', () => {
  const shop = inNamespace(() => undefined);
  expect(labels()).toEqual({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'latest',
    'pod-security.kubernetes.io/audit': 'restricted',
    'pod-security.kubernetes.io/audit-version': 'latest',
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/warn-version': 'latest',
  });
  expect(
    shop.document.resource?.['kubernetes_default_service_account_v1']?.['namespace_default'],
  ).toMatchObject({
    metadata: { namespace: '${kubernetes_namespace_v1.namespace.metadata[0].name}' },
    automount_service_account_token: false,
  });
});

it('a Namespace has longer than the provider’s five minutes to go, the only timeout that it takes', () => {
  expect(
    inNamespace(() => undefined).document.resource?.['kubernetes_namespace_v1']?.['namespace'],
  ).toHaveProperty('timeouts', { delete: '15m' });
});

it('everything about a Namespace can be said', () => {
  expect(
    labels({ podSecurity: 'baseline', podSecurityVersion: 'v1.35', labels: { team: 'web' } }),
  ).toMatchObject({
    team: 'web',
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/enforce-version': 'v1.35',
    'pod-security.kubernetes.io/warn-version': 'v1.35',
  });
});

it('the mistakes of every Namespace are told at once', () => {
  expect(() =>
    inNamespace((stack) => {
      new Namespace(stack, 'a', { name: 'Shop_1', nodes: [] });
      new Namespace(stack, 'b', { name: 'kube-shop', podSecurityVersion: 'v1.x' as 'v1.1' });
      new Namespace(stack, 'c', {
        name: 'c',
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
      });
    }),
  ).toThrow(
    [
      'shop/a: name: got "Shop_1"; at most 63 lower-case letters, digits and "-" are allowed, with no "-" at an end',
      'shop/a: nodes: got none, so that no Pod could run; name some, or leave nodes out for every node',
      'shop/b: name: "kube-shop" belongs to Kubernetes, which has made it already; choose another',
      'shop/b: podSecurityVersion: got "v1.x"; latest or a minor version such as v1.35 is allowed',
      'shop/c: labels: "pod-security.kubernetes.io/enforce" is said by podSecurity and podSecurityVersion; say it there',
    ].join('\n'),
  );
});

it('refuses a PodSecurityPolicy of the provider, and names what replaces it', () => {
  expect(() =>
    inNamespace((stack) => {
      new PodSecurityPolicy(stack, 'policy', { metadata: { name: 'policy' }, spec: {} as never });
    }),
  ).toThrow(
    'is a kubernetes_pod_security_policy: Kubernetes 1.25 removed PodSecurityPolicy, and Pod Security Admission replaces it: set podSecurity of the Namespace to restricted, baseline or privileged',
  );
});
