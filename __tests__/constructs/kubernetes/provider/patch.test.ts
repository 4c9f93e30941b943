import { App } from 'cdktf';
import type { NetworkPolicy as ApiNetworkPolicy } from 'kubernetes-types/networking/v1';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NetworkPolicy } from '../../../../constructs/kubernetes/network/network-policy';
import { patch } from '../../../../constructs/kubernetes/provider/patch';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { kubernetesObjects } from '../../../../src/manifests/objects';
import { findings, inNamespace } from '../namespace-of';
import { type SampleSet, SAMPLE_SETS, SampleStack } from '../sample-stack';

const image = 'registry.example.com/web:1';

it.each(SAMPLE_SETS)('a patch that changes nothing leaves every object as it was: %s', (set: SampleSet) => {
  const outdir = mkdtempSync(join(tmpdir(), 'patch-'));
  try {
    const [plain, patched] = ['plain', 'patched'].map((folder) => {
      const stack = new SampleStack(new App({ outdir: join(outdir, folder) }), set, 'kubeconfig');
      for (const resource of folder === 'plain' ? [] : stack.resources().values()) {
        // The values of Secrets are in no object.
        if (/^kubernetes_(?!secret)/.test(resource.terraformResourceType)) patch(resource, () => undefined);
      }
      const constructs = stack.node.findAll();
      expect(
        constructs.flatMap(({ node }) => node.validate().map((error) => `${node.path}: ${error}`)),
      ).toEqual([]);
      return kubernetesObjects(stack.toTerraform(), { resolve: (expression) => `<${expression}>` });
    });
    expect(patched).toEqual(plain);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

it('a patch sets fields without an option, in the words of the API, beside text and references', () => {
  const { object, document } = inNamespace((stack) => {
    new Deployment(stack, 'web', { image, annotations: { a: '${b}' } }).patch(({ spec, metadata }) => {
      spec.template.spec.hostname = 'front';
      spec.template.spec.dnsConfig = { options: [{ name: 'ndots', value: '2' }] };
      metadata.annotations = { note: `%{c} of ${spec.template.spec.serviceAccountName ?? ''}` };
    });
    new CronJob(stack, 'nightly', { image, schedule: Schedule.cron('0 3 * * *') }).patch((job) => ({
      ...job,
      metadata: { ...job.metadata, labels: { team: 'shop' } },
    }));
    new ReplicaSet(stack, 'set', { image }).patch(({ spec }) => {
      spec.template.spec.hostUsers = false;
    });
    const policy = new NetworkPolicy(stack, 'deny', { podSelector: {}, ingress: () => [] });
    patch<ApiNetworkPolicy>(policy.resource, ({ spec }) => {
      spec.podSelector = { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] };
    });
  });
  expect(object('Deployment')).toMatchObject({
    metadata: { annotations: { note: '%{c} of web' } },
    spec: {
      template: {
        metadata: { annotations: { a: '${b}' } },
        spec: { hostname: 'front', dnsConfig: { options: [{ name: 'ndots', value: '2' }] } },
      },
    },
  });
  expect(JSON.stringify(document.resource?.['kubernetes_deployment_v1'])).toContain(
    '%%{c} of ${kubernetes_service_account_v1.web_account.metadata[0].name}',
  );
  expect(object('CronJob').metadata.labels).toEqual({ team: 'shop' });
  expect(object('ReplicaSet')['spec']).toMatchObject({ template: { spec: { hostUsers: false } } });
  expect(object('NetworkPolicy')['spec']).toMatchObject({
    podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] },
  });
});

it('a patch is an error where the provider cannot send a field, with its name and a remedy', () => {
  let found: string[] = [];
  try {
    inNamespace((stack) => {
      new Deployment(stack, 'web', { image }).patch(({ spec }) => {
        spec.template.spec.hostUsers = false;
        Object.assign(spec.template.spec, { hostNmae: 'web', tolerations: 'all' });
      });
      new Deployment(stack, 'api', { image }).patch(({ spec }) => {
        spec.template.spec.hostNetwork = false;
      });
      new Deployment(stack, 'kind', { image }).patch((object) => ({
        ...object,
        kind: 'StatefulSet' as 'Deployment',
      }));
      new Deployment(stack, 'half', { image }).patch(({ spec }) => {
        spec.replicas = 1.5;
      });
    });
  } catch (error) {
    found = (error as Error).message.split('\n');
  }
  const remedy =
    "for a field of the API that the provider lacks, set via: 'manifest' of the workload, and set the field by patch()";
  expect(found).toEqual([
    'shop/web: patch() sets spec.template.spec.tolerations: got "all", which is not of the field\'s type',
    `shop/web: patch() sets spec.template.spec.hostUsers: hashicorp/kubernetes 2.38.0 has no such argument; ${remedy}`,
    `shop/web: patch() sets spec.template.spec.hostNmae: hashicorp/kubernetes 2.38.0 has no such argument; did you mean "hostname"? ${remedy}`,
    'shop/api: patch() sets spec.template.spec.hostNetwork: got false, but the provider sends nothing; leave it out',
    'shop/kind: patch() sets apiVersion and kind: they stay as they are',
    'shop/half: patch() sets spec.replicas: expected an integer, got "1.5"',
  ]);
});

it('a patch may leave a field undefined, and is an error where it gives no object of data', () => {
  const patched = (change: (object: { spec: object }) => unknown): string[] =>
    findings((stack) => {
      new Deployment(stack, 'web', { image, via: 'manifest' }).patch(change as never);
      new Deployment(stack, 'api', { image }).patch(change as never);
    });
  const both = (message: string): string[] => [
    `shop/web: patch() ${message}`,
    `shop/api: patch() ${message}`,
  ];
  expect(
    patched(({ spec }) => {
      Object.assign(spec, { paused: undefined, minReadySeconds: 3 });
    }),
  ).toEqual([]);
  expect(patched(() => 5)).toEqual(both('returned 5; return an object, or nothing after a change in place'));
  expect(
    patched(({ spec }) => {
      Object.assign(spec, { minReadySeconds: () => 3 });
    }),
  ).toEqual(
    both(
      'sets spec.minReadySeconds: got a function; expected a text, a finite number, true, false, a list, a plain object or a reference',
    ),
  );
});

it('a patch that moves or renames an object, or fails, is an error with the rest of them', () => {
  const changed = (change: (deployment: Deployment) => void) => () =>
    inNamespace((stack) => {
      change(new Deployment(stack, 'web', { image }));
      new Deployment(stack, 'other', { image }).patch(({ metadata }) => void (metadata.name = 'third'));
    });
  expect(changed((web) => web.patch(({ metadata }) => void (metadata.namespace = 'zz')))).toThrow(
    /patch\(\) sets metadata.namespace: it stays as it is[^]*patch\(\) sets metadata.name: it stays as it is; set the option name/,
  );
  const fails = changed((web) =>
    web.patch(() => {
      throw new TypeError('no such container');
    }),
  );
  expect(fails).toThrow(/shop\/web: patch\(\) failed with TypeError: no such container[^]*metadata.name/);
});
