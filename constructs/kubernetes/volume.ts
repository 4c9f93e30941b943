import type { DeploymentV1SpecTemplateSpecVolume } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { ConfigMap } from './config-map';
import type { Size } from './quantity';

/**
 * A volume of a Pod. It belongs to the Pod as soon as a container mounts it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/
 */
export class Volume {
  /** An empty folder that lives as long as the Pod. */
  static fromEmptyDir(
    name: string,
    options: { readonly sizeLimit: Size; readonly inMemory?: boolean },
  ): Volume {
    return new Volume({
      name,
      emptyDir: { sizeLimit: options.sizeLimit.toString(), ...(options.inMemory && { medium: 'Memory' }) },
    });
  }

  /** The keys of a ConfigMap as files. */
  static fromConfigMap(name: string, configMap: ConfigMap): Volume {
    return new Volume({ name, configMap: { name: configMap.name, defaultMode: '0444' } });
  }

  /** A folder of the node. Pod Security admits it under `privileged` only. */
  static fromHostPath(
    name: string,
    path: string,
    type: 'Directory' | 'DirectoryOrCreate' | 'File' = 'Directory',
  ): Volume {
    return new Volume({ name, hostPath: { path, type } });
  }

  private constructor(
    private readonly source: DeploymentV1SpecTemplateSpecVolume & { readonly name: string },
  ) {}

  get name(): string {
    return this.source.name;
  }

  toTerraform(): DeploymentV1SpecTemplateSpecVolume {
    return this.source;
  }
}
