import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../../../constructs/kubernetes/workloads/job';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { findings, inNamespace } from '../namespace-of';

const image = 'registry.example.com/app:1';

/** One of each kind that takes it. */
const workloads =
  (via?: 'manifest') =>
  (stack: BaseStack): void => {
    const options = { image, ports: { http: 8080 }, ...(via && { via }) };
    new Deployment(stack, 'web', options).autoscale({ max: 4, cpu: { targetUtilization: 70 } });
    const store = new StatefulSet(stack, 'store', options);
    store.container.mount('/data', store.addClaim('data', { size: Size.gibibytes(1) }));
    new DaemonSet(stack, 'agent', options);
    new Job(stack, 'load', { ...options, wait: true });
    new CronJob(stack, 'report', { ...options, schedule: Schedule.daily({ hour: 3 }) });
  };

const KINDS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Service',
];

it('a workload written as a manifest is the same object, except for the annotation of its template', () => {
  const [typed, manifest] = [inNamespace(workloads()), inNamespace(workloads('manifest'))];
  for (const kind of KINDS) {
    const objects = JSON.parse(
      JSON.stringify(manifest.objects(kind))
        .replace(/"annotations":\{"platform\/template":"\w{8}"\},/g, '')
        // What the API server adds, the older name of the account, is written out (manifest-defaults.test.ts).
        .replace(/"serviceAccount":"[^"]*",/g, '')
        // An autoscaler has the number, which no object may lose.
        .replace('"progressDeadlineSeconds":300,"replicas":2', '"progressDeadlineSeconds":300'),
    ) as unknown;
    expect(objects).toEqual(typed.objects(kind));
  }
  const of = (type: string): string[] => Object.keys(manifest.document.resource?.[type] ?? {}).sort();
  expect(of('kubernetes_manifest')).toEqual(['agent', 'load', 'report', 'store', 'web']);
  expect(of('kubernetes_deployment_v1')).toEqual([]);
});

it('the annotations change with the Pod template, because a controller then counts in one of them', () => {
  const annotations = (tag: string, replicas = 1): unknown => {
    const [deployment] = inNamespace((stack) => {
      new Deployment(stack, 'web', { image: `app:${tag}`, replicas, via: 'manifest' });
    }).objects('Deployment');
    return deployment?.metadata.annotations;
  };
  expect(annotations('1', 2)).toEqual(annotations('1'));
  expect(annotations('2')).not.toEqual(annotations('1'));
});

it('an autoscaler takes over the number of Pods: the field stays, and Terraform leaves it as it is', () => {
  const { document, object } = inNamespace((stack) => {
    const web = new Deployment(stack, 'web', { image, via: 'manifest' });
    web.autoscale({ min: 3, max: 9, cpu: { targetUtilization: 70 } });
    new Deployment(stack, 'fixed', { image, via: 'manifest', replicas: 3 });
  });
  expect(object('Deployment', 'web')).toMatchObject({ spec: { replicas: 3 } });
  const { web, fixed } = document.resource?.['kubernetes_manifest'] ?? {};
  expect(web).toMatchObject({ computed_fields: expect.arrayContaining(['spec.replicas']) as unknown });
  // What was changed by hand is taken back.
  expect(fixed).not.toMatchObject({ computed_fields: expect.arrayContaining(['spec.replicas']) as unknown });
});

it('Terraform waits for a manifest, reverts manual changes, and ignores immutable fields', () => {
  const { document } = inNamespace(workloads('manifest'));
  const resources = document.resource?.['kubernetes_manifest'] ?? {};
  expect(resources['web']).toMatchObject({
    wait: { rollout: true },
    field_manager: { force_conflicts: true },
    timeouts: { create: '6m' },
  });
  expect(resources['load']).toMatchObject({
    wait: { condition: [{ type: 'Complete', status: 'True' }] },
    lifecycle: { ignore_changes: ['manifest.spec'] },
  });
  expect(resources['store']).toMatchObject({
    depends_on: [
      'kubernetes_persistent_volume_claim_v1.store_data_0',
      'kubernetes_persistent_volume_claim_v1.store_data_1',
    ],
    lifecycle: {
      ignore_changes: [
        'manifest.spec.volumeClaimTemplates[0].spec.resources',
        'manifest.spec.volumeClaimTemplates[0].metadata.labels',
        'manifest.spec.volumeClaimTemplates[0].metadata.annotations',
      ],
    },
  });
  expect(resources['agent']).not.toHaveProperty('wait');
});

it('a native sidecar serves its Pods, and its ports are theirs', () => {
  const { object } = inNamespace((stack) => {
    const web = new Deployment(stack, 'web', { image, via: 'manifest' });
    web.addSidecar('proxy', { image, ports: { admin: 15000 } });
    web.addInitContainer('init', { image });
    web.expose();
    const schedule = Schedule.daily({ hour: 3 });
    new CronJob(stack, 'report', { image, schedule, via: 'manifest' }).addSidecar('proxy', { image });
  });
  const sidecar = { name: 'proxy', restartPolicy: 'Always' };
  const init = { name: 'init' };
  expect(object('Deployment')).toMatchObject({
    spec: { template: { spec: { initContainers: [sidecar, init] } } },
  });
  expect(object('CronJob')).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { initContainers: [sidecar] } } } } },
  });
  expect(object('Service')).toMatchObject({ spec: { ports: [{ port: 15000, targetPort: 'admin' }] } });
});

it('a misspelled field, or one of another type, is an error in every way to set it', () => {
  const web = (stack: BaseStack, id: string): Deployment =>
    new Deployment(stack, id, { image, via: 'manifest' });
  const lost = findings((stack) => {
    web(stack, 'a').customize((spec) => ({ ...spec, minReadySecond: 9 }));
    web(stack, 'b').patch(({ spec }) => {
      spec.template.spec.containers = [];
    });
  });
  expect(lost).toEqual([
    expect.stringContaining('shop/a: customize() sets spec.minReadySecond: '),
    expect.stringContaining('shop/b: patch() spec.template.spec.containers: got an empty list'),
  ]);
  const invalid = findings((stack) => {
    web(stack, 'a').patch(({ spec }) => {
      Object.assign(spec.template.spec, { hostUser: false });
    });
    web(stack, 'b').patch(({ spec }) => {
      Object.assign(spec.template.spec, { hostUsers: 'no' });
    });
  });
  expect(invalid).toEqual([
    expect.stringMatching(/^shop\/a .*hostUser/),
    expect.stringMatching(/^shop\/b .*hostUsers/),
  ]);
});
