import { NODE_GROUP_LABEL } from '../../../src/facts/affinity-patch';
import type {
  DeploymentV1SpecTemplate,
  DeploymentV1SpecTemplateSpecAffinity,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { Construct } from 'constructs';
import type { ClaimTemplate } from '../storage/claim-template';
import {
  Container,
  type ContainerOptions,
  type ContainerPort,
  type InitContainerOptions,
  repeated,
} from './container';
import type { Configuration } from '../configuration/configuration';
import { revisionOf } from '../internal/content-hash';
import type { Namespace } from '../namespaces/namespace';
import { HOST_LABEL, type Toleration, ZONE_LABEL } from './placement';
import type { PriorityClass, SystemPriorityClass } from './priority-class';
import { partsAt } from '../internal/parts-at';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { lacksArgument } from '../provider/unknown-arguments';
import { scrapeAnnotations, type ScrapeOptions } from '../observability/scrape';
import type { ServiceAccount } from '../access/service-account';
import type { Volume } from '../storage/volume';
import type { Labels } from '../internal/metadata';

/** User and group of the containers where an image says none by number: `nonroot` of the distroless images. */
const NON_ROOT = '65532';

/** A checksum of the ConfigMaps and Secrets that keep their names. */
const CHECKSUM_ANNOTATION = 'platform/configuration';

/** Over what the Pods of a workload are spread: nodes are machines, of which a node group has several. */
export type Spread = 'nodes' | 'zones' | 'nodeGroups';

const SPREAD_LABELS: Readonly<Record<Spread, string>> = {
  nodes: HOST_LABEL,
  zones: ZONE_LABEL,
  nodeGroups: NODE_GROUP_LABEL,
};

/** How Pods are spread over one topology. */
export interface SpreadOptions {
  /** The topology, or the key of another label of nodes, such as `example.com/rack`. */
  readonly over: Spread | `${string}/${string}`;
  /** Whether a Pod that would make the spread uneven runs, or waits. @default ScheduleAnyway */
  readonly whenUnsatisfiable?: 'ScheduleAnyway' | 'DoNotSchedule';
  /** Pods that one part of the topology may have more than another. @default 1 */
  readonly maxSkew?: number;
}

const DEFAULT_SPREAD: readonly Spread[] = ['nodes', 'zones'];

/** Where the Pods of a template, of a workload and of a CronJob are. */
const PODS = ['spec.', 'spec.template.spec.', 'spec.jobTemplate.spec.template.spec.'];

/** What is said of the one container of a workload; the total table stops to compile when an option is added. */
const CONTAINER_OPTIONS = Object.keys({
  image: true,
  resources: true,
  imagePullPolicy: true,
  command: true,
  args: true,
  workingDir: true,
  ports: true,
  env: true,
  envFrom: true,
  health: true,
  liveness: true,
  readiness: true,
  startup: true,
  postStart: true,
  preStop: true,
  root: true,
  privileged: true,
  user: true,
  group: true,
  capabilities: true,
  readOnlyRootFilesystem: true,
} satisfies Record<keyof ContainerOptions, true>);

/**
 * The Pods of a workload. With `image` it has a container named after the workload's construct, and takes every option of a
 * container. `addContainer` adds further containers, or all of them without `image`.
 */
export interface PodTemplateOptions extends Partial<ContainerOptions> {
  /** Containers by name. More are added by `addContainer`. @default {} */
  readonly containers?: Readonly<Record<string, ContainerOptions>>;
  /**
   * Containers by name that run to their end, one after the other, before the others start. More are added by
   * `addInitContainer`.
   * @default {}
   */
  readonly initContainers?: Readonly<Record<string, InitContainerOptions>>;
  /**
   * The identity of the Pods. What one workload may do, no other may: share an account only where the rights are the same.
   * @default - an account of the workload's own, of the same name, without a token
   */
  readonly serviceAccount?: ServiceAccount;
  /** Seconds that a Pod has to stop in. @default 30; 60 for a StatefulSet */
  readonly terminationGracePeriodSeconds?: number;
  /** Taints that keep the Pods from no node. @default [] */
  readonly tolerations?: readonly Toleration[];
  /** @default - the cluster's default */
  readonly priorityClass?: PriorityClass;
  /** One of the classes that every cluster has. @default - `priorityClass` */
  readonly priorityClassName?: SystemPriorityClass;
  /**
   * The topologies over which Pods are spread evenly, as far as there is room; `[]` for none. A Pod runs even if the spread becomes
   * uneven, unless `whenUnsatisfiable` is `DoNotSchedule`. Otherwise it would wait for a node that is full or drained, or that is in another zone than its disk. `separateFrom` of
   * the workload itself always keeps its Pods on different nodes.
   * @default ['nodes', 'zones'] for a Deployment, StatefulSet or ReplicaSet, with one replica too, so that the second one rolls no Pod
   */
  readonly spread?: readonly (Spread | SpreadOptions)[];
  /** Labels that a node must have, beside those of the node groups. @default {} */
  readonly nodeSelector?: Labels;
  /**
   * Whether the Pods have the network and the ports of their node, and still find Services by DNS. Pod Security admits it under
   * `privileged` only.
   * @default false
   */
  readonly hostNetwork?: boolean;
  /** Whether the Pods see the processes of their node. Pod Security admits it under `privileged` only. @default false */
  readonly hostPid?: boolean;
  /** Where Prometheus finds the Pods' metrics. @default - it is not told */
  readonly scrape?: ScrapeOptions;
  /** Labels of the object and of its Pods, beside those of the selector. A change rolls the Pods. @default {} */
  readonly labels?: Labels;
  /** Annotations of the object and of its Pods. A change rolls the Pods. @default {} */
  readonly annotations?: Labels;
}

/** What a workload adds to the template that its user writes. */
export interface Frame {
  /** The workload. */
  readonly user: Construct;
  readonly namespace: Namespace;
  readonly serviceAccount: ServiceAccount;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  /** Where its Pods run. */
  readonly affinity: DeploymentV1SpecTemplateSpecAffinity;
  /** Whether it can have several equal Pods, which are spread. */
  readonly several: boolean;
  /** @default Always */
  readonly restartPolicy?: 'Never' | 'OnFailure';
  /** @default 30 */
  readonly gracePeriodSeconds?: number;
  /** @default false */
  readonly fullLimits?: boolean;
  /** @default false */
  readonly runsOnce?: boolean;
}

/** The Pods of a workload: containers, volumes and how they run. Where they run comes from the namespace. */
export class PodTemplate {
  private readonly containers: Container[] = [];
  private readonly initContainers: Container[] = [];
  private readonly sidecars: Container[] = [];
  private readonly nativeSidecars: string[] = [];

  /** The container that the option `image` makes. */
  readonly main: Container | undefined;

  /** @param name that of the container that the option `image` makes */
  constructor(
    private readonly options: PodTemplateOptions,
    name: string,
  ) {
    for (const [name, container] of Object.entries(options.initContainers ?? {}))
      this.addInitContainer(name, container);
    const { image } = options;
    this.main = image === undefined ? undefined : this.addContainer(name, { ...options, image });
    for (const [name, container] of Object.entries(options.containers ?? {}))
      this.addContainer(name, container);
  }

  /** Adds a container. */
  addContainer(name: string, options: ContainerOptions): Container {
    const container = new Container(name, options);
    this.containers.push(container);
    return container;
  }

  /** Adds a container that ends before the others start. */
  addInitContainer(name: string, options: InitContainerOptions): Container {
    const { restartPolicy, ...rest } = options;
    if (restartPolicy) this.nativeSidecars.push(name);
    const container = new Container(name, rest);
    this.initContainers.push(container);
    return container;
  }

  /** Adds a container that starts before the others and runs beside them. */
  addSidecar(name: string, options: ContainerOptions): Container {
    const container = new Container(name, options);
    this.sidecars.push(container);
    return container;
  }

  /** Adds an init container that runs beside the others, and is started again when it ends. */
  addNativeSidecar(name: string, options: ContainerOptions): Container {
    const container = new Container(name, options);
    this.nativeSidecars.push(name);
    this.initContainers.push(container);
    return container;
  }

  /** The number of a named port of any container, or undefined. */
  port(name: string): number | undefined {
    return this.ports.find((port) => port.name === name)?.port;
  }

  /** The path by which the container that the option `image` makes is asked how it is, or undefined. */
  get healthPath(): string | undefined {
    const { health } = this.options;
    return typeof health === 'string' ? health : undefined;
  }

  /** The ports of all containers. */
  get ports(): ContainerPort[] {
    const native = this.initContainers.filter(({ name }) => this.nativeSidecars.includes(name));
    return [...this.running, ...native].flatMap((container) => [...container.ports]);
  }

  get portNames(): string[] {
    return this.ports.map(({ name }) => name);
  }

  get sidecarNames(): string[] {
    return this.sidecars.map(({ name }) => name);
  }

  /** An object of the API whose native sidecars are started again when they end, for which the provider has no argument. @internal */
  withNativeSidecars(object: JsonObject): JsonObject {
    const copy = structuredClone(object);
    for (const path of PODS) {
      for (const { spec } of partsAt(copy, `${path}initContainers[]`)) {
        if (this.nativeSidecars.some((name) => name === spec['name'])) spec['restartPolicy'] = 'Always';
      }
    }
    return copy;
  }

  /** The ConfigMaps and Secrets that its containers use. */
  get configuration(): ReadonlySet<Configuration> {
    return new Set(this.all.flatMap((container) => container.configuration));
  }

  /** The claim templates that its containers mount. */
  get claims(): ReadonlySet<ClaimTemplate> {
    return new Set(this.all.flatMap((container) => container.claims));
  }

  get volumeNames(): ReadonlySet<string> {
    return new Set([...this.volumes].map(({ name }) => name));
  }

  get tolerations(): readonly Toleration[] {
    return this.options.tolerations ?? [];
  }

  /**
   * What is wrong with the template in a namespace.
   *
   * @param takesNativeSidecars whether there is a word for them where the template goes
   */
  validate(namespace: Namespace, takesNativeSidecars = false): string[] {
    const errors = this.all.flatMap((container) => container.validate());
    const { scrape, serviceAccount, priorityClass, priorityClassName } = this.options;
    const stray = this.main ? [] : CONTAINER_OPTIONS.filter((name) => Object.hasOwn(this.options, name));
    if (stray.length > 0) {
      errors.push(`got ${stray.join(', ')} without image; set image, or pass them to addContainer()`);
    }
    for (const name of repeated(this.portNames)) {
      errors.push(`port name "${name}" is taken twice; names are unique within a Pod`);
    }
    for (const name of takesNativeSidecars ? [] : this.nativeSidecars) {
      errors.push(
        `init container "${name}": restartPolicy Always: ${lacksArgument(['init_container', 'restart_policy'])}; set via: 'manifest' of the workload`,
      );
    }
    if (typeof scrape?.port === 'string' && this.port(scrape.port) === undefined) {
      errors.push(
        `scrape: got the port "${scrape.port}"; its containers have: ${this.portNames.join(', ') || 'none'}`,
      );
    }
    if (serviceAccount && serviceAccount.namespace !== namespace) {
      errors.push(
        `serviceAccount: ${serviceAccount.node.path} is in namespace ${serviceAccount.namespace.literalName}; one of namespace ${namespace.literalName} is allowed`,
      );
    }
    if (priorityClass && priorityClassName) {
      errors.push('got both priorityClass and priorityClassName; set one of them');
    }
    return errors;
  }

  /** @internal */
  toTerraform(frame: Frame): DeploymentV1SpecTemplate {
    const { priorityClass, priorityClassName, scrape, annotations, spread, nodeSelector } = this.options;
    const { hostNetwork = false, hostPid = false } = this.options;
    const spreadOver = frame.several ? (spread ?? DEFAULT_SPREAD) : [];
    const containerFrame = { ...frame, hostNetwork };
    const privileged = frame.namespace.podSecurity === 'privileged';
    const allAnnotations = {
      ...(scrape && scrapeAnnotations(scrape, this.scrapedPort(scrape))),
      ...this.checksum(frame.user),
      ...annotations,
    };
    return {
      metadata: {
        labels: { ...frame.labels },
        ...(Object.keys(allAnnotations).length > 0 && { annotations: allAnnotations }),
      },
      spec: {
        automountServiceAccountToken: frame.serviceAccount.automountToken,
        serviceAccountName: frame.serviceAccount.name,
        enableServiceLinks: false,
        terminationGracePeriodSeconds:
          this.options.terminationGracePeriodSeconds ?? frame.gracePeriodSeconds ?? 30,
        ...(frame.restartPolicy && { restartPolicy: frame.restartPolicy }),
        ...(hostNetwork && { hostNetwork, dnsPolicy: 'ClusterFirstWithHostNet' }),
        ...(hostPid && { hostPid }),
        ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
        ...(priorityClassName && { priorityClassName }),
        ...(priorityClass && { priorityClassName: priorityClass.nameFor(frame.user) }),
        securityContext: {
          runAsNonRoot: !privileged,
          ...(!privileged && {
            runAsUser: NON_ROOT,
            runAsGroup: NON_ROOT,
            fsGroup: NON_ROOT,
            // Otherwise the kubelet changes the group of every file whenever a Pod starts.
            fsGroupChangePolicy: 'OnRootMismatch',
          }),
          seccompProfile: { type: 'RuntimeDefault' },
        },
        // An empty block would be a difference at every plan.
        ...(Object.keys(frame.affinity).length > 0 && { affinity: frame.affinity }),
        ...(spreadOver.length > 0 && {
          topologySpreadConstraint: spreadOver
            .map((each): SpreadOptions => (typeof each === 'string' ? { over: each } : each))
            .map(({ over, maxSkew = 1, whenUnsatisfiable = 'ScheduleAnyway' }) => ({
              maxSkew,
              topologyKey: over in SPREAD_LABELS ? SPREAD_LABELS[over as Spread] : over,
              whenUnsatisfiable,
              labelSelector: [{ matchLabels: { ...frame.selector } }],
            })),
        }),
        toleration: this.tolerations.map(({ tolerationSeconds, ...toleration }) => ({
          ...toleration,
          ...(tolerationSeconds !== undefined && { tolerationSeconds: String(tolerationSeconds) }),
        })),
        ...(this.initContainers.length > 0 && {
          initContainer: this.initContainers.map((container) => container.toTerraform(containerFrame)),
        }),
        container: this.running.map((container) => container.toTerraform(containerFrame)),
        volume: [...this.volumes].map((volume) => volume.toTerraform()),
      },
    };
  }

  /** What rolls the Pods when the content behind a name changes. */
  private checksum(user: Construct): Record<string, string> {
    const revisions = [...this.configuration]
      .filter((each) => each.rollsPods)
      .map(({ revision }) => revision);
    return revisions.length === 0 ? {} : { [CHECKSUM_ANNOTATION]: revisionOf(user, revisions.sort()) };
  }

  private scrapedPort({ port }: ScrapeOptions): number {
    return (typeof port === 'number' ? port : this.port(port)) ?? 0;
  }

  private get running(): readonly Container[] {
    return [...this.containers, ...this.sidecars];
  }

  private get all(): readonly Container[] {
    return [...this.initContainers, ...this.running];
  }

  private get volumes(): ReadonlySet<Volume> {
    return new Set(this.all.flatMap((container) => container.volumes));
  }
}
