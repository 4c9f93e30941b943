import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { IngressV1 } from '@cdktf/provider-kubernetes/lib/ingress-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { App } from 'cdktf';
import type { IConstruct } from 'constructs';
import { protectFromLoss } from '../../constructs/aws/account/protection';
import { setRoles } from '../../constructs/aws/identity/role-settings';
import { keepWithin } from '../../constructs/aws/pipeline/role-boundary';
import { Manifests } from '../../constructs/kubernetes/manifests/manifests';
import { contextOf } from '../../constructs/terraform/app-context';
import { BaseStack } from '../../constructs/terraform/base-stack';
import { madeAt } from '../../constructs/terraform/construct';
import { synthesize, validateTree } from '../../constructs/terraform/synthesize';
import { ClusterStack } from '../../stacks/cluster-stack';
import { LoadBalancerControllerStack } from '../../stacks/load-balancer-controller-stack';
import { NamespaceStack } from '../../stacks/namespace-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { pipelineArns, PipelineStack } from '../../stacks/pipeline-stack';
import { PlatformStack } from '../../stacks/platform-stack';
import type { MovedAddresses } from '../config/moved-addresses-file';
import type { Platform } from '../config/platform';
import type { PulledImages } from '../config/unreachable-images';
import { unknownName } from '../facts/near-name';
import { SHELL_VARIABLE } from '../facts/selected-platform';
import { describeThrown } from '../facts/thrown';
import { chartReleases } from '../manifests/chart-releases';
import { mapImages } from '../manifests/images';
import type { HandedOver, PlatformRecord } from '../manifests/platform-record';
import type { RenderRequest } from '../manifests/rendered';
import { handOver, keepClaims, moveAddresses } from './address-moves';
import { platformRecord, writePlatformRecord } from './platform-record';
import type { PlacedStack, RegisteredWorkload } from './registry';

/** What the stacks are built from, besides what the platform's file says. */
export interface PlatformAppOptions {
  /** The platform's workloads, each after those that it uses. */
  readonly workloads: readonly RegisteredWorkload[];
  /** Stacks of the platform's own. @default [] */
  readonly stacks?: readonly PlacedStack[];
  /** Where the Terraform JSON goes. @default - `CDKTF_OUTDIR`, or cdktf.out */
  readonly outdir?: string | undefined;
  /** Objects that had other addresses. @default {} */
  readonly moved?: MovedAddresses;
  /** The committed addresses of each stack, by its name. @default - none */
  readonly listed?: ReadonlyMap<string, readonly string[]>;
  /** Whether the app is only asked what has to be rendered. @default false */
  readonly rendering?: boolean;
}

/** All stacks of a platform, each after those that it needs. */
export class PlatformApp extends App {
  private readonly stacks = new Map<string, BaseStack>();
  private readonly workloads: readonly RegisteredWorkload[];
  private readonly handedOver: ReadonlyMap<string, readonly HandedOver[]>;
  /** The version of Kubernetes by whose rules the objects were validated; undefined before, and where they were not. */
  validatedAs: string | undefined;
  /** What is wrong with the stacks of the platform's own. */
  private readonly findings: string[] = [];

  constructor(
    private readonly platform: Platform,
    { workloads, stacks = [], outdir, moved = {}, listed = new Map(), rendering = false }: PlatformAppOptions,
  ) {
    // CDKTF makes the folder, but none above it.
    mkdirSync(dirname(resolve(outdir ?? process.env['CDKTF_OUTDIR'] ?? 'cdktf.out')), { recursive: true });
    const context = contextOf({ kubernetes: platform.cluster.version, rendering });
    super({ stackTraces: false, context, ...(outdir !== undefined && { outdir }) });
    this.workloads = workloads;
    const pipeline = platform.state && new PipelineStack(this, platform, platform.state);
    const network = new NetworkStack(this, platform);
    // Its bucket holds the state of every other stack.
    if (pipeline) network.addDependency(pipeline);
    const cluster = new ClusterStack(this, platform);
    cluster.addDependency(network);
    const shared: BaseStack[] = [new PlatformStack(this, platform)];
    if (platform.cluster.controllers.loadBalancer)
      shared.push(new LoadBalancerControllerStack(this, platform));
    for (const stack of shared) stack.addDependency(cluster);
    const namespaces = Object.keys(platform.namespaces).map(
      (name) => new NamespaceStack(this, name, platform, workloads),
    );
    for (const namespace of namespaces) {
      // The load balancer controller's webhooks see Ingresses as they are made, and it is to be there still when they are removed.
      for (const stack of shared) namespace.addDependency(stack);
    }
    for (const stack of [...(pipeline ? [pipeline] : []), network, cluster, ...shared, ...namespaces]) {
      this.stacks.set(stack.node.id, stack);
    }
    this.addStacks(stacks);
    this.setOnAll(pipeline);
    const moving = { all: this.stacks, namespaces };
    const wrong = moveAddresses(moved, moving);
    keepClaims(listed, moved, moving);
    const { handedOver, errors } = handOver(moved, moving);
    this.handedOver = handedOver;
    this.node.addValidation({
      validate: () => [...this.findings, ...(this.lacksObjects() ? [] : [...wrong, ...errors])],
    });
  }

