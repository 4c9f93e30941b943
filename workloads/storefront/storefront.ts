import type { Construct } from 'constructs';
import type { WorkloadContext } from 'kubernetes-on-aws';
import { type AccessPoint, type GeneratedSecret, serviceHost } from 'kubernetes-on-aws/aws';
import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  type ContainerOptions,
  Cpu,
  CronJob,
  DaemonSet,
  Deployment,
  Endpoints,
  EnvValue,
  ExternalName,
  Ingress,
  Job,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PriorityClass,
  Probe,
  ReplicaSet,
  Schedule,
  Secret,
  Service,
  ServiceAccount,
  Size,
  StatefulSet,
  Volume,
} from 'kubernetes-on-aws/kubernetes';

/** What the shop is built from. */
export interface StorefrontOptions {
  /** Version of the storefront: the tag of its images. */
  readonly version: string;
  /** Number of web Pods. */
  readonly replicas: number;
  /** Hostname of the shop. */
  readonly host: string;
  /** Whether a Pod to debug from runs beside it. */
  readonly debug: boolean;
  /** The database's `username` and `password`. */
  readonly login: GeneratedSecret;
  /** Directory of EFS with the pictures of the goods. */
  readonly media: AccessPoint;
}

/** The payment provider and the warehouse's log server, which are outside of the cluster. */
const PAYMENT_ADDRESS = '192.0.2.10';
const WAREHOUSE_ADDRESS = '198.51.100.20';

/**
 * A shop: web behind an Ingress, an api that scales, its database and cache, workers, and a payment provider outside the cluster. A
 * sidecar writes the access log to the Pod's log. A migration runs before each version, and a report every night. Pictures are on a
 * shared volume, with a cache of them on every node.
 */
export class Storefront {
  /** What other workloads use. */
  readonly api: Deployment;
  readonly web: Deployment;
  private readonly settings: ConfigMap;
  private readonly login: Secret;
  private readonly media: Volume;
  /** What the customer waits for goes before what can wait. */
  private readonly urgent: PriorityClass;

  constructor(
    private readonly scope: Construct,
    private readonly options: StorefrontOptions,
    private readonly context: WorkloadContext,
  ) {
    const { login, debug } = options;
    const { region } = context.platform;
    this.settings = new ConfigMap(scope, 'settings', {
      data: { 'log-level': 'info', 'access-log': '/var/log/storefront/access.log' },
    });
    this.urgent = new PriorityClass(scope, 'checkout', { value: 1000 });
    this.login = Secret.fromGenerated(scope, 'database-login', login);
    const pictures = PersistentVolume.fromEfs(scope, 'pictures', options.media);
    this.media = Volume.fromClaim(new PersistentVolumeClaim(scope, 'media', { volume: pictures }));
    const payment = new Service(scope, 'payment', { ports: { https: 443 } });
    payment.backedBy([PAYMENT_ADDRESS], { https: 8443 });
    const warehouse = new Service(scope, 'warehouse', { ports: { syslog: { port: 514, protocol: 'UDP' } } });
    new Endpoints(scope, 'warehouse-server', { service: warehouse, addresses: [WAREHOUSE_ADDRESS] });
    new ExternalName(scope, 'mail', { externalName: serviceHost('email-smtp', region) });

    const database = this.database();
    const cache = this.cache();
    const api = (this.api = this.createApi(payment, warehouse));
    const mediaCache = this.mediaCache();
    const web = (this.web = this.createWeb());
    const batch = [this.workers(), this.migration(), this.report()];

    web.connections.allowTo(api, 'http').allowTo(mediaCache, 'pictures');
    for (const range of context.vpcRanges) {
      for (const { connections } of [web, api]) connections.allowFromCidr(range, 'http');
    }
    api.connections
      .allowTo(database, 'sql')
      .allowTo(cache, 'redis')
      .allowToCidr(`${PAYMENT_ADDRESS}/32`, 8443)
      .allowToCidr(`${WAREHOUSE_ADDRESS}/32`, { port: '514', protocol: 'UDP' });
    for (const client of batch) client.connections.allowTo(database, 'sql');
    if (debug) {
      const pod = new Pod(this.scope, 'debug');
      pod.addContainer('debug', this.container('debug'));
      pod.connections.allowTo(api, 'http').allowTo(database, 'sql');
    }
  }

