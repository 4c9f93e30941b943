import { PriorityClass } from '../../constructs/kubernetes/pods/priority-class';
import { Service, type ServiceOptions } from '../../constructs/kubernetes/network/service';
import { Deployment } from '../../constructs/kubernetes/workloads/deployment';
import { plain } from '../constructs/kubernetes/workload-options';
import { AttentiveKubectl, BareCluster } from '../e2e/bare-cluster';
import { ChangedObjects, type Version } from './changed-objects';
import { needsProvider } from './needs';

const MINUTE = 60_000;

describe('a change of one object, by the provider', () => {
  let cluster: BareCluster;
  let kubectl: AttentiveKubectl;

  beforeAll(async () => {
    await needsProvider('hashicorp/kubernetes');
    cluster = await BareCluster.start();
    kubectl = new AttentiveKubectl(cluster.kubeconfig);
  }, 60 * MINUTE);

  afterAll(async () => {
    await cluster.stop();
  });

  const uids = async (kind: string, namespace: string): Promise<string[]> =>
    (await kubectl.run(['get', kind, '--namespace', namespace, '--output=jsonpath={.items[*].metadata.uid}']))
      .split(' ')
      .sort();

  it(
    'of the replicas from two to one and back rolls no Pod',
    async () => {
      const objects = await ChangedObjects.in(cluster, 'replicas');
      const web =
        (replicas: number): Version =>
        (stack) =>
          new Deployment(stack, 'web', { replicas, containers: { web: plain } });
      await objects.apply(web(2));
      const before = await uids('pods', 'replicas');
      await objects.apply(web(1));
      await objects.apply(web(2));
      const after = await uids('pods', 'replicas');
      expect(before.filter((uid) => after.includes(uid))).toHaveLength(1);
      expect(await uids('replicasets', 'replicas')).toHaveLength(1);
    },
    5 * MINUTE,
  );

  it(
    'of a Service’s type keeps the Service and its address',
    async () => {
      const objects = await ChangedObjects.in(cluster, 'types');
      const web =
        (options: ServiceOptions): Version =>
        (stack) => {
          const workload = new Deployment(stack, 'web', {
            replicas: 1,
            containers: { web: { ...plain, ports: { http: 80 } } },
          });
          new Service(stack, 'service', { workload, ...options });
        };
      const types: ServiceOptions[] = [
        { type: 'ClusterIP' },
        { type: 'LoadBalancer' },
        { type: 'NodePort' },
        { type: 'LoadBalancer' },
        { type: 'ClusterIP' },
        { type: 'NodePort' },
        { type: 'ClusterIP' },
      ];
      const seen: string[][] = [];
      for (const options of types) {
        await objects.apply(web(options));
        expect([options.type, await objects.plan()]).toEqual([options.type, []]);
        seen.push(await uids('services', 'types'));
      }
      expect(new Set(seen.flat()).size).toBe(1);
    },
    5 * MINUTE,
  );

  it(
    'of a priority class’s value leaves the old class until the Pods have the new one',
    async () => {
      const objects = await ChangedObjects.in(cluster, 'priority');
      const web =
        (value: number): Version =>
        (stack) => {
          const priorityClass = new PriorityClass(stack, 'urgent', { value });
          new Deployment(stack, 'web', { replicas: 1, priorityClass, containers: { web: plain } });
        };
      await objects.apply(web(5));
      await objects.write(web(6));
      const [replaced] = (await objects.plan()).filter(({ type }) => type === 'kubernetes_priority_class_v1');
      expect(replaced?.change.actions).toEqual(['create', 'delete']);
      await objects.terraform.apply('plan');
      const priorities = [
        'get',
        'pods',
        '--namespace',
        'priority',
        '--output=jsonpath={.items[*].spec.priority}',
      ];
      expect(await kubectl.run(priorities)).toBe('6');
    },
    5 * MINUTE,
  );
});
