import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Manifests } from '../../constructs/kubernetes/manifests';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { importsOf, removeImports, writeImports } from '../../src/pipeline/state/hand-over';
import { ChangedObjects, type Version } from './changed-objects';
import type { KubernetesObject } from '../../src/manifests/objects';
import { changesBetween, GIVEN, titleOf } from './given-fields';
import { cassandraUser, filesOf, MONITORS, objectsOf, ORIGINALS } from './originals';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

/** Plans what a namespace adopts. @returns `update kubernetes_service_v1.web` for each change */
async function planAdoption(live: ChangedObjects, version: Version): Promise<string[]> {
  await live.write(version);
  const document = JSON.parse(readFileSync(`${live.folder}/cdk.tf.json`, 'utf8')) as TerraformDocument;
  writeImports(live.folder, importsOf({ name: live.name, document }, [], new Map(), true));
  return (await live.plan()).map(({ action, address }) => `${action} ${address}`).sort();
}

/** What somebody has applied with kubectl. */
const LIVE = `apiVersion: v1
kind: Namespace
metadata: { name: live, labels: { team: shop } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: live }
data: { level: info }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: live }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: live }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      automountServiceAccountToken: false
      containers: [{ name: web, image: 'registry.example.com/web:1' }]
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: { name: gpu, namespace: live }
spec: { spec: { devices: { requests: [{ name: gpu, exactly: { deviceClassName: gpu.example.com } }] } } }
`;