  /** In front: reached by an Ingress, and by the tills of the shops on a port of every node. */
  private createWeb(): Deployment {
    const accessLog = Volume.fromEmptyDir('access-log', { sizeLimit: Size.mebibytes(64) });
    const web = new Deployment(this.scope, 'web', {
      version: this.options.version,
      replicas: this.options.replicas,
      priorityClass: this.urgent,
    });
    web
      .addContainer('web', { ...this.container('web'), ports: { http: 8080 }, ...this.probes() })
      .mount('/var/log/storefront', accessLog)
      .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(64) }));
    web
      .addSidecar('access-log', {
        image: this.image('access-log'),
        args: ['--follow', '/var/log/storefront/access.log'],
        resources: { cpu: Cpu.millis(20), memory: Size.mebibytes(32) },
      })
      .mount('/var/log/storefront', accessLog, { readOnly: true });
    const service = web.expose({ ports: { http: 80 } });
    const shop = new Ingress(this.scope, 'shop', { healthCheck: { path: '/readyz' } });
    shop.route(this.options.host, '/', service, 'http');
    new Service(this.scope, 'tills', { workload: web, type: 'NodePort', ports: { http: 80 } });
    return web;
  }

  /** Scales with its load; partners in the company's networks reach it by a load balancer. */
  private createApi(payment: Service, warehouse: Service): Deployment {
    const api = new Deployment(this.scope, 'api', {
      version: this.options.version,
      scrape: { port: 'http' },
      priorityClass: this.urgent,
    });
    const hosts = {
      PAYMENT_HOST: EnvValue.fromValue(payment.host),
      WAREHOUSE_HOST: EnvValue.fromValue(warehouse.host),
    };
    api.addContainer('api', {
      ...this.container('api', { ...this.databaseEnv(), ...hosts }),
      ports: { http: 8080 },
      ...this.probes(),
    });
    api.autoscale({ min: 2, max: 6, cpu: { targetUtilization: 70 } });
    api.expose({ ports: { http: 80 } });
    new Service(this.scope, 'partners', { workload: api, type: 'LoadBalancer', ports: { http: 80 } });
    return api;
  }

  private database(): StatefulSet {
    const database = new StatefulSet(this.scope, 'database', {
      replicas: 1,
      priorityClass: this.urgent,
      protect: this.context.platform.protect,
    });
    const probe = Probe.fromTcpSocket('sql');
    database
      .addContainer('database', {
        ...this.container('database', this.databaseEnv()),
        ports: { sql: 5432 },
        readiness: probe,
        liveness: probe,
      })
      .mount('/var/lib/database', database.addClaim('data', { size: Size.gibibytes(10) }));
    database.expose({ ports: { sql: 5432 } });
    return database;
  }

  private cache(): Deployment {
    const cache = new Deployment(this.scope, 'cache', { replicas: 1 });
    const probe = Probe.fromTcpSocket('redis');
    cache
      .addContainer('cache', {
        ...this.container('cache'),
        ports: { redis: 6379 },
        readiness: probe,
        liveness: probe,
      })
      .mount('/data', Volume.fromEmptyDir('data', { sizeLimit: Size.mebibytes(128) }));
    cache.expose({ ports: { redis: 6379 } });
    return cache;
  }

  /** The pictures, kept on each node: EFS is far for what every page shows. */
  private mediaCache(): DaemonSet {
    // It runs on no other node: where one is replaced, Pods that can run elsewhere make room for it.
    const cache = new DaemonSet(this.scope, 'media-cache', { priorityClass: this.urgent });
    cache
      .addContainer('cache', {
        image: this.image('media-cache'),
        ports: { pictures: 8081 },
        readiness: Probe.fromTcpSocket('pictures'),
        resources: { cpu: Cpu.millis(20), memory: Size.mebibytes(64) },
      })
      .mount('/media', this.media, { readOnly: true })
      .mount('/cache', Volume.fromEmptyDir('cache', { sizeLimit: Size.gibibytes(1) }));
    cache.expose({ ports: { pictures: 80 } });
    return cache;
  }

  /** Make the pictures smaller, and follow a change of the settings while they run. */
  private workers(): ReplicaSet {
    const serviceAccount = this.apiAccount('worker').grantRead(this.settings);
    const workers = new ReplicaSet(this.scope, 'worker', { replicas: 1, serviceAccount });
    workers.connections.allowToCidr(this.context.apiServerRange, 443);
    workers.addContainer('worker', this.container('worker', this.databaseEnv())).mount('/media', this.media);
    return workers;
  }

  private migration(): Job {
    const migration = new Job(this.scope, 'migration');
    migration.addContainer('migrate', this.container('migration', this.databaseEnv()));
    return migration;
  }

  /** Tells each night what was sold, and on which nodes of which zones it was served. */
  private report(): CronJob {
    const serviceAccount = this.apiAccount('report');
    const schedule = Schedule.daily({ hour: 3 });
    const report = new CronJob(this.scope, 'report', { schedule, serviceAccount });
    report.connections.allowToCidr(this.context.apiServerRange, 443);
    const nodes = new ClusterRole(this.scope, 'node-reader').allowRead('nodes');
    new ClusterRoleBinding(this.scope, 'report-reads-nodes', {
      role: nodes,
      subjects: [serviceAccount],
    });
    report.addContainer('report', this.container('report', this.databaseEnv()));
    return report;
  }

  /** Of Pods that ask the Kubernetes API. */
  private apiAccount(workload: string): ServiceAccount {
    const name = `storefront-${workload}`;
    return new ServiceAccount(this.scope, `${workload}-account`, { name, automountToken: true });
  }

  private container(name: string, env: ContainerOptions['env'] = {}): ContainerOptions {
    return {
      image: this.image(name),
      env: {
        LOG_LEVEL: EnvValue.fromConfigMap(this.settings, 'log-level'),
        POD_NAME: EnvValue.fromField('metadata.name'),
        ...env,
      },
      resources: { cpu: Cpu.millis(50), memory: Size.mebibytes(128) },
    };
  }

  private databaseEnv(): Record<string, EnvValue> {
    return {
      DATABASE_USER: EnvValue.fromSecret(this.login, 'username'),
      DATABASE_PASSWORD: EnvValue.fromSecret(this.login, 'password'),
    };
  }

  private probes(): Pick<ContainerOptions, 'startup' | 'liveness' | 'readiness'> {
    return {
      startup: Probe.fromHttpGet('/healthz', 'http', { periodSeconds: 2, failureThreshold: 30 }),
      liveness: Probe.fromHttpGet('/healthz', 'http'),
      readiness: Probe.fromHttpGet('/readyz', 'http'),
    };
  }

  private image(name: string): string {
    return this.context.image(`storefront-${name}`, this.options.version);
  }
}
