import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace, type Synthesized } from '../namespace-of';
import { plain } from '../workload-options';

const make = (scope: Construct, id: string, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, id, { containers: { web: plain }, budget: false, ...options });

const affinityOf = (shop: Synthesized): unknown =>
  (
    shop.object('Deployment', 'web')['spec'] as {
      template: { spec: { affinity?: unknown } };
    }
  ).template.spec.affinity;

/** The Pods' required node affinity: one term, all of whose requirements have to hold. */
const required = (...matchExpressions: readonly object[]): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
  },
});

const nodesIn = (...values: readonly string[]): object => ({ key: 'platform/node', operator: 'In', values });

const zoneIn = (zone: string): object => ({
  key: 'topology.kubernetes.io/zone',
  operator: 'In',
  values: [zone],
});

it.each<[NonNullable<DeploymentOptions['placement']>, object]>([
  [{}, required(nodesIn('node-2', 'node-1'))],
  [{ nodeGroups: ['node-2'] }, required(nodesIn('node-2'))],
  [{ zone: 'a' }, required(nodesIn('node-2', 'node-1'), zoneIn('eu-west-1a'))],
  [{ zone: 'eu-west-1b' }, required(nodesIn('node-2', 'node-1'), zoneIn('eu-west-1b'))],
])('placement %j narrows the node groups of the namespace', (placement, affinity) => {
  expect(affinityOf(inNamespace((stack) => make(stack, 'web', { placement })))).toEqual(affinity);
});

it('no placement widens the node groups of the namespace', () => {
  expect(() =>
    inNamespace((stack) => {
      make(stack, 'web', { placement: { nodeGroups: ['node-1', 'node-3'] } });
    }),
  ).toThrow(
    [
      'shop/web: placement: node group "node-3" is none of namespace shop, which has: node-1, node-2; name some of these, or add it to the Namespace\'s nodeGroups',
    ].join('\n'),
  );
});

it('a zone letter is an error where no region is known', () => {
  const stack = new BaseStack(new App(), 'bare');
  new Namespace(stack, 'namespace', { name: 'bare' });
  expect(make(stack, 'web', { placement: { zone: 'a' } }).node.validate()).toEqual([
    'placement: got the zone "a" in a stack without an AWS provider, which would say the region; give the whole name, such as eu-west-1a',
  ]);
});
