import type { KubernetesObject } from '../../../src/manifests/objects';
import { describeUnhealthy } from '../../../src/pipeline/health/platform-health';
import { type LiveObject, unhealthyWorkloads } from '../../../src/pipeline/health/workload-health';

const declared = (kind: string, name = 'web'): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { namespace: 'dev', name },
});
const live = (kind: string, name: string, rest: Partial<LiveObject> = {}): LiveObject => ({
  kind,
  ...rest,
  metadata: { ...rest.metadata, namespace: 'dev', name, generation: 2 },
});
const ownedBy = (kind: string, name: string): Partial<LiveObject> => ({
  metadata: { name: '', ownerReferences: [{ kind, name }] },
});
const deployment = (status: object): LiveObject =>
  live('Deployment', 'web', { spec: { replicas: 3 }, status: { observedGeneration: 2, ...status } });
const READY = { updatedReplicas: 3, availableReplicas: 3 };
const SHORT = { updatedReplicas: 3, availableReplicas: 1 };

const judged = (kind: string, ...objects: readonly LiveObject[]): string =>
  unhealthyWorkloads([declared(kind)], objects)
    .map(describeUnhealthy)
    .join('\n');

/** The Deployment, its ReplicaSet and a Pod of that. */
const withPod = (status: object): LiveObject[] => [
  deployment(SHORT),
  live('ReplicaSet', 'web-1', ownedBy('Deployment', 'web')),
  live('Pod', 'web-1-a', { ...ownedBy('ReplicaSet', 'web-1'), status }),
];

describe('a Deployment', () => {
  it('is ready if all of its Pods are available and of the newest revision', () => {
    expect(judged('Deployment', deployment(READY))).toBe('');
  });

  it('is progressing while its controller has not seen it, and while Pods are missing', () => {
    expect(judged('Deployment', deployment({ ...READY, observedGeneration: 1 }))).toBe(
      'Deployment dev/web: progressing: its controller has not looked at the change',
    );
    expect(judged('Deployment', deployment(SHORT))).toBe(
      'Deployment dev/web: progressing: 1 of 3 Pods are ready',
    );
    expect(judged('Deployment', deployment({ updatedReplicas: 2, availableReplicas: 3 }))).toBe(
      'Deployment dev/web: progressing: 2 of 3 Pods are of the newest revision, and 3 are ready',
    );
  });

  it('is progressing while a Pod of an earlier revision replaces one that is not ready', () => {
    expect(judged('Deployment', deployment({ ...READY, replicas: 4 }))).toBe(
      'Deployment dev/web: progressing: Pods of an earlier revision still run: 1',
    );
  });

  it('has failed if its deadline has passed, or if it does not exist', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(judged('Deployment', deployment({ ...SHORT, conditions }))).toBe(
      'Deployment dev/web: failed: 1 of 3 Pods are ready',
    );
    expect(judged('Deployment')).toContain('Deployment dev/web: failed: it is not in the cluster');
  });

  it.each([
    [
      'a quota',
      {
        conditions: [
          { type: 'ReplicaFailure', status: 'True', message: 'pods "web" is forbidden: exceeded quota: all' },
        ],
      },
      'raise the quota of the namespace, or ask for less',
    ],
    [
      'Pod Security',
      {
        conditions: [
          { type: 'ReplicaFailure', status: 'True', message: 'violates PodSecurity "restricted:latest"' },
        ],
      },
      'change the Pod, or set podSecurity of the namespace',
    ],
  ])('is stuck if %s keeps its Pods from being created', (_, status, remedy) => {
    const text = judged('Deployment', deployment({ ...SHORT, ...status }));
    expect(text).toContain('Deployment dev/web: stuck: 1 of 3 Pods are ready');
    expect(text).toContain(status.conditions[0]?.message);
    expect(text).toContain(`To fix it: ${remedy}`);
  });

  it.each([
    [
      'no node takes its Pod',
      {
        conditions: [
          { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available: 3 Insufficient cpu.' },
        ],
      },
      'add nodes that fit, or change what the Pod requests or selects',
    ],
    [
      'its image cannot be pulled',
      {
        containerStatuses: [
          {
            name: 'web',
            state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
          },
        ],
      },
      'correct the image, or let its nodes pull it',
    ],
    [
      'its container ends again and again',
      { containerStatuses: [{ name: 'web', state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      'read the log: kubectl logs --previous',
    ],
  ])('is stuck if %s', (_, status, remedy) => {
    expect(judged('Deployment', ...withPod(status))).toMatch(
      new RegExp(`^Deployment dev/web: stuck: 1 of 3 Pods are ready\\n.*\\n  To fix it: ${remedy}$`),
    );
  });

  it('is progressing while its containers are created', () => {
    const creating = {
      containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ContainerCreating' } } }],
    };
    expect(judged('Deployment', ...withPod(creating))).toBe(
      'Deployment dev/web: progressing: 1 of 3 Pods are ready',
    );
  });
});

it.each([
  [
    'the status of a Pod',
    [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }],
    180,
  ],
  ['an Event only, whose cause may have gone', [{ type: 'PodScheduled', status: 'True' }], undefined],
])('a cause from %s ends an apply or not', (_, conditions, hopelessAfter) => {
  const objects = withPod({ conditions });
  const pod = objects.find(({ kind }) => kind === 'Pod');
  const event = live('Event', 'scheduling', {
    ...{ type: 'Warning', reason: 'FailedScheduling', message: '0/3 nodes are available' },
    involvedObject: { kind: 'Pod', name: pod?.metadata.name ?? '' },
  });
  const declared = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'dev', name: 'web' } };
  const [found] = unhealthyWorkloads([declared], [...objects, event]);
  expect(found?.cause).toContain('nodes are available');
  expect(found?.hopelessAfter).toBe(hopelessAfter);
});

