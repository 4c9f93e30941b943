import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { provePlacement } from '../../../src/sandbox/placement-proof';
import type { PlatformRecord } from '../../../src/manifests/platform-record';
import type { Stack } from '../../../src/manifests/stacks';
import { inNamespace } from '../../constructs/kubernetes/namespace-of';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';

const { document, object } = inNamespace((stack) => {
  new Deployment(stack, 'web', { image: 'registry.example.com/web:1', replicas: 3 });
  new Deployment(stack, 'api', { image: 'registry.example.com/api:1' }).autoscale({
    min: 2,
    max: 4,
    cpu: { targetUtilization: 70 },
  });
});

const labelsOf = (name: string): unknown =>
  (object('Deployment', name)['spec'] as { template: { metadata: { labels: unknown } } }).template.metadata
    .labels;

const pod = (name: string, i: number, ready = true) => ({
  metadata: { name: `${name}-${i}`, namespace: 'shop', labels: labelsOf(name) },
  spec: { containers: [], nodeName: 'one' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const node = {
  metadata: { name: 'one', labels: { 'platform/node': 'node-1' } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

const prove = (...pods: ReturnType<typeof pod>[]): Promise<unknown> => {
  const lists: Record<string, unknown[]> = { nodes: [node], pods, networkpolicies: [] };
  const kubectl = { list: (kind: string) => Promise.resolve(lists[kind]) } as unknown as Kubectl;
  const platform = {
    namespaces: { shop: { workloads: {}, nodeGroups: ['node-1'] } },
  } as unknown as PlatformRecord;
  return provePlacement(kubectl, platform, [{ name: 'shop', document } as unknown as Stack]);
};

// Each look is a minute after the one before, so that it does not wait for what does not come.
let now = 0;
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => (now += 61_000));
});
afterEach(() => {
  jest.restoreAllMocks();
});

it('a cluster with all Pods of each workload passes', async () => {
  const pods = [pod('web', 1), pod('web', 2), pod('web', 3), pod('api', 1), pod('api', 2)];
  await expect(prove(...pods)).resolves.toMatchObject({ pods: expect.any(Array) as unknown });
});

it('a workload that was scaled down is reported, though each running Pod is Ready', async () => {
  await expect(prove(pod('web', 1), pod('web', 2))).rejects.toThrow(
    'Deployment "api" in shop: 0 of 2 Pods are Ready\nDeployment "web" in shop: 2 of 3 Pods are Ready',
  );
});
