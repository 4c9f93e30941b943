import type { Construct } from 'constructs';
import { CronJob } from '../../../constructs/kubernetes/cron-job';
import { DaemonSet } from '../../../constructs/kubernetes/daemon-set';
import { Deployment } from '../../../constructs/kubernetes/deployment';
import { Job } from '../../../constructs/kubernetes/job';
import { Pod } from '../../../constructs/kubernetes/pod';
import { Cpu, Size } from '../../../constructs/kubernetes/quantity';
import { ReplicaSet } from '../../../constructs/kubernetes/replica-set';
import { Schedule } from '../../../constructs/kubernetes/schedule';
import { StatefulSet } from '../../../constructs/kubernetes/stateful-set';
import { StorageClass } from '../../../constructs/kubernetes/storage-class';
import type { Workload, WorkloadOptions } from '../../../constructs/kubernetes/workload';
import type { KubernetesObject } from '../../../manifests/objects';
import { inNamespace } from './namespace-of';
import { decorate, everything, plain } from './workload-options';

const containers = { web: plain };

/** Each kind: as little as it takes, and all that it takes. */
const KINDS: Record<
  string,
  {
    readonly defaults: (scope: Construct) => Workload;
    readonly everything: (scope: Construct, options: WorkloadOptions) => Workload;
  }
> = {
  Deployment: {
    defaults: (scope) => new Deployment(scope, 'web', { containers }),
    everything: (scope, options) => {
      const deployment = new Deployment(scope, 'web', {
        ...options,
        budget: { minAvailable: '50%' },
        strategy: { maxUnavailable: '25%', maxSurge: 2 },
        minReadySeconds: 5,
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 3,
      });
      deployment.autoscale({
        min: 2,
        max: 10,
        cpu: { targetUtilization: 70 },
        memory: { targetAverage: Size.mebibytes(512) },
        scaleDownStabilizationSeconds: 600,
        scaleUpStabilizationSeconds: 30,
      });
      deployment.expose({ ports: { http: 80 } });
      return deployment.customise((spec) => ({ ...spec, paused: true }));
    },
  },
  ReplicaSet: {
    defaults: (scope) => new ReplicaSet(scope, 'web', { containers }),
    everything: (scope, options) => {
      const set = new ReplicaSet(scope, 'web', {
        ...options,
        minReadySeconds: 5,
        budget: { maxUnavailable: 1 },
      });
      set.autoscale({ max: 3, cpu: { targetAverage: Cpu.millis(500) } });
      return set.customise((spec) => ({ ...spec, minReadySeconds: 10 }));
    },
  },
  StatefulSet: {
    defaults: (scope) => new StatefulSet(scope, 'web', { containers }),
    everything: (scope, options) => {
      const set = new StatefulSet(scope, 'web', {
        ...options,
        replicas: 3,
        budget: { minAvailable: 2 },
        podManagement: 'Parallel',
        partition: 1,
        claimRetention: { whenDeleted: 'Delete', whenScaled: 'Delete' },
        minReadySeconds: 5,
        timeoutMinutes: 20,
        revisionHistoryLimit: 3,
        protect: true,
      });
      const data = set.addClaim('data', {
        size: Size.gibibytes(10),
        storageClass: new StorageClass(scope, 'fast', { name: 'fast' }),
        accessMode: 'ReadWriteOncePod',
      });
      set.addContainer('store', plain).mount('/data', data);
      return set.customise((spec) => ({ ...spec, minReadySeconds: 6 }));
    },
  },
  DaemonSet: {
    defaults: (scope) => new DaemonSet(scope, 'web', { containers }),
    everything: (scope, options) =>
      new DaemonSet(scope, 'web', { ...options, maxUnavailable: '50%', minReadySeconds: 5 }).customise(
        (spec) => ({ ...spec, revisionHistoryLimit: 1 }),
      ),
  },
  Pod: {
    defaults: (scope) => new Pod(scope, 'web', { containers }),
    everything: (scope, options) =>
      new Pod(scope, 'web', { ...options, restartPolicy: 'OnFailure' }).customise((spec) => ({
        ...spec,
        hostname: 'web',
      })),
  },
  Job: {
    defaults: (scope) => new Job(scope, 'web', { containers }),
    everything: (scope, options) =>
      new Job(scope, 'web', {
        ...options,
        backoffLimit: 5,
        activeDeadlineSeconds: 60,
        completions: 3,
        parallelism: 2,
        indexed: true,
        maxFailedIndexes: 1,
        failOnExitCodes: [2, 3],
        wait: true,
      }).customise((spec) => ({ ...spec, backoffLimit: 9 })),
  },
  CronJob: {
    defaults: (scope) => new CronJob(scope, 'web', { containers, schedule: Schedule.daily({ hour: 3 }) }),
    everything: (scope, options) =>
      new CronJob(scope, 'web', {
        ...options,
        schedule: Schedule.weekly(['MON', 'FRI'], { hour: 3, minute: 30 }),
        timeZone: 'Europe/Madrid',
        concurrency: 'Replace',
        startingDeadlineSeconds: 300,
        history: { successful: 0, failed: 5 },
        suspend: true,
        failOnExitCodes: [2],
      }).customise((spec) => ({ ...spec, suspend: false })),
  },
};

