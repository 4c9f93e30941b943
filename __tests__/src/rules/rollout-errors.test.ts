import fc from 'fast-check';
import { Probe } from '../../../constructs/kubernetes/pods/probe';
import { Size } from '../../../constructs/kubernetes/pods/quantity';
import type { PodDisruptionBudgetOptions } from '../../../constructs/kubernetes/scaling/pod-disruption-budget';
import type { AccessMode } from '../../../constructs/kubernetes/storage/access-mode';
import { PersistentVolumeClaim } from '../../../constructs/kubernetes/storage/persistent-volume-claim';
import { Provisioner, StorageClass } from '../../../constructs/kubernetes/storage/storage-class';
import { Volume } from '../../../constructs/kubernetes/storage/volume';
import { DaemonSet } from '../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment, type DeploymentOptions } from '../../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../../constructs/kubernetes/workloads/job';
import { StatefulSet } from '../../../constructs/kubernetes/workloads/stateful-set';
import type { Workload } from '../../../constructs/kubernetes/workloads/workload';
import type { BaseStack } from '../../../constructs/terraform/base-stack';
import { rolloutErrors } from '../../../src/rules/rollout-errors';
import { workloadPods } from '../../../src/rules/workload-pods';
import { findings, inNamespace } from '../../constructs/kubernetes/namespace-of';

const image = 'shop/web:1';

const deployment = (options: DeploymentOptions) =>
  findings((stack) => new Deployment(stack, 'web', { image, ...options }));

describe('a workload whose Pods mount a claim', () => {
  const mounting = (make: (stack: BaseStack) => Workload, accessMode: AccessMode) =>
    findings((stack) => {
      const storageClass =
        accessMode === 'ReadWriteMany'
          ? new StorageClass(stack, 'class', {
              provisioner: Provisioner.efs({ fileSystemId: 'fs-0123456789abcdef0' }),
            })
          : new StorageClass(stack, 'class');
      const claim = new PersistentVolumeClaim(stack, 'data', {
        size: Size.gibibytes(10),
        accessMode,
        storageClass,
      });
      make(stack).container.mount('/data', Volume.fromClaim(claim));
    });
  const wiki = (options: DeploymentOptions) => (stack: BaseStack) =>
    new Deployment(stack, 'wiki', { image, ...options });

  it.each(['ReadWriteOnce', 'ReadWriteOncePod'] as const)(
    'is an error if its rollout needs two Pods on a %s volume (suxess-it/kubriX#893)',
    (mode) => {
      expect(mounting(wiki({ replicas: 1 }), mode)).toEqual([
        `shop/wiki (kubernetes_deployment_v1.wiki): the claim "data" is ${mode}, which one ${mode === 'ReadWriteOnce' ? 'node' : 'Pod'} can mount, but a rollout adds a Pod before it removes the Pod that has it: the others would stay Pending; set strategy: 'Recreate', or mount a ReadWriteMany volume such as EFS`,
      ]);
      expect(mounting(wiki({ replicas: 1, strategy: 'Recreate' }), mode)).toEqual([]);
      for (const maxSurge of [0, 1]) {
        expect(mounting(wiki({ replicas: 1, strategy: { maxSurge, maxUnavailable: 1 } }), mode)).toEqual([]);
      }
    },
  );

  it('is an error with several Pods of any kind on a ReadWriteOnce volume', () => {
    expect(mounting(wiki({ replicas: 2, strategy: 'Recreate' }), 'ReadWriteOnce').join()).toContain(
      'but 2 Pods mount it',
    );
    expect(
      mounting((stack) => new StatefulSet(stack, 'db', { image, replicas: 3 }), 'ReadWriteOnce').join(),
    ).toContain('but 3 Pods mount it');
    expect(
      mounting(
        (stack) => new Job(stack, 'job', { image, completions: 4, parallelism: 2 }),
        'ReadWriteOnce',
      ).join(),
    ).toContain('but 2 Pods mount it');
    expect(mounting((stack) => new DaemonSet(stack, 'agent', { image }), 'ReadWriteOnce').join()).toContain(
      'but each node has a Pod',
    );
  });

  it('is valid with Pods that share a node, or with a volume of many nodes', () => {
    const together = (stack: BaseStack): Workload => {
      const workload = wiki({ replicas: 2 })(stack);
      return workload.colocateWith(workload);
    };
    expect(mounting(together, 'ReadWriteOnce')).toEqual([]);
    expect(mounting(together, 'ReadWriteOncePod').join()).toContain('which one Pod can mount');
    expect(mounting(wiki({ replicas: 5 }), 'ReadWriteMany')).toEqual([]);
    const beside = (replicas: number) => (stack: BaseStack) =>
      wiki({ replicas: 2 })(stack).colocateWith(new StatefulSet(stack, 'db', { image, replicas }));
    expect(mounting(beside(1), 'ReadWriteOnce')).toEqual([]);
    expect(mounting(beside(2), 'ReadWriteOnce').join()).toContain('but 2 Pods mount it');
  });
});

