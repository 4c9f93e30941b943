import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type {
  DeploymentV1SpecTemplateSpecAffinity,
  DeploymentV1SpecTemplateSpecAffinityNodeAffinityRequiredDuringSchedulingIgnoredDuringExecutionNodeSelectorTermMatchExpressions as Requirement,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { NODE_GROUP_LABEL } from '../../../src/facts/affinity-patch';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { listAt } from '../../../src/rules/workload-pods';
import type { Namespace } from '../namespaces/namespace';

/** The label by which a node says its availability zone. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** The label by which a node says which machine it is; a node group has several of them. */
export const HOST_LABEL = 'kubernetes.io/hostname';

/** Where within its namespace's node groups a workload runs. */
export interface PlacementOptions {
  /**
   * Some of the namespace's node groups. Any other is an error.
   * @default - all of the namespace's node groups
   */
  readonly nodeGroups?: readonly string[];
  /**
   * Availability zone: its letter, such as `a`, or its whole name, such as `eu-west-1a`.
   * @default - the zones of the node groups
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

/** Keeps a workload to its namespace's node groups, or to some of them: no placement reaches beyond them. */
export class Placement {
  constructor(
    private readonly user: Construct,
    private readonly namespace: Namespace,
    private readonly options: PlacementOptions = {},
  ) {}

  /** The node groups that the Pods may run on; undefined is every node. */
  get nodeGroups(): readonly string[] | undefined {
    return this.options.nodeGroups ?? this.namespace.nodeGroups;
  }

  /** What is wrong with the placement. */
  validate(): string[] {
    const errors: string[] = [];
    const { nodeGroups, zone } = this.options;
    const allowed = this.namespace.nodeGroups;
    for (const group of nodeGroups ?? []) {
      if (allowed && !allowed.includes(group)) {
        errors.push(
          `placement: node group "${group}" is none of namespace ${this.namespace.literalName}, which has: ${allowed.join(
            ', ',
          )}; name some of these, or add it to the Namespace's nodeGroups`,
        );
      }
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
    const { nodeGroups } = this;
    if (nodeGroups) requirements.push({ key: NODE_GROUP_LABEL, operator: 'In', values: [...nodeGroups] });
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

/** Whether the scheduler keeps a Pod to node groups: one term of its affinity is enough for a node, so that every one has to. */
export function keepsTo(nodeGroups: readonly string[], pod: JsonObject): boolean {
  const terms = listAt(
    pod,
    'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
  );
  const keeps = (term: JsonObject): boolean =>
    listAt(term, 'matchExpressions').some(
      ({ key, operator, values }) =>
        key === NODE_GROUP_LABEL &&
        operator === 'In' &&
        ((values ?? []) as readonly string[]).every((group) => nodeGroups.includes(group)),
    );
  return terms.length > 0 && terms.every(keeps);
}

/** That Pods could run outside their node groups. */
export function placementErrors(nodeGroups: readonly string[] | undefined, pod: JsonObject): string[] {
  return nodeGroups && !keepsTo(nodeGroups, pod)
    ? [
        `affinity: the Pods could run outside the node groups ${nodeGroups.join(', ')}, and the cluster refuses them. Keep the required node affinity: each of its terms needs an expression with the key ${NODE_GROUP_LABEL}, the operator In, and values of these`,
      ]
    : [];
}
