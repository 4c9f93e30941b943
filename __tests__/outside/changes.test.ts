import { dependable } from 'cdktf';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceAccount } from '../../constructs/kubernetes/access/service-account';
import { ConfigMap } from '../../constructs/kubernetes/configuration/config-map';
import { EnvValue } from '../../constructs/kubernetes/pods/env-value';
import { Cpu, Size } from '../../constructs/kubernetes/pods/quantity';
import type { AppliedRecord } from '../../src/pipeline/apply/applied-record';
import { followed } from '../../src/pipeline/health/follow-workloads';
import { keepCreated } from '../../src/pipeline/health/kept-creations';
import { importsOf, removeImports, writeImports } from '../../src/pipeline/state/hand-over';
import { describeUnhealthy, platformHealth } from '../../src/pipeline/health/platform-health';
import {
  HEALTH_KINDS,
  type LiveObject,
  unhealthyWorkloads,
  type UnhealthyWorkload,
} from '../../src/pipeline/health/workload-health';
import { StatefulSet } from '../../constructs/kubernetes/workloads/stateful-set';
import { PersistentVolumeClaim } from '../../constructs/kubernetes/storage/persistent-volume-claim';
import { StorageClass } from '../../constructs/kubernetes/storage/storage-class';
import { Volume } from '../../constructs/kubernetes/storage/volume';
import { ReplicaSet } from '../../constructs/kubernetes/workloads/replica-set';
import { kubernetesObjects } from '../../src/manifests/objects';
import { PriorityClass } from '../../constructs/kubernetes/pods/priority-class';
import { Service, type ServiceOptions } from '../../constructs/kubernetes/network/service';
import { Deployment } from '../../constructs/kubernetes/workloads/deployment';
import { plain } from '../constructs/kubernetes/workload-options';
import { ChangedObjects, type Version } from './changed-objects';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;

