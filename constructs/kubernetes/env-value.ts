import type { DeploymentV1SpecTemplateSpecContainerEnv } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { literal } from '../terraform/literal';
import type { ConfigMap } from './config-map';

type Source = Omit<DeploymentV1SpecTemplateSpecContainerEnv, 'name'>;

/** Facts of its own Pod that a container can read. */
export type PodField = 'metadata.name' | 'metadata.namespace' | 'spec.nodeName' | 'status.podIP';

/** The value of an environment variable. */
export class EnvValue {
  static fromValue(value: string): EnvValue {
    return new EnvValue({ value: literal(value) });
  }

  static fromConfigMap(configMap: ConfigMap, key: string): EnvValue {
    return new EnvValue({ valueFrom: { configMapKeyRef: { name: configMap.name, key } } });
  }

  static fromField(fieldPath: PodField): EnvValue {
    return new EnvValue({ valueFrom: { fieldRef: { fieldPath } } });
  }

  private constructor(private readonly source: Source) {}

  toTerraform(name: string): DeploymentV1SpecTemplateSpecContainerEnv {
    return { name, ...this.source };
  }
}
