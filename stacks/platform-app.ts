import { App } from 'cdktf';
import type { Platform } from '../config/platform';
import { protectFromLoss } from '../constructs/aws/protection';
import { setRoles } from '../constructs/aws/role-settings';
import { synthesise } from '../constructs/terraform/synthesise';
import { ClusterStack } from './cluster';
import { NamespaceStack } from './namespace';
import { NetworkStack } from './network';
import { pipelineArns, PipelineStack } from './pipeline';
import { PlatformStack } from './platform';

/** All stacks of a platform, each after those that it needs. */
export class PlatformApp extends App {
  /**
   * @param outdir where the Terraform JSON goes
   * @default - `CDKTF_OUTDIR`, or cdktf.out
   */
  constructor(platform: Platform, outdir?: string) {
    super({ stackTraces: false, ...(outdir !== undefined && { outdir }) });
    const pipeline = platform.state && new PipelineStack(this, platform, platform.state);
    const network = new NetworkStack(this, platform);
    // Its bucket holds the state of every other stack.
    if (pipeline) network.addDependency(pipeline);
    const cluster = new ClusterStack(this, platform);
    cluster.addDependency(network);
    const shared = new PlatformStack(this, platform);
    shared.addDependency(cluster);
    for (const name of Object.keys(platform.namespaces)) {
      new NamespaceStack(this, name, platform).addDependency(shared);
    }
    if (platform.protect) this.node.children.forEach(protectFromLoss);
    // A pipeline makes roles within a boundary only.
    const permissionsBoundary = platform.iam.permissionsBoundary ?? pipelineArns(platform)?.roleBoundary;
    const { path } = platform.iam;
    for (const stack of this.node.children) {
      if (stack === pipeline) setRoles(stack, platform.iam);
      else setRoles(stack, { path, ...(permissionsBoundary !== undefined && { permissionsBoundary }) });
    }
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
