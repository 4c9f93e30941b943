import { App, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Secret } from '../../../../constructs/kubernetes/configuration/secret';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { EnvFrom } from '../../../../constructs/kubernetes/pods/env-from';
import { EnvValue } from '../../../../constructs/kubernetes/pods/env-value';
import { Projection, Volume } from '../../../../constructs/kubernetes/storage/volume';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../../../constructs/kubernetes/workloads/job';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import type { Workload } from '../../../../constructs/kubernetes/workloads/workload';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import type { KubernetesObject } from '../../../../src/manifests/objects';
import { inNamespace } from '../namespace-of';

type Kind = 'CronJob' | 'DaemonSet' | 'Deployment' | 'Job' | 'Pod' | 'ReplicaSet' | 'StatefulSet';

const image = 'shop/app:1';

const KINDS: Readonly<Record<Kind, (scope: Construct) => Workload>> = {
  CronJob: (scope) => new CronJob(scope, 'app', { image, schedule: Schedule.daily({ hour: 3 }) }),
  DaemonSet: (scope) => new DaemonSet(scope, 'app', { image }),
  Deployment: (scope) => new Deployment(scope, 'app', { image }),
  Job: (scope) => new Job(scope, 'app', { image }),
  Pod: (scope) => new Pod(scope, 'app', { image }),
  ReplicaSet: (scope) => new ReplicaSet(scope, 'app', { image }),
  StatefulSet: (scope) => new StatefulSet(scope, 'app', { image }),
};

/** How a workload uses a ConfigMap. */
const mount = (workload: Workload, settings: ConfigMap): void => {
  workload.container.mount('/settings', Volume.fromConfigMap('settings', settings));
};

/** The workload and the ConfigMap of a namespace, with some content. */
function using(kind: Kind, level: string, also: readonly Kind[] = []) {
  const shop = inNamespace((stack) => {
    const settings = new ConfigMap(stack, 'settings', { data: { level } });
    mount(KINDS[kind](stack), settings);
    for (const other of also) mount(KINDS[other](new Construct(stack, 'also')), settings);
  });
  const object = shop
    .objects(kind)
    .find(({ metadata }) => metadata.name?.startsWith('app')) as KubernetesObject;
  const resource = shop.document.resource?.['kubernetes_config_map_v1']?.['settings'];
  return { object, resource, configMap: shop.object('ConfigMap') };
}

/** The first checksum in an object. */
const checksum = (object: KubernetesObject): string | undefined =>
  /"platform\/configuration":"([0-9a-f]{8})"/.exec(JSON.stringify(object))?.[1];

