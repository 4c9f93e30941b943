import { setTimeout } from 'node:timers/promises';
import { protectFromLoss } from '../../constructs/aws/account/protection';
import { PersistentVolume } from '../../constructs/kubernetes/storage/persistent-volume';
import { PersistentVolumeClaim } from '../../constructs/kubernetes/storage/persistent-volume-claim';
import { Size } from '../../constructs/kubernetes/pods/quantity';
import { Provisioner, StorageClass } from '../../constructs/kubernetes/storage/storage-class';
import { StatefulSet } from '../../constructs/kubernetes/workloads/stateful-set';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { importsOf, removeImports, writeImports } from '../../src/pipeline/state/hand-over';
import { plain } from '../constructs/kubernetes/workload-options';
import { ChangedObjects, type Version } from './changed-objects';
import type { AttentiveKubectl } from '../e2e/bare-cluster';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;
const CLAIM = 'kubernetes_persistent_volume_claim_v1';
const SET = 'kubernetes_stateful_set_v1.store';

interface Store {
  readonly replicas?: number;
  /** In GiB. */
  readonly size?: number;
  readonly iops?: number;
  /** Whether it has a second claim. */
  readonly wal?: boolean;
  /** Whether the controller alone creates the claims, as in the first version of the program. */
  readonly byController?: boolean;
  /** Ordinals whose claims the state forgets. */
  readonly forgotten?: readonly number[];
}

/** A StatefulSet of a class of its own. */
const store =
  ({ replicas = 2, size = 1, iops = 3000, wal, byController, forgotten = [] }: Store = {}): Version =>
  (stack) => {
    const storageClass = new StorageClass(stack, 'fast', { provisioner: Provisioner.ebs({ iops }) });
    const set = new StatefulSet(stack, 'store', { replicas });
    const container = set.addContainer('store', plain);
    container.mount('/data', set.addClaim('data', { size: Size.gibibytes(size), storageClass }));
    if (wal) container.mount('/wal', set.addClaim('wal', { size: Size.gibibytes(1), storageClass }));
    if (byController) {
      const claims = set.node.children.filter((child) => child instanceof PersistentVolumeClaim);
      for (const { node } of claims) set.node.tryRemoveChild(node.id);
    }
    for (const i of forgotten) stack.forget(`${CLAIM}.store_data_${i}`);
  };

