import { PrometheusScraper } from '@cdktf/provider-aws/lib/prometheus-scraper';
import { PrometheusWorkspace } from '@cdktf/provider-aws/lib/prometheus-workspace';
import { stringify } from 'yaml';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import type { EksCluster } from '../cluster/eks-cluster';
import { LogGroup } from './log-group';

/** The API server as Pods reach it; it passes on to kubelets what is asked of them. */
const API_SERVER = 'kubernetes.default.svc:443';

/** The only path of a token that the scraper takes; it has no file there, and signs in by its role. */
const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The cluster that Amazon Managed Prometheus scrapes, and how often. */
export interface ManagedPrometheusOptions {
  readonly cluster: EksCluster;
  /** Subnets of the scraper's network interfaces, in at least two zones, from which it reaches nodes and Pods. */
  readonly subnetIds: readonly string[];
  /** Days that CloudWatch keeps what the workspace tells of rules and alerts. */
  readonly logRetentionDays: number;
  /** Seconds between two looks at a target, at least 30. AWS counts samples. @default 60 */
  readonly scrapeIntervalSeconds?: number;
}

/**
 * A workspace of Amazon Managed Service for Prometheus, and the scraper that fills it without an agent in the cluster. It collects
 * the metrics of the API server, of the kubelets and their containers, and of Pods with the annotations `prometheus.io/scrape`,
 * `port`, `path` and `scheme`.
 *
 * The scraper needs neither a role nor an access entry from here. AWS creates a service-linked role with the first scraper. For a
 * cluster in API mode, it also creates the access entry. The scraper needs the cluster's private endpoint.
 *
 * A NetworkPolicy that isolates Pods has to let in the subnets, from which the scraper comes: it is no Pod.
 *
 * @throws when the interval is below 30 seconds, or the subnets are fewer than two
 * @see https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html
 */
export class ManagedPrometheus extends Construct {
  readonly workspace: PrometheusWorkspace;
  readonly scraper: PrometheusScraper;

  constructor(scope: Construct, id: string, options: ManagedPrometheusOptions) {
    super(scope, id);
    const { cluster, subnetIds, logRetentionDays, scrapeIntervalSeconds = 60 } = options;
    this.node.addValidation({ validate: () => findings(options) });
    // The service writes to no group of another name.
    const logs = new LogGroup(this, 'logs', {
      name: `/aws/vendedlogs/prometheus/${cluster.name}`,
      retentionDays: logRetentionDays,
    });
    this.workspace = new PrometheusWorkspace(this, MAIN_CHILD, {
      alias: cluster.name,
      loggingConfiguration: { logGroupArn: `${logs.arn}:*` },
    });
    this.scraper = new PrometheusScraper(this, 'scraper', {
      alias: cluster.name,
      source: [
        {
          eks: [
            {
              clusterArn: cluster.resource.arn,
              subnetIds: [...subnetIds],
              securityGroupIds: [cluster.securityGroup],
            },
          ],
        },
      ],
      destination: [{ amp: [{ workspaceArn: this.workspace.arn }] }],
      scrapeConfiguration: stringify(scrapeConfiguration(cluster.name, scrapeIntervalSeconds), {
        // Prometheus reads aliases; of the service nothing says that it does.
        aliasDuplicateObjects: false,
      }),
    });
  }
}

/**
 * What is scraped, in the words of Prometheus, of which the scraper knows a part: no remote write, no rules, no files.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */
function scrapeConfiguration(cluster: string, intervalSeconds: number): object {
  const signedIn = { scheme: 'https', authorization: { type: 'Bearer', credentials_file: TOKEN } };
  return {
    global: { scrape_interval: `${intervalSeconds}s`, external_labels: { cluster } },
    scrape_configs: [
      {
        job_name: 'kubernetes-apiservers',
        ...signedIn,
        kubernetes_sd_configs: [{ role: 'endpoints' }],
        relabel_configs: [
          {
            action: 'keep',
            source_labels: [
              '__meta_kubernetes_namespace',
              '__meta_kubernetes_service_name',
              '__meta_kubernetes_endpoint_port_name',
            ],
            regex: 'default;kubernetes;https',
          },
        ],
      },
      { job_name: 'kubelet', ...signedIn, ...ofEachNode('metrics') },
      { job_name: 'cadvisor', ...signedIn, ...ofEachNode('metrics/cadvisor') },
      {
        job_name: 'kubernetes-pods',
        kubernetes_sd_configs: [{ role: 'pod' }],
        relabel_configs: [
          { action: 'keep', source_labels: [annotation('scrape')], regex: 'true' },
          {
            action: 'drop',
            source_labels: ['__meta_kubernetes_pod_phase'],
            regex: 'Pending|Succeeded|Failed',
          },
          { source_labels: [annotation('scheme')], regex: '(https?)', target_label: '__scheme__' },
          { source_labels: [annotation('path')], regex: '(.+)', target_label: '__metrics_path__' },
          {
            // By the annotation alone: each port of each container is a target, and so they become one.
            source_labels: ['__meta_kubernetes_pod_ip', annotation('port')],
            regex: '(.+);(\\d+)',
            replacement: '$1:$2',
            target_label: '__address__',
          },
          { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
          { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'node' },
        ],
      },
    ],
  };
}

/** The metrics of the kubelets, through the API server: who they are is checked there. */
function ofEachNode(path: string): object {
  return {
    kubernetes_sd_configs: [{ role: 'node' }],
    relabel_configs: [
      { target_label: '__address__', replacement: API_SERVER },
      {
        source_labels: ['__meta_kubernetes_node_name'],
        regex: '(.+)',
        target_label: '__metrics_path__',
        replacement: `/api/v1/nodes/$1/proxy/${path}`,
      },
      { source_labels: ['__meta_kubernetes_node_name'], target_label: 'node' },
    ],
  };
}

/** The label that Prometheus makes of an annotation of a Pod, such as `prometheus.io/scrape`. */
function annotation(name: string): string {
  return `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
}

function findings({ subnetIds, scrapeIntervalSeconds = 60 }: ManagedPrometheusOptions): string[] {
  return [
    ...(subnetIds.length >= 2
      ? []
      : [`subnetIds: got ${subnetIds.length}; the scraper wants two or more, in different zones`]),
    ...(Number.isInteger(scrapeIntervalSeconds) && scrapeIntervalSeconds >= 30
      ? []
      : [`scrapeIntervalSeconds: got ${scrapeIntervalSeconds}; a whole number from 30 is allowed`]),
  ];
}
