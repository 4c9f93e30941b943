import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { findOracle } from '../../../packages/kubernetes-oracle/oracle-program';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { judge } from '../../../src/rules/kubernetes-oracle';

// The linked validation is built where Go is; in CI it always is.
const validated = findOracle(DEFAULT_KUBERNETES_VERSION) ? describe : describe.skip;

const definition: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'batches.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Batch', listKind: 'BatchList', plural: 'batches', singular: 'batch' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['tasks'],
                properties: {
                  retries: { type: 'integer', minimum: 0 },
                  tasks: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                },
                'x-kubernetes-validations': [
                  { rule: '!has(self.retries) || self.retries < 10', message: 'at most 9 retries' },
                ],
              },
            },
          },
        },
      },
    ],
  },
};

const batch = (spec: object, apiVersion = 'example.com/v1'): KubernetesObject => ({
  apiVersion,
  kind: 'Batch',
  metadata: { name: 'nightly', namespace: 'shop' },
  spec,
});

const refusals = (object: KubernetesObject, old?: KubernetesObject): (string | undefined)[] =>
  (judge([{ object, definition, ...(old && { old }) }], DEFAULT_KUBERNETES_VERSION)?.refusals[0] ?? []).map(
    ({ field, message }) => `${field}: ${message}`,
  );

validated('by the linked validation,', () => {
  it('the definition of a custom resource holds at creation and at replacement', () => {
    const right = batch({ tasks: ['a'], retries: 2 });
    const wrong: readonly (readonly [KubernetesObject, string])[] = [
      [batch({ tasks: ['a'], retries: -1 }), 'spec.retries: Invalid value: -1'],
      [batch({ retries: 2 }), 'spec.tasks: Required value'],
      [batch({ tasks: ['a'], retires: 2 }), 'spec.retires: unknown field "spec.retires"'],
      [batch({ tasks: ['a', 'a'] }), 'spec.tasks[1]: Duplicate value'],
      [batch({ tasks: ['a'], retries: 10 }), 'spec: Invalid value: at most 9 retries'],
      [
        batch({ tasks: [] }, 'example.com/v2'),
        'apiVersion: its CustomResourceDefinition serves no kind "Batch"',
      ],
    ];
    expect(refusals(right)).toEqual([]);
    expect(refusals(batch({ tasks: ['b'] }), right)).toEqual([]);
    for (const [object, message] of wrong) {
      for (const old of [undefined, right]) {
        expect([object['spec'], refusals(object, old)]).toEqual([
          object['spec'],
          [expect.stringContaining(message)],
        ]);
      }
    }
  });
});
