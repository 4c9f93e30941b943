import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from '../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../constructs/kubernetes/workloads/job';
import { StatefulSet } from '../../constructs/kubernetes/workloads/stateful-set';
import { StorageClass } from '../../constructs/kubernetes/storage/storage-class';
import { Size } from '../../constructs/kubernetes/pods/quantity';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { importsOf, removeImports, writeImports } from '../../src/pipeline/state/hand-over';
import type { StateResource } from '../../src/pipeline/state/state-store';
import { plain } from '../constructs/kubernetes/workload-options';
import { ChangedObjects, type Version } from './changed-objects';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;
const TYPED = { web: 'kubernetes_deployment_v1.web', store: 'kubernetes_stateful_set_v1.store' };

interface Form {
  readonly via?: 'manifest';
  /** Whether the objects of the other form are let go of. */
  readonly moved?: boolean;
  readonly image?: string;
}

/** A Deployment and a StatefulSet, by the typed resources or as manifests. */
const workloads =
  ({ via, moved, image = plain.image }: Form = {}): Version =>
  (stack) => {
    const options = { containers: { web: { ...plain, image } }, ...(via && { via }) };
    new Deployment(stack, 'web', options);
    const store = new StatefulSet(stack, 'store', { replicas: 1, ...(via && { via }) });
    const storageClass = new StorageClass(stack, 'fast');
    store
      .addContainer('store', plain)
      .mount('/data', store.addClaim('data', { size: Size.gibibytes(1), storageClass }));
    if (!moved) return;
    for (const address of Object.values(TYPED)) {
      stack.forget(via ? address : address.replace(/^\w+/, 'kubernetes_manifest'));
    }
  };

describe('a workload, by the provider,', () => {
  const by = providerCluster();

  /** The workloads and their Pods, by their names. */
  const identities = async (name: string): Promise<string[]> => {
    const columns = '{range .items[*]}{.kind} {.metadata.name} {.metadata.uid}{"\\n"}{end}';
    const kinds = 'deployments,statefulsets,replicasets,pods';
    const text = await by.kubectl.run(['get', kinds, '--namespace', name, `--output=jsonpath=${columns}`]);
    return text.trim().split('\n').sort();
  };

  /** What `plan` does for a move between the forms. */
  async function takeOver(objects: ChangedObjects, via: Form['via']): Promise<string[]> {
    await objects.write(workloads({ moved: true, ...(via && { via }) }));
    const document = JSON.parse(
      readFileSync(join(objects.folder, 'cdk.tf.json'), 'utf8'),
    ) as TerraformDocument;
    const resources = ((await objects.terraform.pullState())?.resources ?? []) as StateResource[];
    const ids = new Map(
      resources.flatMap(({ mode, type, name, instances }) => {
        const id = instances[0]?.attributes?.['id'];
        return mode === 'managed' && typeof id === 'string' ? [[`${type}.${name}`, id] as const] : [];
      }),
    );
    const state = { lineage: 'l', serial: 1, isEmpty: false, ids, resources };
    const handedOver = Object.values(TYPED).map((typed) => {
      const manifest = typed.replace(/^\w+/, 'kubernetes_manifest');
      const [from, to] = via ? [typed, manifest] : [manifest, typed];
      return { fromStack: objects.name, from, to };
    });
    const stored = new Map([[objects.name, { state }]]);
    writeImports(objects.folder, importsOf({ name: objects.name, document }, handedOver, stored));
    const changes = await objects.plan();
    await objects.terraform.apply('plan');
    removeImports(objects.folder);
    return changes.map(({ action, address }) => `${action} ${address}`).sort();
  }

  it(
    'changes its form both ways without a new object or Pod, and changes in place in both forms',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'forms');
      await objects.apply(workloads());
      const before = await identities('forms');

      const over = await takeOver(objects, 'manifest');
      expect(over.filter((change) => /^(create|delete|replace)/.test(change))).toEqual([]);
      expect(over).toEqual(
        expect.arrayContaining(Object.values(TYPED).map((address) => `forget ${address}`)),
      );
      expect(await identities('forms')).toEqual(before);
      expect(await objects.plan()).toEqual([]);
      expect(await objects.apply(workloads({ via: 'manifest', image: 'shop/web:2' }))).toEqual([
        'update kubernetes_manifest.web',
      ]);
      expect(await objects.plan()).toEqual([]);

      await objects.apply(workloads({ via: 'manifest' }));
      const changed = await identities('forms');
      const back = await takeOver(objects, undefined);
      expect(back.filter((change) => /^(create|delete|replace)/.test(change))).toEqual([]);
      expect(await identities('forms')).toEqual(changed);
      expect(await objects.plan()).toEqual([]);
    },
    10 * MINUTE,
  );

  it(
    'that an autoscaler scales keeps its number of Pods at a later apply',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'scaled');
      const web =
        (image: string, isScaled = true): Version =>
        (stack) => {
          const replicas = isScaled ? {} : { replicas: 4 };
          const deployment = new Deployment(stack, 'web', { ...plain, image, ...replicas, via: 'manifest' });
          if (isScaled) deployment.autoscale({ min: 4, max: 9, cpu: { targetUtilization: 70 } });
        };
      const count = (): Promise<string> =>
        by.kubectl.run(['get', 'deployment/web', '--namespace=scaled', '--output=jsonpath={.spec.replicas}']);
      await objects.apply(web('shop/web:1', false));
      await objects.apply(web('shop/web:1'));
      expect(await count()).toBe('4');
      // As the autoscaler does.
      await by.kubectl.run(['scale', 'deployment/web', '--replicas=6', '--namespace=scaled']);
      expect(await objects.plan()).toEqual([]);
      expect(await objects.apply(web('shop/web:2'))).toEqual(['update kubernetes_manifest.web']);
      expect(await count()).toBe('6');
      expect(await objects.plan()).toEqual([]);
    },
    10 * MINUTE,
  );

  it(
    'that is a Job with a native sidecar runs, and runs again with other content',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'sidecar');
      const job =
        (image: string, backoffLimit = 2): Version =>
        (stack) => {
          const backup = new Job(stack, 'backup', { ...plain, image, backoffLimit, via: 'manifest' });
          backup.addSidecar('proxy', plain);
        };
      await objects.apply(job('shop/backup:1'));
      expect(await objects.plan()).toEqual([]);
      // It takes effect when the Job runs next.
      expect(await objects.apply(job('shop/backup:1', 3))).toEqual([]);
      expect(await objects.apply(job('shop/backup:2'))).toEqual(['replace kubernetes_manifest.backup']);
      const restart = '{.items[*].spec.template.spec.initContainers[*].restartPolicy}';
      expect(
        await by.kubectl.run(['get', 'jobs', '--namespace', 'sidecar', `--output=jsonpath=${restart}`]),
      ).toBe('Always');
    },
    10 * MINUTE,
  );
});
