import { App } from 'cdktf';
import { Construct, Node } from 'constructs';
import { PodSecurityPolicy } from '@cdktf/provider-kubernetes/lib/pod-security-policy';
import { Namespace, type NamespaceOptions } from '../../../../constructs/kubernetes/namespaces/namespace';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
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

it('a Namespace has more than the five minutes of the provider to be deleted, by its only timeout', () => {
  expect(
    inNamespace(() => undefined).document.resource?.['kubernetes_namespace_v1']?.['namespace'],
  ).toHaveProperty('timeouts', { delete: '15m' });
});

it('every field of a Namespace can be set', () => {
  expect(
    labels({ podSecurity: 'baseline', podSecurityVersion: 'v1.35', labels: { team: 'web' } }),
  ).toMatchObject({
    team: 'web',
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/enforce-version': 'v1.35',
    'pod-security.kubernetes.io/warn-version': 'v1.35',
  });
});

it('an error reports the mistakes of every Namespace', () => {
  expect(() =>
    inNamespace((stack) => {
      new Namespace(stack, 'b', { name: 'kube-shop' });
      new Namespace(stack, 'c', {
        name: 'c',
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
      });
    }),
  ).toThrow(
    [
      'shop/b: name: "kube-shop" belongs to Kubernetes, which has made it already; choose another, or call Namespace.fromName()',
      'shop/c: labels: got "pod-security.kubernetes.io/enforce", which podSecurity and podSecurityVersion set; remove it here',
    ].join('\n'),
  );
});

it('a PodSecurityPolicy of the provider is refused with its replacement', () => {
  expect(() =>
    inNamespace((stack) => {
      new PodSecurityPolicy(stack, 'policy', { metadata: { name: 'policy' }, spec: {} as never });
    }),
  ).toThrow(
    'is a kubernetes_pod_security_policy: Kubernetes 1.25 removed PodSecurityPolicy, and Pod Security Admission replaces it. Set podSecurity of the Namespace to restricted, baseline or privileged',
  );
});

describe('the namespace of a construct', () => {
  it('is the nearest one in its scopes, and the first of two in a scope', () => {
    const stack = new BaseStack(new App(), 'shop');
    const outer = new Namespace(stack, 'outer', { name: 'outer' });
    new Namespace(stack, 'second', { name: 'second' });
    const part = new Construct(stack, 'part');
    const leaf = new Construct(part, 'leaf');
    expect(Namespace.of(leaf)).toBe(outer);
    const inner = new Namespace(part, 'inner', { name: 'inner' });
    expect(Namespace.of(leaf)).toBe(inner);
    expect(Namespace.of(part)).toBe(inner);
    expect(Namespace.of(outer)).toBe(outer);
  });

  it('is required: a construct in none is an error', () => {
    const stack = new BaseStack(new App(), 'bare');
    expect(() => Namespace.of(new Construct(stack, 'web'))).toThrow(
      'bare/web is in no namespace; make a Namespace beside it, or beside one of its parents, first',
    );
  });

  it('takes as long to find for 2,000 workloads of a stack as for 200, for each workload', () => {
    const children = Object.getOwnPropertyDescriptor(Node.prototype, 'children')?.get;
    if (!children) throw new Error('a Node has no children');
    /** How many children are looked at while workloads are made and validated. */
    const visited = (workloads: number): number => {
      const stack = new BaseStack(new App(), 'shop');
      useAws(stack, { region: 'eu-west-1', platform: 'seed' });
      new Namespace(stack, 'namespace', { name: 'shop', nodeGroups: ['node-1'] });
      let count = 0;
      const spy = jest.spyOn(Node.prototype, 'children', 'get').mockImplementation(function (this: Node) {
        const found = children.call(this) as Construct[];
        count += found.length;
        return found;
      });
      try {
        for (let i = 0; i < workloads; i += 1) {
          const web = new Deployment(stack, `web-${i}`, { image: 'shop/web:1', placement: { zone: 'a' } });
          expect(web.node.validate()).toEqual([]);
        }
      } finally {
        spy.mockRestore();
      }
      return count;
    };
    expect(visited(2000) / 2000).toBeLessThanOrEqual(visited(200) / 200);
  });
});
