import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { parse } from 'yaml';
import { type KubernetesObject, kubernetesObjects } from '../../src/manifests/objects';
import { askRights } from '../../src/rules/kubernetes-oracle';
import { ManifestApplier } from '../../src/sandbox/manifest-applier';
import { SAMPLE_SETS, synthesizeSamples } from '../constructs/kubernetes/sample-stack';
import { definitionsOf } from '../constructs/kubernetes/custom-definitions';
import { secretReader } from '../constructs/kubernetes/secret-values';
import { page } from '../docs/page';
import { objectsOf } from '../docs/synthesized-example';
import { ApiServer } from '../long/api-server';
import { disagreements } from '../long/drawn-objects';
import { VALID_OBJECTS } from '../long/valid-objects';
import { AttentiveKubectl, BareCluster } from './bare-cluster';
import { affinityTo, pod } from './bare-pod';
import { listedRights, RIGHTS_QUESTION, rightsOf, ROLES, SUBJECTS } from './rights';
import { contradicts, drawnPlatform, pendingOf, verdictOf } from '../long/drawn-capacity';
import { sampleSecret } from './sample-secret';
import { waitForPods } from './workload-pods';

const MINUTE = 60_000;
/** Time for the tools to be built, where they are not yet. */
const BUILD = 60 * MINUTE;
/** Time for all Pods to run; they take a few seconds. */
const PODS_MS = 45_000;

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

