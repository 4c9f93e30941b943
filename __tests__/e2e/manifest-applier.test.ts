import type { KubernetesObject } from '../../src/manifests/objects';
import { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { ManifestApplier } from '../../src/sandbox/manifest-applier';
import { BareCluster } from './bare-cluster';

const MINUTE = 60_000;
const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

let cluster: BareCluster;
let kubectl: Kubectl;

beforeAll(async () => {
  cluster = await BareCluster.start();
  kubectl = new Kubectl(cluster.kubeconfig);
  // The tools may have to be built first.
}, 60 * MINUTE);

afterAll(() => cluster.stop(), MINUTE);

/** Applies as a new run of the sandbox does. */
const applierOf = (...objects: KubernetesObject[]): ManifestApplier =>
  new ManifestApplier(
    kubectl,
    () => Promise.resolve(objects.map((object) => ({ address: object.kind, object }))),
    cluster.directory,
    'shop',
  );

const template = (zone: string, image: string): KubernetesObject['spec'] => ({
  restartPolicy: 'Never',
  nodeSelector: { 'topology.kubernetes.io/zone': zone },
  containers: [{ name: 'main', image }],
});

const pod = (zone: string, image = 'shop/one:1'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'one', namespace: 'shop' },
  spec: template(zone, image),
});

const job = (zone: string): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'one', namespace: 'shop' },
  spec: { template: { spec: template(zone, 'shop/one:1') } },
});

const uid = (kind: string): Promise<string> =>
  kubectl.run(['get', kind, 'one', '--namespace=shop', '--output=jsonpath={.metadata.uid}']);

describe.each([
  ['Pod', pod],
  ['Job', job],
])('a %s that is applied again', (kind, object) => {
  beforeEach(async () => {
    await applierOf(NAMESPACE, object('a')).apply();
  });

  it('stays the same if nothing in it changes', async () => {
    const before = await uid(kind);
    expect(await applierOf(NAMESPACE, object('a')).differs()).toBe(false);
    await applierOf(NAMESPACE, object('a')).apply();
    expect(await uid(kind)).toBe(before);
  });

  it('is replaced for an immutable field', async () => {
    const before = await uid(kind);
    expect(await applierOf(NAMESPACE, object('b')).differs()).toBe(true);
    await applierOf(NAMESPACE, object('b')).apply();
    expect(await uid(kind)).not.toBe(before);
    expect(await applierOf(NAMESPACE, object('b')).differs()).toBe(false);
  });
});

/** Applies as a new run does, with what Terraform leaves as it was created. */
const keeping = (keeps: readonly string[], ...objects: KubernetesObject[]): ManifestApplier =>
  new ManifestApplier(
    kubectl,
    () => Promise.resolve([NAMESPACE, ...objects].map((object) => ({ address: 'x', object, keeps }))),
    cluster.directory,
    'shop',
  );

it('a Job whose spec Terraform ignores stays as it was created, and gets what is new beside it', async () => {
  await applierOf(NAMESPACE, job('a')).apply();
  const before = await uid('Job');
  expect(await keeping(['spec'], job('b')).differs()).toBe(false);
  const labeled = { ...job('b'), metadata: { ...job('b').metadata, labels: { tier: 'batch' } } };
  expect(await keeping(['spec'], labeled).differs()).toBe(true);
  await keeping(['spec'], labeled).apply();
  expect(await uid('Job')).toBe(before);
  expect(
    await kubectl.run(['get', 'jobs', '--namespace=shop', '--selector=tier=batch', '--output=name']),
  ).toBe('job.batch/one');
});

it('a StatefulSet whose claim templates Terraform ignores keeps them, and changes otherwise', async () => {
  const claims = (storage: string, replicas: number): KubernetesObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'one', namespace: 'shop' },
    spec: {
      replicas,
      serviceName: 'one',
      selector: { matchLabels: { app: 'one' } },
      template: {
        metadata: { labels: { app: 'one' } },
        spec: { containers: [{ name: 'main', image: 'shop/one:1' }] },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
        },
      ],
    },
  });
  const keeps = ['spec.volumeClaimTemplates'];
  await keeping(keeps, claims('1Gi', 1)).apply();
  const before = await uid('StatefulSet');
  expect(await keeping(keeps, claims('2Gi', 1)).differs()).toBe(false);
  await keeping(keeps, claims('2Gi', 2)).apply();
  expect(await uid('StatefulSet')).toBe(before);
  const spec =
    '--output=jsonpath={.spec.replicas} {.spec.volumeClaimTemplates[0].spec.resources.requests.storage}';
  expect(await kubectl.run(['get', 'statefulset', 'one', '--namespace=shop', spec])).toBe('2 1Gi');
});

it('several objects are replaced at once for immutable fields', async () => {
  const two = (zone: string) => [job(zone), { ...job(zone), metadata: { name: 'two', namespace: 'shop' } }];
  await applierOf(NAMESPACE, ...two('a')).apply();
  const before = await uid('Job');
  await applierOf(NAMESPACE, ...two('b')).apply();
  expect(await uid('Job')).not.toBe(before);
  expect(await applierOf(NAMESPACE, ...two('b')).differs()).toBe(false);
});

it('a Pod is changed in place where Kubernetes allows it', async () => {
  await applierOf(NAMESPACE, pod('a')).apply();
  const before = await uid('Pod');
  await applierOf(NAMESPACE, pod('a', 'shop/one:2')).apply();
  expect(await uid('Pod')).toBe(before);
});
