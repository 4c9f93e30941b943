import type { Construct } from 'constructs';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { Job } from '../../../../constructs/kubernetes/workloads/job';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import type { Workload, WorkloadOptions } from '../../../../constructs/kubernetes/workloads/workload';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Service } from '../../../../constructs/kubernetes/network/service';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { findings, inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const containers = { web: plain };

describe('the ServiceAccount of a workload', () => {
  it('is one of its own, of its name, without a token', () => {
    const { document, object } = inNamespace((stack) => {
      new Deployment(stack, 'web', { name: 'shop-web', containers });
    });
    expect(object('ServiceAccount', 'shop-web')).toMatchObject({ automountServiceAccountToken: false });
    expect(Object.keys(document.resource?.['kubernetes_service_account_v1'] ?? {})).toEqual(['web_account']);
    expect(document.resource?.['kubernetes_deployment_v1']?.['web']).toMatchObject({
      spec: {
        template: {
          spec: {
            service_account_name: '${kubernetes_service_account_v1.web_account.metadata[0].name}',
            automount_service_account_token: false,
          },
        },
      },
    });
  });

  it('can get rights', () => {
    const { object } = inNamespace((stack) => {
      const web = new Deployment(stack, 'web', { containers });
      web.serviceAccount.grantRead(new ConfigMap(stack, 'settings', { data: { level: 'info' } }));
    });
    expect(object('RoleBinding', 'web-reader')).toMatchObject({
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
    });
  });

  it('is another one if the options set it, and then no own one exists', () => {
    const build = (stack: Construct): void => {
      const serviceAccount = new ServiceAccount(stack, 'shared');
      for (const id of ['web', 'api']) {
        expect(new Deployment(stack, id, { serviceAccount, containers }).serviceAccount).toBe(serviceAccount);
      }
    };
    const { document } = inNamespace(build);
    expect(Object.keys(document.resource?.['kubernetes_service_account_v1'] ?? {})).toEqual(['shared']);
  });

  it('is never the default one of Kubernetes', () => {
    expect(() => inNamespace((stack) => new Deployment(stack, 'default', { containers }))).toThrow(
      'shop/default/account: name: "default" is the account that Kubernetes makes in each namespace; choose another name',
    );
  });
});

/** Every kind, made with the options that all have. */
const KINDS: Record<string, (scope: Construct, options: Omit<WorkloadOptions, 'spread'>) => Workload> = {
  CronJob: (scope, options) =>
    new CronJob(scope, 'web', { ...options, schedule: Schedule.daily({ hour: 3 }) }),
  DaemonSet: (scope, options) => new DaemonSet(scope, 'web', options),
  Deployment: (scope, options) => new Deployment(scope, 'web', options),
  Job: (scope, options) => new Job(scope, 'web', options),
  Pod: (scope, options) => new Pod(scope, 'web', options),
  ReplicaSet: (scope, options) => new ReplicaSet(scope, 'web', options),
  StatefulSet: (scope, options) => new StatefulSet(scope, 'web', options),
};

const resourcesOf = (
  options: Omit<WorkloadOptions, 'spread'>,
  then: (workload: Workload) => void,
  kind = 'Deployment',
) =>
  inNamespace((stack) => {
    const workload = KINDS[kind]?.(stack, options);
    if (workload) then(workload);
  }).document.resource;

const nothing = (): void => undefined;

describe.each(Object.keys(KINDS))('a %s of one container', (kind) => {
  const options = { image: 'shop/web:1', ports: { http: 8080 }, health: '/healthz' };

  it('is what addContainer() makes with the name of the construct', () => {
    const short = resourcesOf(options, nothing, kind);
    const long = resourcesOf({}, (workload) => workload.addContainer('web', options), kind);
    expect(short).toEqual(long);
    expect(JSON.stringify(short)).toContain('"shop/web:1"');
  });

  it('needs a container', () => {
    expect(() => resourcesOf({}, nothing, kind)).toThrow(
      'spec.containers: Required value; set image, or call addContainer()',
    );
  });

  it('accepts no option of a container without an image', () => {
    expect(() =>
      resourcesOf({ ports: { http: 8080 }, health: '/healthz', containers }, nothing, kind),
    ).toThrow('shop/web: got ports, health without image; set image, or pass them to addContainer()');
  });
});

describe('the container of the option image', () => {
  it('can be read, and further containers be added', () => {
    const { object } = inNamespace((stack) => {
      const web = new Deployment(stack, 'web', { image: 'shop/web:1', ports: { http: 8080 } });
      expect(web.container.portNames).toEqual(['http']);
      web.addContainer('second', plain);
    });
    expect(object('Deployment')).toMatchObject({
      spec: { template: { spec: { containers: [{ name: 'web' }, { name: 'second' }] } } },
    });
  });

  it('is missing where there is no image', () => {
    expect(() => inNamespace((stack) => new Deployment(stack, 'web', { containers }).container)).toThrow(
      'shop/web has no image of its own; set image, or use what addContainer() returns',
    );
  });
});

describe('a workload with expose()', () => {
  const web = (stack: Construct) =>
    new Deployment(stack, 'web', {
      name: 'shop-web',
      image: 'shop/web:1',
      ports: { http: 8080, admin: 9000 },
      health: '/healthz',
    });

  it('has a Service with the ports of its containers, also of those that are added later', () => {
    const { object } = inNamespace((stack) => {
      const workload = web(stack);
      workload.expose();
      workload.addSidecar('proxy', { ...plain, ports: { proxy: 15000 } });
    });
    expect(object('Service')).toMatchObject({
      metadata: { name: 'shop-web' },
      spec: {
        ports: [
          { name: 'http', port: 8080, targetPort: 'http' },
          { name: 'admin', port: 9000, targetPort: 'admin' },
          { name: 'proxy', port: 15000, targetPort: 'proxy' },
        ],
      },
    });
  });

  it('has an Ingress for its host, to port 80, which routes to its first port', () => {
    const { document, object } = inNamespace((stack) => web(stack).expose({ host: 'shop.example.com' }));
    expect(object('Service')).toMatchObject({
      spec: { ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    });
    expect(object('Ingress')).toMatchObject({
      metadata: {
        name: 'shop-web',
        annotations: {
          'alb.ingress.kubernetes.io/scheme': 'internal',
          'alb.ingress.kubernetes.io/healthcheck-path': '/healthz',
        },
      },
      spec: {
        rules: [
          {
            host: 'shop.example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'shop-web', port: { name: 'http' } } },
                },
              ],
            },
          },
        ],
      },
    });
    expect(Object.keys(document.resource?.['kubernetes_ingress_v1'] ?? {})).toEqual(['web_ingress']);
  });

  it('has the given ports, and the host routes to the first one', () => {
    const { object } = inNamespace((stack) =>
      web(stack).expose({ host: 'shop.example.com', ports: { admin: 81, http: 80 } }),
    );
    expect(object('Service')).toMatchObject({ spec: { ports: [{ port: 81 }, { port: 80 }] } });
    expect(object('Ingress')).toMatchObject({
      spec: { rules: [{ http: { paths: [{ backend: { service: { port: { name: 'admin' } } } }] } }] },
    });
  });

  it('has a port, or reports that it has none', () => {
    expect(() =>
      inNamespace((stack) => {
        new Deployment(stack, 'web', { image: 'shop/web:1' }).expose({ host: 'shop.example.com' });
      }),
    ).toThrow('spec.ports: Required value; set ports, such as { http: 80 }');
  });
});