describe('the claims of a StatefulSet, by the provider,', () => {
  const by = providerCluster();

  /** Each claim with its size, and what has become of it. */
  const claims = async (name: string): Promise<string[]> => {
    const columns =
      '{range .items[*]}{.metadata.name} {.spec.resources.requests.storage} {.status.phase}{"\\n"}{end}';
    const text = await by.kubectl.run(['get', 'pvc', '--namespace', name, `--output=jsonpath=${columns}`]);
    return text.trim().split('\n').sort();
  };

  it(
    'that the controller created are imported, grow in place, and stay when the program releases them',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'grown');
      await objects.apply(store({ byController: true }));
      expect(await claims('grown')).toEqual(['data-store-0 1Gi Bound', 'data-store-1 1Gi Bound']);

      await objects.write(store({ replicas: 3, size: 2 }));
      await importClaims(objects);
      const imported = await objects.plan();
      expect(imported.map(({ action, address }) => `${action} ${address}`).sort()).toEqual([
        `create ${CLAIM}.store_data_2`,
        `update ${CLAIM}.store_data_0`,
        `update ${CLAIM}.store_data_1`,
        `update ${SET}`,
      ]);
      await objects.terraform.apply('plan');
      removeImports(objects.folder);
      expect(await objects.plan()).toEqual([]);
      expect(await claims('grown')).toEqual([
        'data-store-0 2Gi Bound',
        'data-store-1 2Gi Bound',
        'data-store-2 2Gi Bound',
      ]);

      const fewer = await objects.apply(store({ replicas: 1, size: 2, forgotten: [1, 2] }));
      expect(fewer.sort()).toEqual([
        `delete kubernetes_pod_disruption_budget_v1.store_budget`,
        `forget ${CLAIM}.store_data_1`,
        `forget ${CLAIM}.store_data_2`,
        `update ${SET}`,
      ]);
      expect(await claims('grown')).toContain('data-store-2 2Gi Bound');

      await objects.write(store({ replicas: 3, size: 2 }));
      await importClaims(objects);
      expect((await objects.plan()).map(({ action, address }) => `${action} ${address}`).sort()).toEqual([
        `create kubernetes_pod_disruption_budget_v1.store_budget`,
        `update ${CLAIM}.store_data_1`,
        `update ${CLAIM}.store_data_2`,
        `update ${SET}`,
      ]);
      await objects.terraform.apply('plan');
      removeImports(objects.folder);
      expect(await objects.plan()).toEqual([]);
    },
    10 * MINUTE,
  );

  it(
    'keep their class and their size, and another list of them is refused with manual steps',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'kept');
      await objects.apply(store({ size: 2 }));
      expect(await objects.plan()).toEqual([]);
      for (const [what, version] of [
        ['another class', store({ size: 2, iops: 4000 })],
        ['a smaller size', store({ size: 1 })],
      ] as const) {
        await objects.write((stack) => {
          version(stack);
          protectFromLoss(stack);
        });
        await expect(objects.plan()).rejects.toThrow('Instance cannot be destroyed');
        await objects.write(version);
        expect(await objects.refusals()).toContainEqual(
          expect.stringContaining('Declare another claim under another ID'),
        );
        expect([what, await claims('kept')]).toEqual([
          what,
          ['data-store-0 2Gi Bound', 'data-store-1 2Gi Bound'],
        ]);
      }

      // Without protection, and past the refusal: the claim that is there is not deleted first.
      await expect(objects.terraform.apply()).rejects.toThrow('already exists');
      expect(await claims('kept')).toEqual(['data-store-0 2Gi Bound', 'data-store-1 2Gi Bound']);

      await objects.write(store({ size: 2, wal: true }));
      const refusals = await objects.refusals();
      expect(refusals).toEqual([
        expect.stringContaining('kubectl delete statefulset store --namespace kept --cascade=orphan'),
      ]);
      await by.kubectl.run(['delete', 'statefulset', 'store', '--namespace', 'kept', '--cascade=orphan']);
      expect(await objects.refusals()).toEqual([]);
      const applied = objects.terraform.apply();
      for (const pod of ['store-0', 'store-1']) await replacePod(by.kubectl, 'kept', pod);
      await applied;
      expect(await objects.plan()).toEqual([]);
      expect(await claims('kept')).toEqual([
        'data-store-0 2Gi Bound',
        'data-store-1 2Gi Bound',
        'wal-store-0 1Gi Bound',
        'wal-store-1 1Gi Bound',
      ]);
    },
    10 * MINUTE,
  );

  it(
    'to an existing volume keep their request, while the volume grows',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'static');
      const disk =
        (size: number): Version =>
        (stack) => {
          const volume = PersistentVolume.fromEbs(stack, 'disk', {
            volumeId: 'vol-1',
            zone: 'eu-west-1a',
            size: Size.gibibytes(size),
          });
          new PersistentVolumeClaim(stack, 'data', { volume });
        };
      await objects.apply(disk(1));
      expect(await objects.apply(disk(2))).toEqual(['update kubernetes_persistent_volume_v1.disk']);
      expect(await objects.plan()).toEqual([]);
      expect(await claims('static')).toEqual(['data 1Gi Bound']);
    },
    5 * MINUTE,
  );
});

/** What `plan` does before Terraform plans. */
async function importClaims({ name, folder, terraform }: ChangedObjects): Promise<void> {
  const { resources = [] } = (await terraform.pullState()) ?? {};
  const ids = new Map(resources.map((resource) => [`${resource.type}.${resource.name}`, 'id']));
  const stored = new Map([[name, { state: { lineage: '', serial: 1, isEmpty: false, ids, resources: [] } }]]);
  const { readFile } = await import('node:fs/promises');
  const document = JSON.parse(await readFile(`${folder}/cdk.tf.json`, 'utf8')) as TerraformDocument;
  writeImports(folder, importsOf({ name, document }, [], stored));
}

/** Deletes a Pod that has no volume for the new claim, once the new StatefulSet is there, and waits for its successor. */
async function replacePod(kubectl: AttentiveKubectl, namespace: string, pod: string): Promise<void> {
  const run = (...args: string[]) => kubectl.run([...args, '--namespace', namespace]);
  await run('wait', 'statefulset/store', '--for=create', '--timeout=60s');
  const uid = () => run('get', 'pod', pod, '--ignore-not-found', '--output=jsonpath={.metadata.uid}');
  const before = await uid();
  await run('delete', 'pod', pod, '--wait=false');
  while (['', before].includes(await uid())) await setTimeout(500);
  await run('wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=60s');
}
