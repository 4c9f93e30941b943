import type { Nodegroup } from '@aws-sdk/client-eks';
import type { InstanceType, LaunchTemplateVersion, Subnet } from '../aws-emulator/emulated-account';
import type { Wire } from './wire';

/** A managed node group and what its Nodes are made from. */
export interface NodeGroupState {
  readonly nodegroup: Wire<Nodegroup>;
  readonly subnets: readonly Subnet[];
  instance: InstanceType;
  template?: LaunchTemplateVersion;
  /** Settles, and never fails, when nothing is under way with its Nodes. */
  settled: Promise<void>;
}
