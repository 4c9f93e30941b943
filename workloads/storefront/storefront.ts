import { Construct } from 'constructs';
import type { FoundAccessPoint } from 'kubernetes-on-aws/aws';
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
  Size,
  StatefulSet,
  Volume,
} from 'kubernetes-on-aws/kubernetes';

export interface StorefrontOptions {
  /** Registry that the images are pulled from, without a trailing slash. */
  readonly imageRegistry: string;
  /** Version of the storefront: the tag of its images. */
  readonly version: string;
  /** Number of web Pods. */
  readonly replicas: number;
  /** Host name of the shop. */
  readonly host: string;
  /** Whether a Pod to debug from runs beside it. */
  readonly debug: boolean;
  /** Secret in AWS Secrets Manager with `username` and `password` of the database, and how often it was rotated. */
  readonly databaseLogin: { readonly secretName: string; readonly revision: number };
  /** Directory of EFS with the pictures of the goods. */
  readonly media: FoundAccessPoint;
  /** Mail server, by its DNS name. */
  readonly mailHost: string;
  /** Ranges of the VPC, where the load balancers are, and Pods. */
  readonly vpcCidrs: readonly string[];
  /** Whether Terraform refuses every plan that would destroy or replace the database. */
  readonly protect: boolean;
}

/** The payment provider and the warehouse's log server, which are outside of the cluster. */
const PAYMENT_ADDRESS = '192.0.2.10';
const WAREHOUSE_ADDRESS = '198.51.100.20';

/**
 * A shop: web behind an Ingress with a sidecar that makes the access log the Pod's log, an api that scales, its database and
 * cache, a migration before each version, a nightly report, workers, pictures on a shared volume with a cache of them on every
 * node, and a payment provider outside of the cluster.
 */
export class Storefront extends Construct {
  private readonly settings = new ConfigMap(this, 'settings', {
    data: { 'log-level': 'info', 'access-log': '/var/log/storefront/access.log' },
  });
  private readonly login: Secret<'username' | 'password'>;
  private readonly media: Volume;
  /** What the customer waits for goes before what can wait. */
  private readonly urgent = new PriorityClass(this, 'checkout', { value: 1000 });

  constructor(
    scope: Construct,
    id: string,
    private readonly options: StorefrontOptions,
  ) {
    super(scope, id);
    const { databaseLogin, debug, mailHost, vpcCidrs } = options;
    this.login = Secret.fromSecretsManager(this, 'database-login', {
      ...databaseLogin,
      keys: ['username', 'password'],
    });
    const pictures = PersistentVolume.fromEfs(this, 'pictures', options.media);
    this.media = Volume.fromClaim(new PersistentVolumeClaim(this, 'media', { volume: pictures }));
    const payment = new Service(this, 'payment', { ports: { https: 443 } });
    payment.backedBy([PAYMENT_ADDRESS], { https: 8443 });
    const warehouse = new Service(this, 'warehouse', { ports: { syslog: { port: 514, protocol: 'UDP' } } });
    new Endpoints(this, 'warehouse-server', { service: warehouse, addresses: [WAREHOUSE_ADDRESS] });
    new ExternalName(this, 'mail', { externalName: mailHost });

    const database = this.database();
    const cache = this.cache();
    const api = this.api(payment, warehouse);
    const mediaCache = this.mediaCache();
    const web = this.web();
    const batch = [this.workers(), this.migration(), this.report()];

    web.connections.allowTo(api, 'http').allowTo(mediaCache, 'pictures');
    for (const range of vpcCidrs) {
      for (const { connections } of [web, api]) connections.allowFromCidr(range, 'http');
    }
    api.connections
      .allowTo(database, 'sql')
      .allowTo(cache, 'redis')
      .allowToCidr(`${PAYMENT_ADDRESS}/32`, 8443)
      .allowToCidr(`${WAREHOUSE_ADDRESS}/32`, { port: '514', protocol: 'UDP' });
    for (const client of batch) client.connections.allowTo(database, 'sql');
    if (debug) {
      const pod = new Pod(this, 'debug');
      pod.addContainer('debug', this.container('debug'));
      pod.connections.allowTo(api, 'http').allowTo(database, 'sql');
    }
  }

  /** In front: reached by an Ingress, and by the tills of the shops on a port of every node. */
  private web(): Deployment {
    const accessLog = Volume.fromEmptyDir('access-log', { sizeLimit: Size.mebibytes(64) });
    const web = new Deployment(this, 'web', {
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
    const shop = new Ingress(this, 'shop', { healthCheck: { path: '/readyz' } });
    shop.route(this.options.host, '/', service, 'http');
    new Service(this, 'tills', { workload: web, type: 'NodePort', ports: { http: 80 } });
    return web;
  }

  /** Scales with its load; partners in the company's networks reach it by a load balancer. */
  private api(payment: Service, warehouse: Service): Deployment {
    const api = new Deployment(this, 'api', {
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
    new Service(this, 'partners', { workload: api, type: 'LoadBalancer', ports: { http: 80 } });
    return api;
  }

  private database(): StatefulSet {
    const database = new StatefulSet(this, 'database', {
      replicas: 1,
      priorityClass: this.urgent,
      protect: this.options.protect,
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
    const cache = new Deployment(this, 'cache', { replicas: 1 });
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
    const cache = new DaemonSet(this, 'media-cache');
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
    const workers = new ReplicaSet(this, 'worker', { replicas: 1 });
    workers.serviceAccount.grantRead(this.settings);
    workers.addContainer('worker', this.container('worker', this.databaseEnv())).mount('/media', this.media);
    return workers;
  }

  private migration(): Job {
    const migration = new Job(this, 'migration');
    migration.addContainer('migrate', this.container('migration', this.databaseEnv()));
    return migration;
  }

  /** Tells each night what was sold, and on which nodes of which zones it was served. */
  private report(): CronJob {
    const report = new CronJob(this, 'report', { schedule: Schedule.daily({ hour: 3 }) });
    const nodes = new ClusterRole(this, 'node-reader').allowRead('nodes');
    new ClusterRoleBinding(this, 'report-reads-nodes', { role: nodes, subjects: [report.serviceAccount] });
    report.addContainer('report', this.container('report', this.databaseEnv()));
    return report;
  }

  private container(name: string, env: ContainerOptions['env'] = {}): ContainerOptions {
    return {
      image: this.image(name),
      env: {
        LOG_LEVEL: EnvValue.fromConfigMap(this.settings, 'log-level'),
        POD_NAME: EnvValue.fromField('metadata.name'),
        ...env,
      },
      resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
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
    return `${this.options.imageRegistry}/storefront-${name}:${this.options.version}`;
  }
}
