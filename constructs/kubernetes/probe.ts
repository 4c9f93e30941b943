import type { DeploymentV1SpecTemplateSpecContainerLivenessProbe } from '@cdktf/provider-kubernetes/lib/deployment-v1';

export interface ProbeOptions {
  /**
   * Seconds between two probes.
   * @default 10
   */
  readonly periodSeconds?: number;
  /**
   * Seconds after which an unanswered probe has failed.
   * @default 1
   */
  readonly timeoutSeconds?: number;
  /**
   * Failures in a row that count.
   * @default 3
   */
  readonly failureThreshold?: number;
  /**
   * Seconds before the first probe.
   * @default 0
   */
  readonly initialDelaySeconds?: number;
}

/**
 * A question that the kubelet asks a container.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/probes/
 */
export class Probe {
  /** Alive when `GET path` answers with a status from 200 to 399. */
  static fromHttpGet(path: string, port: number, options: ProbeOptions = {}): Probe {
    return new Probe({ httpGet: { path, port: String(port), scheme: 'HTTP' } }, options);
  }

  /** Alive when the port takes a connection. */
  static fromTcpSocket(port: number, options: ProbeOptions = {}): Probe {
    return new Probe({ tcpSocket: [{ port: String(port) }] }, options);
  }

  /** Alive when the gRPC health service on the port says SERVING. */
  static fromGrpc(port: number, options: ProbeOptions & { readonly service?: string } = {}): Probe {
    return new Probe({ grpc: [{ port, service: options.service ?? '' }] }, options);
  }

  /** Alive when the command ends with status 0. */
  static fromCommand(command: readonly string[], options: ProbeOptions = {}): Probe {
    return new Probe({ exec: { command: [...command] } }, options);
  }

  private constructor(
    private readonly handler: DeploymentV1SpecTemplateSpecContainerLivenessProbe,
    private readonly options: ProbeOptions,
  ) {}

  toTerraform(): DeploymentV1SpecTemplateSpecContainerLivenessProbe {
    return {
      ...this.handler,
      periodSeconds: this.options.periodSeconds ?? 10,
      timeoutSeconds: this.options.timeoutSeconds ?? 1,
      failureThreshold: this.options.failureThreshold ?? 3,
      initialDelaySeconds: this.options.initialDelaySeconds ?? 0,
    };
  }
}
