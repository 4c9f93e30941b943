import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type {
  DeploymentV1SpecTemplateSpecAffinity,
  DeploymentV1SpecTemplateSpecAffinityNodeAffinityRequiredDuringSchedulingIgnoredDuringExecutionNodeSelectorTermMatchExpressions as Requirement,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Namespace } from '../namespaces/namespace';

/** The label by which a node says which node of the platform it belongs to. */
export const NODE_LABEL = 'platform/node';

/** The label by which a node says its availability zone. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** A machine; several of them may belong to one node of the platform. */
export const HOST_LABEL = 'kubernetes.io/hostname';

/** Where within its namespace's row a workload runs. */
export interface PlacementOptions {
  /**
   * Some of the namespace's nodes. One that is not in its row is an error.
   * @default - all of the row
   */
  readonly nodes?: readonly string[];
  /**
   * Availability zone: its letter, such as `a`, or its whole name, such as `eu-west-1a`.
   * @default - the zones of the row
   */
  readonly zone?: string;
}

/** Lets Pods run on nodes with a taint. @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Toleration {
  /** @default - every key, which needs the operator Exists */
  readonly key?: string;
  /** @default Equal */
  readonly operator?: 'Equal' | 'Exists';
  /** @default - no value */
  readonly value?: string;
  /** @default - every effect */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /** Seconds that a Pod stays after the taint has come; for NoExecute only. @default - for ever */
  readonly tolerationSeconds?: number;
}

/** The AWS providers that were found, each in its stack. */
const providers = new WeakMap<TerraformStack, AwsProvider>();

/** Keeps a workload to its namespace's row of nodes, or to a part of it: no placement reaches beyond the row. */
export class Placement {
  constructor(
    private readonly user: Construct,
    private readonly namespace: Namespace,
    private readonly options: PlacementOptions = {},
  ) {}

  /** The nodes of the platform that the Pods may run on; undefined is every node. */
  get nodes(): readonly string[] | undefined {
    return this.options.nodes ?? this.namespace.nodes;
  }

  /** What is wrong with the placement. */
  validate(): string[] {
    const errors: string[] = [];
    const { nodes, zone } = this.options;
    const row = this.namespace.nodes;
    for (const node of nodes ?? []) {
      if (row && !row.includes(node)) {
        errors.push(
          `placement: node "${node}" is not in the row of namespace ${nameOf(this.namespace)}, which is: ${row.join(
            ', ',
          )}; name some of these, or widen the Namespace's row`,
        );
      }
    }
    if (nodes?.length === 0) {
      errors.push('placement: got no node; name some, or leave nodes out for all of the row');
    }
    if (zone !== undefined && this.zoneName === undefined) {
      errors.push(
        `placement: got the zone "${zone}" in a stack without an AWS provider, which would say the region; give the whole name, such as eu-west-1a`,
      );
    }
    return errors;
  }

  /** The node affinity that every Pod gets: all requirements of its single term have to hold. */
  toTerraform(): DeploymentV1SpecTemplateSpecAffinity['nodeAffinity'] {
    const requirements: Requirement[] = [];
    if (this.nodes) requirements.push({ key: NODE_LABEL, operator: 'In', values: [...this.nodes] });
    if (this.zoneName !== undefined) {
      requirements.push({ key: ZONE_LABEL, operator: 'In', values: [this.zoneName] });
    }
    if (requirements.length === 0) return undefined;
    return {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerm: [{ matchExpressions: requirements }],
      },
    };
  }

  private get zoneName(): string | undefined {
    const { zone } = this.options;
    if (zone === undefined || zone.length > 1) return zone;
    const stack = TerraformStack.of(this.user);
    const provider =
      providers.get(stack) ?? stack.node.children.find((child) => child instanceof AwsProvider);
    if (provider) providers.set(stack, provider);
    return provider?.region === undefined ? undefined : `${provider.region}${zone}`;
  }
}

/** What is wrong with a toleration; the API server refuses each of these. */
export function invalidToleration(toleration: Toleration): string[] {
  const { key, operator = 'Equal', value, effect, tolerationSeconds } = toleration;
  const errors: string[] = [];
  if (key === undefined && operator !== 'Exists') errors.push('without a key the operator is Exists');
  if (operator === 'Exists' && value !== undefined) errors.push('the operator Exists takes no value');
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push('tolerationSeconds are for the effect NoExecute');
  }
  return errors.map((error) => `toleration ${JSON.stringify(toleration)}: ${error}`);
}

/** The name of a namespace for a message; its `name` is a reference. */
export function nameOf(namespace: Namespace): string {
  return namespace.resource.metadata.nameInput ?? namespace.node.path;
}
