import type { DeploymentV1SpecTemplateSpecContainerEnv } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { ConfigMap } from '../configuration/config-map';
import type { Configuration } from '../configuration/configuration';
import type { Cpu, Size } from './quantity';
import type { Secret } from '../configuration/secret';

type Source = Omit<DeploymentV1SpecTemplateSpecContainerEnv, 'name'>;

/**
 * Facts of its own Pod that a container can read.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
 */
export type PodField =
  | 'metadata.name'
  | 'metadata.namespace'
  | 'metadata.uid'
  | `metadata.labels['${string}']`
  | `metadata.annotations['${string}']`
  | 'spec.nodeName'
  | 'spec.serviceAccountName'
  | 'status.hostIP'
  | 'status.hostIPs'
  | 'status.podIP'
  | 'status.podIPs';

/** Resources of a container that it can read. A limit that is not set is what its node has to give. */
export type ContainerResource = `${'requests' | 'limits'}.${'cpu' | 'memory' | 'ephemeral-storage'}`;

/** The container whose resource a variable has, and the unit. */
export interface ResourceReferenceOptions {
  /** Name of the container whose resource it is. @default - the container itself */
  readonly container?: string;
  /**
   * The unit of the number, which is rounded up: with `Cpu.millis(1)` half a core reads 500.
   * @default - whole cores, and bytes
   */
  readonly divisor?: Cpu | Size;
}

/** The value of an environment variable. */
export class EnvValue {
  /** A text. */
  static fromValue(value: string): EnvValue {
    return new EnvValue({ value });
  }

  /** A key of a ConfigMap. */
  static fromConfigMap<Key extends string>(configMap: ConfigMap<Key>, key: NoInfer<Key>): EnvValue {
    return new EnvValue(
      { valueFrom: { configMapKeyRef: { name: configMap.name, key: configMap.key(key) } } },
      configMap,
    );
  }

  /** The value stays in the Secret; the kubelet reads it when it starts the container. */
  static fromSecret<Key extends string>(secret: Secret<Key>, key: NoInfer<Key>): EnvValue {
    return new EnvValue({ valueFrom: { secretKeyRef: { name: secret.name, key: secret.key(key) } } }, secret);
  }

  /** A field of the Pod, such as `status.podIP`. */
  static fromField(fieldPath: PodField): EnvValue {
    return new EnvValue({ valueFrom: { fieldRef: { fieldPath } } });
  }

  /** What a container asks for or may use, such as `limits.memory`, as a number. */
  static fromResource(resource: ContainerResource, options: ResourceReferenceOptions = {}): EnvValue {
    return new EnvValue({
      valueFrom: {
        resourceFieldRef: {
          resource,
          ...(options.container !== undefined && { containerName: options.container }),
          divisor: options.divisor?.toString() ?? '1',
        },
      },
    });
  }

  private constructor(
    private readonly source: Source,
    /** Where the value is. */
    readonly configuration?: Configuration,
  ) {}

  /** @internal */
  toTerraform(name: string): DeploymentV1SpecTemplateSpecContainerEnv {
    return { name, ...this.source };
  }
}
