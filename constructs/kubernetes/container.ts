import type {
  DeploymentV1SpecTemplateSpecContainer,
  DeploymentV1SpecTemplateSpecContainerSecurityContext,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { literal } from '../terraform/literal';
import type { EnvValue } from './env-value';
import type { Probe } from './probe';
import type { Cpu, Size } from './quantity';
import type { Volume } from './volume';

export interface ContainerResources {
  /** What the scheduler sets aside. There is no CPU limit: it would slow a container down though the node is idle. */
  readonly cpu: Cpu;
  /** What the scheduler sets aside, and the limit: a container that takes more is ended. */
  readonly memory: Size;
}

export interface ContainerOptions {
  /** Image with its tag or digest. */
  readonly image: string;
  readonly resources: ContainerResources;
  /** @default - the image's entry point */
  readonly command?: readonly string[];
  /** @default - the image's arguments */
  readonly args?: readonly string[];
  /**
   * Ports by name, such as `{ http: 8080 }`; a Service and the probes of others find them by it.
   * @default {}
   */
  readonly ports?: Readonly<Record<string, number>>;
  /** @default {} */
  readonly env?: Readonly<Record<string, EnvValue>>;
  /** Restarted when it fails. @default - not asked */
  readonly liveness?: Probe;
  /** Gets no traffic while it fails. @default - not asked */
  readonly readiness?: Probe;
  /** Holds the other two back until it succeeds. @default - not asked */
  readonly startup?: Probe;
  /**
   * Runs as root. Pod Security admits it under `baseline` and `privileged` only.
   * @default false
   */
  readonly root?: boolean;
}

interface Mount {
  readonly path: string;
  readonly volume: Volume;
  readonly readOnly: boolean;
}

/**
 * A container of a Pod, safe by default: not root, no way to gain privileges, no capabilities, a read-only root file system,
 * the runtime's seccomp profile. All of it is said on the container, because the provider sends the opposite for what is left
 * out.
 */
export class Container {
  private readonly mounts: Mount[] = [];

  constructor(
    readonly name: string,
    private readonly options: ContainerOptions,
  ) {}

  /** Mounts a volume, which thereby becomes one of the Pod's. */
  mount(path: string, volume: Volume, options: { readonly readOnly?: boolean } = {}): this {
    this.mounts.push({ path, volume, readOnly: options.readOnly ?? false });
    return this;
  }

  get volumes(): Volume[] {
    return this.mounts.map((mount) => mount.volume);
  }

  /** The number of a named port, or undefined. */
  port(name: string): number | undefined {
    return this.options.ports?.[name];
  }

  get portNames(): string[] {
    return Object.keys(this.options.ports ?? {});
  }

  toTerraform(): DeploymentV1SpecTemplateSpecContainer {
    const {
      image,
      command,
      args,
      ports = {},
      env = {},
      resources,
      liveness,
      readiness,
      startup,
    } = this.options;
    const { cpu, memory } = resources;
    return {
      name: this.name,
      image,
      ...(command && { command: command.map(literal) }),
      ...(args && { args: args.map(literal) }),
      port: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' })),
      env: Object.entries(env).map(([name, value]) => value.toTerraform(name)),
      resources: {
        requests: { cpu: cpu.toString(), memory: memory.toString() },
        limits: { memory: memory.toString() },
      },
      ...(liveness && { livenessProbe: liveness.toTerraform() }),
      ...(readiness && { readinessProbe: readiness.toTerraform() }),
      ...(startup && { startupProbe: startup.toTerraform() }),
      securityContext: this.securityContext(),
      volumeMount: this.mounts.map(({ path, volume, readOnly }) => ({
        name: volume.name,
        mountPath: path,
        readOnly,
      })),
    };
  }

  private securityContext(): DeploymentV1SpecTemplateSpecContainerSecurityContext {
    return {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: !this.options.root,
      ...(this.options.root && { runAsUser: '0' }),
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
  }
}
