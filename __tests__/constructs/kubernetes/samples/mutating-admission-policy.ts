import type { Construct } from 'constructs';
import {
  MutatingAdmissionPolicy,
  type MutatingAdmissionPolicyOptions,
} from '../../../../constructs/kubernetes/admission/mutating-admission-policy';

/** It changes no Pod of the samples. */
const required: MutatingAdmissionPolicyOptions = {
  namespaces: ['samples-nowhere'],
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  patches: ['[JSONPatch{op: "add", path: "/spec/enableServiceLinks", value: false}]'],
};

export function defaults(scope: Construct): void {
  new MutatingAdmissionPolicy(scope, 'policy', required);
}

export function everything(scope: Construct): void {
  new MutatingAdmissionPolicy(scope, 'policy', {
    ...required,
    matchConditions: { named: 'has(object.metadata.name)' },
    variables: { labels: 'object.metadata.?labels.orValue({})' },
    patches: [
      ...required.patches,
      'variables.labels.size() > 0 ? [] : [JSONPatch{op: "add", path: "/metadata/labels", value: {"set": "samples"}}]',
    ],
    failurePolicy: 'Ignore',
  });
}
