import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { App } from 'cdktf';
import type { MovedAddresses } from '../config/moved-addresses-file';
import type { Platform } from '../config/platform';
import { protectFromLoss } from '../../constructs/aws/account/protection';
import { setRoles } from '../../constructs/aws/identity/role-settings';
import type { BaseStack } from '../../constructs/terraform/base-stack';
import { synthesize } from '../../constructs/terraform/synthesize';
import { ClusterStack } from '../../stacks/cluster-stack';
import { LoadBalancerControllerStack } from '../../stacks/load-balancer-controller-stack';
import { moveAddresses } from './address-moves';
import { NamespaceStack } from '../../stacks/namespace-stack';
import { NetworkStack } from '../../stacks/network-stack';
import { pipelineArns, PipelineStack } from '../../stacks/pipeline-stack';
import { PlatformStack } from '../../stacks/platform-stack';

/** All stacks of a platform, each after those that it needs. */
export class PlatformApp extends App {
  /**
   * @param outdir where the Terraform JSON goes
   * @default - `CDKTF_OUTDIR`, or cdktf.out
   * @param moved which objects had other addresses
   */
  constructor(platform: Platform, outdir?: string, moved: MovedAddresses = {}) {
    // CDKTF makes the folder, but none above it.
    mkdirSync(dirname(resolve(outdir ?? process.env['CDKTF_OUTDIR'] ?? 'cdktf.out')), { recursive: true });
    super({ stackTraces: false, ...(outdir !== undefined && { outdir }) });
    const pipeline = platform.state && new PipelineStack(this, platform, platform.state);
    const network = new NetworkStack(this, platform);
    // Its bucket holds the state of every other stack.
    if (pipeline) network.addDependency(pipeline);
    const cluster = new ClusterStack(this, platform);
    cluster.addDependency(network);
    const shared = new PlatformStack(this, platform);
    shared.addDependency(cluster);
    const common: BaseStack[] = [network, cluster, shared];
    if (platform.cluster.controllers.loadBalancer) {
      const balancers = new LoadBalancerControllerStack(this, platform);
      balancers.addDependency(cluster);
      common.push(balancers);
    }
    const namespaces = Object.keys(platform.namespaces).map(
      (name) => new NamespaceStack(this, name, platform),
    );
    for (const namespace of namespaces) {
      // The load balancer controller's webhooks see Ingresses as they are made, and it is to be there still when they are removed.
      for (const stack of common.slice(2)) namespace.addDependency(stack);
    }
    if (platform.protect) this.node.children.forEach(protectFromLoss);
    // A pipeline makes roles within a boundary only.
    const permissionsBoundary = platform.iam.permissionsBoundary ?? pipelineArns(platform)?.roleBoundary;
    const { path } = platform.iam;
    for (const stack of this.node.children) {
      if (stack === pipeline) setRoles(stack, platform.iam);
      else setRoles(stack, { path, ...(permissionsBoundary !== undefined && { permissionsBoundary }) });
    }
    const all = new Map(
      [...(pipeline ? [pipeline] : []), ...common, ...namespaces].map((stack) => [stack.node.id, stack]),
    );
    const wrong = moveAddresses(moved, { all, namespaces });
    this.node.addValidation({ validate: () => wrong });
  }

  /**
   * Writes the Terraform JSON of every stack.
   *
   * @throws SynthesisError with the findings of the whole tree; nothing is written then
   */
  synthesize(): void {
    synthesize(this);
  }
}