describe('a rollout', () => {
  it('has more time by default if its Pods must be ready for long (cdk8s-team/cdk8s-plus#364)', () => {
    const { document } = inNamespace(
      (stack) => new Deployment(stack, 'web', { image, minReadySeconds: 300, replicas: 3 }),
    );
    expect(document.resource?.['kubernetes_deployment_v1']?.['web']).toMatchObject({
      spec: { progress_deadline_seconds: 600 },
      // Three Pods, one after the other.
      timeouts: { create: '21m', update: '21m' },
    });
  });

  it('is an error if probes give a container longer to start than the deadline', () => {
    const slow = (failureThreshold: number, progressDeadlineSeconds?: number) =>
      deployment({
        ports: { http: 80 },
        startup: Probe.fromTcpSocket('http', { periodSeconds: 10, failureThreshold, initialDelaySeconds: 5 }),
        ...(progressDeadlineSeconds !== undefined && { progressDeadlineSeconds }),
      });
    expect(slow(29)).toEqual([]);
    expect(slow(30)).toEqual([
      'shop/web (kubernetes_deployment_v1.web): spec.progressDeadlineSeconds: got 300, but the probes give container "web" 305 seconds to start. A rollout would fail before it is ready; allow more than 305, or shorten the probes',
    ]);
    expect(slow(30, 306)).toEqual([]);
  });
});

describe('a disruption budget', () => {
  const budget = (options: PodDisruptionBudgetOptions, replicas = 2) =>
    deployment({ budget: options, replicas });
  const refusal = (field: string, said: string, kept: string, more = '') =>
    `shop/web/budget (kubernetes_pod_disruption_budget_v1.web_budget): spec.${field}: got ${said}, which keeps ${kept}. No node with one could be drained or upgraded; set maxUnavailable: 1${more}, or leave the budget out`;

  it.each([
    [{ minAvailable: '60%' }, 2, refusal('minAvailable', '"60%"', '2 of 2 Pods', ', or run 3 Pods at least')],
    [{ minAvailable: '51%' }, 2, refusal('minAvailable', '"51%"', '2 of 2 Pods', ', or run 3 Pods at least')],
    [
      { minAvailable: '95%' },
      10,
      refusal('minAvailable', '"95%"', '10 of 10 Pods', ', or run 20 Pods at least'),
    ],
    [{ minAvailable: 3 }, 3, refusal('minAvailable', '3', '3 of 3 Pods', ', or run 4 Pods at least')],
    [{ minAvailable: '100%' }, 4, refusal('minAvailable', '"100%"', '4 of 4 Pods')],
    [{ maxUnavailable: 0 }, 4, refusal('maxUnavailable', '0', '4 of 4 Pods')],
    [{ maxUnavailable: '0%' }, 2, refusal('maxUnavailable', '"0%"', '2 of 2 Pods')],
  ] as const)(
    'with %j of %d Pods is an error (ministryofjustice/cloud-platform#3927)',
    (options, replicas, message) => {
      expect(budget(options, replicas)).toEqual([message]);
    },
  );

  it.each([
    [{ minAvailable: '50%' }, 2],
    [{ minAvailable: '66%' }, 3],
    [{ maxUnavailable: '1%' }, 2],
    [{ maxUnavailable: 1 }, 2],
  ] as const)('with %j of %d Pods allows one eviction', (options, replicas) => {
    expect(budget(options, replicas)).toEqual([]);
  });

  it('is compared with the fewest Pods of an autoscaler', () => {
    const scaled = (min: number) =>
      findings((stack) => {
        new Deployment(stack, 'web', { image, budget: { minAvailable: '51%' } }).autoscale({
          min,
          max: 10,
          cpu: { targetUtilization: 70 },
        });
      });
    expect(scaled(2)).toEqual([refusal('minAvailable', '"51%"', '2 of 2 Pods', ', or run 3 Pods at least')]);
    expect(scaled(3)).toEqual([]);
  });

  it('is an error exactly if the disruption controller would allow none, and its remedy is right', () => {
    const count = fc.oneof(
      fc.nat(30),
      fc.nat(100).map((percent) => `${percent}%`),
    );
    const objects = (field: string, said: string | number, replicas: number) =>
      (['Deployment', 'PodDisruptionBudget'] as const).map((kind) => ({
        stack: 'shop',
        address: kind,
        object: {
          apiVersion: '',
          kind,
          metadata: { name: 'web', namespace: 'shop' },
          spec:
            kind === 'Deployment'
              ? {
                  replicas,
                  strategy: { type: 'Recreate' },
                  template: { metadata: { labels: { app: 'web' } } },
                }
              : { [field]: said, selector: { matchLabels: { app: 'web' } } },
        },
      }));
    const refused = (field: string, said: string | number, replicas: number): string | undefined => {
      const placed = objects(field, said, replicas);
      return rolloutErrors(placed, workloadPods(placed))[0]?.message;
    };
    fc.assert(
      fc.property(
        fc.constantFrom('minAvailable', 'maxUnavailable'),
        count,
        fc.integer({ min: 1, max: 30 }),
        (field, said, replicas) => {
          // As pkg/controller/disruption counts: a percentage is always rounded up.
          const whole = typeof said === 'number' ? said : Math.ceil((Number.parseInt(said) * replicas) / 100);
          const desired = field === 'minAvailable' ? whole : Math.max(0, replicas - whole);
          const message = refused(field, said, replicas);
          expect(message === undefined).toBe(replicas - desired > 0);
          // With so many Pods it is right, and with one fewer it is not.
          const more = /run (\d+) Pods/.exec(message ?? '')?.[1];
          const verdicts =
            more === undefined ? [] : [Number(more), Number(more) - 1].map((of) => refused(field, said, of));
          expect(verdicts.map((verdict) => verdict === undefined)).toEqual(
            more === undefined ? [] : [true, false],
          );
        },
      ),
    );
  });
});

it('a workload without Pods never waits', () => {
  expect(
    findings((stack) => {
      const claim = new PersistentVolumeClaim(stack, 'data', { size: Size.gibibytes(10) });
      new Deployment(stack, 'web', { image, replicas: 0 }).container.mount('/data', Volume.fromClaim(claim));
    }),
  ).toEqual([]);
});
