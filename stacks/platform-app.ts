import { App, type TerraformStack } from 'cdktf';
import type { Platform } from '../config/platform';
import { protectFromLoss } from '../constructs/aws/protection';
import { setRoles } from '../constructs/aws/role-settings';
import { synthesise } from '../constructs/terraform/synthesise';
import { ClusterStack } from './cluster';
import { LoadBalancerControllerStack } from './load-balancer-controller';
import { NamespaceStack } from './namespace';
import { NetworkStack } from './network';
import { PlatformStack } from './platform';

/** All stacks of a platform, each after those that it needs. */
export class PlatformApp extends App {
  /**
   * @param outdir where the Terraform JSON goes
   * @default - `CDKTF_OUTDIR`, or cdktf.out
   */
  constructor(platform: Platform, outdir?: string) {
    super({ stackTraces: false, ...(outdir !== undefined && { outdir }) });
    const network = new NetworkStack(this, platform);
    const cluster = new ClusterStack(this, platform);
    cluster.addDependency(network);
    const shared = new PlatformStack(this, platform);
    shared.addDependency(cluster);
    const first: TerraformStack[] = [shared];
    if (platform.cluster.controllers.loadBalancer) {
      const balancers = new LoadBalancerControllerStack(this, platform);
      balancers.addDependency(cluster);
      // Its webhooks see Ingresses as they are made, and it is to be there still when they are removed.
      first.push(balancers);
    }
    for (const name of Object.keys(platform.namespaces)) {
      const namespace = new NamespaceStack(this, name, platform);
      for (const stack of first) namespace.addDependency(stack);
    }
    if (platform.protect) this.node.children.forEach(protectFromLoss);
    for (const stack of this.node.children) setRoles(stack, platform.iam);
  }

  /**
   * Writes the Terraform JSON of every stack.
   *
   * @throws SynthesisError with the findings of the whole tree; nothing is written then
   */
  synthesise(): void {
    synthesise(this);
  }
}
