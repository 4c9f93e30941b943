import { Construct } from 'constructs';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Pod, type PodOptions } from '../../../../constructs/kubernetes/workloads/pod';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Secret } from '../../../../constructs/kubernetes/configuration/secret';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { inNamespace } from '../namespace-of';
import { plain, resources } from '../workload-options';

const shell = (scope: Construct, options: Partial<PodOptions> = {}): Pod =>
  new Pod(scope, 'shell', { containers: { shell: plain }, ...options });

const resourceOf = (options: Partial<PodOptions> = {}): unknown =>
  inNamespace((stack) => shell(stack, options)).document.resource?.['kubernetes_pod_v1']?.['shell'];

it('a Pod states every limit, because a limit that the LimitRange adds would replace it in each plan', () => {
  const amounts = { cpu: '100m', memory: '128Mi' };
  expect(resourceOf()).toMatchObject({
    spec: { container: [{ resources: { requests: amounts, limits: amounts } }] },
  });
});

it('a Pod states every limit of every container, whichever of them are given', () => {
  const requests = { cpu: '100m', memory: '128Mi' };
  const given = { ...plain, resources: { ...resources, cpuLimit: Cpu.units(1) } };
  expect(
    resourceOf({
      initContainers: { first: { ...plain, resources: { ...resources, memoryLimit: Size.gibibytes(1) } } },
      containers: { shell: given },
    }),
  ).toMatchObject({
    spec: {
      init_container: [{ resources: { requests, limits: { cpu: '100m', memory: '1Gi' } } }],
      container: [{ resources: { requests, limits: { cpu: '1', memory: '128Mi' } } }],
    },
  });
});

it('a Pod pulls its images with the Secrets of its ServiceAccount, which the API server would add', () => {
  const { document } = inNamespace((stack) => {
    const registry = Secret.fromSecretsManager(stack, 'registry', {
      secretName: 'seed/registry',
      keys: ['.dockerconfigjson'],
      type: 'kubernetes.io/dockerconfigjson',
      revision: 1,
    });
    shell(stack, {
      serviceAccount: new ServiceAccount(stack, 'account', { imagePullSecrets: [registry] }),
    });
  });
  expect(document.resource?.['kubernetes_pod_v1']?.['shell']).toMatchObject({
    spec: { image_pull_secrets: [{ name: '${kubernetes_secret_v1.registry.metadata[0].name}' }] },
  });
});

it('a Pod ignores a priority class that the cluster sets, and keeps an own one', () => {
  expect(resourceOf()).toMatchObject({ lifecycle: { ignore_changes: ['spec[0].priority_class_name'] } });
  expect(resourceOf({ priorityClassName: 'system-cluster-critical' })).not.toHaveProperty('lifecycle');
});

it('a Pod has no affinity if no option sets any, because an empty one would replace it in each plan', () => {
  const { document } = inNamespace((stack) => {
    const folder = new Construct(stack, 'folder');
    // Without node groups: its Pods run on every node.
    new Namespace(folder, 'namespace', { name: 'everywhere' });
    shell(folder);
  });
  const pod = document.resource?.['kubernetes_pod_v1']?.['folder_shell'];
  expect(pod).toHaveProperty('spec.container');
  expect(pod).not.toHaveProperty('spec.affinity');
});

it('a Pod has another name with another affinity, and the same name with any other change', () => {
  const nameIn = (nodes: string[], options: Partial<PodOptions> = {}): string => {
    const { document } = inNamespace((stack) => {
      const folder = new Construct(stack, 'folder');
      new Namespace(folder, 'namespace', { name: 'narrow', nodeGroups: nodes });
      shell(folder, options);
    });
    const { metadata } = document.resource?.['kubernetes_pod_v1']?.['folder_shell'] as {
      metadata: { name: string };
    };
    return metadata.name;
  };
  const name = nameIn(['node-1', 'node-2']);
  expect(name).toMatch(/^folder-shell-[0-9a-f]{8}$/);
  expect(nameIn(['node-1', 'node-2', 'node-3'])).not.toBe(name);
  expect(nameIn(['node-1', 'node-2'], { restartPolicy: 'Never' })).toBe(name);
});

it.each([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/unreachable',
  'node.cloudprovider.kubernetes.io/shutdown',
])('a Pod refuses to tolerate %s, which would replace it in each plan', (key) => {
  expect(() => inNamespace((stack) => shell(stack, { tolerations: [{ key, operator: 'Exists' }] }))).toThrow(
    `shop/shell: tolerates "${key}", for which the provider would replace a Pod at every plan`,
  );
});

it.each([
  ['Always', ['Running']],
  ['Never', ['Running', 'Succeeded']],
] as const)('a Pod with restartPolicy %s is done when it is %s', (restartPolicy, targetState) => {
  expect(resourceOf({ restartPolicy })).toMatchObject({
    target_state: targetState,
    timeouts: { create: '5m', delete: '5m' },
  });
});

it('a Pod has its labels and annotations itself', () => {
  const shop = inNamespace((stack) => shell(stack, { scrape: { port: 9090 } }));
  expect(shop.object('Pod').metadata).toMatchObject({
    name: expect.stringMatching(/^shell-[0-9a-f]{8}$/) as unknown,
    namespace: 'shop',
    labels: { 'app.kubernetes.io/name': 'shell' },
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
  });
});