describe('a ConfigMap that changes', () => {
  it('gets a new name where Deployments alone use it, and the old one stays until the new Pods run', () => {
    const [info, debug] = ['info', 'debug'].map((level) => using('Deployment', level));
    expect(info?.resource).toMatchObject({ immutable: true, lifecycle: { create_before_destroy: true } });
    expect(info?.configMap.metadata.name).toMatch(/^settings-[0-9a-f]{8}$/);
    expect(debug?.configMap.metadata.name).not.toBe(info?.configMap.metadata.name);
    expect(info && checksum(info.object)).toBeUndefined();
  });

  it.each(['CronJob', 'DaemonSet', 'ReplicaSet', 'StatefulSet'] as const)(
    'keeps its name for a %s, and rolls its Pods by a checksum (fluxcd/kustomize-controller#1180)',
    (kind) => {
      const [info, debug, again] = ['info', 'debug', 'info'].map((level) => using(kind, level));
      expect(info?.configMap.metadata.name).toBe('settings');
      expect(info?.resource).not.toHaveProperty('immutable');
      expect(info && checksum(info.object)).toMatch(/^[0-9a-f]{8}$/);
      expect(debug && checksum(debug.object)).not.toBe(info && checksum(info.object));
      expect(again?.object).toEqual(info?.object);
    },
  );

  it('keeps a given name, and rolls the Pods of a Deployment by a checksum', () => {
    const [info, debug] = ['info', 'debug'].map((level) =>
      inNamespace((stack) => {
        const settings = new ConfigMap(stack, 'settings', { name: 'given', data: { level } });
        mount(KINDS.Deployment(stack), settings);
      }),
    );
    expect(info?.object('ConfigMap')).not.toHaveProperty('immutable');
    expect(info?.object('ConfigMap').metadata.name).toBe('given');
    const [before, after] = [info, debug].map((shop) => shop && checksum(shop.object('Deployment')));
    expect(before).toMatch(/^[0-9a-f]{8}$/);
    expect(after).not.toBe(before);
  });

  it.each(['Job', 'Pod'] as const)('keeps its name for a %s, which becomes another object', (kind) => {
    const [info, debug] = ['info', 'debug'].map((level) => using(kind, level));
    expect(info?.configMap.metadata.name).toBe('settings');
    expect(info?.object.metadata.name).not.toBe(debug?.object.metadata.name);
  });

  it('keeps its name for a Deployment too where a StatefulSet uses it, and rolls both', () => {
    const [info, debug] = ['info', 'debug'].map((level) => using('Deployment', level, ['StatefulSet']));
    expect(info?.configMap.metadata.name).toBe('settings');
    expect(debug && checksum(debug.object)).not.toBe(info && checksum(info.object));
  });
});

it('every way to use a ConfigMap or a Secret counts as its use', () => {
  const uses: readonly ((workload: Workload, settings: ConfigMap, login: Secret) => void)[] = [
    (workload, settings) =>
      workload.addContainer('c', { image, env: { A: EnvValue.fromConfigMap(settings, 'a') } }),
    (workload, settings) => workload.addContainer('c', { image, envFrom: [EnvFrom.fromConfigMap(settings)] }),
    (workload, settings) =>
      workload.addInitContainer('c', { image, envFrom: [EnvFrom.fromConfigMap(settings)] }),
    (workload, settings) => {
      workload.container.mount('/a', Volume.fromConfigMap('a', settings));
    },
    (workload, settings) => {
      workload.container.mount('/a', Volume.fromProjections('a', [Projection.fromConfigMap(settings)]));
    },
    (workload, _, login) =>
      workload.addContainer('c', { image, env: { A: EnvValue.fromSecret(login, 'a') } }),
    (workload, _, login) => workload.addContainer('c', { image, envFrom: [EnvFrom.fromSecret(login)] }),
    (workload, _, login) => {
      workload.container.mount('/a', Volume.fromSecret('a', login));
    },
    (workload, _, login) => {
      workload.container.mount('/a', Volume.fromProjections('a', [Projection.fromSecret(login)]));
    },
  ];
  const checksums = uses.map((use) => {
    const shop = inNamespace((stack) => {
      const settings = new ConfigMap(stack, 'settings', { data: { a: 'b' } });
      const login = Secret.fromSecretsManager(stack, 'login', {
        secretName: 'login',
        keys: ['a'],
        revision: 1,
      });
      use(KINDS.StatefulSet(stack), settings, login);
    });
    return checksum(shop.object('StatefulSet'));
  });
  expect(checksums).toHaveLength(9);
  expect(checksums).not.toContain(undefined);
});

it('a Secret that keeps its name is written again at every rotation', () => {
  const secret = (revision: number) =>
    inNamespace((stack) => {
      const login = Secret.fromSecretsManager(stack, 'login', { secretName: 'login', keys: ['a'], revision });
      KINDS.StatefulSet(stack).container.mount('/login', Volume.fromSecret('login', login));
    }).document.resource?.['kubernetes_secret_v1']?.['login'] as Record<string, unknown>;
  expect(secret(1)).toMatchObject({ metadata: { name: 'login' } });
  expect(secret(1)).not.toHaveProperty('immutable');
  expect(secret(2)['data_wo_revision']).not.toBe(secret(1)['data_wo_revision']);
});