  /**
   * Writes the Terraform JSON of every stack, and the platform's record beside them.
   *
   * @throws SynthesisError with the findings of the whole tree; nothing is written then
   */
  synthesize(): PlatformRecord {
    this.validatedAs = synthesize(this, {
      kubernetes: this.platform.cluster.version,
      sourceOf: (construct) => this.sourceOf(construct),
      providers: this.platform.pipeline.providers,
    });
    const record = platformRecord({
      platform: this.platform,
      workloads: this.workloads,
      stacks: [...this.stacks.values()],
      handedOver: this.handedOver,
    });
    writePlatformRecord(this.outdir, record);
    this.removeOthers();
    return record;
  }

  /** Whether objects are still to be rendered: what has moved may be one of them. */
  private lacksObjects(): boolean {
    return this.node.findAll().some((each) => each instanceof Manifests && each.lacksObjects);
  }

  /** What its workloads and stacks want to have rendered. @throws SynthesisError with the findings of the whole tree */
  renderRequests(): RenderRequest[] {
    validateTree(this, (construct) => this.sourceOf(construct));
    return this.node
      .findAll()
      .flatMap((each) => (each instanceof Manifests && each.renderRequest ? [each.renderRequest] : []));
  }

  /**
   * Removes the folders of stacks that the platform does not have. A sandbox keeps them in its own folder, where it still has to
   * destroy them.
   */
  private removeOthers(): void {
    if (process.env[SHELL_VARIABLE] || resolve(this.outdir) === process.cwd()) return;
    const folder = join(this.outdir, 'stacks');
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || this.stacks.has(entry.name)) continue;
      rmSync(join(folder, entry.name), { recursive: true, force: true });
    }
  }

  /** Where a construct of a workload is made, or the workload is defined. */
  private sourceOf(construct: IConstruct): string | undefined {
    const [, name] = construct.node.path.split('/');
    const stack = construct.node.scopes.find((scope) => scope instanceof NamespaceStack);
    const workload = stack && this.workloads.find((each) => each.name === name);
    return workload && (madeAt(construct)?.replace(/:\d+$/, '') ?? workload.source);
  }

  /** The images of all containers and charts, each with the addresses that pull it; and the charts whose values name none. */
  pulledImages(): PulledImages {
    const images = new Map<string, string[]>();
    const charts: string[] = [];
    for (const [name, stack] of this.stacks) {
      const document = stack.toTerraform();
      const seen = new Set<string>();
      mapImages(document, (image, address) => {
        seen.add(address);
        images.set(image, [...(images.get(image) ?? []), `${name}/${address}`]);
        return image;
      });
      const silent = chartReleases(document).filter(({ address }) => !seen.has(address));
      charts.push(...silent.map(({ address }) => `${name}/${address}`));
    }
    return { images, charts };
  }

  /** The namespaces with an Ingress or a Service of the type LoadBalancer, which a controller has to serve. */
  exposedNamespaces(): string[] {
    const isExposed = (construct: IConstruct): boolean =>
      construct instanceof IngressV1 ||
      (construct instanceof ServiceV1 && construct.specInput?.type === 'LoadBalancer');
    return Object.keys(this.platform.namespaces).filter((name) =>
      this.stacks.get(name)?.node.findAll().some(isExposed),
    );
  }

  /** Adds the stacks of the platform's own, in their places. */
  private addStacks(placed: readonly PlacedStack[]): void {
    const added = placed.flatMap((place) => {
      const stack = this.construct(place);
      return stack ? [{ place, stack }] : [];
    });
    for (const { stack } of added) this.stacks.set(stack.node.id, stack);
    for (const { place, stack } of added) {
      for (const other of this.find(stack, place.after)) this.order(other, stack);
      for (const other of this.find(stack, place.before)) this.order(stack, other);
    }
  }

  private construct({ stack: Class }: PlacedStack): BaseStack | undefined {
    try {
      const stack: unknown = new Class(this, this.platform);
      if (stack instanceof BaseStack) return stack;
      this.findings.push(
        `stacks: ${Class.name} is no Stack, so that it has neither backend nor provider of the platform; let it extend Stack`,
      );
    } catch (error) {
      this.findings.push(
        `stacks: ${Class.name} failed with ${describeThrown(error)}; correct it, or remove it from stacks`,
      );
    }
    return undefined;
  }

  private find(stack: BaseStack, names: readonly string[]): BaseStack[] {
    return names.flatMap((name) => {
      const found = this.stacks.get(name);
      if (!found) {
        this.findings.push(`${stack.node.path}: ${unknownName('stack', name, [...this.stacks.keys()])}`);
      }
      return found ?? [];
    });
  }

  private order(first: BaseStack, second: BaseStack): void {
    if (first === second) {
      this.findings.push(`${first.node.path}: comes after or before itself; name another stack`);
    } else if (first.dependsOn(second)) {
      this.findings.push(
        `${second.node.path}: is deployed before ${first.node.path} already, by way of others; remove one of the two places`,
      );
    } else {
      second.addDependency(first);
    }
  }

  /** What holds for all that a platform has, also in a user's own stack. */
  private setOnAll(pipeline: PipelineStack | undefined): void {
    const { platform } = this;
    // A pipeline makes roles within a boundary only.
    const permissionsBoundary = platform.iam.permissionsBoundary ?? pipelineArns(platform)?.roleBoundary;
    const { path } = platform.iam;
    for (const stack of this.stacks.values()) {
      if (platform.protect) protectFromLoss(stack);
      stack.pullFrom(platform.images.mirrors);
      if (stack === pipeline) setRoles(stack, platform.iam);
      else setRoles(stack, { path, ...(permissionsBoundary !== undefined && { permissionsBoundary }) });
      if (stack !== pipeline && pipeline?.roleBoundary) keepWithin(stack, pipeline.roleBoundary);
    }
  }
}
