import { PlacementPolicy } from '../../../../constructs/kubernetes/admission/placement-policy';
import { inNamespace } from '../namespace-of';

const policy = (name: string): unknown =>
  inNamespace((stack) => {
    new PlacementPolicy(stack, 'placement', { nodeGroups: { shop: ['node-1', 'node-2'], qa: ['node-3'] } });
  }).object('ValidatingAdmissionPolicy', name)['spec'];

const namespaceSelector = {
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop', 'qa'] }],
};
const row = {
  name: 'row',
  expression: '{"shop": ["node-1", "node-2"], "qa": ["node-3"]}[request.namespace]',
};
const terms = '.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution.?nodeSelectorTerms';

it('the placement policy judges every new Pod, except those of a DaemonSet, whose affinity its controller replaces', () => {
  expect(policy('shop-placement-pods')).toMatchObject({
    failurePolicy: 'Fail',
    matchConstraints: { namespaceSelector, resourceRules: [{ operations: ['CREATE'], resources: ['pods'] }] },
    matchConditions: [
      {
        name: 'not-of-a-daemon-set',
        expression: 'request.userInfo.username != "system:serviceaccount:kube-system:daemon-set-controller"',
      },
    ],
    variables: [row, { name: 'terms', expression: `object.spec${terms}.orValue([])` }],
    validations: [
      {
        expression: expect.stringContaining(
          'e.key == "platform/node" && e.operator == "In" && e.values.all(node, node in variables.row)',
        ) as unknown,
        messageExpression: expect.stringContaining(
          '" run on the node groups " + variables.row.join(", ")',
        ) as unknown,
      },
    ],
  });
});

it('the placement policy adds the affinity to Pods and DaemonSets without one, from Kubernetes 1.36', () => {
  const made = (kubernetes: string) =>
    inNamespace(
      (stack) => {
        new PlacementPolicy(stack, 'placement', { nodeGroups: { shop: ['node-1'] } });
      },
      {},
      { kubernetes, rendering: false },
    ).objects('MutatingAdmissionPolicy');
  expect(made('1.35')).toEqual([]);
  expect(made('1.36').map(({ metadata }) => metadata.name)).toEqual([
    'shop-placement-daemon-sets-affinity',
    'shop-placement-pods-affinity',
  ]);
});

it('the placement policy judges the Pod template of every DaemonSet at each write', () => {
  expect(policy('shop-placement-daemon-sets')).toMatchObject({
    failurePolicy: 'Fail',
    matchConstraints: {
      namespaceSelector,
      resourceRules: [{ apiGroups: ['apps'], operations: ['CREATE', 'UPDATE'], resources: ['daemonsets'] }],
    },
    variables: [row, { name: 'terms', expression: `object.spec.template.spec${terms}.orValue([])` }],
  });
});