describe('a value that only Terraform knows', () => {
  const endpoint = (stack: BaseStack, before: number): string => {
    for (let i = 0; i < before; i += 1)
      expect(new TerraformVariable(stack, `other-${i}`, {}).stringValue).toMatch(/TfToken/);
    return new TerraformVariable(stack, 'endpoint', { type: 'string' }).stringValue;
  };
  /** The name in the Terraform JSON, which no manifest can have. */
  const named = (type: string, build: (stack: BaseStack) => void): unknown => {
    const stack = new BaseStack(new App(), 'shop');
    new Namespace(stack, 'namespace', { name: 'shop' });
    build(stack);
    const [resource] = Object.values(stack.toTerraform().resource?.[type] ?? {});
    return (resource as unknown as { metadata: { name: unknown } }).metadata.name;
  };

  it('is part of the name of a ConfigMap, whatever was read before it (pulumi/pulumi-kubernetes#3181)', () => {
    const [first, later] = [0, 3].map((before) =>
      named('kubernetes_config_map_v1', (stack) => {
        new ConfigMap(stack, 'settings', { data: { url: `https://${endpoint(stack, before)}/\${x}` } });
      }),
    );
    expect(first).toMatch(
      /^settings-\$\{substr\(sha256\(jsonencode\(\["[0-9a-f]{8}", var\.endpoint\]\)\), 0, 8\)\}$/,
    );
    expect(later).toBe(first);
  });

  it('makes another Job when it changes', () => {
    expect(
      named('kubernetes_job_v1', (stack) => {
        new Job(stack, 'app', { image: `${endpoint(stack, 0)}/app:1` });
      }),
    ).toMatch(/^app-\$\{substr\(sha256\(.*var\.endpoint/);
  });

  it('is refused in a name, in an ID and as the name of a Secret (hashicorp/terraform-cdk#1068)', () => {
    expect(() =>
      inNamespace((stack) => {
        const value = endpoint(stack, 0);
        new Deployment(stack, 'web', { image, name: value }).connections.allowToCidr(value, 443);
        Secret.fromSecretsManager(stack, 'login', { secretName: value, keys: ['a'], revision: 1 });
      }),
    ).toThrow(
      /"shop\/web\/to-[^"]*" has a reference in its ID, whose value only Terraform knows[^]*shop\/web: name: got a reference[^]*shop\/login: secretName: got a reference/,
    );
  });
});

describe('a Job', () => {
  const name = (options: object, nodeGroups = ['node-1', 'node-2']): string | undefined =>
    inNamespace((stack) => new Job(stack, 'app', { image, ...options }), { nodeGroups }).object('Job')
      .metadata.name;

  it('does not run again for another place or manner to run (hashicorp/terraform-provider-kubernetes#2586)', () => {
    const same = name({});
    expect(name({}, ['node-1', 'node-2', 'node-3'])).toBe(same);
    for (const options of [
      { version: '2.0.0' },
      { annotations: { 'example.com/a': 'b' } },
      { tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }] },
      { priorityClassName: 'system-cluster-critical' },
      { terminationGracePeriodSeconds: 60 },
      { backoffLimit: 5, activeDeadlineSeconds: 60 },
      { user: 1000 },
    ]) {
      expect(name(options)).toBe(same);
    }
    expect(
      inNamespace((stack) => new Job(stack, 'app', { image })).document.resource?.['kubernetes_job_v1']?.[
        'app'
      ],
    ).toHaveProperty('lifecycle', { ignore_changes: ['spec'] });
  });

  it('runs again for another image, command, argument, folder or variable', () => {
    const names = [
      {},
      { image: 'shop/app:2' },
      { command: ['/app'] },
      { args: ['--all'] },
      { workingDir: '/srv' },
      { env: { A: EnvValue.fromValue('b') } },
      { initContainers: { first: { image } } },
    ].map((options) => name(options));
    expect(new Set(names).size).toBe(names.length);
  });
});