describe('the selector of a workload', () => {
  it('changes together with all that finds its Pods', () => {
    const selector = { app: 'web' };
    const { object, objects } = inNamespace((stack) => {
      const web = new Deployment(stack, 'web', { containers, selector });
      web.addContainer('api', { ...plain, ports: { http: 8080 } });
      web.expose();
      web.separateFrom(web).connections.allowFromCidr('10.0.0.0/16', 'http');
    });
    const labelSelector = { matchLabels: selector };
    expect(object('Deployment')).toMatchObject({
      metadata: { labels: { ...selector, 'app.kubernetes.io/name': 'web' } },
      spec: {
        selector: labelSelector,
        template: {
          metadata: { labels: selector },
          spec: {
            affinity: {
              podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector }] },
            },
            topologySpreadConstraints: [{ labelSelector }, { labelSelector }],
          },
        },
      },
    });
    expect(object('Service')).toMatchObject({ spec: { selector } });
    expect(object('PodDisruptionBudget')).toMatchObject({ spec: { selector: labelSelector } });
    expect(objects('NetworkPolicy')).toMatchObject([{ spec: { podSelector: labelSelector } }]);
  });

  it('selects no Pods of another workload, whose labels may be the same', () => {
    expect(
      findings((stack) => {
        new Deployment(stack, 'web', { containers, selector: { app: 'shop' } });
        new Deployment(stack, 'api', { containers, labels: { app: 'shop' } });
        new Deployment(stack, 'cache', { containers, selector: { app: 'shop', tier: 'cache' } });
      }),
    ).toEqual(
      ['api', 'cache'].map(
        (id) =>
          `shop/${id}: the selector {"app":"shop"} of shop/web finds the Pods of shop/${id} too. Each would count the other's Pods as its own. Give one of them another selector`,
      ),
    );
  });

  it('has text labels, which the option labels does not change', () => {
    expect(
      findings((stack) => {
        const { name } = new ConfigMap(stack, 'settings', { data: {} });
        new Deployment(stack, 'api', { containers, selector: { app: name } });
        new Deployment(stack, 'cache', { containers, labels: { 'app.kubernetes.io/name': 'redis' } });
      }),
    ).toEqual([
      'shop/api: selector: got a reference, whose value only Terraform knows; write the labels as text',
      'shop/cache: labels: got another "app.kubernetes.io/name" than the selector; remove it, or set it in selector',
    ]);
  });
});

it('a second call of a method that allows one is a finding, and no error of the construct tree', () => {
  expect(
    findings((stack) => {
      const web = new Deployment(stack, 'web', { containers: { web: { ...plain, ports: { http: 8080 } } } });
      web.expose();
      web.expose({ name: 'again' });
      web.autoscale({ max: 4, cpu: { targetUtilization: 70 } });
      web.autoscale({ max: 6, cpu: { targetUtilization: 70 } });
      new Service(stack, 'outside', { ports: { http: 80 } }).backedBy(['10.0.0.1']).backedBy(['10.0.0.2']);
    }),
  ).toEqual([
    'shop/web: expose() was called twice; call it once, or make another Service with new Service()',
    'shop/web: autoscale() was called twice; call it once, or give it all metrics at once',
    'shop/outside: backedBy() was called twice; call it once, or give it all addresses at once',
  ]);
});
