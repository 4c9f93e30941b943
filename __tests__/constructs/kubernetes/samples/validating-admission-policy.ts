import type { Construct } from 'constructs';
import {
  ValidatingAdmissionPolicy,
  type ValidatingAdmissionPolicyOptions,
} from '../../../../constructs/kubernetes/admission/validating-admission-policy';

const required: ValidatingAdmissionPolicyOptions = {
  namespaces: ['samples-defaults', 'samples-everything'],
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  validations: [
    {
      expression: '!object.spec.?hostNetwork.orValue(false)',
      messageExpression: '"no Pod on the network of its node"',
    },
  ],
};

export function defaults(scope: Construct): void {
  new ValidatingAdmissionPolicy(scope, 'policy', required);
}

export function everything(scope: Construct): void {
  new ValidatingAdmissionPolicy(scope, 'policy', {
    rules: [
      ...required.rules,
      {
        apiGroups: ['apps'],
        apiVersions: ['v1'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['deployments'],
      },
    ],
    namespaces: required.namespaces,
    matchConditions: { named: 'has(object.metadata.name)', 'not-ours': 'object.metadata.name != "${ours}"' },
    variables: {
      labels: 'object.metadata.?labels.orValue({})',
      named: '"app.kubernetes.io/name" in variables.labels',
    },
    validations: [
      { expression: 'variables.named', messageExpression: '"name " + object.metadata.name + " by a label"' },
    ],
    actions: ['Warn', 'Audit'],
    failurePolicy: 'Ignore',
  });
}