interface CronJob {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** Of all kinds, the one that the API server calls deprecated, as its construct says. */
const ENDPOINTS_WARNING =
  'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';

describe('the API server, by server-side apply with strict field validation,', () => {
  let cluster: BareCluster;
  let kubectl: AttentiveKubectl;

  beforeAll(async () => {
    cluster = await BareCluster.start();
    kubectl = new AttentiveKubectl(cluster.kubeconfig);
  }, BUILD);

  afterAll(() => cluster.stop());

  // The first: DaemonSets of the others run on every node.
  it('places the Pods of 20 drawn platforms as the verdict on their capacity says', async () => {
    const seed = Number(process.env['CAPACITY_SEED'] ?? 1);
    const platforms = fc.sample(drawnPlatform, { numRuns: 20, seed });
    const verdicts = platforms.map((each) => verdictOf(each, DEFAULT_KUBERNETES_VERSION));
    const pending = await pendingOf(kubectl, 'drawn', platforms);
    const found = platforms.filter((_, i) => contradicts(verdicts[i] ?? 'undecided', pending[i] ?? []));
    expect({ seed, found, looked: pending.length }).toEqual({ seed, found: [], looked: 20 });
  }, 300_000);

  it.each(SAMPLE_SETS)(
    'accepts every kind with %s, and warns of the Endpoints only',
    async (set) => {
      const content = await sampleSecret();
      const { documents } = synthesizeSamples(join(cluster.directory, 'cdktf.out'));
      const objects = kubernetesObjects(documents[set], { resolve: secretReader(content) });
      kubectl.warnings.length = 0;
      await new ManifestApplier(kubectl, () => Promise.resolve(objects), cluster.directory, set).apply();
      expect(kubectl.warnings).toEqual([ENDPOINTS_WARNING]);
    },
    5 * MINUTE,
  );

  it(
    'accepts the Pods of every workload',
    async () => {
      kubectl.warnings.length = 0;
      for (const { metadata } of await kubectl.list<CronJob>('cronjobs')) {
        const { name, namespace } = metadata;
        // Its own time would be long in coming.
        await kubectl.run([
          'create',
          'job',
          `${name}-now`,
          `--from=cronjob/${name}`,
          '--namespace',
          namespace,
        ]);
      }
      const kinds = await waitForPods(kubectl, PODS_MS);
      expect([...kinds].sort()).toEqual([
        'DaemonSet',
        'Deployment',
        'Job',
        'Pod',
        'ReplicaSet',
        'StatefulSet',
      ]);
      expect(kubectl.warnings).toEqual([]);
      expect(cluster.failures).toEqual([]);
    },
    5 * MINUTE,
  );

  it('refuses and accepts the same generated objects as the linked validation', async () => {
    const { clusters, users } = parse(readFileSync(cluster.kubeconfig, 'utf8')) as Kubeconfig;
    const decoded = (text = ''): Buffer => Buffer.from(text, 'base64');
    const api = new ApiServer(clusters[0]?.cluster.server ?? '', {
      ca: decoded(clusters[0]?.cluster['certificate-authority-data']),
      cert: decoded(users[0]?.user['client-certificate-data']),
      key: decoded(users[0]?.user['client-key-data']),
    });
    // Admission asks for the accounts of Pods, which are drawn too.
    const samples = VALID_OBJECTS.filter(({ object }) => object.kind !== 'Pod');
    const seed = Number(process.env['VALIDATION_SEED'] ?? 1);
    const options = { kubernetes: DEFAULT_KUBERNETES_VERSION, runs: 300, seed, samples };
    const found = await disagreements(api.refusal, options).finally(() => {
      api.close();
    });
    expect({ seed, found }).toEqual({ seed, found: [] });
  }, 60_000);

  it('gives every ServiceAccount the rights that the linked authorizer lists', async () => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'rights' } };
    const items = [namespace, ...ROLES];
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await kubectl.run(['create', '--filename', '-'], { input: list });
    const [answers = []] = askRights([RIGHTS_QUESTION], DEFAULT_KUBERNETES_VERSION) ?? [];
    const linked = SUBJECTS.map((name, i) => [name, rightsOf(answers[i]?.rules[0] ?? [])]);
    const listed: unknown[] = [];
    for (const name of SUBJECTS) listed.push([name, await listedRights(kubectl, name)]);
    expect(linked).toEqual(listed);
  }, 60_000);

  it('refuses in their namespace a Pod that Pod Security restricted refuses', async () => {
    await expect(
      kubectl.run(['run', 'rogue', '--image=shop/web:1', '--namespace=samples-defaults', '--dry-run=server']),
    ).rejects.toThrow('violates PodSecurity "restricted:latest"');
  });

  it.each([
    ['none', {}],
    [
      'a preference only',
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } },
            ],
          },
        },
      },
    ],
    [
      'one of Pods only',
      {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', labelSelector: {} }],
          },
        },
      },
    ],
  ])('gives a Pod the required node affinity of its namespace, where it has %s', async (_, own: object) => {
    const output = await kubectl.run(
      ['create', '--namespace=samples-everything', '--dry-run=server', '--output=json', '--filename', '-'],
      { input: pod('of-an-operator', own) },
    );
    const { spec } = JSON.parse(output) as { spec: { affinity: { nodeAffinity: object } } };
    const { affinity = {} } = own as { affinity?: { nodeAffinity?: object } };
    const { affinity: added } = affinityTo(['node-1', 'node-2']) as { affinity: { nodeAffinity: object } };
    expect(spec.affinity).toEqual({
      ...affinity,
      nodeAffinity: { ...affinity.nodeAffinity, ...added.nodeAffinity },
    });
  });

  it.each([
    ['on a node of the row', 'node-2', undefined],
    [
      'on another',
      'node-3',
      'Pods of namespace samples-everything run on the node groups node-1, node-2 only',
    ],
  ])('judges a DaemonSet %s by its Pod template', async (_, node, refusal) => {
    const labels = { app: 'rogue' };
    const daemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'rogue', namespace: 'samples-everything' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { ...affinityTo([node]), containers: [{ name: 'web', image: 'shop/web:1' }] },
        },
      },
    };
    const message = kubectl
      .run(['create', '--dry-run=server', '--filename', '-'], { input: JSON.stringify(daemonSet) })
      .catch((error: unknown) => String(error));
    expect(await message).toContain(refusal ?? 'daemonset.apps/rogue created');
  });

  // Last: some of them hold for the whole cluster.
  it('accepts every kind of the guide to custom resources', async () => {
    const guide = page('docs/guides/custom-resources.md');
    const objects = guide.examples.flatMap((block) => objectsOf(guide, block));
    const apply = (items: readonly KubernetesObject[]): Promise<string> =>
      kubectl.run(['apply', '--server-side', '--validate=strict', '--filename', '-'], {
        input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      });
    await apply(definitionsOf(objects));
    await kubectl.run(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
    kubectl.warnings.length = 0;
    await apply(objects.filter(({ kind }) => kind === 'Namespace').slice(0, 1));
    const others = objects.filter(({ kind }) => !['Namespace', 'ServiceAccount'].includes(kind));
    const applied = (await apply(others)).trim().split('\n');
    expect(applied.map((line) => line.replace(/[./].*$/, '')).sort()).toEqual([
      ...['apiservice', 'batch', 'certificate', 'externalsecret', 'httproute', 'ingressclass'],
      ...['mutatingadmissionpolicy', 'mutatingwebhookconfiguration', 'nodepool', 'resourceclaimtemplate'],
      ...['rollout', 'runtimeclass', 'servicemonitor', 'validatingwebhookconfiguration', 'volumesnapshot'],
    ]);
    expect(kubectl.warnings).toEqual([]);
  }, 60_000);
});
