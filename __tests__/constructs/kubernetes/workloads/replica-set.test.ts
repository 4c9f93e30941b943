import type { Construct } from 'constructs';
import { ReplicaSet, type ReplicaSetOptions } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Probe } from '../../../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Volume } from '../../../../constructs/kubernetes/storage/volume';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const web = (scope: Construct, options: Partial<ReplicaSetOptions> = {}): ReplicaSet =>
  new ReplicaSet(scope, 'web', { containers: { web: plain }, ...options });

interface ManifestResource {
  readonly manifest: object;
  readonly wait?: unknown;
}

const resourceOf = (build: (scope: Construct) => unknown): ManifestResource => {
  const { document } = inNamespace((stack) => {
    build(stack);
  });
  return document.resource?.['kubernetes_manifest']?.['web'] as unknown as ManifestResource;
};

it.each([
  [3, [{ fields: { 'status.readyReplicas': '^3$' } }]],
  [0, undefined],
])('a ReplicaSet waits until all of its %d Pods are ready', (replicas, wait) => {
  expect([resourceOf((scope) => web(scope, { replicas })).wait].flat()).toEqual([wait].flat());
});

it('a ReplicaSet refers to its namespace, which Terraform then creates first', () => {
  expect(resourceOf((scope) => web(scope)).manifest).toHaveProperty(
    'metadata.namespace',
    '${kubernetes_namespace_v1.namespace.metadata[0].name}',
  );
});

it('a ReplicaSet leaves its replicas to an autoscaler, and then waits for the first Pod', () => {
  const { manifest, wait } = resourceOf((scope) =>
    web(scope).autoscale({ max: 3, cpu: { targetUtilization: 80 } }),
  );
  expect(manifest).not.toHaveProperty('spec.replicas');
  expect([wait].flat()).toEqual([{ fields: { 'status.readyReplicas': '^[1-9]' } }]);
});

/** Every value in a manifest, with its path. */
function values(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries = Object.entries(value).flatMap(([key, each]) => values(each, `${path}.${key}`));
  return entries.length > 0 ? entries : [[path, value]];
}

it('a ReplicaSet has no empty list, no null and no quantity that the API server would spell otherwise', () => {
  const { manifest } = resourceOf((scope) => {
    web(scope, { containers: {} })
      .addContainer('web', { ...plain, resources: { cpu: Cpu.units(0.5), memory: Size.mebibytes(1024) } })
      .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(2048) }));
  });
  const unwanted: unknown[] = [null, '', '0.5', '1000m', '1024Mi', '2048Mi'];
  expect(
    values(manifest).filter(([, value]) => typeof value === 'object' || unwanted.includes(value)),
  ).toEqual([]);
  expect(values(manifest).map(([, value]) => value)).toEqual(expect.arrayContaining(['500m', '1Gi', '2Gi']));
});

it('a ReplicaSet leaves out what the API server leaves out: a zero that means nothing', () => {
  const { manifest } = resourceOf((scope) => {
    web(scope, { containers: {} })
      .addContainer('web', { ...plain, liveness: Probe.fromCommand(['/ok'], { initialDelaySeconds: 0 }) })
      .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(1) }), { readOnly: false });
  });
  expect(manifest).toMatchObject({
    spec: {
      template: {
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              livenessProbe: expect.not.objectContaining({ initialDelaySeconds: 0 }) as unknown,
              volumeMounts: [expect.not.objectContaining({ readOnly: false })],
            },
          ],
        },
      },
    },
  });
});

it('a ReplicaSet escapes text for Terraform once', () => {
  const { manifest } = resourceOf((scope) =>
    web(scope, { containers: {} }).addContainer('web', { ...plain, args: ['--home=${HOME}'] }),
  );
  expect(manifest).toHaveProperty('spec.template.spec.containers.0.args', ['--home=$${HOME}']);
});

describe('a sidecar', () => {
  const build = (scope: Construct): void => {
    const { connections } = new ReplicaSet(scope, 'client', { containers: { client: plain } });
    const set = web(scope, { containers: { web: { ...plain, ports: { http: 8080 } } } });
    set
      .addSidecar('proxy', {
        ...plain,
        ports: { admin: 15000 },
        readiness: Probe.fromTcpSocket('admin'),
      })
      .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(10) }));
    set.addInitContainer('wait', plain);
    connections.allowTo(set);
    set.expose({ ports: { admin: 80 } });
  };

  it('is a native one: it starts before containers that are added later, and restarts when it ends', () => {
    const { manifest } = resourceOf(build);
    expect(manifest).toMatchObject({
      spec: {
        template: {
          spec: {
            initContainers: [
              {
                name: 'proxy',
                restartPolicy: 'Always',
                readinessProbe: { tcpSocket: { port: 15000 } },
                securityContext: { runAsNonRoot: true },
              },
              expect.not.objectContaining({ restartPolicy: expect.anything() as unknown }),
            ],
            containers: [{ name: 'web' }],
            volumes: [{ name: 'tmp' }],
          },
        },
      },
    });
  });

  it('has ports like any container that runs: for Services, and for connections that name none', () => {
    const shop = inNamespace(build);
    expect(shop.object('Service')).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 'admin' }] } });
    expect(shop.object('NetworkPolicy', 'web-from-client')).toMatchObject({
      spec: { ingress: [{ ports: [{ port: 8080 }, { port: 15000 }] }] },
    });
  });

  it('is also an init container that sets its restart policy', () => {
    const { manifest } = resourceOf((scope) =>
      web(scope).addInitContainer('proxy', { ...plain, restartPolicy: 'Always' }),
    );
    expect(manifest).toHaveProperty('spec.template.spec.initContainers.0.restartPolicy', 'Always');
  });

  it('does not replace the container that a Pod needs', () => {
    expect(() => resourceOf((scope) => web(scope, { containers: {} }).addSidecar('proxy', plain))).toThrow(
      'spec.template.spec.containers: Required value; set image, or call addContainer()',
    );
  });
});
