import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseDocument, type Document } from 'yaml';
import { Project, succeeded } from './project';

/** What AWS gives a resource when it makes it: another of the same name has others. */
export interface Identities {
  readonly vpc: unknown;
  readonly cluster: unknown;
  readonly nodeGroups: Readonly<Record<string, unknown>>;
}

export interface NodeObject {
  readonly metadata: { readonly uid: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } };
}

/** Services of the default platform with a single Pod: each rollout takes it away first. */
export const SINGLE_POD = /^Service (dev|qa|stage|prod)\/storefront-database(-headless)?$/;

/** Those that a drain of a node takes away: a rollout adds a Pod of the cache before it takes the old one away. */
export const DRAINED = /^Service (dev|qa|stage|prod)\/storefront-(cache|database(-headless)?)$/;

/** A platform on a sandbox of its own, whose platform.yaml is changed while it runs. */
export class LivingPlatform {
  /** @param environment variables of all that is run in it */
  static async copy(environment: Readonly<Record<string, string>> = {}): Promise<LivingPlatform> {
    return new LivingPlatform(await Project.copy(environment));
  }

  /**
   * One that is kept between runs of the tests where the variable `KEPT_PLATFORM` names its folder: a long file is run in parts.
   *
   * @param prepare what a new copy is prepared by
   */
  static async kept(prepare: (platform: LivingPlatform) => Promise<void>): Promise<LivingPlatform> {
    const folder = process.env['KEPT_PLATFORM'];
    if (folder !== undefined && existsSync(folder)) return new LivingPlatform(Project.at(folder, {}), true);
    const platform = new LivingPlatform(await Project.copy({}, undefined, folder), folder !== undefined);
    await prepare(platform);
    return platform;
  }

  private sandboxEnvironment: Record<string, string> | undefined;

  private constructor(
    readonly project: Project,
    private readonly isKept = false,
  ) {}

  /** Changes platform.yaml as somebody with an editor does. */
  edit(change: (file: Document) => void): void {
    const path = this.project.path('platform.yaml');
    const file = parseDocument(readFileSync(path, 'utf8'));
    change(file);
    writeFileSync(path, file.toString());
  }

  /** Keeps the platform as it is now, for `restore`; those that were kept before are gone. */
  async snapshot(): Promise<void> {
    // The files in the sandbox's folder are part of it: with the states of Terraform, this one too.
    copyFileSync(this.project.path('platform.yaml'), this.project.path('.sandbox', 'platform.yaml'));
    await this.eksSandbox('snapshot', 'kept');
  }

  /** Takes platform, sandbox and states of Terraform back to what they were at `snapshot`. */
  async restore(): Promise<void> {
    await this.eksSandbox('restore', 'kept');
    copyFileSync(this.project.path('.sandbox', 'platform.yaml'), this.project.path('platform.yaml'));
  }

  private async eksSandbox(...args: string[]): Promise<void> {
    const program = this.project.path('packages', 'eks-sandbox', 'bin', 'eks-sandbox.mjs');
    succeeded(await this.project.run('node', [program, ...args]));
  }

  /** The variables that `npm run sandbox:env` exports. */
  async environment(): Promise<Record<string, string>> {
    return (this.sandboxEnvironment ??= await this.project.sandboxEnvironment());
  }

  /** What an `aws` of the sandbox's shell answers. */
  async aws(...args: string[]): Promise<unknown> {
    const environment = await this.environment();
    return JSON.parse(succeeded(await this.project.run('aws', [...args, '--output', 'json'], environment)));
  }

  describeCluster(query: string): Promise<unknown> {
    return this.aws('eks', 'describe-cluster', '--name', 'seed', '--query', query);
  }

  /** What EKS calls a node group, which has one while nothing replaces it. */
  async groupInEks(name: string): Promise<string> {
    const query = `nodegroups[?starts_with(@, '${name}-')]`;
    const found = await this.aws('eks', 'list-nodegroups', '--cluster-name', 'seed', '--query', query);
    const [group, ...others] = found as string[];
    if (group === undefined || others.length > 0) throw new Error(`${name} is ${JSON.stringify(found)}`);
    return group;
  }

  async describeGroup(name: string, query: string): Promise<unknown> {
    const group = ['--cluster-name', 'seed', '--nodegroup-name', await this.groupInEks(name)];
    return this.aws('eks', 'describe-nodegroup', ...group, '--query', query);
  }

  /** Those of the VPC, the cluster and the node groups of the default platform. */
  async identities(): Promise<Identities> {
    const filter = ['--filters', 'Name=tag:Name,Values=seed'];
    const groups: [string, unknown][] = [];
    for (const name of ['node-1', 'node-2', 'node-3']) {
      groups.push([name, await this.describeGroup(name, 'nodegroup.[nodegroupArn, createdAt]')]);
    }
    return {
      vpc: await this.aws('ec2', 'describe-vpcs', ...filter, '--query', 'Vpcs[].VpcId'),
      cluster: await this.describeCluster('cluster.[arn, createdAt, endpoint]'),
      nodeGroups: Object.fromEntries(groups),
    };
  }

  kubectlJson(...args: string[]): unknown {
    return JSON.parse(succeeded(this.project.kubectl([...args, '--output=json'])));
  }

  /** The nodes of a node group, or all. */
  nodes(ofGroup?: string): NodeObject[] {
    const selector = ofGroup === undefined ? [] : [`--selector=platform/node=${ofGroup}`];
    return (this.kubectlJson('get', 'nodes', ...selector) as { items: NodeObject[] }).items;
  }

  /** Takes the sandbox down and the copy away, unless it is kept. */
  async remove(): Promise<void> {
    if (this.isKept) return;
    await this.project.npm('sandbox:down');
    this.project.remove();
  }
}
