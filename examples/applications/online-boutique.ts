import type { Construct } from 'constructs';
import { Cpu, Deployment, EnvValue, Probe, Size, Volume } from 'kubernetes-on-aws/kubernetes';

/** A service of the shop: the port that it answers on, that of its Service, whom it calls, and what it is told. */
interface Part {
  readonly port: number;
  /** @default - `port` */
  readonly servicePort?: number;
  readonly calls?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cpu?: number;
  readonly memory?: number;
}

/** The services by name. A call is the variable that has the address, and the service. */
const PARTS: Readonly<Record<string, Part>> = {
  adservice: { port: 9555, cpu: 200, memory: 300 },
  cartservice: { port: 7070, calls: { REDIS_ADDR: 'redis-cart' }, cpu: 200, memory: 128 },
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
  currencyservice: { port: 7000, env: { DISABLE_PROFILER: '1' }, memory: 128 },
  emailservice: { port: 8080, servicePort: 5000, env: { DISABLE_PROFILER: '1' } },
  frontend: {
    port: 8080,
    servicePort: 80,
    env: { ENABLE_PROFILER: '0' },
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
  paymentservice: { port: 50051, env: { DISABLE_PROFILER: '1' }, memory: 128 },
  productcatalogservice: { port: 3550, env: { DISABLE_PROFILER: '1' } },
  recommendationservice: {
    port: 8080,
    env: { DISABLE_PROFILER: '1' },
    calls: { PRODUCT_CATALOG_SERVICE_ADDR: 'productcatalogservice' },
    memory: 220,
  },
  shippingservice: { port: 50051, env: { DISABLE_PROFILER: '1' } },
};

/** A shop of eleven services that call each other over gRPC, and a cache. */
export function onlineBoutique(scope: Construct, version = 'v0.10.2'): Readonly<Record<string, Deployment>> {
  const redis = new Deployment(scope, 'redis-cart', {
    image: 'redis:alpine',
    replicas: 1,
    selector: { app: 'redis-cart' },
    ports: { redis: 6379 },
    readiness: Probe.fromTcpSocket('redis', { periodSeconds: 5 }),
    liveness: Probe.fromTcpSocket('redis', { periodSeconds: 5 }),
    resources: { cpu: Cpu.millis(70), memory: Size.mebibytes(200) },
  });
  redis.container.mount('/data', Volume.fromEmptyDir('redis-data', { sizeLimit: 'unlimited' }));
  redis.expose();
  const made: Record<string, Deployment> = { 'redis-cart': redis };
  const portOf = (name: string): number => PARTS[name]?.servicePort ?? PARTS[name]?.port ?? 6379;
  for (const [name, { port, servicePort, calls = {}, env = {}, cpu = 100, memory = 64 }] of Object.entries(
    PARTS,
  )) {
    const addresses = Object.entries(calls).map(([key, called]) => [key, `${called}:${portOf(called)}`]);
    const variables = { PORT: String(port), ...env, ...(Object.fromEntries(addresses) as typeof env) };
    const protocol = name === 'frontend' ? 'http' : 'grpc';
    const workload = new Deployment(scope, name, {
      image: `us-central1-docker.pkg.dev/google-samples/microservices-demo/${name}:${version}`,
      replicas: 1,
      version,
      selector: { app: name },
      terminationGracePeriodSeconds: 5,
      ports: { [protocol]: port },
      env: Object.fromEntries(
        Object.entries(variables).map(([key, value]) => [key, EnvValue.fromValue(value)]),
      ),
      health: protocol === 'http' ? '/_healthz' : Probe.fromGrpc('grpc'),
      resources: {
        cpu: Cpu.millis(cpu),
        memory: Size.mebibytes(memory),
        cpuLimit: Cpu.millis(2 * cpu),
        memoryLimit: Size.mebibytes(2 * memory),
      },
      user: 1000,
      group: 1000,
    });
    workload.expose({ ports: { [protocol]: servicePort ?? port } });
    made[name] = workload;
  }
  for (const [name, { calls = {} }] of Object.entries(PARTS)) {
    for (const called of Object.values(calls)) {
      const [from, to] = [made[name], made[called]];
      if (from && to) from.connections.allowTo(to, called === 'redis-cart' ? 'redis' : 'grpc');
    }
  }
  return made;
}
