import { Construct } from 'constructs';
import { ConfigMap } from '../constructs/kubernetes/config-map';
import { Deployment } from '../constructs/kubernetes/deployment';
import { EnvValue } from '../constructs/kubernetes/env-value';
import { NetworkPolicy } from '../constructs/kubernetes/network-policy';
import { Probe } from '../constructs/kubernetes/probe';
import { Cpu, Size } from '../constructs/kubernetes/quantity';
import { ServiceAccount } from '../constructs/kubernetes/service-account';
import { Volume } from '../constructs/kubernetes/volume';

export interface StorefrontOptions {
  /** Registry that the images are pulled from, without a trailing slash. */
  readonly imageRegistry: string;
  /** Version of the storefront: the tag of its images. */
  readonly version: string;
  /** Number of web Pods. */
  readonly replicas: number;
}

/** The storefront: a web server whose access log a sidecar turns into the Pod's log. */
export class Storefront extends Construct {
  constructor(scope: Construct, id: string, options: StorefrontOptions) {
    super(scope, id);
    const settings = new ConfigMap(this, 'settings', {
      data: { 'log-level': 'info', 'access-log': '/var/log/storefront/access.log' },
    });
    const accessLog = Volume.fromEmptyDir('access-log', { sizeLimit: Size.mebibytes(64) });

    const web = new Deployment(this, 'web', {
      version: options.version,
      replicas: options.replicas,
      serviceAccount: new ServiceAccount(this, 'web-account', { name: 'storefront-web' }),
    });
    web
      .addContainer('web', {
        image: `${options.imageRegistry}/storefront-web:${options.version}`,
        ports: { http: 8080 },
        env: {
          LOG_LEVEL: EnvValue.fromConfigMap(settings, 'log-level'),
          ACCESS_LOG: EnvValue.fromConfigMap(settings, 'access-log'),
          POD_NAME: EnvValue.fromField('metadata.name'),
        },
        resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
        startup: Probe.fromHttpGet('/healthz', 8080, { periodSeconds: 2, failureThreshold: 30 }),
        liveness: Probe.fromHttpGet('/healthz', 8080),
        readiness: Probe.fromHttpGet('/readyz', 8080),
      })
      .mount('/var/log/storefront', accessLog)
      .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(64) }));
    web
      .addContainer('access-log', {
        image: `${options.imageRegistry}/storefront-access-log:${options.version}`,
        args: ['--follow', '/var/log/storefront/access.log'],
        resources: { cpu: Cpu.millis(20), memory: Size.mebibytes(32) },
      })
      .mount('/var/log/storefront', accessLog, { readOnly: true });
    web.expose({ ports: { http: 80 } });
    new NetworkPolicy(this, 'web-ingress', {
      podSelector: web.selector,
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'http', protocol: 'TCP' }] }],
    });
  }
}
