import {
  EVENT_COLLECTOR_ACCOUNT,
  EventCollector,
} from '../../../../constructs/kubernetes/observability/event-collector';
import type { CollectorOptions } from '../../../../constructs/kubernetes/observability/fluent-bit';
import type { PodSecurity } from '../../../../constructs/kubernetes/namespaces/namespace';
import { configurationOf, only, podTemplateOf, unwritable } from '../fluent-bit-configuration';
import { inNamespace, type Synthesized } from '../namespace-of';

const collector = (
  options: Partial<CollectorOptions> = {},
  podSecurity: PodSecurity = 'restricted',
): Synthesized =>
  inNamespace(
    (stack) => {
      new EventCollector(stack, 'event-collector', {
        region: 'eu-west-1',
        logGroupPrefix: '/seed/events',
        namespaces: ['default', 'dev'],
        ...options,
      });
    },
    { podSecurity },
  );

/** The output that takes an Event, after the filter has given it another tag or not, with its names filled in. */
function destination(
  event: { metadata: { namespace: string }; involvedObject: { kind: string } },
  options?: Partial<CollectorOptions>,
): { group: string; stream: string } {
  const { inputs, filters, outputs } = configurationOf(collector(options)).pipeline;
  const filled = (template: unknown): string =>
    String(template)
      .replaceAll("$metadata['namespace']", event.metadata.namespace)
      .replaceAll("$involvedObject['kind']", event.involvedObject.kind);
  const [key = '', regex = '', newTag = '', keep] = String(only(filters)['rule']).split(' ');
  // Kept, it would be sent under both tags.
  expect(keep).toBe('false');
  const tag = new RegExp(regex).test(filled(key)) ? filled(newTag) : String(only(inputs)['tag']);
  const output = only(outputs.filter(({ match }) => match === tag || match === tag.replace(/\..*$/, '.*')));
  return {
    group: filled(output['log_group_template'] ?? output['log_group_name']),
    stream: filled(output['log_stream_template']),
  };
}

it.each([
  ['dev', 'Pod', { group: '/seed/events/dev', stream: 'Pod' }],
  ['default', 'Node', { group: '/seed/events/default', stream: 'Node' }],
  ['dev-2', 'Pod', { group: '/seed/events/default', stream: 'dev-2.Pod' }],
  ['stray', 'Job', { group: '/seed/events/default', stream: 'stray.Job' }],
])(
  'the event collector sends an Event of namespace %s about a %s to one existing log group',
  (namespace, kind, expected) => {
    expect(destination({ metadata: { namespace }, involvedObject: { kind } })).toEqual(expected);
  },
);

it('the event collector sends everything to one log group by default', () => {
  expect(
    destination({ metadata: { namespace: 'dev' }, involvedObject: { kind: 'Pod' } }, { namespaces: [] }),
  ).toEqual({ group: '/seed/events/default', stream: 'dev.Pod' });
});

it('the event collector keeps its place and its unsent Events on a volume that outlives the container', () => {
  const shop = collector();
  const configuration = configurationOf(shop);
  const pod = podTemplateOf(shop, 'Deployment');
  expect(only(configuration.pipeline.inputs)).toMatchObject({
    name: 'kubernetes_events',
    kube_retention_time: '1h',
    'storage.type': 'filesystem',
  });
  expect(only(configuration.pipeline.filters)).toMatchObject({ 'emitter_storage.type': 'filesystem' });
  expect(unwritable(configuration, pod)).toEqual([]);
  expect(pod.spec.volumes).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '300Mi' } });
});

it('the event collector has space on its volume for both outputs', () => {
  const shop = collector();
  const kept = configurationOf(shop).pipeline.outputs.map(
    (output) => /^(\d+)M$/.exec(String(output['storage.total_limit_size']))?.[1],
  );
  const [, room] = /"sizeLimit":"(\d+)Mi"/.exec(JSON.stringify(podTemplateOf(shop, 'Deployment'))) ?? [];
  expect(kept).toEqual(['100', '100']);
  expect(Number(room)).toBeGreaterThan(kept.reduce((sum, each) => sum + Number(each), 0));
});

it('the event collector never runs twice, not even during a replacement', () => {
  const shop = collector();
  expect(shop.object('Deployment')['spec']).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  expect(() => shop.object('PodDisruptionBudget')).toThrow('0 objects are a PodDisruptionBudget');
});

it('the event collector may list and watch Events only, by the ServiceAccount of its Pod Identity', () => {
  const shop = collector();
  expect(shop.object('ClusterRole')['rules']).toEqual([
    { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] },
  ]);
  expect(shop.object('ClusterRoleBinding')['subjects']).toEqual([
    expect.objectContaining({ kind: 'ServiceAccount', name: EVENT_COLLECTOR_ACCOUNT, namespace: 'shop' }),
  ]);
  expect(podTemplateOf(shop, 'Deployment').spec).toMatchObject({
    serviceAccountName: EVENT_COLLECTOR_ACCOUNT,
    automountServiceAccountToken: true,
  });
});

it.each(['restricted', 'privileged'] as const)(
  'the event collector runs without root in a %s namespace',
  (podSecurity) => {
    const [container] = podTemplateOf(collector({}, podSecurity), 'Deployment').spec.containers;
    expect(container.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.image).toMatch(/:\d+\.\d+\.\d+$/);
  },
);

it('the event collector shows health and metrics on the port of Fluent Bit', () => {
  const shop = collector();
  const { service } = configurationOf(shop);
  const { metadata, spec } = podTemplateOf(shop, 'Deployment');
  expect(service).toMatchObject({ http_server: true, health_check: true });
  const port = service['http_port'];
  expect(metadata.annotations).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(port),
    'prometheus.io/path': '/api/v2/metrics/prometheus',
    'prometheus.io/scheme': 'http',
  });
  expect(spec.containers[0].livenessProbe).toMatchObject({ httpGet: { path: '/', port } });
  expect(spec.containers[0].readinessProbe).toMatchObject({ httpGet: { path: '/api/v1/health', port } });
});

it('the event collector has another Pod if its configuration changes', () => {
  const name = (options: Partial<CollectorOptions>): string | undefined =>
    collector(options).object('ConfigMap').metadata.name;
  expect(name({ namespaces: ['dev'] })).not.toBe(name({ namespaces: ['dev', 'qa'] }));
  const shop = collector();
  expect(podTemplateOf(shop, 'Deployment').spec.volumes).toContainEqual(
    expect.objectContaining({
      configMap: expect.objectContaining({ name: shop.object('ConfigMap').metadata.name }) as unknown,
    }),
  );
});

it('the event collector can have another image', () => {
  const shop = collector({ image: 'mirror/fluent-bit:5.1.5' });
  expect(podTemplateOf(shop, 'Deployment').spec.containers[0].image).toBe('mirror/fluent-bit:5.1.5');
});
