import type {
  DeploymentV1SpecTemplateSpecAffinity,
  DeploymentV1SpecTemplateSpecAffinityPodAffinityRequiredDuringSchedulingIgnoredDuringExecution as Term,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { HOST_LABEL } from './placement';
import type { PodSet } from './pod-set';

/** Which other Pods a workload's Pods share a machine with, and which they keep away from. */
export class PodAffinity {
  private readonly beside = new Set<PodSet>();
  private readonly apart = new Set<PodSet>();

  constructor(private readonly user: PodSet) {}

  /** Requires a machine that runs Pods of the other workload. */
  colocateWith(other: PodSet): void {
    this.beside.add(other);
  }

  /** Requires a machine without Pods of the other workload. */
  separateFrom(other: PodSet): void {
    this.apart.add(other);
  }

  /** What can't be fulfilled. */
  validate(): string[] {
    const errors: string[] = [];
    for (const other of this.beside) {
      if (this.apart.has(other)) {
        errors.push(
          `must share a machine with ${other.node.path} and keep away from it; keep one of the two`,
        );
      }
      const [mine, theirs] = [this.user.placement.nodeGroups, other.placement.nodeGroups];
      if (mine && theirs && !mine.some((group) => theirs.includes(group))) {
        errors.push(
          `must share a machine with ${other.node.path}, which runs on the node groups ${theirs.join(', ')} and never on ${mine.join(
            ', ',
          )}; give them a node group in common`,
        );
      }
    }
    return errors;
  }

  /** @internal */
  toTerraform(): Pick<DeploymentV1SpecTemplateSpecAffinity, 'podAffinity' | 'podAntiAffinity'> {
    const terms = (
      others: ReadonlySet<PodSet>,
    ): { requiredDuringSchedulingIgnoredDuringExecution: Term[] } => ({
      requiredDuringSchedulingIgnoredDuringExecution: [...others].map((other) => this.term(other)),
    });
    return {
      ...(this.beside.size > 0 && { podAffinity: terms(this.beside) }),
      ...(this.apart.size > 0 && { podAntiAffinity: terms(this.apart) }),
    };
  }

  private term({ namespace, selector }: PodSet): Term {
    return {
      topologyKey: HOST_LABEL,
      labelSelector: [{ matchLabels: { ...selector } }],
      ...(namespace !== this.user.namespace && { namespaces: [namespace.nameFor(this.user)] }),
    };
  }
}
