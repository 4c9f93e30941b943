import type { DeploymentV1SpecTemplateSpecContainerEnvFrom } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { ConfigMap } from '../configuration/config-map';
import type { Configuration } from '../configuration/configuration';
import type { Secret } from '../configuration/secret';

/** The prefix of the variables. */
export interface EnvFromOptions {
  /** What the name of every variable begins with. @default - nothing */
  readonly prefix?: string;
}

/** All keys of an object as environment variables. */
export class EnvFrom {
  /** Every key of a ConfigMap. */
  static fromConfigMap(configMap: ConfigMap, options: EnvFromOptions = {}): EnvFrom {
    return new EnvFrom({ configMapRef: { name: configMap.name } }, options, configMap);
  }

  /** The values stay in the Secret; the kubelet reads them when it starts the container. */
  static fromSecret(secret: Secret, options: EnvFromOptions = {}): EnvFrom {
    return new EnvFrom({ secretRef: { name: secret.name } }, options, secret);
  }

  private constructor(
    private readonly source: Pick<DeploymentV1SpecTemplateSpecContainerEnvFrom, 'configMapRef' | 'secretRef'>,
    private readonly options: EnvFromOptions,
    readonly configuration: Configuration,
  ) {}

  /** @internal */
  toTerraform(): DeploymentV1SpecTemplateSpecContainerEnvFrom {
    return { ...this.source, ...(this.options.prefix !== undefined && { prefix: this.options.prefix }) };
  }
}
