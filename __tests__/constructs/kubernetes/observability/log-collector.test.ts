import type { CollectorOptions } from '../../../../constructs/kubernetes/observability/fluent-bit';
import {
  LOG_COLLECTOR_ACCOUNT,
  LogCollector,
} from '../../../../constructs/kubernetes/observability/log-collector';
import { configurationOf, only, podTemplateOf, unwritable } from '../fluent-bit-configuration';
import { inNamespace, type Synthesized } from '../namespace-of';

const collector = (options: Partial<CollectorOptions> = {}): Synthesized =>
  inNamespace(
    (stack) => {
      new LogCollector(stack, 'log-collector', {
        region: 'eu-west-1',
        logGroupPrefix: '/seed/pods',
        namespaces: ['default', 'dev', 'kube-system'],
        ...options,
      });
    },
    { podSecurity: 'privileged' },
  );

/** A log file's tag by the input's `tag_regex`, and the output that takes it, with its names filled in from the tag. */
function destination(file: string, options?: Partial<CollectorOptions>): { group: string; stream: string } {
  const { inputs, outputs } = configurationOf(collector(options)).pipeline;
  const input = only(inputs);
  const names = new RegExp(String(input['tag_regex'])).exec(`/var/log/containers/${file}`)?.groups ?? {};
  const tag = String(input['tag']).replace(/<(\w+)>/g, (_, name: string) => names[name] ?? '');
  const output = only(outputs.filter((each) => new RegExp(String(each['match_regex'])).test(tag)));
  const filled = (template: unknown): string =>
    String(template).replace(/\$TAG\[(\d)\]/g, (_, index: string) => tag.split('.')[Number(index)] ?? '');
  return {
    group: filled(output['log_group_template'] ?? output['log_group_name']),
    stream: filled(output['log_stream_template']),
  };
}

const logFile = (pod: string, namespace: string, container = 'app'): string =>
  `${pod}_${namespace}_${container}-${'0123456789abcdef'.repeat(4)}.log`;

it.each([
  ['dev', { group: '/seed/pods/dev', stream: 'web-7d9f-x2x.app' }],
  ['kube-system', { group: '/seed/pods/kube-system', stream: 'web-7d9f-x2x.app' }],
  ['dev-2', { group: '/seed/pods/default', stream: 'dev-2.web-7d9f-x2x.app' }],
  ['stray', { group: '/seed/pods/default', stream: 'stray.web-7d9f-x2x.app' }],
])('the log collector sends the logs of namespace %s to one existing log group', (namespace, expected) => {
  expect(destination(logFile('web-7d9f-x2x', namespace))).toEqual(expected);
});

it('the log collector sends everything to one log group by default', () => {
  expect(destination(logFile('web', 'dev'), { namespaces: [] })).toEqual({
    group: '/seed/pods/default',
    stream: 'dev.web.app',
  });
});

it('the log collector accepts container names with dashes, and finds the namespace of a Pod with dots in its name', () => {
  expect(destination(logFile('web', 'dev', 'side-car'))).toEqual({
    group: '/seed/pods/dev',
    stream: 'web.side-car',
  });
  expect(destination(logFile('web.v1-7d9f', 'dev')).group).toBe('/seed/pods/dev');
});

it('the log collector asks the API server about the Pod in the tag', () => {
  const { parsers = [], pipeline } = configurationOf(collector());
  const filter = only(pipeline.filters);
  const parser = only(parsers.filter(({ name }) => name === filter['regex_parser']));
  const tag = `kube.dev.web.v1-7d9f.side-car.abc`;
  expect(tag.startsWith(String(filter['kube_tag_prefix']))).toBe(true);
  expect(
    new RegExp(String(parser['regex'])).exec(tag.slice(String(filter['kube_tag_prefix']).length))?.groups,
  ).toEqual({
    namespace_name: 'dev',
    pod_name: 'web.v1-7d9f',
    container_name: 'side-car',
    docker_id: 'abc',
  });
});

it('the log collector reads the format of containerd from the beginning, and keeps its place and unsent lines on the node', () => {
  const shop = collector();
  const configuration = configurationOf(shop);
  const pod = podTemplateOf(shop, 'DaemonSet');
  expect(configuration.pipeline.inputs).toEqual([
    expect.objectContaining({
      name: 'tail',
      path: '/var/log/containers/*.log',
      'multiline.parser': 'cri',
      read_from_head: true,
      'storage.type': 'filesystem',
    }),
  ]);
  expect(unwritable(configuration, pod)).toEqual([]);
  expect(pod.spec.volumes).toContainEqual({
    name: 'data',
    hostPath: { path: '/var/lib/log-collector', type: 'DirectoryOrCreate' },
  });
});

it('the log collector creates no log groups, and survives a minute without CloudWatch', () => {
  for (const output of configurationOf(collector()).pipeline.outputs) {
    expect(output).toMatchObject({
      name: 'cloudwatch_logs',
      region: 'eu-west-1',
      auto_create_group: false,
      'storage.total_limit_size': '500M',
    });
    expect(output['retry_limit']).toBeGreaterThan(3);
  }
});

it('the log collector runs on every node, regardless of taints, from a pinned image', () => {
  const shop = collector();
  expect(shop.object('DaemonSet')['spec']).toMatchObject({
    template: {
      spec: { tolerations: [{ operator: 'Exists' }], priorityClassName: 'system-node-critical' },
    },
  });
  expect(podTemplateOf(shop, 'DaemonSet').spec.containers[0].image).toMatch(/:\d+\.\d+\.\d+$/);
});

it('the log collector may read Pods only, by the ServiceAccount of its Pod Identity', () => {
  const shop = collector();
  expect(shop.object('ClusterRole')['rules']).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
  ]);
  expect(shop.object('ClusterRoleBinding')['subjects']).toEqual([
    expect.objectContaining({ kind: 'ServiceAccount', name: LOG_COLLECTOR_ACCOUNT, namespace: 'shop' }),
  ]);
  expect(podTemplateOf(shop, 'DaemonSet').spec).toMatchObject({
    serviceAccountName: LOG_COLLECTOR_ACCOUNT,
    automountServiceAccountToken: true,
  });
});

it('a pattern for a namespace is an error of the log collector', () => {
  expect(() =>
    inNamespace((stack) => {
      new LogCollector(stack, 'log-collector', {
        region: 'eu-west-1',
        logGroupPrefix: '/seed/pods',
        namespaces: ['dev', 'team-.*'],
      });
    }),
  ).toThrow(
    [
      'shop/log-collector: namespaces: got "team-.*"; the name of a namespace is allowed, and no pattern',
    ].join('\n'),
  );
});
