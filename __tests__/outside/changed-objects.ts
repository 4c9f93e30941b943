import { App } from 'cdktf';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Namespace, type NamespaceOptions } from '../../constructs/kubernetes/namespaces/namespace';
import { BaseStack } from '../../constructs/terraform/base-stack';
import { synthesize } from '../../constructs/terraform/synthesize';
import type { PlanJson } from '../../src/pipeline/plan/plan-json';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { unreadyIn } from '../../src/cli/workload-health';
import { guard } from '../../src/pipeline/guard/guard';
import type { UnhealthyWorkload } from '../../src/pipeline/health/workload-health';
import { changesOf, type Change, type PlannedStack } from '../../src/pipeline/plan/planned-stack';
import { refusedChanges } from '../../src/pipeline/plan/refused-changes';
import { Terraform } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import type { BareCluster } from '../e2e/bare-cluster';

/** What a version of a program declares in a namespace of its own. */
export type Version = (stack: BaseStack) => void;

/** Most of the time goes into waiting for the cluster. */
const PARALLEL = Object.fromEntries(
  ['plan', 'apply', 'destroy'].map((command) => [`TF_CLI_ARGS_${command}`, '-parallelism=40']),
);

/** One program in several versions, in a stack and a namespace of a bare cluster, by the provider hashicorp/kubernetes. */
export class ChangedObjects {
  static async in(
    cluster: BareCluster,
    name: string,
    namespace: Partial<NamespaceOptions> = {},
  ): Promise<ChangedObjects> {
    const providers = await findProviderSource();
    return new ChangedObjects(cluster, name, namespace, providers.environment(cluster.directory));
  }

  readonly folder: string;
  /** Path of the kubeconfig that Terraform signs in with. */
  kubeconfig: string;
  readonly terraform: Terraform;

  private constructor(
    private readonly cluster: BareCluster,
    readonly name: string,
    private readonly namespace: Partial<NamespaceOptions>,
    environment: Readonly<Record<string, string>>,
  ) {
    this.kubeconfig = cluster.kubeconfig;
    this.folder = join(cluster.directory, `changes-${name}`, 'stacks', name);
    mkdirSync(this.folder, { recursive: true });
    const { PATH = '', HOME = cluster.directory } = process.env;
    this.terraform = new Terraform({
      stack: name,
      workingDirectory: this.folder,
      environment: { PATH, HOME, ...environment, ...PARALLEL },
      logFile: join(cluster.directory, 'logs', `changes-${name}.log`),
    });
  }

  /** Writes the bytes of a version. */
  async write(version: Version): Promise<void> {
    const outdir = join(this.cluster.directory, `changes-${this.name}`);
    rmSync(join(outdir, 'manifest.json'), { force: true });
    const app = new App({ outdir });
    const stack = new BaseStack(app, this.name);
    new KubernetesProvider(stack, 'kubernetes', { configPath: this.kubeconfig });
    new Namespace(stack, 'namespace', {
      name: this.name,
      nodeGroups: ['node-1', 'node-2'],
      ...this.namespace,
    });
    version(stack);
    synthesize(app);
    await this.terraform.init();
  }

  /** What Terraform would change. */
  async plan(): Promise<Change[]> {
    return changesOf(await this.planned());
  }

  /** What `plan` refuses. */
  async refusals(): Promise<string[]> {
    return refusedChanges(await this.planned());
  }

  /** What the guard stops while workloads are not ready. */
  async stops(workloads: readonly UnhealthyWorkload[]): Promise<string[]> {
    const stack = await this.planned();
    const { stopped } = guard({
      stacks: [stack],
      documents: [stack],
      exceptions: [],
      maxChanges: 100,
      unready: unreadyIn([stack], { stacks: [{ stack: this.name, workloads }] }),
      today: new Date(),
    });
    return stopped.map(({ message }) => message);
  }

  /** The plan, which is kept as `plan`. */
  async planned(): Promise<PlannedStack> {
    await this.terraform.plan({ out: 'plan' });
    const plan = (await this.terraform.show('plan')) as PlanJson;
    return { name: this.name, plan, document: this.document(), protectedBefore: [] };
  }

  /** The bytes that were written last. */
  document(): TerraformDocument {
    return JSON.parse(readFileSync(join(this.folder, 'cdk.tf.json'), 'utf8')) as TerraformDocument;
  }

  /** Writes, plans and applies a version, and gives each change as `update kubernetes_service_v1.web`. */
  async apply(version: Version): Promise<string[]> {
    await this.write(version);
    const changes = await this.plan();
    await this.terraform.apply();
    return changes.map(({ action, address }) => `${action} ${address}`);
  }
}
