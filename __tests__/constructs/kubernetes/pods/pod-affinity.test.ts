import { Construct } from 'constructs';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
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

describe('the neighbors of a Pod', () => {
  const term = (name: string, namespaces?: readonly string[]): object => ({
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
        ...(namespaces && { namespaces }),
      },
    ],
  });

  it('have the selector of the other workload', () => {
    const shop = inNamespace((stack) => {
      make(stack, 'web').colocateWith(make(stack, 'cache')).separateFrom(make(stack, 'batch'));
    });
    expect(affinityOf(shop)).toEqual({
      ...required(nodesIn('node-2', 'node-1')),
      podAffinity: term('cache'),
      podAntiAffinity: term('batch'),
    });
  });

  it('may be the workload’s own Pods, and those of another namespace', () => {
    const shop = inNamespace((stack) => {
      const elsewhere = new Construct(stack, 'elsewhere');
      new Namespace(elsewhere, 'namespace', { name: 'elsewhere', nodeGroups: ['node-2', 'node-3'] });
      const web = make(stack, 'web');
      web.separateFrom(web).colocateWith(make(elsewhere, 'cache'));
    });
    expect(affinityOf(shop)).toMatchObject({
      podAffinity: term('elsewhere-cache', ['elsewhere']),
      podAntiAffinity: term('web'),
    });
  });

  it('are an error if they can never share a node', () => {
    expect(() =>
      inNamespace((stack) => {
        const cache = make(stack, 'cache', { placement: { nodeGroups: ['node-2'] } });
        make(stack, 'web', { placement: { nodeGroups: ['node-1'] } })
          .colocateWith(cache)
          .separateFrom(cache);
      }),
    ).toThrow(
      [
        'shop/web: must share a machine with shop/cache and keep away from it; keep one of the two',
        'shop/web: must share a machine with shop/cache, which runs on the node groups node-2 and never on node-1; give them a node group in common',
      ].join('\n'),
    );
  });
});
