import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kubernetesObjects, type KubernetesObject } from '../../src/manifests/objects';
import { ManifestApplier } from '../../src/sandbox/manifest-applier';
import { ControlPlaneError } from '@kubernetes-on-aws/eks-sandbox/control-plane/control-plane';
import { pinnedKubernetesVersions } from '@kubernetes-on-aws/eks-sandbox/tools/sandbox-tools';
import { SAMPLE_SETS, synthesizeSamples, type SampleSet } from '../constructs/kubernetes/sample-stack';
import { secretReader } from '../constructs/kubernetes/secret-values';
import { AttentiveKubectl, BareCluster } from '../e2e/bare-cluster';
import { sampleSecret } from '../e2e/sample-secret';
import { waitForPods } from '../e2e/workload-pods';

const MINUTE = 60_000;
const [older = '', newer = ''] = pinnedKubernetesVersions().slice(-2);
/** All that Pods are made by and kept in; Events and Leases come and go, and CronJobs make Jobs by the clock. */
const KEPT =
  'namespaces,pods,replicasets,deployments,statefulsets,daemonsets,services,endpointslices,persistentvolumes,' +
  'persistentvolumeclaims,configmaps,secrets,serviceaccounts,roles,rolebindings,networkpolicies,storageclasses,' +
  'validatingadmissionpolicies,poddisruptionbudgets,horizontalpodautoscalers,nodes';

let cluster: BareCluster;
let kubectl: AttentiveKubectl;
let objects: Readonly<Record<SampleSet, { address: string; object: KubernetesObject }[]>>;

beforeAll(async () => {
  cluster = await BareCluster.start(older);
  kubectl = new AttentiveKubectl(cluster.kubeconfig);
  const resolve = secretReader(await sampleSecret());
  const { documents } = synthesizeSamples(join(cluster.directory, 'cdktf.out'));
  objects = {
    defaults: kubernetesObjects(documents.defaults, { resolve }),
    everything: kubernetesObjects(documents.everything, { resolve }),
  };
  for (const set of SAMPLE_SETS) await applierOf(set).apply();
  await autoscaled();
  await waitForPods(kubectl, MINUTE);
  // The tools may have to be built first.
}, 60 * MINUTE);

afterAll(() => cluster.stop(), MINUTE);

const applierOf = (set: SampleSet): ManifestApplier =>
  new ManifestApplier(kubectl, () => Promise.resolve(objects[set]), cluster.directory, set);

/** An autoscaler looks for the first time after 15 seconds: the Pods that it adds then are no effect of an upgrade. */
async function autoscaled(): Promise<void> {
  const scaled = async (): Promise<boolean> =>
    (
      await kubectl.list<{ spec: { minReplicas: number }; status: { currentReplicas?: number } }>(
        'horizontalpodautoscalers',
      )
    ).every(({ spec, status }) => (status.currentReplicas ?? 0) >= spec.minReplicas);
  while (!(await scaled())) await sleep(1000);
}

async function serverVersion(): Promise<string> {
  const { gitVersion } = JSON.parse(await kubectl.run(['get', '--raw=/version'])) as { gitVersion: string };
  return gitVersion;
}

/** `Pod dev/web-0 <uid>` of all that is kept but the Pods of Jobs. */
async function identities(): Promise<string[]> {
  const items = await kubectl.list<{
    kind: string;
    metadata: {
      name: string;
      namespace?: string;
      uid: string;
      ownerReferences?: { kind: string }[];
    };
  }>(KEPT);
  return items
    .filter(({ metadata }) => !metadata.ownerReferences?.some(({ kind }) => kind === 'Job'))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid}`)
    .sort();
}

/** Who the API server takes the bearer of a token for. */
async function whoIs(token: string): Promise<string> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  return kubectl.run(['create', '--filename=-', '--output=jsonpath={.status.user.username}'], {
    input: JSON.stringify(review),
  });
}

describe(`a control plane of Kubernetes ${older}`, () => {
  it(
    'stays as it is if the new programs do not start',
    async () => {
      const before = await identities();
      await expect(cluster.upgrade(newer, { kubeApiserver: '/bin/false' })).rejects.toThrow(
        ControlPlaneError,
      );
      expect(await serverVersion()).toMatch(new RegExp(`^v${older.replace('.', '\\.')}\\.`));
      expect(await identities()).toEqual(before);
      // Of this program and no other.
      expect(cluster.failures.splice(0)).toEqual([
        expect.stringContaining('kube-apiserver-bare ended with status 1'),
      ]);
    },
    MINUTE,
  );

  it(
    `becomes one of ${newer} and keeps every object, each Pod with its uid, and the tokens of ServiceAccounts`,
    async () => {
      const before = await identities();
      const token = (await kubectl.run(['create', 'token', 'default', '--namespace=default'])).trim();
      const user = await whoIs(token);
      expect(user).toBe('system:serviceaccount:default:default');
      expect(before.filter((each) => each.startsWith('Pod ')).length).toBeGreaterThan(5);

      await cluster.upgrade(newer);

      expect(await serverVersion()).toMatch(new RegExp(`^v${newer.replace('.', '\\.')}\\.`));
      await waitForPods(kubectl, MINUTE);
      expect(await identities()).toEqual(expect.arrayContaining(before));
      expect((await identities()).filter((each) => each.startsWith('Pod '))).toEqual(
        before.filter((each) => each.startsWith('Pod ')),
      );
      expect(await whoIs(token)).toBe(user);
    },
    2 * MINUTE,
  );

  it.each(SAMPLE_SETS)(
    'finds nothing to change in kinds with %s that the older one stored',
    async (set) => {
      expect(await applierOf(set).differs()).toBe(false);
      expect(cluster.failures).toEqual([]);
    },
    MINUTE,
  );

  it(
    'runs new Pods',
    async () => {
      await kubectl.run(['create', 'namespace', 'later']);
      await kubectl.run(['create', 'deployment', 'later', '--image=shop/web:1', '--namespace=later']);
      await kubectl.run([
        'wait',
        'deployment/later',
        '--for=condition=Available',
        '--namespace=later',
        '--timeout=30s',
      ]);
      const phase = ['get', 'pods', '--namespace=later', '--output=jsonpath={.items[*].status.phase}'];
      expect(await kubectl.run(phase)).toBe('Running');
    },
    MINUTE,
  );
});