/** What the kind itself says, beside its Pods. */
const OWN: Record<string, object> = {
  Deployment: {
    minReadySeconds: 5,
    paused: true,
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 3,
    strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: '25%' } },
  },
  ReplicaSet: { minReadySeconds: 10 },
  StatefulSet: {
    minReadySeconds: 6,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
    podManagementPolicy: 'Parallel',
    replicas: 3,
    revisionHistoryLimit: 3,
    serviceName: 'everything-headless',
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
    minReadySeconds: 5,
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
      rules: [{ action: 'Ignore' }, { action: 'FailJob', onExitCodes: { values: [2, 3] } }],
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

/** The Pods of an object of any kind. */
function podsOf(object: KubernetesObject): Template {
  const spec = object['spec'] as { template?: Template; jobTemplate?: { spec: { template: Template } } };
  if (object.kind === 'Pod') return object as unknown as Template;
  const template = spec.template ?? spec.jobTemplate?.spec.template;
  if (!template) throw new Error(`${object.kind} has no Pods`);
  return template;
}

/** All Pods of a namespace in which there is one workload of everything, and two others. */
function everythingOf(kind: string): KubernetesObject {
  const shop = inNamespace((stack) => {
    const beside = new Deployment(stack, 'beside', { containers, budget: false });
    const apart = new Deployment(stack, 'apart', { containers, budget: false });
    const workload = KINDS[kind]?.everything(stack, everything(stack));
    if (workload) decorate(workload, { beside, apart });
  });
  return kind === 'Deployment' ? shop.object(kind, 'everything') : shop.object(kind);
}

describe.each(Object.keys(KINDS))('%s', (kind) => {
  it('synthesises with defaults', () => {
    const shop = inNamespace((stack) => {
      KINDS[kind]?.defaults(stack);
    });
    const object = shop.object(kind);
    expect(object.metadata).toMatchObject({ namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web' } });
    expect(podsOf(object).spec).toMatchObject({
      automountServiceAccountToken: false,
      affinity: { nodeAffinity: expect.anything() as unknown },
      containers: [{ name: 'web', securityContext: { runAsNonRoot: true } }],
    });
  });

  it('synthesises with everything', () => {
    const object = everythingOf(kind);
    expect(object.metadata.name).toMatch(/^everything/);
    expect(object['spec']).toMatchObject(OWN[kind] ?? {});
  });

  it('has the same Pods as every other kind', () => {
    const [pods, deployments] = [podsOf(everythingOf(kind)), podsOf(everythingOf('Deployment'))];
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

it('a ReplicaSet’s manifest is what the provider would send for a Deployment', () => {
  expect(podsOf(everythingOf('ReplicaSet'))).toEqual(podsOf(everythingOf('Deployment')));
});
