import { definitionsOf } from '../constructs/kubernetes/custom-definitions';
import { page } from '../docs/page';
import { exampleOf, objectsOf } from '../docs/synthesized-example';
import { ChangedObjects } from './changed-objects';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;
jest.setTimeout(10 * MINUTE);

describe('every kind of the guide to custom resources, by the provider,', () => {
  const by = providerCluster();

  it('is applied, has nothing to change then, and is destroyed', async () => {
    const guide = page('docs/guides/custom-resources.md');
    const items = definitionsOf(guide.examples.flatMap((block) => objectsOf(guide, block)));
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await by.kubectl.run(['apply', '--filename', '-'], { input: list });
    await by.kubectl.run(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
    const objects = await ChangedObjects.in(by.cluster, 'shop');
    const created = await objects.apply((stack) => {
      for (const block of guide.examples) exampleOf(guide, block)(stack);
    });
    expect(created.filter((change) => !change.startsWith('create '))).toEqual([]);
    expect(created.length).toBeGreaterThanOrEqual(15);
    expect(await objects.plan()).toEqual([]);
    await objects.terraform.destroy();
  });
});
