import type { Job } from 'kubernetes-types/batch/v1';
import type { PriorityClass } from 'kubernetes-types/scheduling/v1';
import type { Lease } from 'kubernetes-types/coordination/v1';
import { ApiObject, Manifests } from '../../../../constructs/kubernetes/manifests';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { findings, inNamespace } from '../namespace-of';

interface Certificate {
  readonly apiVersion: 'cert-manager.io/v1';
  readonly kind: 'Certificate';
  readonly metadata?: { readonly name: string };
  readonly spec: { readonly secretName: string; readonly dnsNames: readonly string[] };
}

const certificate = (stack: BaseStack, secretName: string): ApiObject<Certificate> =>
  new ApiObject<Certificate>(stack, 'tls', {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    spec: { secretName, dnsNames: ['${host}'] },
  });

it('an ApiObject is an object of any kind in the namespace, at the address of its construct', () => {
  const { object, document } = inNamespace((stack) => {
    expect(certificate(stack, 'tls').name).toBe('tls');
  });
  expect(object('Certificate')).toEqual({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'tls', namespace: 'shop' },
    spec: { secretName: 'tls', dnsNames: ['${host}'] },
  });
  expect(Object.keys(document.resource?.['kubernetes_manifest'] ?? {})).toEqual(['tls']);
});

it('an ApiObject writes a Job with a native sidecar, which the typed resource cannot', () => {
  const { object, document } = inNamespace((stack) => {
    const resources = { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '10m', memory: '16Mi' } };
    new ApiObject<Job>(stack, 'migrate', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            initContainers: [
              { name: 'proxy', image: 'registry.example.com/proxy:1', restartPolicy: 'Always', resources },
            ],
            containers: [{ name: 'migrate', image: 'registry.example.com/migrate:1', resources }],
          },
        },
      },
    });
  });
  expect(Object.keys(document.resource?.['kubernetes_manifest'] ?? {})).toEqual(['migrate']);
  expect(object('Job')).toMatchObject({
    spec: { template: { spec: { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] } } },
  });
});

it('an ApiObject refers to other constructs', () => {
  const { bytes } = inNamespace((stack) => {
    const map = new ConfigMap(stack, 'map', { data: { a: 'b' } });
    certificate(stack, map.name);
  });
  expect(bytes).toContain('"secretName": "${kubernetes_config_map_v1.map.metadata[0].name}"');
});

it('an ApiObject may have a kind with a typed resource, where the options allow the kind', () => {
  const important: PriorityClass = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: 100 };
  const { document } = inNamespace((stack) => {
    new ApiObject<PriorityClass>(stack, 'important', important, { clusterWide: ['PriorityClass'] });
  });
  expect(Object.keys(document.resource?.['kubernetes_priority_class_v1'] ?? {})).toEqual(['important']);
  expect(findings((stack) => new ApiObject(stack, 'important', important))).toEqual([
    'shop/important: kind: PriorityClass important: is in no namespace, and holds for the whole cluster; allow the kind by clusterWide, or leave it out (YAML: by select)',
  ]);
});

it('an ApiObject is validated as the API server validates it, and by the definition of its kind', () => {
  expect(
    findings((stack) => {
      new ApiObject<Lease>(stack, 'lease', {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        spec: { leaseDurationSeconds: -1 },
      });
    }),
  ).toEqual([
    'shop/lease (kubernetes_manifest.lease): spec.leaseDurationSeconds: Invalid value: -1: must be greater than 0',
  ]);
  expect(findings((stack) => new ApiObject(stack, 'none', { kind: 'Lease' }))).toEqual([
    'shop/none: expected an apiVersion and a kind',
  ]);
});

it('an ApiObject of what is no data is an error that names each field', () => {
  const of = (object: object) => findings((stack) => new ApiObject(stack, 'm', object));
  const expected = 'expected a text, a finite number, true, false, a list, a plain object or a reference';
  const itself: Record<string, unknown> = {};
  itself['again'] = itself;
  class Own {}
  expect(
    of({
      ...{ apiVersion: 'example.com/v1', kind: 'Batch' },
      spec: {
        ...{ run: () => 1, mark: Symbol('a'), count: 1n, ratio: NaN, most: Infinity },
        ...{ list: [undefined, 1], own: new Own(), 'a.b': new Map(), itself },
      },
    }),
  ).toEqual([
    `shop/m: spec.run: got a function; ${expected}`,
    `shop/m: spec.mark: got a symbol; ${expected}`,
    `shop/m: spec.count: got a bigint; ${expected}`,
    `shop/m: spec.ratio: got NaN; ${expected}`,
    `shop/m: spec.most: got Infinity; ${expected}`,
    `shop/m: spec.list[0]: got undefined; ${expected}`,
    `shop/m: spec.own: got an instance of Own; ${expected}`,
    `shop/m: spec[a.b]: got an instance of Map; ${expected}`,
    'shop/m: spec.itself.again: got an object that holds itself; write the value out',
  ]);
});

