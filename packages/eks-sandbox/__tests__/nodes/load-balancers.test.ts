import type { KubernetesObject } from '../../control-plane/kubernetes-api';
import { watchLoadBalancers } from '../../nodes/load-balancer-stand-in';
import { FakeLoadBalancers } from '../aws-emulator/fake-load-balancers';
import { FakeKubernetes } from '../control-plane/fake-kubernetes';

let kubernetes: FakeKubernetes;
let loadBalancers: FakeLoadBalancers;
let roles: Set<string>;
let reports: string[];
let stop: AbortController;
let watching: Promise<void>;

beforeEach(() => {
  kubernetes = new FakeKubernetes();
  loadBalancers = new FakeLoadBalancers();
  roles = new Set(['kube-system/aws-load-balancer-controller']);
  reports = [];
  stop = new AbortController();
  watching = watchLoadBalancers(
    {
      api: kubernetes,
      loadBalancers,
      cluster: 'seed',
      vpcId: 'vpc-1',
      hasRole: (namespace, serviceAccount) => roles.has(`${namespace}/${serviceAccount}`),
      report: (message) => reports.push(message),
    },
    stop.signal,
  );
});

afterEach(async () => {
  stop.abort();
  await watching;
});

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'dev', uid: 'uid-web' },
  spec: {
    type: 'LoadBalancer',
    loadBalancerClass: 'service.k8s.aws/nlb',
    ports: [{ port: 80 }, { port: 443 }],
  },
} satisfies KubernetesObject;
const INGRESS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name: 'shop',
    namespace: 'dev',
    uid: 'uid-shop',
    annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' },
  },
  spec: {
    ingressClassName: 'alb',
    rules: [{ http: { paths: [{ backend: { service: { name: 'web', port: { number: 8080 } } } }] } }],
  },
} satisfies KubernetesObject;

/** Waits, for five seconds at most, until `look` sees something. */
async function eventually<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline)
      throw new Error(`it did not happen within five seconds\n${reports.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const hostOf = (kind: string): Promise<string> =>
  eventually(() => {
    const status = kubernetes.all(kind)[0]?.status as
      { loadBalancer?: { ingress?: { hostname: string }[] } } | undefined;
    return status?.loadBalancer?.ingress?.[0]?.hostname;
  });

const finalizersOf = (kind: string): string[] => kubernetes.all(kind)[0]?.metadata.finalizers ?? [];

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** As the API server does it: what has finalizers only begins to go. */
const beginToDelete = (object: KubernetesObject): Promise<unknown> =>
  kubernetes.patch(object, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });

it('a Service with the class of the controller gets a Network Load Balancer with its tags, and the hostname', async () => {
  await kubernetes.create(SERVICE);
  const host = await hostOf('Service');
  const [made] = loadBalancers.all.values();
  expect(host).toBe(`${made?.name ?? ''}.elb.amazonaws.com`);
  expect(made).toMatchObject({
    name: expect.stringMatching(/^k8s-dev-web-[0-9a-f]{10}$/) as string,
    type: 'network',
    scheme: 'internal',
    vpcId: 'vpc-1',
    tags: {
      'elbv2.k8s.aws/cluster': 'seed',
      'service.k8s.aws/stack': 'dev/web',
      'service.k8s.aws/resource': 'LoadBalancer',
    },
    securityGroupTags: { 'service.k8s.aws/resource': 'ManagedLBSecurityGroup' },
    targets: [
      { port: 80, tags: { 'service.k8s.aws/resource': 'dev/web:80' } },
      { port: 443, tags: { 'service.k8s.aws/resource': 'dev/web:443' } },
    ],
  });
  expect(finalizersOf('Service')).toEqual(['service.k8s.aws/resources']);
});

it('an Ingress of the class alb gets an Application Load Balancer', async () => {
  await kubernetes.create(INGRESS);
  await hostOf('Ingress');
  expect([...loadBalancers.all.values()]).toMatchObject([
    {
      type: 'application',
      scheme: 'internet-facing',
      tags: { 'ingress.k8s.aws/stack': 'dev/shop' },
      targets: [{ port: 8080, tags: { 'ingress.k8s.aws/resource': 'dev/shop-web:8080' } }],
    },
  ]);
  expect(finalizersOf('Ingress')).toEqual(['ingress.k8s.aws/resources']);
});

it.each([
  ['a Service for another controller', { ...SERVICE, spec: { ...SERVICE.spec, loadBalancerClass: 'other' } }],
  ['a Service of another type', { ...SERVICE, spec: { ...SERVICE.spec, type: 'ClusterIP' } }],
  ['an Ingress of another class', { ...INGRESS, spec: { ...INGRESS.spec, ingressClassName: 'nginx' } }],
])('the controller ignores %s', async (_, object) => {
  await kubernetes.create(object);
  await settle();
  expect(loadBalancers.all.size).toBe(0);
  expect(finalizersOf(object.kind)).toEqual([]);
});

it('the controller creates nothing without its role', async () => {
  roles.clear();
  await kubernetes.create(SERVICE);
  await settle();
  expect(finalizersOf('Service')).toEqual([]);
  roles.add('kube-system/aws-load-balancer-controller');
  await hostOf('Service');
});

it('the controller deletes a load balancer before its Service, which another finalizer may keep', async () => {
  await kubernetes.create({ ...SERVICE, metadata: { ...SERVICE.metadata, finalizers: ['shop/audit'] } });
  await hostOf('Service');
  loadBalancers.refusal = new Error('Throttling');
  await beginToDelete(SERVICE);
  await eventually(() => (reports.length > 0 ? true : undefined));
  expect(reports).toEqual(['load balancer of Service dev/web in seed: Error: Throttling']);
  expect(finalizersOf('Service')).toEqual(['shop/audit', 'service.k8s.aws/resources']);
  loadBalancers.refusal = undefined;
  await eventually(() => (finalizersOf('Service').length === 1 ? true : undefined));
  expect(finalizersOf('Service')).toEqual(['shop/audit']);
  expect(loadBalancers.all.size).toBe(0);
});

it('a load balancer stays if its controller loses its role first', async () => {
  await kubernetes.create(SERVICE);
  await hostOf('Service');
  roles.clear();
  await beginToDelete(SERVICE);
  await settle();
  expect(loadBalancers.all.size).toBe(1);
  expect(finalizersOf('Service')).toEqual(['service.k8s.aws/resources']);
});

it('a Service that is no longer public loses its load balancer', async () => {
  await kubernetes.create(SERVICE);
  await hostOf('Service');
  await kubernetes.patch(SERVICE, { spec: { type: 'ClusterIP' } });
  await eventually(() => (finalizersOf('Service').length === 0 ? true : undefined));
  expect(loadBalancers.all.size).toBe(0);
});
