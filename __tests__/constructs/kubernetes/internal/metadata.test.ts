import { Construct } from 'constructs';
import * as kubernetes from '../../../../constructs/kubernetes';
import { Cpu, Size, Subject, WHOLE_VALUE } from '../../../../constructs/kubernetes';
import type { ObjectOptions } from '../../../../constructs/kubernetes/internal/metadata';
import { findings, inNamespace } from '../namespace-of';
import { SAMPLES } from '../sample-stack';

type Make = (scope: Construct, options: ObjectOptions) => unknown;

const image = 'registry.example.com/web:1';
const workload = (scope: Construct): kubernetes.Deployment =>
  new kubernetes.Deployment(scope, 'web', { image, ports: { http: 8080 }, budget: false });
const service = (scope: Construct): kubernetes.Service =>
  new kubernetes.Service(scope, 'outside', { ports: { http: 80 } });
const role = kubernetes.ClusterRole.builtIn('view');
const subjects = [Subject.group('support')];
const schedule = kubernetes.Schedule.daily({ hour: 3 });

/** Each kind, made with these options. */
const MADE: Readonly<Record<string, Make>> = {
  ClusterRole: (scope, options) =>
    new kubernetes.ClusterRole(scope, 'one', { ...options, nonResourceUrls: ['/metrics'] }),
  ClusterRoleBinding: (scope, options) =>
    new kubernetes.ClusterRoleBinding(scope, 'one', { ...options, role, subjects }),
  ConfigMap: (scope, options) => new kubernetes.ConfigMap(scope, 'one', { ...options, data: { key: '' } }),
  CronJob: (scope, options) => new kubernetes.CronJob(scope, 'one', { ...options, image, schedule }),
  DaemonSet: (scope, options) => new kubernetes.DaemonSet(scope, 'one', { ...options, image }),
  Deployment: (scope, options) => new kubernetes.Deployment(scope, 'one', { ...options, image }),
  EndpointSlice: (scope, options) =>
    new kubernetes.EndpointSlice(scope, 'one', {
      ...{ ...options, service: service(scope) },
      addresses: ['10.0.0.1'],
    }),
  ExternalName: (scope, options) =>
    new kubernetes.ExternalName(scope, 'one', { ...options, externalName: 'mail.example.com' }),
  HorizontalPodAutoscaler: (scope, options) =>
    new kubernetes.Deployment(scope, 'web', { image }).autoscale({
      ...{ ...options, max: 4 },
      cpu: { targetUtilization: 70 },
    }),
  Ingress: (scope, options) =>
    new kubernetes.Ingress(scope, 'one', options).route('*', '/', workload(scope).expose(), 'http'),
  Job: (scope, options) => new kubernetes.Job(scope, 'one', { ...options, image }),
  LimitRange: (scope, options) =>
    new kubernetes.LimitRange(scope, 'one', {
      ...options,
      defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
      defaultMemoryLimit: Size.mebibytes(256),
    }),
  NetworkPolicy: (scope, options) => new kubernetes.NetworkPolicy(scope, 'one', { ...options, ingress: [] }),
  PersistentVolume: (scope, options) =>
    kubernetes.PersistentVolume.fromEfs(scope, 'one', { ...options, fileSystemId: 'fs-0123456789abcdef0' }),
  PersistentVolumeClaim: (scope, options) =>
    new kubernetes.PersistentVolumeClaim(scope, 'one', { ...options, size: Size.gibibytes(1) }),
  Pod: (scope, options) => new kubernetes.Pod(scope, 'one', { ...options, image }),
  PodDisruptionBudget: (scope, options) =>
    new kubernetes.PodDisruptionBudget(scope, 'one', {
      ...{ ...options, workload: workload(scope) },
      maxUnavailable: 1,
    }),
  MutatingAdmissionPolicy: (scope, options) =>
    new kubernetes.MutatingAdmissionPolicy(scope, 'one', {
      ...options,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaces: ['shop'],
      patches: ['[]'],
    }),
  PriorityClass: (scope, options) => new kubernetes.PriorityClass(scope, 'one', { ...options, value: 1 }),
  ReplicaSet: (scope, options) => new kubernetes.ReplicaSet(scope, 'one', { ...options, image }),
  ResourceQuota: (scope, options) =>
    new kubernetes.ResourceQuota(scope, 'one', { ...options, hard: { pods: 50 } }),
  Role: (scope, options) => new kubernetes.Role(scope, 'one', options).allowRead('pods'),
  RoleBinding: (scope, options) => new kubernetes.RoleBinding(scope, 'one', { ...options, role, subjects }),
  Secret: (scope, options) =>
    kubernetes.Secret.fromSecretsManager(scope, 'one', {
      ...{ ...options, secretName: 'shop', revision: 1 },
      keys: { all: WHOLE_VALUE },
    }),
  Service: (scope, options) =>
    new kubernetes.Service(scope, 'one', { ...options, workload: workload(scope) }),
  ServiceAccount: (scope, options) => new kubernetes.ServiceAccount(scope, 'one', options),
  StatefulSet: (scope, options) => new kubernetes.StatefulSet(scope, 'one', { ...options, image }),
  StorageClass: (scope, options) => new kubernetes.StorageClass(scope, 'one', options),
  ValidatingAdmissionPolicy: (scope, options) =>
    new kubernetes.ValidatingAdmissionPolicy(scope, 'one', {
      ...options,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaces: ['shop'],
      validations: [{ expression: 'true', messageExpression: '"no"' }],
    }),
};

