import { ACCELERATORS, acceleratorOf } from '@kubernetes-on-aws/eks-facts/accelerators';
import type { Accelerator, NodeOs } from '@kubernetes-on-aws/eks-facts/node-image';
import { Construct } from '../../terraform/construct';
import { ClusterRole } from '../access/cluster-role';
import { ClusterRoleBinding } from '../access/cluster-role-binding';
import type { PolicyRule } from '../access/policy-rule';
import { ServiceAccount } from '../access/service-account';
import { EnvValue } from '../pods/env-value';
import { Cpu, Size } from '../pods/quantity';
import { Volume } from '../storage/volume';
import { DaemonSet } from '../workloads/daemon-set';

/** The accelerator of a device plug-in, its node groups and its image. */
export interface DevicePluginOptions {
  /** GPUs of NVIDIA, or Inferentia and Trainium of AWS. */
  readonly accelerator: Accelerator;
  /** The node groups that have them. */
  readonly nodeGroups: readonly string[];
  /** Image of the plug-in. @default - a pinned version of its maker's, from `nvcr.io` or `public.ecr.aws` */
  readonly image?: string;
}

/** The node groups of each kind of accelerator that get no device plug-in from their image. */
export function groupsWithoutPlugin(
  nodes: Readonly<Record<string, { readonly instanceTypes: readonly string[]; readonly os: NodeOs }>>,
): ReadonlyMap<Accelerator, readonly string[]> {
  const groups = new Map<Accelerator, string[]>();
  for (const [name, { instanceTypes, os }] of Object.entries(nodes)) {
    const [kind] = instanceTypes.map(acceleratorOf);
    if (kind === undefined || ACCELERATORS[kind].builtIn.includes(os)) continue;
    groups.set(kind, [...(groups.get(kind) ?? []), name]);
  }
  return groups;
}

/** Where the kubelet waits for plug-ins. */
const PLUGINS = '/var/lib/kubelet/device-plugins';

/**
 * The device plug-in of a kind of accelerator, on every node of its node groups whatever their taints. Before it runs, no Pod
 * gets a device: a node has no `nvidia.com/gpu`, and no `aws.amazon.com/neuron`.
 *
 * Its namespace must be one of Pod Security `privileged`: the plug-in speaks to the kubelet by a socket on the node, as root.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-k8s-device-plugin.html
 */
export class DevicePlugin extends Construct {
  readonly daemonSet: DaemonSet;

  constructor(scope: Construct, id: string, { accelerator, nodeGroups, image }: DevicePluginOptions) {
    super(scope, id);
    const { plugin } = ACCELERATORS[accelerator];
    const rights = RIGHTS[accelerator];
    const account = new ServiceAccount(this, 'account', {
      name: plugin.name,
      automountToken: rights.length > 0,
    });
    if (rights.length > 0) {
      const role = new ClusterRole(this, 'role', { name: plugin.name, rules: rights });
      new ClusterRoleBinding(this, 'binding', { role, subjects: [account] });
    }
    this.daemonSet = new DaemonSet(this, 'agent', {
      name: plugin.name,
      serviceAccount: account,
      placement: { nodeGroups },
      tolerations: [{ operator: 'Exists' }],
      priorityClassName: 'system-node-critical',
    });
    const container = this.daemonSet
      .addContainer('plugin', {
        image: image ?? plugin.image,
        root: true,
        env: ENVIRONMENT[accelerator],
        resources: { cpu: Cpu.millis(50), memory: Size.mebibytes(128) },
      })
      .mount(PLUGINS, Volume.fromHostPath('plugins', PLUGINS));
    if (accelerator === 'neuron') {
      // Where the driver says what it has.
      container.mount('/run', Volume.fromHostPath('run', '/run'));
    }
  }
}

/** What a plug-in asks the API server for: that of Neuron notes on Pods and on its node who has which device. */
const RIGHTS: Readonly<Record<Accelerator, readonly PolicyRule[]>> = {
  nvidia: [],
  neuron: [
    { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['nodes/status'], verbs: ['patch', 'update'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'patch', 'update', 'watch'] },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  ],
};

/** What a plug-in must be told. */
const ENVIRONMENT: Readonly<Record<Accelerator, Readonly<Record<string, EnvValue>>>> = {
  nvidia: {},
  neuron: { NODE_NAME: EnvValue.fromField('spec.nodeName') },
};
