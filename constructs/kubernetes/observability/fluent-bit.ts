import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { ConfigMap } from '../configuration/config-map';
import type { Container, ContainerOptions } from '../pods/container';
import { Probe } from '../pods/probe';
import type { Size } from '../pods/quantity';
import type { ScrapeOptions } from './scrape';
import { Volume } from '../storage/volume';
import type { Workload } from '../workloads/workload';

/**
 * Fluent Bit 5.1.5. The tag `stable` is no choice: it moves, and it stands for a 2.x, whose Fluent Bit 1.9 can't read Events.
 *
 * @see https://github.com/aws/aws-for-fluent-bit/releases/tag/v3.5.10
 */
const IMAGE = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:3.5.10';

/** Name and number of the port of Fluent Bit's own HTTP server: its health and its metrics. */
const PORT = 'http';
const PORT_NUMBER = 2020;

const CONFIGURATION_FOLDER = '/etc/fluent-bit';
const CONFIGURATION_FILE = 'fluent-bit.yaml';

/** Where Fluent Bit shows its own metrics: what came in, what was sent, what failed and what was given up. */
export const FLUENT_BIT_SCRAPE: ScrapeOptions = { port: PORT, path: '/api/v2/metrics/prometheus' };

/** The folder in which Fluent Bit keeps how far it has read, and what it has not sent yet. */
export const FLUENT_BIT_DATA = '/var/lib/fluent-bit';

/** Which records are collected, and where they go. */
export interface CollectorOptions {
  /** Region of CloudWatch, such as `eu-west-1`. */
  readonly region: string;
  /** Prefix of the log groups: what belongs to namespace `dev` goes to `<prefix>/dev`. */
  readonly logGroupPrefix: string;
  /**
   * Namespaces that have a log group. What belongs to any other goes to `<prefix>/default`, which is always needed.
   * @default [] - everything goes to `<prefix>/default`
   */
  readonly namespaces?: readonly string[];
  /**
   * Image of Fluent Bit, 5.1 or later.
   * @default public.ecr.aws/aws-observability/aws-for-fluent-bit:3.5.10
   */
  readonly image?: string;
}

/** A section of Fluent Bit's configuration: values by key. */
type Section = Readonly<Record<string, string | number | boolean>>;

/** What a collector reads, and how Fluent Bit tells apart whose it is. */
export interface Collection {
  /** @default [] */
  readonly parsers?: readonly Section[];
  readonly input: Section;
  readonly filter: Section;
  /** The part of an output that takes what belongs to a namespace with a log group. */
  readonly grouped: Section;
  /** The part of an output that takes all the rest. The two must not take the same record: it would be sent twice. */
  readonly ungrouped: Section;
  /** Namespace of a record, in Fluent Bit's record accessor syntax. Every record must have it. */
  readonly namespace: string;
  /** Log stream of a record, in that syntax. After a field only `.` and `,` may follow. */
  readonly stream: string;
}

export interface FluentBitOptions extends CollectorOptions {
  readonly collection: Collection;
  /** The volume for `FLUENT_BIT_DATA`. */
  readonly data: Volume;
  /** How much each of the two outputs keeps on disk while CloudWatch can't be reached; then the oldest is given up. */
  readonly diskBuffer: Size;
  readonly container: Pick<ContainerOptions, 'resources' | 'root' | 'user' | 'group'>;
}

/**
 * Adds Fluent Bit to a workload: it sends what it collects to CloudWatch, one log group a namespace. It makes no log group
 * itself: those have a retention, which CloudWatch would not give one of its own making.
 *
 * A namespace without a log group needs an output of its own. Fluent Bit's output uses `log_group_name` only where a
 * record has no such field. If the group itself is missing, it drops the whole chunk with its other records.
 *
 * @param scope the collector, which the ConfigMap belongs to
 * @see https://docs.fluentbit.io/manual/data-pipeline/outputs/cloudwatch
 */
export function addFluentBit(scope: Construct, workload: Workload, options: FluentBitOptions): Container {
  scope.node.addValidation({ validate: () => invalidNamespaces(options) });
  const configuration = new ConfigMap(scope, 'config', {
    data: { [CONFIGURATION_FILE]: stringify(configurationOf(options), { lineWidth: 0 }) },
  });
  return workload
    .addContainer('fluent-bit', {
      ...options.container,
      image: options.image ?? IMAGE,
      command: ['/fluent-bit/bin/fluent-bit', '-c', `${CONFIGURATION_FOLDER}/${CONFIGURATION_FILE}`],
      ports: { [PORT]: PORT_NUMBER },
      liveness: Probe.fromHttpGet('/', PORT),
      readiness: Probe.fromHttpGet('/api/v1/health', PORT),
    })
    .mount(CONFIGURATION_FOLDER, Volume.fromConfigMap('config', configuration), { readOnly: true })
    .mount(FLUENT_BIT_DATA, options.data);
}

/** A regular expression of the namespaces that have a log group. */
export function groupedNamespaces({ namespaces = [] }: CollectorOptions): string {
  return `(${namespaces.join('|')})`;
}

function configurationOf(options: FluentBitOptions): Readonly<Record<string, unknown>> {
  const { parsers = [], input, filter, grouped, ungrouped, namespace, stream } = options.collection;
  const cloudWatch = {
    name: 'cloudwatch_logs',
    region: options.region,
    log_group_name: `${options.logGroupPrefix}/default`,
    // For a record without the fields of the template.
    log_stream_prefix: 'unknown.',
    auto_create_group: false,
    // A chunk is tried again for about an hour, ever more seldom; by default it is given up after seconds.
    retry_limit: 10,
    'storage.total_limit_size': `${options.diskBuffer.inMebibytes}M`,
  };
  return {
    service: {
      flush: 5,
      http_server: true,
      http_port: PORT_NUMBER,
      health_check: true,
      'storage.path': `${FLUENT_BIT_DATA}/chunks`,
      // What is taken up at once of that which an earlier run has left; by default it is more than the container may have.
      'storage.backlog.mem_limit': '16M',
    },
    ...(parsers.length > 0 && { parsers }),
    pipeline: {
      // On disk, because the input notes what it has read before that is sent.
      inputs: [{ ...input, 'storage.type': 'filesystem' }],
      filters: [filter],
      outputs: [
        {
          ...cloudWatch,
          ...grouped,
          log_group_template: `${options.logGroupPrefix}/${namespace}`,
          log_stream_template: stream,
        },
        { ...cloudWatch, ...ungrouped, log_stream_template: `${namespace}.${stream}` },
      ],
    },
  };
}

/** They become part of a regular expression, so that a pattern would be taken as one, and find no log group. */
function invalidNamespaces({ namespaces = [] }: CollectorOptions): string[] {
  return namespaces
    .filter((name) => !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
    .map((name) => `namespaces: got "${name}"; the name of a namespace is allowed, and no pattern`);
}
