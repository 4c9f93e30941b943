import { MutatingAdmissionPolicy } from '../../../../constructs/kubernetes/admission/mutating-admission-policy';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace } from '../namespace-of';

const PATCH = '[JSONPatch{op: "add", path: "/metadata/labels/team", value: "shop"}]';

const labels = (stack: BaseStack): void => {
  new MutatingAdmissionPolicy(stack, 'labels', {
    namespaces: ['shop'],
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    patches: [PATCH],
  });
};

it('a MutatingAdmissionPolicy changes the objects that it is bound to', () => {
  const shop = inNamespace(labels);
  expect(shop.object('MutatingAdmissionPolicy')).toMatchObject({
    metadata: { name: 'shop-labels' },
    spec: {
      failurePolicy: 'Fail',
      reinvocationPolicy: 'IfNeeded',
      mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression: PATCH } }],
    },
  });
  expect(shop.object('MutatingAdmissionPolicyBinding')['spec']).toEqual({ policyName: 'shop-labels' });
});

it('an earlier version of Kubernetes has no MutatingAdmissionPolicy', () => {
  const kubernetes = { kubernetes: '1.35', rendering: false };
  expect(() => inNamespace(labels, {}, kubernetes)).toThrow('Kubernetes 1.35 has no MutatingAdmissionPolicy');
});
