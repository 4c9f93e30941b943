import type { DeploymentV1SpecTemplateSpecContainerLifecyclePreStop } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { httpGet, type HttpGetOptions, pathErrors, type PortLookup, type PortReference } from './probe';

/**
 * What the kubelet does when a container has started, or before it is stopped.
 *
 * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
 */
export class LifecycleHandler {
  /** Runs a program in the container. */
  static fromCommand(command: readonly string[]): LifecycleHandler {
    return new LifecycleHandler(undefined, () => ({ exec: { command: [...command] } }));
  }

  /** Sends `GET path` to the container. */
  static fromHttpGet(path: string, port: PortReference, options: HttpGetOptions = {}): LifecycleHandler {
    return new LifecycleHandler(
      port,
      (number) => ({ httpGet: httpGet(path, number, options) }),
      pathErrors(path),
    );
  }

  private constructor(
    readonly port: PortReference | undefined,
    private readonly handler: (port: number) => DeploymentV1SpecTemplateSpecContainerLifecyclePreStop,
    private readonly errors: readonly string[] = [],
  ) {}

  /**
   * What is wrong with the handler.
   *
   * @param use when it is called
   */
  validate(use: 'postStart' | 'preStop'): string[] {
    return this.errors.map((error) => `${use}: ${error}`);
  }

  /** @internal */
  toTerraform(lookup: PortLookup): DeploymentV1SpecTemplateSpecContainerLifecyclePreStop {
    return this.handler((this.port === undefined ? undefined : lookup(this.port)) ?? 0);
  }
}