describe('a namespace that adopts objects, by the provider,', () => {
  const by = providerCluster();

  it('plans what the guard rails and missing objects add, replaces nothing, and then has an empty plan', async () => {
    await by.kubectl.run(['apply', '--filename', '-'], { input: LIVE });
    const uids = (): Promise<string> =>
      by.kubectl.run([
        ...['get', 'namespace/live', 'configmap/settings', 'service/web', 'deployment/web'],
        ...['resourceclaimtemplate/gpu', '--namespace=live', '--output=jsonpath={.items[*].metadata.uid}'],
      ]);
    const before = await uids();
    const [, ...objects] = parseAllDocuments(LIVE).map((document) => document.toString());
    const text = [...objects, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\ndata: { a: b }\n'];
    const version: Version = (stack) => {
      Manifests.fromYaml(stack, 'app', { text: text.join('---\n') });
    };
    const live = await ChangedObjects.in(by.cluster, 'live');
    expect(await planAdoption(live, version)).toEqual([
      'create kubernetes_config_map_v1.app_more',
      'create kubernetes_default_service_account_v1.namespace_default',
      'import kubernetes_config_map_v1.app_settings',
      'import kubernetes_service_v1.app_web',
      'update kubernetes_deployment_v1.app_web',
      'update kubernetes_manifest.app_resource_claim_template_gpu',
      'update kubernetes_namespace_v1.namespace',
    ]);
    await live.terraform.apply('plan');
    removeImports(live.folder);
    expect(await live.plan()).toEqual([]);
    expect(await uids()).toBe(before);
  });
});

const BESIDE = `${MONITORS}---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: disks, annotations: { storageclass.kubernetes.io/is-default-class: 'true' } }
provisioner: ebs.csi.aws.com
volumeBindingMode: WaitForFirstConsumer
`;

/** A namespace that kubectl has filled with originals. */
const FILLED = {
  live: ['onlineBoutique', 'cassandra', 'wordpress', 'indexedJob', 'vllm'],
  logging: ['elasticsearch'],
  monitoring: ['nodeExporter'],
} as const;

/** What an original has once it runs in a cluster of AWS: Cassandra's class is that of another provisioner. */
const running = (name: string): KubernetesObject[] =>
  objectsOf(name).map((object) =>
    object.kind === 'StorageClass' ? { ...object, provisioner: 'ebs.csi.aws.com', parameters: {} } : object,
  );

/** How an original is declared that runs: a template of claims never changes, and neither does a Job. */
const DECLARED: typeof ORIGINALS = {
  ...ORIGINALS,
  cassandra: { ...ORIGINALS['cassandra'], edit: { StatefulSet: cassandraUser } },
};

interface Listed {
  readonly items: readonly KubernetesObject[];
}

describe('a namespace with originals from kubectl apply, by the provider,', () => {
  const by = providerCluster();

  /** What is in a namespace that somebody declared, as the API server has it. */
  const objectsIn = async (namespace: string, kinds: string): Promise<readonly KubernetesObject[]> =>
    (JSON.parse(await by.kubectl.run(['get', kinds, '--namespace', namespace, '--output', 'json'])) as Listed)
      .items;

  const KINDS =
    'deployments,statefulsets,daemonsets,jobs,services,serviceaccounts,configmaps,networkpolicies,pvc';

  /** By its name, the ID that the cluster gave. */
  const ids = (objects: readonly KubernetesObject[]): Record<string, unknown> =>
    Object.fromEntries(objects.map((object) => [titleOf(object), object.metadata['uid']]));

  /** An object without what only the cluster writes. */
  const asDeclared = ({ metadata, ...rest }: KubernetesObject): KubernetesObject => ({
    ...rest,
    ...{ status: undefined },
    metadata: {
      name: metadata.name ?? '',
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: Object.fromEntries(
        Object.entries(metadata.annotations ?? {}).filter(
          ([key]) => !/kubernetes\.io\/|^deprecated\.daemonset/.test(key),
        ),
      ),
    },
  });

  beforeAll(async () => {
    await by.kubectl.run(['apply', '--filename', '-'], { input: BESIDE });
    await by.kubectl.run(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
    const gpus = { status: { capacity: { 'nvidia.com/gpu': '8' }, allocatable: { 'nvidia.com/gpu': '8' } } };
    for (const node of (await by.kubectl.run(['get', 'nodes', '--output=name'])).trim().split('\n')) {
      await by.kubectl.run(['patch', node, '--subresource=status', '--patch', JSON.stringify(gpus)]);
    }
    for (const [namespace, names] of Object.entries(FILLED)) {
      await by.kubectl.run(['create', 'namespace', namespace]);
      const items = names.flatMap(running);
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      await by.kubectl.run(['apply', '--namespace', namespace, '--filename', '-'], { input: list });
    }
    for (const secret of ['mysql-pass --from-literal=password=p', 'hf-secret --from-literal=hf_token=t']) {
      await by.kubectl.run(['create', 'secret', 'generic', '--namespace=live', ...secret.split(' ')]);
    }
    await by.kubectl.run([
      'wait',
      '--for=condition=Complete',
      'job',
      '--all',
      '--namespace=live',
      '--timeout=2m',
    ]);
  }, 5 * MINUTE);

  const declaring =
    (names: readonly string[]): Version =>
    (stack) => {
      for (const name of names) {
        const { select, edit, clusterWide, namespace } = DECLARED[name] ?? {};
        Manifests.fromYaml(stack, name, {
          folder: dirname(filesOf(name)[0] ?? ''),
          ...(select && { select }),
          ...(edit && { edit }),
          ...(clusterWide && { clusterWide }),
          ...(namespace !== undefined && { namespace }),
        });
      }
    };

  const replacing = (changes: readonly string[]): string[] =>
    changes.filter((each) => !/^(import|update) |default_service_account_v1/.test(each));

  it('has a Job that has run refused, which the guide says to leave out', async () => {
    const live = await ChangedObjects.in(by.cluster, 'live');
    await planAdoption(live, declaring(['indexedJob']));
    expect(await live.refusals()).toEqual([
      expect.stringMatching(/^kubernetes_manifest\.indexedJob_job_indexed_job: has other Pods/),
    ]);
  });

  it.each(Object.entries(FILLED))(
    '%s replaces nothing, rolls Pods once for its guard rails, and has an empty plan',
    async (namespace, filled) => {
      const names = filled.filter((name) => name !== 'indexedJob');
      const isPrivileged = names.some((name) => ORIGINALS[name]?.privileged);
      const live = await ChangedObjects.in(by.cluster, namespace, {
        ...(isPrivileged && { podSecurity: 'privileged' }),
      });
      const before = await objectsIn(namespace, KINDS);
      expect(replacing(await planAdoption(live, declaring(names)))).toEqual([]);
      await live.terraform.apply('plan');
      removeImports(live.folder);
      expect(await live.plan()).toEqual([]);

      const after = await objectsIn(namespace, KINDS);
      expect(ids(after)).toEqual(ids(before));
      const changed = changesBetween(before.map(asDeclared), after.map(asDeclared));
      expect(changed.filter((each) => !GIVEN.some(([field]) => field.test(each)))).toEqual([]);
      const revisions = (await objectsIn(namespace, 'deployments')).map(({ metadata }) => [
        metadata.name,
        metadata.annotations?.['deployment.kubernetes.io/revision'],
      ]);
      expect(revisions.filter(([, revision]) => revision !== '2')).toEqual([]);
      for (const { kind, metadata } of after.filter(({ kind }) =>
        /^(Deployment|StatefulSet|DaemonSet)$/.test(kind),
      )) {
        const workload = `${kind.toLowerCase()}/${metadata.name ?? ''}`;
        await by.kubectl.run(['rollout', 'status', workload, '--namespace', namespace, '--timeout=2m']);
      }
      const pods = (await objectsIn(namespace, 'pods'))
        .map((pod) => JSON.stringify(pod))
        .filter((pod) => !pod.includes('"deletionTimestamp"'));
      // The controller of a DaemonSet keeps to the affinity, and writes that to one node into each Pod.
      const others = /"name":"indexed-job|"kind":"DaemonSet"/;
      expect(pods.filter((pod) => !pod.includes('"key":"platform/node"') && !others.test(pod))).toEqual([]);
      expect(pods.length).toBeGreaterThan(1);
    },
  );
});
