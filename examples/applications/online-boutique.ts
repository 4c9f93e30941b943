import type { Construct } from 'constructs';
import { Cpu, Deployment, EnvValue, Probe, Service, Size, Volume } from 'kubernetes-on-aws/kubernetes';

/** A service of the shop: the port that it answers on, that of its Service, whom it calls, and what it is told. */
interface Part {
  readonly port: number;
  /** @default - `port` */
  readonly servicePort?: number;
  /** Services by the variable that has the address. @default {} */
  readonly calls?: Readonly<Record<string, string>>;
  /** @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** CPU in millicores and memory in MiB, and their limits. @default [100, 64, 200, 128] */
  readonly resources?: readonly [number, number, number, number];
}

const QUIET = { DISABLE_PROFILER: '1' };

const PARTS: Readonly<Record<string, Part>> = {
  adservice: { port: 9555, resources: [200, 180, 300, 300] },
  cartservice: { port: 7070, calls: { REDIS_ADDR: 'redis-cart' }, resources: [200, 64, 300, 128] },
  checkoutservice: {
    port: 5050,
    calls: {
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice',
      SHIPPING_SERVICE_ADDR: 'shippingservice',
      PAYMENT_SERVICE_ADDR: 'paymentservice',
      EMAIL_SERVICE_ADDR: 'emailservice',
      CURRENCY_SERVICE_ADDR: 'currencyservice',
      CART_SERVICE_ADDR: 'cartservice',
    },
  },
  currencyservice: { port: 7000, env: QUIET },
  emailservice: { port: 8080, servicePort: 5000, env: QUIET },
  frontend: {
    port: 8080,
    servicePort: 80,
    env: { ENABLE_PROFILER: '0', SHOPPING_ASSISTANT_SERVICE_ADDR: 'shoppingassistantservice:80' },
    calls: {
      PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice',
      CURRENCY_SERVICE_ADDR: 'currencyservice',
      CART_SERVICE_ADDR: 'cartservice',
      RECOMMENDATION_SERVICE_ADDR: 'recommendationservice',
      SHIPPING_SERVICE_ADDR: 'shippingservice',
      CHECKOUT_SERVICE_ADDR: 'checkoutservice',
      AD_SERVICE_ADDR: 'adservice',
    },
  },
  paymentservice: { port: 50051, env: QUIET },
  productcatalogservice: { port: 3550, env: QUIET },
  recommendationservice: {
    port: 8080,
    env: QUIET,
    calls: { PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice' },
    resources: [100, 220, 200, 450],
  },
  shippingservice: { port: 50051, env: QUIET },
};

const resourcesOf = ([cpu, memory, cpuLimit, memoryLimit]: NonNullable<Part['resources']>) => ({
  cpu: Cpu.millis(cpu),
  memory: Size.mebibytes(memory),
  cpuLimit: Cpu.millis(cpuLimit),
  memoryLimit: Size.mebibytes(memoryLimit),
});

const variables = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, EnvValue.fromValue(value)]));

/** A shop of ten services that call each other over gRPC, its cache, and Pods that visit it. */
export function onlineBoutique(scope: Construct, version = 'v0.10.6'): Readonly<Record<string, Deployment>> {
  const images = 'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo';
  const workload = (name: string): Deployment =>
    new Deployment(scope, name, {
      replicas: 1,
      selector: { app: name },
      terminationGracePeriodSeconds: name === 'redis-cart' ? 30 : 5,
    });
  const own = { user: 1000, group: 1000 };

  const redis = workload('redis-cart');
  const alive = Probe.fromTcpSocket('tcp-redis', { periodSeconds: 5 });
  redis
    .addContainer('redis', {
      ...{ ...own, image: 'redis:alpine', ports: { 'tcp-redis': 6379 }, liveness: alive, readiness: alive },
      resources: resourcesOf([70, 200, 125, 256]),
    })
    .mount('/data', Volume.fromEmptyDir('redis-data', { sizeLimit: 'unlimited' }));
  redis.expose();

  const made: Record<string, Deployment> = { 'redis-cart': redis };
  const portOf = (name: string): number => PARTS[name]?.servicePort ?? PARTS[name]?.port ?? 6379;
  for (const [name, { port, servicePort = port, calls = {}, env = {}, resources }] of Object.entries(PARTS)) {
    const addresses = Object.entries(calls).map(([key, called]) => [key, `${called}:${portOf(called)}`]);
    const protocol = name === 'frontend' ? 'http' : 'grpc';
    const part = (made[name] = workload(name));
    part.addContainer('server', {
      ...own,
      image: `${images}/${name}:${version}`,
      ports: { [protocol]: port },
      env: variables({ PORT: String(port), ...env, ...(Object.fromEntries(addresses) as typeof env) }),
      health: protocol === 'http' ? '/_healthz' : Probe.fromGrpc('grpc'),
      resources: resourcesOf(resources ?? [100, 64, 200, 128]),
    });
    part.expose({ ports: { [protocol]: servicePort } });
  }

  const visitors = (made['loadgenerator'] = workload('loadgenerator'));
  const visits = { FRONTEND_ADDR: 'frontend:80', USERS: '10', RATE: '1' };
  visitors.addInitContainer('frontend-check', {
    ...own,
    image: 'busybox:1.37',
    command: ['/bin/sh', '-c', 'until wget -qO- "http://$FRONTEND_ADDR" > /dev/null; do sleep 10; done'],
    env: variables({ FRONTEND_ADDR: visits.FRONTEND_ADDR }),
  });
  visitors.addContainer('main', {
    ...own,
    image: `${images}/loadgenerator:${version}`,
    env: variables(visits),
    resources: resourcesOf([300, 256, 500, 512]),
  });

  const { frontend } = made;
  if (frontend) {
    const ports = { http: 80 };
    new Service(scope, 'frontend-external', { workload: frontend, type: 'LoadBalancer', ports });
    visitors.connections.allowTo(frontend, 'http');
  }
  for (const [name, { calls = {} }] of Object.entries(PARTS)) {
    for (const called of Object.values(calls)) {
      const [from, to] = [made[name], made[called]];
      if (from && to) from.connections.allowTo(to, called === 'redis-cart' ? 'tcp-redis' : 'grpc');
    }
  }
  return made;
}
