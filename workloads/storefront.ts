import { Construct } from 'constructs';
import { ConfigMap } from '../constructs/kubernetes/config-map';
import type { ContainerOptions } from '../constructs/kubernetes/container';
import { CronJob } from '../constructs/kubernetes/cron-job';
import { Deployment } from '../constructs/kubernetes/deployment';
import { EnvValue } from '../constructs/kubernetes/env-value';
import { Ingress } from '../constructs/kubernetes/ingress';
import { Job } from '../constructs/kubernetes/job';
import { Probe } from '../constructs/kubernetes/probe';
import { Cpu, Size } from '../constructs/kubernetes/quantity';
import { ReplicaSet } from '../constructs/kubernetes/replica-set';
import { Schedule } from '../constructs/kubernetes/schedule';
import { Service } from '../constructs/kubernetes/service';
import { ServiceAccount } from '../constructs/kubernetes/service-account';
import { StatefulSet } from '../constructs/kubernetes/stateful-set';
import { Volume } from '../constructs/kubernetes/volume';

export interface StorefrontOptions {
  /** Registry that the images are pulled from, without a trailing slash. */
  readonly imageRegistry: string;
  /** Version of the storefront: the tag of its images. */
  readonly version: string;
  /** Number of web Pods. */
  readonly replicas: number;
  /** Host name of the shop. */
  readonly host: string;
}

/** The address of the payment provider's endpoint, which is outside of the cluster. */
const PAYMENT_ADDRESS = '192.0.2.10';

/**
 * A shop: web behind an Ingress with a sidecar that makes the access log the Pod's log, an api that scales, its database and
 * cache, a migration before each version, a nightly report, workers, and a payment provider outside of the cluster.
 */
export class Storefront extends Construct {
  private readonly settings: ConfigMap;

  constructor(
    scope: Construct,
    id: string,
    private readonly options: StorefrontOptions,
  ) {
    super(scope, id);
    this.settings = new ConfigMap(this, 'settings', {
      data: { 'log-level': 'info', 'access-log': '/var/log/storefront/access.log' },
    });
    const payment = new Service(this, 'payment', { ports: { https: 443 } }).backedBy([PAYMENT_ADDRESS], {
      https: 8443,
    });
    const database = this.database();
    const cache = this.cache();
    const api = this.api(payment);
    const web = this.web();
    const workers = new ReplicaSet(this, 'worker', { ...this.account('worker'), replicas: 1 });
    workers.addContainer('worker', this.container('worker'));
    const migration = new Job(this, 'migration', this.account('migration'));
    migration.addContainer('migrate', this.container('migration'));
    const report = new CronJob(this, 'report', {
      ...this.account('report'),
      schedule: Schedule.daily({ hour: 3 }),
    });
    report.addContainer('report', this.container('report'));

    web.connections.allowTo(api, 'http').allowFromCidr('10.0.0.0/8', 'http');
    api.connections
      .allowTo(database, 'sql')
      .allowTo(cache, 'redis')
      .allowToCidr(`${PAYMENT_ADDRESS}/32`, 8443);
    for (const client of [workers, migration, report]) client.connections.allowTo(database, 'sql');
  }

  private web(): Deployment {
    const accessLog = Volume.fromEmptyDir('access-log', { sizeLimit: Size.mebibytes(64) });
    const web = new Deployment(this, 'web', {
      ...this.account('web'),
      version: this.options.version,
      replicas: this.options.replicas,
    });
    web
      .addContainer('web', {
        ...this.container('web'),
        ports: { http: 8080 },
        ...this.probes(),
      })
      .mount('/var/log/storefront', accessLog)
      .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(64) }));
    web
      .addContainer('access-log', {
        image: this.image('access-log'),
        args: ['--follow', '/var/log/storefront/access.log'],
        resources: { cpu: Cpu.millis(20), memory: Size.mebibytes(32) },
      })
      .mount('/var/log/storefront', accessLog, { readOnly: true });
    const service = web.expose({ ports: { http: 80 } });
    new Ingress(this, 'shop', { healthCheck: { path: '/readyz' } }).route(
      this.options.host,
      '/',
      service,
      'http',
    );
    return web;
  }

  private api(payment: Service): Deployment {
    const api = new Deployment(this, 'api', {
      ...this.account('api'),
      version: this.options.version,
      scrape: { port: 'http' },
    });
    api.addContainer('api', {
      ...this.container('api'),
      env: { ...this.container('api').env, PAYMENT_HOST: EnvValue.fromValue(payment.host) },
      ports: { http: 8080 },
      ...this.probes(),
    });
    api.autoscale({ min: 2, max: 6, cpu: { targetUtilization: 70 } });
    api.expose({ ports: { http: 80 } });
    return api;
  }

  private database(): StatefulSet {
    const database = new StatefulSet(this, 'database', { ...this.account('database'), replicas: 1 });
    database
      .addContainer('database', {
        ...this.container('database'),
        ports: { sql: 5432 },
        readiness: Probe.fromTcpSocket('sql'),
        liveness: Probe.fromTcpSocket('sql'),
      })
      .mount('/var/lib/database', database.addClaim('data', { size: Size.gibibytes(10) }));
    database.expose({ ports: { sql: 5432 } });
    return database;
  }

  private cache(): Deployment {
    const cache = new Deployment(this, 'cache', { ...this.account('cache'), replicas: 1 });
    cache
      .addContainer('cache', {
        ...this.container('cache'),
        ports: { redis: 6379 },
        readiness: Probe.fromTcpSocket('redis'),
        liveness: Probe.fromTcpSocket('redis'),
      })
      .mount('/data', Volume.fromEmptyDir('data', { sizeLimit: Size.mebibytes(128) }));
    cache.expose({ ports: { redis: 6379 } });
    return cache;
  }

  /** An identity for each workload: what one may do, no other one may. */
  private account(name: string): { readonly serviceAccount: ServiceAccount } {
    const account = new ServiceAccount(this, `${name}-account`, { name: `storefront-${name}` });
    return { serviceAccount: account };
  }

  private container(name: string): ContainerOptions {
    return {
      image: this.image(name),
      env: {
        LOG_LEVEL: EnvValue.fromConfigMap(this.settings, 'log-level'),
        POD_NAME: EnvValue.fromField('metadata.name'),
      },
      resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
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