describe('the health check', () => {
  it('reports a StatefulSet whose Pods cannot be created as stuck, by its newest event', () => {
    const event = (message: string, lastTimestamp: string): LiveObject =>
      live('Event', message, {
        type: 'Warning',
        reason: 'FailedCreate',
        message,
        lastTimestamp,
        involvedObject: { kind: 'StatefulSet', name: 'web' },
      });
    const set = live('StatefulSet', 'web', { spec: { replicas: 2 }, status: { observedGeneration: 2 } });
    const text = judged(
      'StatefulSet',
      set,
      event('an older message', '2026-11-29T10:00:00Z'),
      event('exceeded quota: all', '2026-11-29T11:00:00Z'),
    );
    expect(text).toContain(
      'StatefulSet dev/web: stuck: 0 of 2 Pods are of the newest revision, and 0 are ready',
    );
    expect(text).toContain('exceeded quota: all');
  });

  it('accepts the Pods below the partition of a StatefulSet', () => {
    const set = live('StatefulSet', 'web', {
      spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      status: { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 3 },
    });
    expect(judged('StatefulSet', set)).toBe('');
  });

  it('requires a Pod of a DaemonSet on each of its nodes', () => {
    const status = { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3 };
    expect(judged('DaemonSet', live('DaemonSet', 'web', { status: { ...status, numberAvailable: 3 } }))).toBe(
      '',
    );
    expect(judged('DaemonSet', live('DaemonSet', 'web', { status: { ...status, numberAvailable: 2 } }))).toBe(
      'DaemonSet dev/web: progressing: 2 of 3 Pods are ready',
    );
  });

  it('reports a failed Job, and ignores a deleted one', () => {
    const conditions = [
      { type: 'Failed', status: 'True', message: 'Job has reached the specified backoff limit' },
    ];
    expect(judged('Job', live('Job', 'web', { status: { conditions } }))).toBe(
      'Job dev/web: failed: it failed: Job has reached the specified backoff limit',
    );
    expect(judged('Job')).toBe('');
  });

  it('ignores a ConfigMap', () => {
    expect(judged('ConfigMap')).toBe('');
  });
});

describe('a StatefulSet that waits for a Pod of an earlier revision', () => {
  const set = (spec: LiveObject['spec'] = {}): LiveObject =>
    live('StatefulSet', 'web', {
      spec: { replicas: 2, ...spec },
      status: { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 0, updateRevision: 'web-new' },
    });
  const pod = (revision: string, metadata: object = {}): LiveObject => ({
    kind: 'Pod',
    metadata: {
      ...{ name: 'web-0', namespace: 'dev', ownerReferences: [{ kind: 'StatefulSet', name: 'web' }] },
      ...{ labels: { 'controller-revision-hash': revision }, ...metadata },
    },
    status: {
      conditions: [
        { type: 'Ready', status: 'False' },
        { type: 'PodScheduled', status: 'False', message: '0/2 nodes are available: 2 Insufficient cpu' },
      ],
    },
  });

  it('is stuck until that Pod is deleted', () => {
    expect(judged('StatefulSet', set(), pod('web-old'))).toBe(
      [
        'StatefulSet dev/web: stuck: 0 of 2 Pods are of the newest revision, and 1 are ready',
        '  the StatefulSet waits for the Pod web-0 of an earlier revision, which is not ready, before it replaces any',
        '  To fix it: delete that Pod: kubectl delete pod web-0 --namespace dev',
      ].join('\n'),
    );
  });

  it.each<[string, LiveObject, LiveObject]>([
    ['of the newest revision', set(), pod('web-new')],
    [
      'of a StatefulSet that replaces its Pods at once',
      set({ podManagementPolicy: 'Parallel' }),
      pod('web-old'),
    ],
    ['that a partition keeps', set({ updateStrategy: { rollingUpdate: { partition: 1 } } }), pod('web-old')],
  ])('is stuck for the cause of a Pod %s', (_, object, broken) => {
    expect(judged('StatefulSet', object, broken)).toContain('Insufficient cpu');
  });

  it('is progressing while that Pod ends', () => {
    const ending = pod('web-old', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(judged('StatefulSet', set(), ending)).not.toContain('kubectl delete pod');
  });
});

describe('a workload that was scaled to 0 by hand', () => {
  const autoscaler = (minReplicas: number, kind = 'Deployment'): KubernetesObject => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { namespace: 'dev', name: 'web' },
    spec: { minReplicas, scaleTargetRef: { apiVersion: 'apps/v1', kind, name: 'web' } },
  });
  const scaled = (replicas: number, ...beside: readonly KubernetesObject[]): string =>
    unhealthyWorkloads(
      [declared('Deployment'), ...beside],
      [live('Deployment', 'web', { spec: { replicas }, status: { observedGeneration: 2 } })],
    )
      .map(describeUnhealthy)
      .join('\n');

  it('is named with the command that starts it, where an autoscaler leaves it there', () => {
    expect(scaled(0, autoscaler(2))).toBe(
      'Deployment dev/web: stuck: it was scaled to 0, where its autoscaler and every apply leave it\n' +
        '  To fix it: kubectl scale deployment web --namespace dev --replicas 2',
    );
  });

  it('is as it should be without an autoscaler, or if that may have none', () => {
    expect(scaled(0)).toBe('');
    expect(scaled(0, autoscaler(0))).toBe('');
    expect(scaled(0, autoscaler(2, 'StatefulSet'))).toBe('');
    expect(scaled(2, autoscaler(2))).not.toContain('scaled to 0');
  });
});
