import { parse } from 'yaml';
import {
  ManagedPrometheus,
  type ManagedPrometheusOptions,
} from '../../../../constructs/aws/observability/managed-prometheus';
import { scrapeAnnotations } from '../../../../constructs/kubernetes/observability/scrape';
import { awsStack, type AwsStack } from '../aws-stack';
import { clusterOf } from '../cluster-of';

const metrics = (options: Partial<ManagedPrometheusOptions> = {}): AwsStack['resource'] =>
  awsStack((scope) => {
    new ManagedPrometheus(scope, 'metrics', {
      cluster: clusterOf(scope, 'seed'),
      subnetIds: ['subnet-1', 'subnet-2'],
      logRetentionDays: 30,
      ...options,
    });
  }).resource;

interface Relabeling {
  readonly action?: string;
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly replacement?: string;
  readonly target_label?: string;
}

interface Job {
  readonly job_name: string;
  readonly kubernetes_sd_configs: readonly { readonly role: string }[];
  readonly relabel_configs: readonly Relabeling[];
}

interface Configuration {
  readonly global: Readonly<Record<string, unknown>>;
  readonly scrape_configs: readonly Job[];
}

const configuration = (resource: AwsStack['resource']): Configuration =>
  parse(
    resource['aws_prometheus_scraper']?.['metrics_scraper']?.['scrape_configuration'] as string,
  ) as Configuration;

/** What Prometheus makes of a target's labels; nothing when it drops the target. */
function relabeled(
  job: string,
  labels: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const found = configuration(metrics()).scrape_configs.find(({ job_name }) => job_name === job);
  const result: Record<string, string> = { ...labels };
  for (const {
    action = 'replace',
    source_labels: from = [],
    regex = '(.*)',
    ...to
  } of found?.relabel_configs ?? []) {
    const value = from.map((label) => result[label] ?? '').join(';');
    const matched = new RegExp(`^(?:${regex})$`).exec(value);
    if (action === 'keep' && !matched) return undefined;
    if (action === 'drop' && matched) return undefined;
    if (action === 'replace' && matched && to.target_label !== undefined)
      result[to.target_label] = (to.replacement ?? '$1').replace(
        /\$(\d)/g,
        (_, group: string) => matched[Number(group)] ?? '',
      );
  }
  return result;
}

it('the workspace keeps metrics, and writes into a log group with a retention', () => {
  const resource = metrics();
  expect(resource['aws_prometheus_workspace']?.['metrics']).toMatchObject({
    alias: 'seed',
    logging_configuration: { log_group_arn: '${aws_cloudwatch_log_group.metrics_logs.arn}:*' },
  });
  expect(resource['aws_cloudwatch_log_group']?.['metrics_logs']).toMatchObject({
    name: '/aws/vendedlogs/prometheus/seed',
    retention_in_days: 30,
  });
});

it('the scraper reads the cluster from its subnets as one of its nodes, and writes into the workspace', () => {
  expect(metrics()['aws_prometheus_scraper']?.['metrics_scraper']).toMatchObject({
    alias: 'seed',
    source: [
      {
        eks: [
          {
            cluster_arn: '${aws_eks_cluster.eks.arn}',
            subnet_ids: ['subnet-1', 'subnet-2'],
            security_group_ids: ['${aws_eks_cluster.eks.vpc_config[0].cluster_security_group_id}'],
          },
        ],
      },
    ],
    destination: [{ amp: [{ workspace_arn: '${aws_prometheus_workspace.metrics.arn}' }] }],
  });
});

it('the scraper reads each target once in the interval, and labels the source of each sample', () => {
  expect(configuration(metrics()).global).toEqual({
    scrape_interval: '60s',
    external_labels: { cluster: 'seed' },
  });
  expect(configuration(metrics({ scrapeIntervalSeconds: 30 })).global).toMatchObject({
    scrape_interval: '30s',
  });
});

it('the scraper finds a Pod by the annotations that workloads have', () => {
  const annotations = scrapeAnnotations({ port: 9102, path: '/stats', scheme: 'https' }, 9102);
  const labels = Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [
      `__meta_kubernetes_pod_annotation_${name.replace(/[^a-zA-Z0-9]/g, '_')}`,
      value,
    ]),
  );
  const pod = {
    ...labels,
    __address__: '10.0.0.7:8080',
    __meta_kubernetes_pod_ip: '10.0.0.7',
    __meta_kubernetes_pod_phase: 'Running',
    __meta_kubernetes_namespace: 'shop',
    __meta_kubernetes_pod_name: 'web-0',
    __meta_kubernetes_pod_node_name: 'ip-10-0-0-1',
  };
  expect(relabeled('kubernetes-pods', pod)).toMatchObject({
    __address__: '10.0.0.7:9102',
    __scheme__: 'https',
    __metrics_path__: '/stats',
    namespace: 'shop',
    pod: 'web-0',
    node: 'ip-10-0-0-1',
  });
  expect(relabeled('kubernetes-pods', { ...pod, __meta_kubernetes_pod_phase: 'Succeeded' })).toBeUndefined();
  expect(
    relabeled('kubernetes-pods', { ...pod, __meta_kubernetes_pod_annotation_prometheus_io_scrape: '' }),
  ).toBeUndefined();
});

it.each([
  ['kubelet', '/api/v1/nodes/ip-10-0-0-1/proxy/metrics'],
  ['cadvisor', '/api/v1/nodes/ip-10-0-0-1/proxy/metrics/cadvisor'],
])('the scraper reaches %s of a node through the API server', (job, path) => {
  expect(
    relabeled(job, { __address__: '10.0.0.1:10250', __meta_kubernetes_node_name: 'ip-10-0-0-1' }),
  ).toMatchObject({
    __address__: 'kubernetes.default.svc:443',
    __metrics_path__: path,
    node: 'ip-10-0-0-1',
  });
});

it('the scraper keeps only the endpoints of the API server', () => {
  const endpoint = (name: string): Record<string, string> => ({
    __meta_kubernetes_namespace: 'default',
    __meta_kubernetes_service_name: name,
    __meta_kubernetes_endpoint_port_name: 'https',
  });
  expect(relabeled('kubernetes-apiservers', endpoint('kubernetes'))).toBeDefined();
  expect(relabeled('kubernetes-apiservers', endpoint('web'))).toBeUndefined();
});

it('the configuration holds nothing that Terraform would read as a reference', () => {
  const text = metrics()['aws_prometheus_scraper']?.['metrics_scraper']?.['scrape_configuration'];
  expect(text).not.toMatch(/[$%]\{/);
  // An anchor or an alias, which not every reader of YAML knows.
  expect(text).not.toMatch(/(^|\s)[&*]\w/m);
});

it.each([
  [{ subnetIds: ['subnet-1'] }, 'subnetIds: got 1; the scraper wants two or more, in different zones'],
  [{ scrapeIntervalSeconds: 10 }, 'scrapeIntervalSeconds: got 10; a whole number from 30 is allowed'],
])('ManagedPrometheus reports %j', (options, expected) => {
  expect(() => metrics(options)).toThrow(`cluster/metrics: ${expected}`);
});
