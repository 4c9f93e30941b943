import type { ApplicationsPlatform } from './applications-platform';
import type { Up } from './project';

/** A namespace with applications. */
export interface Occupied {
  /** The node groups that its Pods may be on. */
  readonly nodeGroups: readonly string[];
  /** How many Pods its workloads have, by what the names of these begin with. */
  readonly pods: Readonly<Record<string, number>>;
  /** Images that are new after the change. */
  readonly images: readonly string[];
}

/** The namespaces of the seven applications as the constructs have them. */
export const OCCUPIED: Readonly<Record<string, Occupied>> = {
  made: {
    nodeGroups: ['node-1', 'node-2', 'node-3', 'gpu'],
    pods: {
      cassandra: 3,
      'elasticsearch-logging': 2,
      frontend: 1,
      'indexed-job': 5,
      loadgenerator: 1,
      'redis-cart': 1,
      'vllm-gemma-deployment': 1,
      'wordpress-mysql': 1,
    },
    images: [
      'gcr.io/google-samples/cassandra:v15',
      'docker.elastic.co/elasticsearch/elasticsearch:8.17.1',
      'vllm/vllm-openai:v0.11.1',
      'wordpress:6.2.2-apache',
    ],
  },
  agents: {
    nodeGroups: ['node-1', 'node-2', 'node-3', 'gpu'],
    pods: { 'node-exporter': 5 },
    images: ['quay.io/prometheus/node-exporter:v1.12.2'],
  },
};

/** The life of a platform with the applications. Each step returns what is not as it is to be, which a test expects to be nothing. */
export class ApplicationsLife {
  private before: Readonly<Record<string, string>> = {};

  constructor(
    private readonly platform: ApplicationsPlatform,
    private readonly occupied: Readonly<Record<string, Occupied>>,
  ) {}

  /** Deploys it. The sandbox proves that a second plan is empty, and that Pods of `platform.yaml` are placed as it says. */
  async deploy(): Promise<{ readonly changed: readonly string[]; readonly wrong: readonly string[] }> {
    const { changed, pods, nodes } = await this.platform.project.up();
    const groups = new Map(nodes.map(({ name, platformNode }) => [name, platformNode]));
    this.before = this.platform.identities(Object.keys(this.occupied));
    const wrong = Object.entries(this.occupied).flatMap(([namespace, { nodeGroups, pods: wanted }]) => {
      const own = pods.filter((pod) => pod.namespace === namespace);
      const group = ({ node }: Up['pods'][number]): string => groups.get(node) ?? node;
      return [
        ...Object.entries(wanted).flatMap(([name, count]) => {
          const found = own.filter((pod) => pod.name.startsWith(`${name}-`)).length;
          return found === count ? [] : [`${namespace}/${name}: ${found} of ${count} Pods`];
        }),
        ...own
          .filter(({ name, ready }) => !ready && !name.startsWith('indexed-job-'))
          .map(({ name }) => `${namespace}/${name} is not Ready`),
        ...own
          .filter((pod) => !(pod.name.startsWith('vllm-') ? ['gpu'] : nodeGroups).includes(group(pod)))
          .map((pod) => `${namespace}/${pod.name} is on ${group(pod)}`),
      ];
    });
    return { changed, wrong };
  }

  /** Gives images their next version. */
  async change(): Promise<{ readonly changed: readonly string[]; readonly wrong: readonly string[] }> {
    this.platform.changeVersions();
    const { changed } = await this.platform.project.up();
    const after = this.platform.identities(Object.keys(this.occupied));
    const names = [...new Set([...Object.keys(this.before), ...Object.keys(after)])];
    return {
      changed,
      wrong: [
        ...names
          .filter((name) => this.before[name] !== after[name])
          .map((name) => `${name} is another object`),
        ...Object.entries(this.occupied).flatMap(([namespace, { images }]) => {
          const running = this.platform.images(namespace);
          return images.filter((image) => !running.includes(image)).map((image) => `${image} does not run`);
        }),
      ],
    };
  }
}
