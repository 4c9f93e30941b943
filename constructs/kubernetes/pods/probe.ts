import type { DeploymentV1SpecTemplateSpecContainerLivenessProbe } from '@cdktf/provider-kubernetes/lib/deployment-v1';

type Handler = Pick<
  DeploymentV1SpecTemplateSpecContainerLivenessProbe,
  'exec' | 'grpc' | 'httpGet' | 'tcpSocket'
>;

/** A port of the container: its number, or the name that the container gives it. */
export type PortReference = number | string;

/** Finds the number of a container's port by its name. */
export type PortLookup = (port: PortReference) => number | undefined;

/** What the answer to a probe decides. */
export type ProbeUse = 'liveness' | 'readiness' | 'startup';

/** How often a probe runs, and when it fails. */
export interface ProbeOptions {
  /** Seconds between two probes. @default 10 */
  readonly periodSeconds?: number;
  /** Seconds after which an unanswered probe has failed. @default 1 */
  readonly timeoutSeconds?: number;
  /** Failures in a row that count. @default 3 */
  readonly failureThreshold?: number;
  /**
   * Successes in a row that count after a failure. Kubernetes takes more than 1 for readiness only.
   * @default 1
   */
  readonly successThreshold?: number;
  /** Seconds before the first probe. @default 0 */
  readonly initialDelaySeconds?: number;
}

/** The scheme and the headers of an HTTP request. */
export interface HttpGetOptions {
  /** @default HTTP */
  readonly scheme?: 'HTTP' | 'HTTPS';
  /** Headers of the request by name. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A question that the kubelet asks a container.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/probes/
 */
export class Probe {
  /** Alive when `GET path` answers with a status from 200 to 399. */
  static fromHttpGet(path: string, port: PortReference, options: ProbeOptions & HttpGetOptions = {}): Probe {
    return new Probe(
      port,
      (number) => ({ httpGet: httpGet(path, number, options) }),
      options,
      pathErrors(path),
    );
  }

  /** Alive when the port takes a connection. */
  static fromTcpSocket(port: PortReference, options: ProbeOptions = {}): Probe {
    return new Probe(port, (number) => ({ tcpSocket: [{ port: String(number) }] }), options);
  }

  /** Alive when the gRPC health service on the port says SERVING. */
  static fromGrpc(port: PortReference, options: ProbeOptions & { readonly service?: string } = {}): Probe {
    return new Probe(
      port,
      (number) => ({ grpc: [{ port: number, service: options.service ?? '' }] }),
      options,
    );
  }

  /** Alive when the command ends with status 0. */
  static fromCommand(command: readonly string[], options: ProbeOptions = {}): Probe {
    return new Probe(undefined, () => ({ exec: { command: [...command] } }), options);
  }

  private constructor(
    /** The port that is asked, unless a command is run. */
    readonly port: PortReference | undefined,
    private readonly handler: (port: number) => Handler,
    private readonly options: ProbeOptions,
    private readonly errors: readonly string[] = [],
  ) {}

  /** The same question for a container that starts: it has 30 failures, and is asked every 2 seconds unless said otherwise. */
  whileStarting(): Probe {
    const options = { periodSeconds: 2, ...this.options, failureThreshold: 30 };
    return new Probe(this.port, this.handler, options, this.errors);
  }

  /**
   * What is wrong with the probe.
   *
   * @param use what the answer decides
   */
  validate(use: ProbeUse): string[] {
    // The provider sends no 0, so that the API server would take its default.
    const lost = Object.entries(this.options)
      .filter(([name, value]) => value === 0 && name !== 'initialDelaySeconds')
      .map(([name]) => `${name}: got 0; 1 or more is allowed`);
    return [...this.errors, ...lost].map((error) => `${use} probe: ${error}`);
  }

  /** @internal */
  toTerraform(lookup: PortLookup): DeploymentV1SpecTemplateSpecContainerLivenessProbe {
    const number = this.port === undefined ? undefined : lookup(this.port);
    return {
      ...this.handler(number ?? 0),
      periodSeconds: this.options.periodSeconds ?? 10,
      timeoutSeconds: this.options.timeoutSeconds ?? 1,
      failureThreshold: this.options.failureThreshold ?? 3,
      ...(this.options.successThreshold !== undefined && { successThreshold: this.options.successThreshold }),
      initialDelaySeconds: this.options.initialDelaySeconds ?? 0,
    };
  }
}

/** A request; without a path the provider would see a difference at every plan. */
export function httpGet(
  path: string,
  port: number,
  options: HttpGetOptions,
): NonNullable<DeploymentV1SpecTemplateSpecContainerLivenessProbe['httpGet']> {
  const headers = Object.entries(options.headers ?? {});
  return {
    path,
    port: String(port),
    scheme: options.scheme ?? 'HTTP',
    ...(headers.length > 0 && { httpHeader: headers.map(([name, value]) => ({ name, value })) }),
  };
}

/** What is wrong with the path of a request. */
export function pathErrors(path: string): string[] {
  return path.startsWith('/') ? [] : [`got the path "${path}"; a path that begins with / is allowed`];
}