it('an ApiObject has one object of a kind', () => {
  const items = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }];
  for (const [apiVersion, kind] of [
    ['v1', 'List'],
    ['v1', 'ConfigMapList'],
    ['example.com/v1', 'BatchList'],
  ] as const) {
    expect(findings((stack) => new ApiObject(stack, 'm', { apiVersion, kind, items }))).toEqual([
      `shop/m (kubernetes_manifest.m): kind: got a ${kind}, and Terraform has one object a resource; declare each item by itself`,
    ]);
  }
  expect(findings((stack) => new ApiObject(stack, 'm', { apiVersion: 'v1', kind: '' }))).toEqual([
    'shop/m: expected an apiVersion and a kind',
  ]);
});

it('the nodes of a NodePool get the label of a node group of the namespace', () => {
  const pool = (labels: object) => (stack: BaseStack) => {
    const spec = { template: { metadata: { labels }, spec: {} } };
    const options = { clusterWide: ['NodePool.karpenter.sh'] };
    new ApiObject(stack, 'spot', { apiVersion: 'karpenter.sh/v1', kind: 'NodePool', spec }, options);
  };
  const labelsOf = (labels: object): unknown => inNamespace(pool(labels)).object('NodePool')['spec'];
  const having = (labels: object): object => ({ template: { metadata: { labels } } });
  expect(labelsOf({})).toMatchObject(having({ 'platform/node': 'node-1' }));
  expect(labelsOf({ team: 'shop', 'platform/node': 'node-2' })).toMatchObject(
    having({ team: 'shop', 'platform/node': 'node-2' }),
  );
  expect(findings(pool({ 'platform/node': 'node-3' }))).toEqual([
    'shop/spot: spec.template.metadata.labels[platform/node]: NodePool spot: got "node-3"; the namespace has the node groups node-1, node-2; name one of these, or remove it',
  ]);
});

it('a webhook configuration has a manifest', () => {
  const { object } = inNamespace((stack) => {
    Manifests.fromYaml(stack, 'app', {
      clusterWide: ['ValidatingWebhookConfiguration'],
      text: `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: hook }
webhooks:
  - name: a.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: { service: { name: a, namespace: shop } }
    rules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
`,
    });
  });
  expect(object('ValidatingWebhookConfiguration')).toMatchObject({ webhooks: [{ name: 'a.example.com' }] });
});

describe('an object whose operator creates Pods', () => {
  const database = (kubernetes: string, spec: object): string[] => {
    try {
      inNamespace(
        (stack) => {
          new ApiObject(stack, 'db', { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', spec });
        },
        {},
        { kubernetes, rendering: false },
      );
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };
  const matchExpressions = [{ key: 'platform/node', operator: 'In', values: ['node-1'] }];
  const nodeAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
  };

  it('needs the node affinity in its own field where the cluster adds none to Pods', () => {
    expect(database('1.35', { instances: 3 })).toEqual([
      expect.stringMatching(
        /^shop\/db: spec\.affinity: Cluster db: Kubernetes 1\.35 adds no node affinity to the Pods that the operator makes, .*"values":\["node-1","node-2"\].* \(YAML: by edit\)$/,
      ),
    ]);
    expect(database('1.35', { instances: 3, affinity: { nodeAffinity } })).toEqual([]);
  });

  it('needs none from Kubernetes 1.36, where an admission policy adds it', () => {
    expect(database('1.36', { instances: 3 })).toEqual([]);
  });
});

it('an ApiObject leaves out undefined fields, as a condition in TypeScript leaves an option', () => {
  const { object } = inNamespace((stack) => {
    new ApiObject<Lease>(stack, 'lease', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'leader', ...({ labels: undefined } as object) },
      spec: { leaseDurationSeconds: 15, ...({ holderIdentity: undefined } as object) },
    });
  });
  expect(object('Lease')).toEqual({
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
    metadata: { name: 'leader', namespace: 'shop' },
    spec: { leaseDurationSeconds: 15 },
  });
});
