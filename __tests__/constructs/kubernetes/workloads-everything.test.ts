import { Construct } from 'constructs';
import type { Workload } from '../../../constructs/kubernetes/workloads/workload';
import { kubernetesObjects, type KubernetesObject } from '../../../src/manifests/objects';
import type { SampleSet } from './sample-stack';
import * as cronJob from './samples/cron-job';
import * as daemonSet from './samples/daemon-set';
import * as deployment from './samples/deployment';
import * as job from './samples/job';
import * as pod from './samples/pod';
import * as replicaSet from './samples/replica-set';
import * as statefulSet from './samples/stateful-set';
import { secretReader } from './secret-values';
import { inNamespace } from './namespace-of';

/** Each kind: as little as it takes, and all that it takes. */
const KINDS: Record<string, Record<SampleSet, (scope: Construct) => Workload>> = {
  Deployment: deployment,
  ReplicaSet: replicaSet,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
  Pod: pod,
  Job: job,
  CronJob: cronJob,
};

/** What the kind itself says, beside its Pods. */
const OWN: Record<string, object> = {
  Deployment: {
    minReadySeconds: 1,
    progressDeadlineSeconds: 420,
    revisionHistoryLimit: 3,
    strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: '25%' } },
  },
  ReplicaSet: { minReadySeconds: 1 },
  StatefulSet: {
    minReadySeconds: 1,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    podManagementPolicy: 'Parallel',
    replicas: 3,
    revisionHistoryLimit: 3,
    serviceName: 'web-everything-headless',
    updateStrategy: { rollingUpdate: { partition: 1 } },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOncePod'],
          resources: { requests: { storage: '10Gi' } },
          storageClassName: 'fast',
        },
      },
    ],
  },
  DaemonSet: {
    minReadySeconds: 1,
    revisionHistoryLimit: 1,
    updateStrategy: { rollingUpdate: { maxUnavailable: '50%' } },
  },
  Pod: { hostname: 'web', restartPolicy: 'OnFailure' },
  Job: {
    activeDeadlineSeconds: 60,
    backoffLimit: 9,
    backoffLimitPerIndex: 5,
    completionMode: 'Indexed',
    completions: 3,
    maxFailedIndexes: 1,
    parallelism: 2,
    podFailurePolicy: {
      rules: [
        { action: 'Ignore' },
        ...['migrate', 'wait', 'web', 'second'].map((containerName) => ({
          action: 'FailJob',
          onExitCodes: { containerName, values: [2, 3] },
        })),
      ],
    },
  },
  CronJob: {
    concurrencyPolicy: 'Replace',
    failedJobsHistoryLimit: 5,
    schedule: '30 3 * * MON,FRI',
    startingDeadlineSeconds: 300,
    successfulJobsHistoryLimit: 0,
    timeZone: 'Europe/Madrid',
  },
};

interface Template {
  readonly metadata: object;
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
}

/** The Pods of an object of any kind. How a change of a ConfigMap or Secret reaches them depends on the kind, and is left out. */
function podsOf(whole: KubernetesObject): Template {
  const text = JSON.stringify(whole).replace(/-(settings|credentials)-[0-9a-f]{8}"/g, '-$1"');
  const object = JSON.parse(
    text
      .replace(/"platform\/configuration":"[0-9a-f]{8}",?/g, '')
      // The manifest of a ReplicaSet has what the API server adds.
      .replace(/"apiVersion":"v1",("fieldPath)/g, '$1')
      .replace(/,"serviceAccount":"[^"]*"/g, ''),
  ) as KubernetesObject;
  const spec = object['spec'] as { template?: Template; jobTemplate?: { spec: { template: Template } } };
  if (object.kind === 'Pod') return object as unknown as Template;
  const template = spec.template ?? spec.jobTemplate?.spec.template;
  if (!template) throw new Error(`${object.kind} has no Pods`);
  return template;
}

/** The workload that the sample of a kind is for, in a scope `web` of a namespace of its own. */
function sampleOf(kind: string, set: SampleSet): KubernetesObject {
  let name = '';
  const { document } = inNamespace(
    (stack) => {
      const workload = KINDS[kind]?.[set](new Construct(stack, 'web'));
      name = workload?.name ?? '';
    },
    { nodeGroups: ['node-1', 'node-2'] },
  );
  const objects = kubernetesObjects(document, { resolve: secretReader() }).map(({ object }) => object);
  const [object, ...others] = objects.filter(
    (each) => each.kind === kind && each.metadata.labels?.['app.kubernetes.io/name'] === name,
  );
  if (!object || others.length > 0) throw new Error(`${kind} ${name}: one is expected`);
  return object;
}

describe.each(Object.keys(KINDS))('the workload kind %s', (kind) => {
  it('synthesizes with defaults', () => {
    const object = sampleOf(kind, 'defaults');
    expect(object.metadata).toMatchObject({
      namespace: 'shop',
      labels: { 'app.kubernetes.io/name': 'web-web' },
    });
    expect(podsOf(object).spec).toMatchObject({
      automountServiceAccountToken: false,
      serviceAccountName: 'web-web',
      affinity: { nodeAffinity: expect.anything() as unknown },
      containers: [{ name: 'web', securityContext: { runAsNonRoot: true } }],
    });
  });

  it('synthesizes with everything', () => {
    const object = sampleOf(kind, 'everything');
    expect(object.metadata.name).toMatch(/^web-everything/);
    expect(object['spec']).toMatchObject(OWN[kind] ?? {});
  });

  it('has the same Pods as every other kind', () => {
    const [pods, deployments] = [
      podsOf(sampleOf(kind, 'everything')),
      podsOf(sampleOf('Deployment', 'everything')),
    ];
    const byName = ({ spec }: Template): object =>
      Object.fromEntries(
        spec.containers.filter(({ name }) => name === 'web').map((each) => [each.name, each]),
      );
    expect(byName(pods)).toEqual(byName(deployments));
    const own = ['containers', 'initContainers', 'restartPolicy', 'hostname', 'topologySpreadConstraints'];
    const common = ({ spec }: Template): object =>
      Object.fromEntries(Object.entries(spec).filter(([name]) => !own.includes(name)));
    expect(common(pods)).toEqual(common(deployments));
  });
});

it('the manifest of a ReplicaSet is what the provider would send for a Deployment', () => {
  const text = JSON.stringify(sampleOf('ReplicaSet', 'everything'));
  expect(text).toMatch(/"serviceAccount":"(web-account|[\w-]+)"/);
  expect(text).toContain('"apiVersion":"v1","fieldPath"');
  expect(podsOf(sampleOf('ReplicaSet', 'everything'))).toEqual(podsOf(sampleOf('Deployment', 'everything')));
});
