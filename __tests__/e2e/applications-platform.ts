import { readFileSync, writeFileSync } from 'node:fs';
import { Project, succeeded } from './project';

const TOKEN = '/vllm/hf-token';

/** A new version of images that are changed in place, by the file of the application. A Job would run again. */
const VERSIONS: Versions = {
  'examples/applications/cassandra.ts': [':v14', ':v15'],
  'examples/applications/elasticsearch.ts': [':8.17.0', ':8.17.1'],
  'examples/applications/node-exporter.ts': ['1.12.1', '1.12.2'],
  'examples/applications/online-boutique.ts': ['v0.10.6', 'v0.10.7'],
  'examples/applications/vllm.ts': [':v0.11.0', ':v0.11.1'],
  'examples/applications/wordpress.ts': [':6.2.1-', ':6.2.2-'],
};

export type Versions = Readonly<Record<string, readonly [from: string, to: string]>>;

/** What a platform has beside the applications. */
export interface Beside {
  /** Adds its files to the copy of the project. */
  write(project: Project): void;
  /** Of `main.ts`. */
  readonly imports: string;
  readonly workloads: string;
  readonly stacks: string;
  /** Further node groups of `platform.yaml`. */
  readonly nodes: string;
  /** Further namespaces of `platform.yaml`. */
  readonly namespaces: string;
  readonly versions: Versions;
}

/** A kind, namespace and name, and the ID that the cluster gave the object. */
type Identities = Readonly<Record<string, string>>;

interface Listed {
  readonly items: readonly {
    readonly kind: string;
    readonly metadata: { readonly namespace: string; readonly name: string; readonly uid: string };
  }[];
}

/** The applications of the examples. The one that needs a GPU has a node group for it. */
const platformYaml = ({ nodes, namespaces }: Pick<Beside, 'nodes' | 'namespaces'>): string => `name: seed
region: eu-west-1
network: { cidr: 10.0.0.0/16, zones: [a, b, c], nat: single }
cluster:
  version: '1.36'
  admins: [arn:aws:iam::111122223333:role/platform-admin]
  publicAccess: [203.0.113.0/24]
  addOns: { aws-ebs-csi-driver: { policy: cluster } }
nodes:
  node-1: { zone: a, instanceTypes: [m7i.2xlarge], min: 1, max: 2 }
  node-2: { zone: b, instanceTypes: [m7i.2xlarge], min: 1, max: 2 }
  node-3: { zone: c, instanceTypes: [m7i.2xlarge], min: 1, max: 2 }
  gpu: { zone: a, instanceTypes: [g6.2xlarge], min: 2, max: 2 }
${nodes}namespaces:
  made:
    nodes: [node-1, node-2, node-3, gpu]
    quota: { cpu: '24', memory: 48Gi, pods: 80 }
    workloads: { applications: {} }
${namespaces}`;

const mainTs = ({ imports, workloads, stacks }: Pick<Beside, 'imports' | 'workloads' | 'stacks'>): string =>
  `import { after, definePlatform } from 'kubernetes-on-aws';
import { AgentsStack, applications } from './__tests__/examples/application-workloads';
${imports}
export default definePlatform({
  workloads: [applications, ${workloads}],
  stacks: [after('platform', AgentsStack), ${stacks}],
});
`;

/** A platform with the seven applications, on a sandbox of its own. */
export class ApplicationsPlatform {
  static async copy(beside?: Beside): Promise<ApplicationsPlatform> {
    const project = await Project.copy();
    beside?.write(project);
    writeFileSync(project.path('main.ts'), mainTs(beside ?? { imports: '', workloads: '', stacks: '' }));
    writeFileSync(project.path('platform.yaml'), platformYaml(beside ?? { nodes: '', namespaces: '' }));
    return new ApplicationsPlatform(project, { ...VERSIONS, ...beside?.versions });
  }

  private constructor(
    readonly project: Project,
    private readonly versions: Versions,
  ) {}

  /** Starts the sandbox, with the token for the model in its AWS. */
  async start(): Promise<void> {
    succeeded(await this.project.npm('sandbox', ['--empty', '--json']));
    const parameter = ['--name', TOKEN, '--type', 'SecureString', '--value', 'no-token'];
    await this.aws('ssm', 'put-parameter', ...parameter);
  }

  /** Gives images their next version, in the source. */
  changeVersions(): void {
    for (const [name, [from, to]] of Object.entries(this.versions)) {
      const file = this.project.path(name);
      const text = readFileSync(file, 'utf8');
      if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
      writeFileSync(file, text.replaceAll(from, to));
    }
  }

  /** What namespaces have, with the IDs that the cluster gave. */
  identities(namespaces: readonly string[]): Identities {
    const kinds = 'deployments,statefulsets,daemonsets,jobs,services,persistentvolumeclaims';
    const { items } = JSON.parse(
      succeeded(this.project.kubectl(['get', kinds, '--all-namespaces', '--output', 'json'])),
    ) as Listed;
    return Object.fromEntries(
      items
        .filter(({ metadata }) => namespaces.includes(metadata.namespace))
        .map(({ kind, metadata: { namespace, name, uid } }) => [`${kind} ${namespace}/${name}`, uid]),
    );
  }

  /** The images of the Pods of a namespace that run. */
  images(namespace: string): string[] {
    const path = '--output=jsonpath={.items[?(@.status.phase=="Running")].spec.containers[*].image}';
    return succeeded(this.project.kubectl(['get', 'pods', '--namespace', namespace, path])).split(' ');
  }

  /** Destroys every stack. @returns what it says is left, beside the token, which Terraform reads to the end */
  async destroy(): Promise<string[]> {
    const { status, stdout, stderr } = await this.project.npm('sandbox:destroy');
    // The list of steps and the error both say it.
    const left = [...new Set(stderr.split('\n').filter((line) => line.startsWith('left in ')))];
    if (status !== 0 && left.length === 0) throw new Error(stdout + stderr);
    return left.filter((line) => !line.includes(TOKEN.slice(1)));
  }

  /** Takes the sandbox down and the copy away. */
  async remove(): Promise<void> {
    await this.project.npm('sandbox:down');
    this.project.remove();
  }

  private async aws(...args: string[]): Promise<void> {
    succeeded(await this.project.run('aws', args, await this.project.sandboxEnvironment()));
  }
}