/** What has the name of another object, or makes objects of the kinds above. */
const NOT_NAMED = ['Endpoints', 'EventCollector', 'LogCollector', 'PlacementPolicy'];

const labels = { team: 'shop', 'example.com/cost-center': '4711' };
const annotations = { 'example.com/owner': 'shop@example.com' };

it('every kind is in the list below', () => {
  expect([...Object.keys(MADE), ...NOT_NAMED].sort()).toEqual(Object.keys(SAMPLES).sort());
});

it.each(Object.entries(MADE))('a %s has the given name, labels and annotations', (kind, make) => {
  const { objects } = inNamespace((stack) => make(stack, { name: 'given', labels, annotations }));
  const [object, ...more] = objects(kind === 'ExternalName' ? 'Service' : kind).filter(({ metadata }) =>
    // The name of a Job ends in a hash, as that of a Pod that keeps to node groups does.
    /^given(-[0-9a-f]{8})?$/.test(metadata.name ?? ''),
  );
  expect(more).toEqual([]);
  expect(object).toMatchObject({ metadata: { labels, annotations } });
  const template = (object as { spec?: { template?: object } } | undefined)?.spec?.template;
  expect(template ?? { metadata: { labels, annotations } }).toMatchObject({
    metadata: { labels, annotations },
  });
});

it('Endpoints, claim templates and a Namespace have labels and annotations', () => {
  const given = { labels, annotations };
  const { object } = inNamespace((stack) => {
    new kubernetes.Endpoints(stack, 'one', { ...given, service: service(stack), addresses: ['10.0.0.1'] });
    const set = new kubernetes.StatefulSet(stack, 'set', { image, replicas: 1 });
    set.container.mount('/data', set.addClaim('data', { ...given, size: Size.gibibytes(1) }));
  }, given);
  expect(object('Namespace')).toMatchObject({ metadata: given });
  expect(object('Endpoints')).toMatchObject({ metadata: given });
  expect(object('StatefulSet')).toMatchObject({ spec: { volumeClaimTemplates: [{ metadata: given }] } });
  expect(object('PersistentVolumeClaim', 'data-set-0')).toMatchObject({
    metadata: { labels: { ...labels, 'app.kubernetes.io/name': 'set' }, annotations },
  });
});

it('the application of a workload, and its part in it, are labels of the object and of the Pods', () => {
  const { object } = inNamespace((stack) => {
    new kubernetes.Deployment(new Construct(stack, 'shop'), 'web', { image, version: '1.4.0' });
    new kubernetes.Deployment(stack, 'alone', { image });
  });
  const common = {
    'app.kubernetes.io/name': 'shop-web',
    'app.kubernetes.io/instance': 'shop',
    'app.kubernetes.io/version': '1.4.0',
    'app.kubernetes.io/component': 'web',
    'app.kubernetes.io/part-of': 'shop',
    'app.kubernetes.io/managed-by': 'terraform',
  };
  expect(object('Deployment', 'shop-web')).toMatchObject({
    metadata: { labels: common },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': 'shop-web' } },
      template: { metadata: { labels: common } },
    },
  });
  expect(object('Deployment', 'alone').metadata.labels).toEqual({
    'app.kubernetes.io/name': 'alone',
    'app.kubernetes.io/managed-by': 'terraform',
  });
});

it('metadata that the construct itself sets is refused', () => {
  expect(
    findings((stack) => {
      new kubernetes.StorageClass(stack, 'class', {
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      });
      new kubernetes.EndpointSlice(stack, 'slice', {
        service: service(stack),
        addresses: ['10.0.0.1'],
        labels: { 'kubernetes.io/service-name': 'other' },
      });
    }),
  ).toEqual([
    'shop/class: annotations: got "storageclass.kubernetes.io/is-default-class", which default sets; remove it here',
    'shop/slice: labels: got "kubernetes.io/service-name", which the construct sets; remove it here',
  ]);
});
