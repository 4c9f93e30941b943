import { Construct } from 'constructs';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kubernetesObjects, type KubernetesObject } from '../../../src/manifests/objects';
import { SAMPLE_SETS, type SampleSet, type Synthesized, synthesizeSamples } from './sample-stack';
import { secretReader } from './secret-values';
import { unusedOptions } from './unused-options';

const CONSTRUCTS = resolve(__dirname, '../../../constructs/kubernetes');

/** Constructs without a sample, each with the reason. */
const WITHOUT_SAMPLE: Readonly<Record<string, string>> = {
  DevicePlugin: 'it runs in a namespace of Pod Security privileged: device-plugin.test.ts',
  ApiObject: 'for kinds without a construct: api-object.test.ts',
  ImportedObject: 'Manifests makes it: manifests.test.ts',
  Manifests: 'its objects are in YAML: manifests.test.ts',
  HelmRelease: 'its objects are in a chart',
  LoadBalancerControllerChart: 'its objects are in a chart',
};

const EXISTING = 'the samples have nothing that exists already: existing-objects.test.ts';

/** What is told to no construct by those who use it, each with the reason. */
const NOT_SAID: Readonly<Record<string, string>> = {
  'cluster-role.ts BuiltInClusterRole kind': 'made by ClusterRole.builtIn()',
  'cluster-role.ts BuiltInClusterRole name': 'made by ClusterRole.builtIn()',
  'config-map.ts ConfigMap fromName()': EXISTING,
  'container.ts InitContainerOptions restartPolicy': 'as addSidecar() with via: provider/as-manifest.test.ts',
  'horizontal-pod-autoscaler.ts HorizontalPodAutoscalerProps target': 'said by autoscale()',
  'horizontal-pod-autoscaler.ts HorizontalPodAutoscalerProps workload': 'said by autoscale()',
  'horizontal-pod-autoscaler.ts ScaleTarget kind': 'said by autoscale()',
  'horizontal-pod-autoscaler.ts ScaleTarget name': 'said by autoscale()',
  'names.ts ExistingObject kind': EXISTING,
  'names.ts ExistingObject name': EXISTING,
  'namespace.ts Namespace around()': 'asked by Manifests: manifests.test.ts',
  'namespace.ts Namespace fromName()': EXISTING,
  'persistent-volume-claim.ts PersistentVolumeClaim fromName()': EXISTING,
  'service-account.ts ServiceAccount fromName()': EXISTING,
  'storage-class.ts StorageClass fromName()': EXISTING,
};

/** Options of constructs without a sample, which have tests of their own. */
const WITH_OWN_TESTS =
  /^(api-object|device-plugin|edited-kinds|helm-release|load-balancer-controller-chart|manifests|render-request)\.ts /;

let outdir: string;
let samples: Synthesized;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'samples-'));
  samples = synthesizeSamples(outdir);
});

afterAll(() => {
  rmSync(outdir, { recursive: true });
});

function objectsOf(set: SampleSet): KubernetesObject[] {
  return kubernetesObjects(samples.documents[set], { resolve: secretReader() }).map(({ object }) => object);
}

/** The classes that can be made and take a place in the tree, by name. */
async function constructs(): Promise<string[]> {
  const found: string[] = [];
  for (const file of readdirSync(CONSTRUCTS, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('index.ts')) continue;
    const source = readFileSync(join(CONSTRUCTS, file), 'utf8');
    const exported = (await import(join(CONSTRUCTS, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported)) {
      const isConstruct = typeof value === 'function' && value.prototype instanceof Construct;
      if (isConstruct && !source.includes(`export abstract class ${name}`)) found.push(name);
    }
  }
  return found;
}

describe.each(SAMPLE_SETS)('the samples with %s', (set) => {
  it('include every construct', async () => {
    const stack = samples.app.node.findChild(set);
    const made = new Set(stack.node.findAll().map((construct) => construct.constructor.name));
    const missing = (await constructs()).filter((name) => !made.has(name));
    expect(missing).toEqual(Object.keys(WITHOUT_SAMPLE));
  });

  it('become objects of every kind, and all of them can be converted', () => {
    expect([...new Set(objectsOf(set).map(({ kind }) => kind))].sort()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'CronJob',
      'DaemonSet',
      'Deployment',
      'EndpointSlice',
      'Endpoints',
      'HorizontalPodAutoscaler',
      'Ingress',
      'Job',
      'LimitRange',
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
      'Namespace',
      'NetworkPolicy',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'Pod',
      'PodDisruptionBudget',
      'PriorityClass',
      'ReplicaSet',
      'ResourceQuota',
      'Role',
      'RoleBinding',
      'Secret',
      'Service',
      'ServiceAccount',
      'StatefulSet',
      'StorageClass',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]);
  });

  it('are in a namespace of Pod Security restricted', () => {
    expect(objectsOf(set).find(({ metadata }) => metadata.name === `samples-${set}`)).toMatchObject({
      kind: 'Namespace',
      metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
  });
});

it('no two samples are the same object, and both sets fit into one cluster', () => {
  const identities = SAMPLE_SETS.flatMap(objectsOf).map(({ kind, metadata: { namespace, name } }) =>
    [kind, namespace, name].join(' '),
  );
  expect(identities.filter((identity, index) => identities.indexOf(identity) !== index)).toEqual([]);
});

it('the full samples, with what people ask for, set every option and call every factory', () => {
  const unused = unusedOptions(
    join(__dirname, 'samples'),
    ...['workload-options.ts', 'features.ts'].map((file) => join(__dirname, file)),
  );
  expect(unused.filter((option) => !WITH_OWN_TESTS.test(option))).toEqual(Object.keys(NOT_SAID));
});
