import { Token } from 'cdktf';
import type {
  DeploymentV1SpecTemplateSpecContainer,
  DeploymentV1SpecTemplateSpecContainerSecurityContext,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { Configuration } from '../configuration/configuration';
import { ClaimTemplate } from '../storage/claim-template';
import { DEFAULT_RESOURCES, requirements, type ContainerResources } from './container-resources';
import type { EnvFrom } from './env-from';
import type { EnvValue } from './env-value';
import type { LifecycleHandler } from './lifecycle-handler';
import { type PortLookup, type PortReference, Probe, type ProbeUse } from './probe';
import { Volume } from '../storage/volume';

/** A port that a container listens on. */
export interface PortOptions {
  readonly port: number;
  /** The provider takes no SCTP. @default TCP */
  readonly protocol?: 'TCP' | 'UDP';
  /** Port of the node that leads to it. Pod Security admits it under `privileged` only. @default - none */
  readonly hostPort?: number;
}

/** A port of a container, with all that is said of it. */
export interface ContainerPort extends PortOptions {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
}

/** A container: its image, its ports, its resources and its health. */
export interface ContainerOptions {
  /** Image with its tag or digest. */
  readonly image: string;
  /** CPU and memory. @default - a tenth of a core without a limit, and 128 MiB as request and limit */
  readonly resources?: ContainerResources;
  /** @default - IfNotPresent, or Always where the tag is `latest` */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** @default - the image's entry point */
  readonly command?: readonly string[];
  /** @default - the image's arguments */
  readonly args?: readonly string[];
  /** @default - the image's working directory */
  readonly workingDir?: string;
  /**
   * Ports by name, such as `{ http: 8080 }` or `{ dns: { port: 53, protocol: 'UDP' } }`; a Service and the probes find them
   * by it. A name has up to 15 lower case letters, digits and dashes.
   * @default {}
   */
  readonly ports?: Readonly<Record<string, number | PortOptions>>;
  /** @default {} */
  readonly env?: Readonly<Record<string, EnvValue>>;
  /** Objects of which every key becomes a variable; `env` wins over them. @default [] */
  readonly envFrom?: readonly EnvFrom[];
  /**
   * Startup, readiness and liveness probe in one: a path on the first TCP port, such as `/healthz`, or a Probe, such as
   * `Probe.fromTcpSocket('sql')`. The container has a minute to start, with a probe every 2 seconds.
   * @default - no probes but those below
   */
  readonly health?: string | Probe;
  /** Restarted when it fails. @default - `health` */
  readonly liveness?: Probe;
  /** Gets no traffic while it fails. @default - `health` */
  readonly readiness?: Probe;
  /** Holds the other two back until it succeeds. @default - `health`, 30 times every 2 seconds */
  readonly startup?: Probe;
  /** Done right after the container's start. @default - nothing */
  readonly postStart?: LifecycleHandler;
  /** Done before the container is told to stop; it counts as part of the Pod's grace period. @default - nothing */
  readonly preStop?: LifecycleHandler;
  /** Runs as root. Pod Security admits it under `baseline` and `privileged` only. @default false */
  readonly root?: boolean;
  /** Has all rights on its node. Pod Security admits it under `privileged` only. @default false */
  readonly privileged?: boolean;
  /** Number of the user that it runs as. @default - the Pod's, 65532 */
  readonly user?: number;
  /** Number of the group that it runs as. @default - the Pod's, 65532; 0 with `root` */
  readonly group?: number;
  /**
   * Capabilities that are added after all have been dropped. Pod Security `restricted` admits `NET_BIND_SERVICE` only.
   * @default []
   */
  readonly capabilities?: readonly string[];
  /** Whether the image's files can't be written. @default true */
  readonly readOnlyRootFilesystem?: boolean;
}

/** A container that runs to its end before the others start. It takes no probes. */
export interface InitContainerOptions extends Omit<ContainerOptions, ProbeUse | 'health'> {
  /**
   * `Always` makes it a native sidecar, as `addSidecar()` does. The provider has no argument for it, so the workload needs `via: 'manifest'`.
   * @default - it runs to its end
   */
  readonly restartPolicy?: 'Always';
}

/** How a container mounts a volume. */
export interface MountOptions {
  /** @default false */
  readonly readOnly?: boolean;
  /** Path within the volume. @default - all of the volume */
  readonly subPath?: string;
  /** The same with variables of the container, such as `$(POD_NAME)`. @default - `subPath` */
  readonly subPathExpr?: string;
  /**
   * Whether mounts of the node appear in the container, and those of a `privileged` container on the node.
   * @default - neither
   */
  readonly mountPropagation?: 'HostToContainer' | 'Bidirectional';
}

interface Mount extends MountOptions {
  readonly path: string;
  readonly volume: Volume | ClaimTemplate;
}

/**
 * A container of a Pod, safe by default: not root, no privilege escalation, no capabilities, a read-only root file system, the
 * runtime's seccomp profile. The container sets all of these, because the provider sends the opposite of an omitted one.
 */
export class Container {
  /** Ports in the order in which they are given. */
  readonly ports: readonly ContainerPort[];
  /** CPU and memory, as given or by default. */
  readonly resources: ContainerResources;
  private readonly probes: Readonly<Partial<Record<ProbeUse, Probe>>>;
  private readonly mounts: Mount[] = [];

  constructor(
    readonly name: string,
    private readonly options: ContainerOptions,
  ) {
    this.ports = Object.entries(options.ports ?? {}).map(([port, given]) =>
      typeof given === 'number'
        ? { name: port, port: given, protocol: 'TCP' }
        : { ...given, name: port, protocol: given.protocol ?? 'TCP' },
    );
    this.resources = options.resources ?? DEFAULT_RESOURCES;
    const { health } = options;
    const probe = typeof health === 'string' ? this.httpProbe(health) : health;
    this.probes = {
      ...(probe && { liveness: probe, readiness: probe, startup: probe.whileStarting() }),
      ...options,
    };
  }

  /** Mounts a volume, which becomes one of the Pod's. */
  mount(path: string, volume: Volume | ClaimTemplate, options: MountOptions = {}): this {
    this.mounts.push({ ...options, path, volume });
    return this;
  }

  get volumes(): Volume[] {
    return this.mounts.map(({ volume }) => volume).filter((volume) => volume instanceof Volume);
  }

  get claims(): ClaimTemplate[] {
    return this.mounts.map(({ volume }) => volume).filter((volume) => volume instanceof ClaimTemplate);
  }

  /** What its variables and files come from. */
  get configuration(): Configuration[] {
    const { env = {}, envFrom = [] } = this.options;
    return [
      ...[...Object.values(env), ...envFrom].flatMap(({ configuration }) => configuration ?? []),
      ...this.volumes.flatMap(({ configuration }) => configuration),
    ];
  }

  /** The number of a named port, or undefined. */
  port(name: string): number | undefined {
    return this.ports.find((port) => port.name === name)?.port;
  }

  get portNames(): string[] {
    return this.ports.map(({ name }) => name);
  }

  private get root(): boolean {
    return this.options.root ?? false;
  }

  /** What is wrong with the container, whatever Pod it is in. */
  validate(): string[] {
    const { health, postStart, preStop, user } = this.options;
    const { liveness, readiness, startup } = this.probes;
    const errors = [
      ...(liveness?.validate('liveness') ?? []),
      ...(readiness?.validate('readiness') ?? []),
      ...(startup?.validate('startup') ?? []),
      ...(postStart?.validate('postStart') ?? []),
      ...(preStop?.validate('preStop') ?? []),
    ];
    if (typeof health === 'string' && !this.httpProbe(health)) {
      errors.push(
        `health: got the path "${health}", but there is no TCP port to ask; name one, such as ports: { http: 8080 }`,
      );
    }
    for (const [use, asked] of Object.entries({ liveness, readiness, startup, postStart, preStop })) {
      if (typeof asked?.port === 'string' && this.port(asked.port) === undefined) {
        errors.push(
          `${use}: got the port "${asked.port}"; its ports are: ${this.portNames.join(', ') || 'none'}`,
        );
      }
    }
    if ((user === 0) !== this.root && user !== undefined) {
      errors.push(
        `user: got ${user} with root: ${this.root}; set root: true for user 0, and leave root out for any other`,
      );
    }
    return errors.map((error) => `container "${this.name}": ${error}`);
  }

  /**
   * @internal
   * @param fullLimits sets every limit, for Pods that the namespace's LimitRange would otherwise change. The default of a CPU limit
   *   is the request.
   * @param runsOnce whether a default that is written would run a Job again
   * @param hostNetwork whether its ports are those of the node: the API server enters them, and the provider would remove them again
   */
  toTerraform({
    fullLimits = false,
    runsOnce = false,
    hostNetwork = false,
  } = {}): DeploymentV1SpecTemplateSpecContainer {
    const { image, command, args, workingDir, env = {}, envFrom = [] } = this.options;
    const { postStart, preStop } = this.options;
    const { liveness, readiness, startup } = this.probes;
    // Left out, the provider keeps the policy that was there before.
    const imagePullPolicy = this.options.imagePullPolicy ?? (runsOnce ? undefined : defaultPullPolicy(image));
    const lookup: PortLookup = (port: PortReference) => (typeof port === 'number' ? port : this.port(port));
    return {
      name: this.name,
      image,
      ...(imagePullPolicy && { imagePullPolicy }),
      ...(command && { command: [...command] }),
      ...(args && { args: [...args] }),
      ...(workingDir !== undefined && { workingDir }),
      port: this.ports.map(({ port, hostPort = hostNetwork ? port : undefined, ...rest }) => ({
        ...rest,
        containerPort: port,
        ...(hostPort !== undefined && { hostPort }),
      })),
      env: Object.entries(env).map(([name, value]) => value.toTerraform(name)),
      ...(envFrom.length > 0 && { envFrom: envFrom.map((source) => source.toTerraform()) }),
      resources: requirements(this.resources, fullLimits),
      ...(liveness && { livenessProbe: liveness.toTerraform(lookup) }),
      ...(readiness && { readinessProbe: readiness.toTerraform(lookup) }),
      ...(startup && { startupProbe: startup.toTerraform(lookup) }),
      ...((postStart ?? preStop) && {
        lifecycle: {
          ...(postStart && { postStart: [postStart.toTerraform(lookup)] }),
          ...(preStop && { preStop: [preStop.toTerraform(lookup)] }),
        },
      }),
      securityContext: this.securityContext(),
      volumeMount: this.mounts.map(({ path, volume, ...options }) => ({
        name: volume.name,
        mountPath: path,
        readOnly: false,
        ...options,
      })),
    };
  }

  /** Asks for a path on the first TCP port, if there is one. */
  private httpProbe(path: string): Probe | undefined {
    const port = this.ports.find(({ protocol }) => protocol === 'TCP');
    return port && Probe.fromHttpGet(path, port.name);
  }

  private securityContext(): DeploymentV1SpecTemplateSpecContainerSecurityContext {
    const { user, readOnlyRootFilesystem, capabilities = [], privileged = false } = this.options;
    // Left out, root would be in the Pod's group.
    const { group = this.root ? 0 : undefined } = this.options;
    const runAsUser = this.root ? 0 : user;
    return {
      allowPrivilegeEscalation: privileged,
      privileged,
      readOnlyRootFilesystem: readOnlyRootFilesystem ?? true,
      runAsNonRoot: !this.root,
      ...(runAsUser !== undefined && { runAsUser: String(runAsUser) }),
      ...(group !== undefined && { runAsGroup: String(group) }),
      capabilities: { ...(capabilities.length > 0 && { add: [...capabilities] }), drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
  }
}

/** The API's own default; undefined for an image that only Terraform knows. */
function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' | undefined {
  if (Token.isUnresolved(image)) return undefined;
  return /:latest(@|$)|^[^@:]*(:\d+\/[^@:]*)?$/.test(image) ? 'Always' : 'IfNotPresent';
}

/** Each item that is there more than once. */
export function repeated<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