describe('a change of one object, by the provider,', () => {
  const by = providerCluster();

  const uids = async (kind: string, namespace: string): Promise<string[]> =>
    (
      await by.kubectl.run([
        'get',
        kind,
        '--namespace',
        namespace,
        '--output=jsonpath={.items[*].metadata.uid}',
      ])
    )
      .split(' ')
      .sort();

  /** Keeps what an apply has created, and gives what is said of it. */
  const keep = async (objects: ChangedObjects): Promise<string[]> => {
    const said: string[] = [];
    await keepCreated({
      stack: { name: objects.name, document: objects.document() },
      terraform: objects.terraform,
      store: {
        writeBegun: (name, begun) => {
          const applied = { begun } as unknown as AppliedRecord;
          const stack = { name, document: objects.document() };
          writeImports(objects.folder, importsOf(stack, [], new Map([[name, { applied }]])));
          return Promise.resolve();
        },
      },
      kubectl: (...args) => by.kubectl.run(args),
      report: (text) => said.push(text),
    });
    return said;
  };

  /** A workload as `plan` and `apply` judge it: none where it is ready. */
  const unhealthy = async (namespace: string, kind: string, name: string): Promise<UnhealthyWorkload[]> => {
    const found = await by.kubectl.run(['get', HEALTH_KINDS, '--namespace', namespace, '--output=json']);
    const { items } = JSON.parse(found) as { items: LiveObject[] };
    return unhealthyWorkloads([{ apiVersion: 'apps/v1', kind, metadata: { namespace, name } }], items);
  };

  it(
    'of the replicas from two to one and back rolls no Pod',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'replicas');
      const web =
        (replicas: number): Version =>
        (stack) =>
          new Deployment(stack, 'web', { replicas, containers: { web: plain } });
      await objects.apply(web(2));
      const before = await uids('pods', 'replicas');
      await objects.apply(web(1));
      await objects.apply(web(2));
      const after = await uids('pods', 'replicas');
      expect(before.filter((uid) => after.includes(uid))).toHaveLength(1);
      expect(await uids('replicasets', 'replicas')).toHaveLength(1);
    },
    5 * MINUTE,
  );

  it(
    'of a Service’s type keeps the Service and its address',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'types');
      const web =
        (options: ServiceOptions): Version =>
        (stack) => {
          const workload = new Deployment(stack, 'web', {
            replicas: 1,
            containers: { web: { ...plain, ports: { http: 80 } } },
          });
          new Service(stack, 'service', { workload, ...options });
        };
      const types: ServiceOptions[] = [
        { type: 'ClusterIP' },
        { type: 'LoadBalancer' },
        { type: 'NodePort' },
        { type: 'LoadBalancer' },
        { type: 'ClusterIP' },
        { type: 'NodePort' },
        { type: 'ClusterIP' },
      ];
      const seen: string[][] = [];
      for (const options of types) {
        await objects.apply(web(options));
        expect([options.type, await objects.plan()]).toEqual([options.type, []]);
        seen.push(await uids('services', 'types'));
      }
      expect(new Set(seen.flat()).size).toBe(1);
    },
    5 * MINUTE,
  );

  it(
    'of a priority class’s value leaves the old class until the Pods have the new one',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'priority');
      const web =
        (value: number): Version =>
        (stack) => {
          const priorityClass = new PriorityClass(stack, 'urgent', { value });
          new Deployment(stack, 'web', { replicas: 1, priorityClass, containers: { web: plain } });
        };
      await objects.apply(web(5));
      await objects.write(web(6));
      const [replaced] = (await objects.plan()).filter(({ type }) => type === 'kubernetes_priority_class_v1');
      expect(replaced?.change.actions).toEqual(['create', 'delete']);
      await objects.terraform.apply('plan');
      const priorities = [
        'get',
        'pods',
        '--namespace',
        'priority',
        '--output=jsonpath={.items[*].spec.priority}',
      ];
      expect(await by.kubectl.run(priorities)).toBe('6');
    },
    5 * MINUTE,
  );

  it(
    'that removes an account, a class and a claim deletes them last, from an unordered state too',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'removal');
      const web =
        (uses: boolean, ordered = true): Version =>
        (stack) => {
          const used = uses && {
            serviceAccount: new ServiceAccount(stack, 'robot'),
            priorityClass: new PriorityClass(stack, 'urgent', { value: 5 }),
          };
          const options = { replicas: 1, strategy: 'Recreate' as const, ...used };
          const container = new Deployment(stack, 'web', options).addContainer('web', plain);
          const storageClass = new StorageClass(stack, 'fast', { name: 'removal' });
          const claim =
            uses && new PersistentVolumeClaim(stack, 'data', { size: Size.gibibytes(1), storageClass });
          if (claim) container.mount('/data', Volume.fromClaim(claim));
          if (used && claim && !ordered) {
            for (const { resource } of [used.serviceAccount, used.priorityClass, claim])
              resource.lifecycle = {};
          }
        };
      await objects.apply(web(true, false));
      expect(await objects.apply(web(true))).toEqual([]);
      expect((await objects.apply(web(false))).sort()).toEqual([
        'create kubernetes_service_account_v1.web_account',
        'delete kubernetes_persistent_volume_claim_v1.data',
        'delete kubernetes_priority_class_v1.urgent',
        'delete kubernetes_service_account_v1.robot',
        'update kubernetes_deployment_v1.web',
      ]);
      const log = readFileSync(join(by.cluster.directory, 'logs', 'changes-removal.log'), 'utf8');
      const rolled = log.lastIndexOf('kubernetes_deployment_v1.web: Modifications complete');
      const deleted = [
        'service_account_v1.robot',
        'priority_class_v1.urgent',
        'persistent_volume_claim_v1.data',
      ];
      expect(rolled).toBeGreaterThan(0);
      expect(deleted.filter((name) => log.lastIndexOf(`kubernetes_${name}: Destroying`) < rolled)).toEqual(
        [],
      );
    },
    5 * MINUTE,
  );

  it(
    'of a ConfigMap whose rollout failed keeps the one that the earlier Pods read',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'unfinished');
      const web =
        (text: string, cpu: Cpu): Version =>
        (stack) => {
          const greeting = new ConfigMap(stack, 'greeting', { data: { text } });
          const web = {
            ...plain,
            env: { GREETING: EnvValue.fromConfigMap(greeting, 'text') },
            resources: { cpu, memory: Size.mebibytes(64) },
          };
          new Deployment(stack, 'web', { replicas: 1, progressDeadlineSeconds: 10, containers: { web } });
        };
      const greetings = async (): Promise<number> => {
        const names = await by.kubectl.run([
          'get',
          'configmaps',
          '--namespace',
          'unfinished',
          '--output=name',
        ]);
        return names.split('\n').filter((name) => name.includes('greeting')).length;
      };
      await objects.apply(web('good morning', Cpu.millis(50)));
      await expect(objects.apply(web('good evening', Cpu.units(500)))).rejects.toThrow('terraform apply');
      expect(await greetings()).toBe(2);
      const found = await objects.stops(await unhealthy('unfinished', 'Deployment', 'web'));
      expect(found).toEqual([
        expect.stringMatching(
          /^destroys the ConfigMap unfinished\/greeting-\w+ of an earlier revision, which its Pods need/,
        ),
      ]);
      await objects.write(web('good evening', Cpu.millis(50)));
      expect(await objects.stops(await unhealthy('unfinished', 'Deployment', 'web'))).toEqual([]);
      await objects.terraform.apply('plan');
      expect(await greetings()).toBe(1);
      expect(await unhealthy('unfinished', 'Deployment', 'web')).toEqual([]);
    },
    5 * MINUTE,
  );

  it(
    'of a StatefulSet that failed is reverted after its pending Pod is deleted',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'forced');
      const database =
        (cpu: Cpu, update: string): Version =>
        (stack) => {
          const resources = { cpu, memory: Size.mebibytes(64) };
          const set = new StatefulSet(stack, 'database', {
            replicas: 1,
            containers: { web: { ...plain, resources } },
          });
          set.resource.putTimeouts({ create: '2m', update, delete: '2m' });
        };
      await objects.apply(database(Cpu.millis(50), '2m'));
      await expect(objects.apply(database(Cpu.units(500), '10s'))).rejects.toThrow('terraform apply');
      await objects.write(database(Cpu.millis(60), '3m'));
      await objects.plan();
      const applied = objects.terraform.apply();
      const health = async (): Promise<string> =>
        (await unhealthy('forced', 'StatefulSet', 'database')).map(describeUnhealthy).join('\n');
      let seen = '';
      while (!seen.includes('To fix it: delete that Pod')) {
        await sleep(2_000);
        seen = await health();
      }
      await by.kubectl.run(['delete', 'pod', 'database-0', '--namespace', 'forced']);
      await applied;
      expect(await health()).toBe('');
    },
    8 * MINUTE,
  );

  const quota = (namespace: string, pods: number): Promise<string> =>
    by.kubectl.run(['create', 'quota', 'few', `--hard=pods=${pods}`, '--namespace', namespace]);

  const allowed = async (namespace: string): Promise<void> => {
    await by.kubectl.run(['delete', 'quota', 'few', '--namespace', namespace]);
  };

  /** Applies what is written as `npm run apply` does. */
  const followedApply = async (objects: ChangedObjects): Promise<void> => {
    const { name, terraform } = objects;
    const document = objects.document();
    await followed(terraform.apply(), {
      stack: { document },
      terraform,
      every: 2_000,
      report: () => undefined,
      ask: () => platformHealth([{ name, document }], (...args) => by.kubectl.run(args)),
    });
  };

  it(
    'that a quota keeps from its Pods ends early, and the next apply continues',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'ended');
      const web =
        (image: string): Version =>
        (stack) =>
          new Deployment(stack, 'web', { replicas: 1, containers: { web: { ...plain, image } } });
      await objects.apply(web('shop/web:1'));
      await quota('ended', 1);
      await objects.write(web('shop/web:2'));
      const since = Date.now();
      const ended = followedApply(objects);
      await expect(ended).rejects.toThrow(
        /terraform apply was ended early in stack ended;.*\n.*\n *Deployment ended\/web: stuck: .*\n.*exceeded quota: few/,
      );
      await expect(ended).rejects.toThrow('To fix it: raise the quota of the namespace, or ask for less');
      // The rollout itself is given up after 300 seconds.
      expect(Date.now() - since).toBeLessThan(150_000);
      await allowed('ended');
      await objects.apply(web('shop/web:2'));
      // Terraform has nothing left to do, and the controller tries again in its own time.
      await by.kubectl.run(['rollout', 'status', 'deployment/web', '--namespace=ended', '--timeout=4m']);
      expect(await unhealthy('ended', 'Deployment', 'web')).toEqual([]);
      const image = [
        'get',
        'pods',
        '--namespace=ended',
        '--output=jsonpath={.items[*].spec.containers[0].image}',
      ];
      expect(await by.kubectl.run(image)).toBe('shop/web:2');
    },
    8 * MINUTE,
  );

  it(
    'that creates workloads whose Pods do not come keeps them, protected ones too',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'begun');
      await objects.apply(() => undefined);
      await quota('begun', 0);
      const workloads: Version = (stack) => {
        new StatefulSet(stack, 'database', { replicas: 1, containers: { web: plain }, protect: true });
        new ReplicaSet(stack, 'workers', { replicas: 1, containers: { web: plain } });
        new Deployment(stack, 'web', { replicas: 1, containers: { web: plain } });
      };
      await objects.write(workloads);
      const ended = followedApply(objects);
      // The status of a StatefulSet states no cause, so that the program would wait for its timeout.
      ended.catch(() => undefined);
      while (objects.terraform.underWay.size < 3) await sleep(200);
      await sleep(15_000);
      const since = Date.now();
      objects.terraform.end('the test ends it');
      await expect(ended).rejects.toThrow('was ended early');
      expect(Date.now() - since).toBeLessThan(15_000);
      // The provider does not stop: it was ended, and saved nothing.
      expect(await keep(objects)).toEqual([
        expect.stringMatching(/^kubernetes_deployment_v1.web: .* imports Deployment begun\/web if it exists/),
        expect.stringMatching(/^kubernetes_manifest.workers: .* imports ReplicaSet begun\/workers if it/),
        expect.stringMatching(/^kubernetes_stateful_set_v1.database: .* StatefulSet begun\/database if it/),
      ]);
      const before = await uids('deployments,statefulsets,replicasets', 'begun');
      await allowed('begun');
      const changes = (await objects.plan()).map(({ action, address }) => `${action} ${address}`).sort();
      expect(changes).toEqual([
        'update kubernetes_deployment_v1.web',
        'update kubernetes_manifest.workers',
        'update kubernetes_stateful_set_v1.database',
      ]);
      await objects.terraform.apply();
      removeImports(objects.folder);
      expect(await uids('deployments,statefulsets,replicasets', 'begun')).toEqual(before);
      expect(await objects.plan()).toEqual([]);
    },
    8 * MINUTE,
  );

  /** A Deployment that is waited for, and what comes after it. */
  const inOrder: Version = (stack) => {
    const web = new Deployment(stack, 'web', {
      replicas: 1,
      minReadySeconds: 40,
      containers: { web: plain },
    });
    const settings = new ConfigMap(stack, 'settings', { name: 'settings', data: { level: 'info' } });
    settings.resource.dependsOn = [dependable(web.resource)];
  };

  /** Applies it, does something while Terraform waits for the Deployment, and gives the message of its failure. */
  const brokenApply = async (objects: ChangedObjects, act: () => Promise<void>): Promise<string> => {
    const applied = objects.terraform.apply().then(
      () => 'nothing failed',
      (error: unknown) => String(error),
    );
    while (!objects.terraform.underWay.has('kubernetes_deployment_v1.web')) await sleep(100);
    await sleep(2_000);
    await act();
    return applied;
  };

  /** What is there is kept, the rest is made, and nothing is left to do. */
  const recovers = async (objects: ChangedObjects): Promise<void> => {
    const before = await uids('deployments', objects.name);
    expect(before).toHaveLength(1);
    await keep(objects);
    expect(await objects.apply(inOrder)).toEqual(['create kubernetes_config_map_v1.settings']);
    expect(await uids('deployments', objects.name)).toEqual(before);
    expect(await objects.plan()).toEqual([]);
  };

  it(
    'whose credentials end in the middle of it says so, and the next apply makes the rest',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'signed-out');
      await by.kubectl.run(['create', 'namespace', 'robots']);
      const admin = async (): Promise<void> => {
        await by.kubectl.run(['create', 'serviceaccount', 'robot', '--namespace=robots']);
        const token = await by.kubectl.run(['create', 'token', 'robot', '--namespace=robots']);
        const view = ['config', 'view', '--raw', '--flatten', '--output=json'];
        const config = JSON.parse(await by.kubectl.run(view)) as { users: { user: object }[] };
        objects.kubeconfig = join(by.cluster.directory, 'robot.kubeconfig');
        const users = config.users.map((user) => ({ ...user, user: { token: token.trim() } }));
        writeFileSync(objects.kubeconfig, JSON.stringify({ ...config, users }));
      };
      await by.kubectl.run([
        'create',
        'clusterrolebinding',
        'robot',
        '--clusterrole=cluster-admin',
        '--serviceaccount=robots:robot',
      ]);
      await admin();
      await objects.write(inOrder);
      const signOut = async (): Promise<void> => {
        await by.kubectl.run(['delete', 'serviceaccount', 'robot', '--namespace=robots']);
      };
      const message = await brokenApply(objects, signOut);
      expect(message).toMatch(
        /terraform apply failed in stack signed-out;.*\n {2}The credentials have expired/,
      );
      await admin();
      await recovers(objects);
    },
    5 * MINUTE,
  );

  it(
    'during which the API server stops says so, and the next apply makes the rest',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'unanswered');
      await objects.write(inOrder);
      const server = by.cluster.processes.list().find(({ name }) => name.startsWith('kube-apiserver'));
      if (!server) throw new Error('no API server runs');
      const message = await brokenApply(objects, () => {
        process.kill(server.pid, 'SIGSTOP');
        return Promise.resolve();
      }).finally(() => process.kill(server.pid, 'SIGCONT'));
      expect(message).toMatch(/terraform apply failed in stack unanswered;.*\n {2}A server did not answer/);
      await recovers(objects);
    },
    5 * MINUTE,
  );

  it(
    'by hand in a manifest is gone after the next apply',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'by-hand');
      const workers: Version = (stack) =>
        new ReplicaSet(stack, 'workers', { replicas: 1, containers: { web: plain } });
      await objects.apply(workers);
      await by.kubectl.run(['scale', 'replicaset', 'workers', '--replicas=2', '--namespace', 'by-hand']);
      expect(await objects.apply(workers)).toEqual(['update kubernetes_manifest.workers']);
      const replicas = [
        'get',
        'replicaset',
        'workers',
        '--namespace',
        'by-hand',
        '--output=jsonpath={.spec.replicas}',
      ];
      expect(await by.kubectl.run(replicas)).toBe('1');
    },
    5 * MINUTE,
  );

  it(
    'from Terraform resources to manifests replaces no Pod',
    async () => {
      const objects = await ChangedObjects.in(by.cluster, 'two-ways');
      const web: Version = (stack) => {
        const deployment = new Deployment(stack, 'web', { replicas: 1, containers: { web: plain } });
        deployment.separateFrom(deployment);
      };
      await objects.apply(web);
      const manifests = kubernetesObjects(objects.document()).map(({ object }) => object);
      const apply = ['apply', '--server-side', '--force-conflicts', '--filename=-'];
      const list = { apiVersion: 'v1', kind: 'List', items: manifests };
      await by.kubectl.run(apply, { input: JSON.stringify(list) });
      const generation = [
        'get',
        'deployment',
        'web',
        '--namespace',
        'two-ways',
        '--output=jsonpath={.metadata.generation}',
      ];
      expect(await by.kubectl.run(generation)).toBe('1');
      expect(await objects.plan()).toEqual([]);
    },
    5 * MINUTE,
  );
});
