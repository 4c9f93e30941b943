import { namespaceDifferences } from '../../../src/pipeline/plan/namespace-differences';
import type { JsonObject } from '../../../src/manifests/terraform-document';

const deployment = (values: JsonObject): JsonObject => ({
  metadata: { name: 'web', namespace: 'stage' },
  ...values,
});

/** What differs between `stage` and `prod`, from what was synthesized of each. */
const differences = (
  stage: Readonly<Record<string, JsonObject>>,
  prod: Readonly<Record<string, JsonObject>>,
  workloads: Readonly<Record<'stage' | 'prod', Record<string, Record<string, unknown>>>> = {
    stage: {},
    prod: {},
  },
) => {
  const of = (name: 'stage' | 'prod', resources: Readonly<Record<string, JsonObject>>) => ({
    name,
    settings: {
      nodeGroups: name === 'stage' ? ['node-1', 'node-3'] : ['node-1', 'node-2'],
      workloads: workloads[name],
      settings: {},
    },
    document: { resource: { kubernetes_deployment_v1: resources } },
  });
  return namespaceDifferences(of('stage', stage), of('prod', prod)).map(
    ({ path, from, to, declared: [key = ''] }) => ({ path, from, to, key }),
  );
};

describe('the differences between two namespaces', () => {
  it('exclude the name of the namespace, and include a text that both have', () => {
    const values = (name: string) => ({
      metadata: { name: 'web', namespace: name },
      host: `shop.${name}.example.com`,
      mount: '/prod/data',
    });
    expect(differences({ web: values('stage') }, { web: values('prod') })).toEqual([]);
  });

  it('name the key of platform.yaml that causes them', () => {
    const versions = {
      stage: { shop: { version: '1.4.0' }, debug: {} },
      prod: { shop: { version: '1.3.2' } },
    };
    expect(
      differences(
        { web: deployment({ image: 'shop/web:1.4.0', nodes: ['node-1', 'node-3'] }), debug_web: {} },
        { web: deployment({ image: 'shop/web:1.3.2', nodes: ['node-1', 'node-2'] }) },
        versions,
      ),
    ).toEqual([
      { path: '', from: 'only in stage', to: '', key: 'workloads.debug' },
      { path: 'image', from: '"shop/web:1.4.0"', to: '"shop/web:1.3.2"', key: 'workloads.shop.version' },
      { path: 'nodes[1]', from: '"node-3"', to: '"node-2"', key: 'nodeGroups' },
    ]);
  });

  it('name no key for what no key sets', () => {
    expect(
      differences(
        { web: deployment({ image: 'shop/web:1.4.0', host: 'db.prod.internal' }) },
        { web: deployment({ image: 'shop/web:1.4.1', host: 'db.prod.internal' }), extra: {} },
      ),
    ).toEqual([
      { path: '', from: '', to: 'only in prod', key: '' },
      { path: 'image', from: '"shop/web:1.4.0"', to: '"shop/web:1.4.1"', key: '' },
    ]);
  });

  it('exclude digests of content that is compared itself', () => {
    expect(differences({ web: { name: 'web-1a2b3c4d' } }, { web: { name: 'web-5e6f7a8b' } })).toEqual([]);
    expect(differences({ web: { name: 'web-1a2b3c4d' } }, { web: { name: 'api-5e6f7a8b' } })).toHaveLength(1);
  });
});
