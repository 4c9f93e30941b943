import {
  ValidatingAdmissionPolicy,
  type ValidatingAdmissionPolicyOptions,
} from '../../../../constructs/kubernetes/admission/validating-admission-policy';
import { inNamespace } from '../namespace-of';

const simple: ValidatingAdmissionPolicyOptions = {
  namespaces: ['shop'],
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  validations: [{ expression: 'has(object.metadata.labels)', messageExpression: '"labels are missing"' }],
};

const policy = (options: Partial<ValidatingAdmissionPolicyOptions> = {}) =>
  inNamespace((stack) => {
    new ValidatingAdmissionPolicy(stack, 'labels', { ...simple, ...options });
  });

it('a ValidatingAdmissionPolicy refuses objects that break it, and those that it cannot judge', () => {
  const shop = policy();
  expect(shop.object('ValidatingAdmissionPolicy')).toMatchObject({
    metadata: { name: 'shop-labels' },
    spec: { failurePolicy: 'Fail', validations: simple.validations },
  });
  expect(shop.object('ValidatingAdmissionPolicyBinding')).toMatchObject({
    spec: { policyName: 'shop-labels', validationActions: ['Deny'] },
  });
  expect(shop.document.resource?.['kubernetes_manifest']?.['labels_binding']).toMatchObject({
    depends_on: ['kubernetes_manifest.labels'],
  });
});

it('the manifests of a policy have no empty or null value, for which the provider reports "inconsistent result"', () => {
  const manifests = JSON.stringify(policy({ variables: {}, matchConditions: {} }).document.resource);
  expect(manifests).not.toMatch(/\[\]|\{\}|null/);
});

it('every field of a ValidatingAdmissionPolicy can be set', () => {
  const shop = policy({
    matchConditions: { people: '!request.userInfo.username.startsWith("system:")' },
    variables: { labels: 'object.metadata.labels' },
    actions: ['Warn', 'Audit'],
    failurePolicy: 'Ignore',
    validations: [{ expression: 'variables.labels.all(l, l != "${x}")', messageExpression: '"%{if}"' }],
  });
  expect(shop.object('ValidatingAdmissionPolicy')['spec']).toMatchObject({
    failurePolicy: 'Ignore',
    matchConditions: [{ name: 'people', expression: '!request.userInfo.username.startsWith("system:")' }],
    variables: [{ name: 'labels', expression: 'object.metadata.labels' }],
    validations: [{ expression: 'variables.labels.all(l, l != "${x}")', messageExpression: '"%{if}"' }],
  });
  expect(shop.object('ValidatingAdmissionPolicyBinding')['spec']).toMatchObject({
    validationActions: ['Warn', 'Audit'],
  });
});

it.each([
  [{ rules: [] }, 'spec.matchConstraints.resourceRules'],
  [{ namespaces: [] }, 'spec.matchConstraints.namespaceSelector'],
  [{ validations: [] }, 'spec.validations'],
  [{ actions: [] }, 'spec.validationActions'],
  [{ actions: ['Deny', 'Warn'] }, 'spec.validationActions'],
] as const)('a policy of %j is refused, because it would judge nothing or twice', (options, field) => {
  expect(() => policy(options)).toThrow(field);
});
