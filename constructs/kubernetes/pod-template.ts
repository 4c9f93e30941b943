import type {
  DeploymentV1SpecTemplate,
  DeploymentV1SpecTemplateSpecToleration,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { Container, type ContainerOptions } from './container';
import type { Namespace } from './namespace';
import { NODE_LABEL, requiredNodes } from './placement';
import type { ServiceAccount } from './service-account';
import type { Volume } from './volume';

/** User and group of the containers where an image says none by number: `nonroot` of the distroless images. */
const NON_ROOT = '65532';

export interface PodTemplateOptions {
  /** Containers by name. More are added by `addContainer`. */
  readonly containers?: Readonly<Record<string, ContainerOptions>>;
  /** @default - the namespace's default account, without a token */
  readonly serviceAccount?: ServiceAccount;
  /**
   * Seconds that a Pod has to stop in.
   * @default 30
   */
  readonly terminationGracePeriodSeconds?: number;
  /** @default [] */
  readonly tolerations?: readonly DeploymentV1SpecTemplateSpecToleration[];
  /**
   * Name of the PriorityClass.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;
}

/** What a workload adds to the template that its user writes. */
interface Frame {
  readonly namespace: Namespace;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  /** Spread over the namespace's nodes: for workloads of several equal Pods. */
  readonly spread: boolean;
}

/** The Pods of a workload: containers, volumes and how they run. Where they run comes from the namespace. */
export class PodTemplate {
  private readonly containers = new Map<string, Container>();

  constructor(private readonly options: PodTemplateOptions) {
    for (const [name, container] of Object.entries(options.containers ?? {}))
      this.addContainer(name, container);
  }

  addContainer(name: string, options: ContainerOptions): Container {
    const container = new Container(name, options);
    this.containers.set(name, container);
    return container;
  }

  /** The number of a named port of any container, or undefined. */
  port(name: string): number | undefined {
    for (const container of this.containers.values()) {
      const port = container.port(name);
      if (port !== undefined) return port;
    }
    return undefined;
  }

  get portNames(): string[] {
    return [...this.containers.values()].flatMap((container) => container.portNames);
  }

  /** What is wrong with the template. */
  validate(): string[] {
    const errors: string[] = [];
    if (this.containers.size === 0) errors.push('a Pod needs a container; call addContainer()');
    const names = this.portNames;
    for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
      errors.push(`port name "${name}" is taken twice; names are unique within a Pod`);
    }
    return errors;
  }

  toTerraform(frame: Frame): DeploymentV1SpecTemplate {
    const containers = [...this.containers.values()];
    const volumes = new Set<Volume>(containers.flatMap((container) => container.volumes));
    const { nodes } = frame.namespace;
    return {
      metadata: { labels: { ...frame.labels } },
      spec: {
        automountServiceAccountToken: this.options.serviceAccount?.automountToken ?? false,
        serviceAccountName: this.options.serviceAccount?.name ?? 'default',
        enableServiceLinks: false,
        terminationGracePeriodSeconds: this.options.terminationGracePeriodSeconds ?? 30,
        ...(this.options.priorityClassName && { priorityClassName: this.options.priorityClassName }),
        securityContext: {
          runAsNonRoot: frame.namespace.podSecurity !== 'privileged',
          ...(frame.namespace.podSecurity !== 'privileged' && {
            runAsUser: NON_ROOT,
            runAsGroup: NON_ROOT,
            fsGroup: NON_ROOT,
          }),
          seccompProfile: { type: 'RuntimeDefault' },
        },
        ...(nodes && { affinity: requiredNodes(nodes) }),
        ...(frame.spread && {
          topologySpreadConstraint: [
            {
              maxSkew: 1,
              topologyKey: NODE_LABEL,
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: [{ matchLabels: { ...frame.selector } }],
            },
          ],
        }),
        toleration: [...(this.options.tolerations ?? [])],
        container: containers.map((container) => container.toTerraform()),
        volume: [...volumes].map((volume) => volume.toTerraform()),
      },
    };
  }
}
