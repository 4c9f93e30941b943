import type {
  DeploymentV1SpecTemplateSpecVolume,
  DeploymentV1SpecTemplateSpecVolumeProjectedSources,
  DeploymentV1SpecTemplateSpecVolumeProjectedSourcesDownwardApiItems,
} from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { ConfigMap } from '../configuration/config-map';
import type { Configuration } from '../configuration/configuration';
import type { PodField } from '../pods/env-value';
import type { FileMode } from './file-mode';
import type { PersistentVolumeClaim } from './persistent-volume-claim';
import type { Size } from '../pods/quantity';
import type { Secret } from '../configuration/secret';

/** The keys that become files, and their mode. */
export interface FilesOptions<Key extends string = string> {
  /**
   * Path of each file below the mount, and the key that is in it.
   * @default - every key, as a file of its name
   */
  readonly files?: Readonly<Record<string, Key>>;
  /**
   * Mode of the files. The group is the Pod's `fsGroup`.
   * @default 0444 for a ConfigMap, 0440 for a Secret and what is projected
   */
  readonly mode?: FileMode;
}

/** The audience, the path and the lifetime of a token. */
export interface ServiceAccountTokenOptions {
  /** Whom the token is for; others refuse it. */
  readonly audience: string;
  /** Path of the file below the mount. @default token */
  readonly path?: string;
  /** Seconds that a token lives, 600 at least; the kubelet renews it in good time. @default 3600 */
  readonly expirationSeconds?: number;
}

/** Facts of its own Pod that a file can hold: all labels or annotations too, a line each. */
export type PodFileField =
  Exclude<PodField, `spec.${string}` | `status.${string}`> | 'metadata.labels' | 'metadata.annotations';

type Items = { key: string; path: string }[];
type ProjectedSource = DeploymentV1SpecTemplateSpecVolumeProjectedSources;

/** One part of a projected volume. Each is an element of its own, because two kinds in one element differ for ever. */
export class Projection {
  /** The keys of a ConfigMap. */
  static fromConfigMap<Key extends string>(
    configMap: ConfigMap<Key>,
    files?: Readonly<Record<string, NoInfer<Key>>>,
  ): Projection {
    return new Projection({ configMap: [{ name: configMap.name, ...items(configMap, files) }] }, configMap);
  }

  /** The keys of a Secret. */
  static fromSecret<Key extends string>(
    secret: Secret<Key>,
    files?: Readonly<Record<string, NoInfer<Key>>>,
  ): Projection {
    return new Projection({ secret: [{ name: secret.name, ...items(secret, files) }] }, secret);
  }

  /** A token of the Pod's ServiceAccount for an audience of its own, which no `automountToken` is needed for. */
  static fromServiceAccountToken(options: ServiceAccountTokenOptions): Projection {
    const { audience, path = 'token', expirationSeconds = 3600 } = options;
    return new Projection({ serviceAccountToken: { audience, path, expirationSeconds } });
  }

  /** Facts of the Pod, by the path of the file below the mount. */
  static fromDownwardApi(files: Readonly<Record<string, PodFileField>>): Projection {
    return new Projection({ downwardApi: { items: fields(files) } });
  }

  private constructor(
    private readonly source: ProjectedSource,
    readonly configuration?: Configuration,
  ) {}

  /** @internal */
  toTerraform(): ProjectedSource {
    return this.source;
  }
}

/**
 * A volume of a Pod. It belongs to the Pod as soon as a container mounts it. Every one has a source: a volume with only a
 * name differs for ever.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/
 */
export class Volume {
  /** An empty folder that lives as long as the Pod. An `unlimited` one can fill the disk of its node. */
  static fromEmptyDir(
    name: string,
    options: { readonly sizeLimit: Size | 'unlimited'; readonly inMemory?: boolean },
  ): Volume {
    const { sizeLimit, inMemory } = options;
    return new Volume({
      name,
      emptyDir: {
        ...(sizeLimit !== 'unlimited' && { sizeLimit: sizeLimit.toString() }),
        ...(inMemory && { medium: 'Memory' }),
      },
    });
  }

  /**
   * A volume of any source, as the provider has it: `{ nfs: { server, path } }`, `{ csi: … }`, `{ ephemeral: … }`. Prefer the factories of
   * this class where one fits.
   */
  static fromSource(name: string, source: Omit<DeploymentV1SpecTemplateSpecVolume, 'name'>): Volume {
    return new Volume({ ...source, name });
  }

  /** The keys of a ConfigMap as files. */
  static fromConfigMap<Key extends string>(
    name: string,
    configMap: ConfigMap<Key>,
    options: FilesOptions<NoInfer<Key>> = {},
  ): Volume {
    const source = {
      name: configMap.name,
      defaultMode: options.mode ?? '0444',
      ...items(configMap, options.files),
    };
    return new Volume({ name, configMap: source }, [configMap]);
  }

  /** The keys of a Secret as files, held in memory. */
  static fromSecret<Key extends string>(
    name: string,
    secret: Secret<Key>,
    options: FilesOptions<NoInfer<Key>> = {},
  ): Volume {
    const source = {
      secretName: secret.name,
      defaultMode: options.mode ?? '0440',
      ...items(secret, options.files),
    };
    return new Volume({ name, secret: source }, [secret]);
  }

  /**
   * The volume that a claim is bound to: a disk of EBS, or a file system of EFS.
   *
   * @param options `name` of the volume in the Pod @default - the ID of the claim; `readOnly` for every container @default false
   */
  static fromClaim(
    claim: PersistentVolumeClaim,
    options: { readonly name?: string; readonly readOnly?: boolean } = {},
  ): Volume {
    return new Volume({
      name: options.name ?? claim.node.id,
      persistentVolumeClaim: { claimName: claim.name, readOnly: options.readOnly ?? false },
    });
  }

  /** A folder of the node. Pod Security admits it under `privileged` only. */
  static fromHostPath(
    name: string,
    path: string,
    type: 'Directory' | 'DirectoryOrCreate' | 'File' | 'FileOrCreate' | 'Socket' = 'Directory',
  ): Volume {
    return new Volume({ name, hostPath: { path, type } });
  }

  /** A token of the Pod's ServiceAccount for an audience of its own. */
  static fromServiceAccountToken(name: string, options: ServiceAccountTokenOptions): Volume {
    return Volume.fromProjections(name, [Projection.fromServiceAccountToken(options)]);
  }

  /** Facts of the Pod as files, by their paths below the mount; the kubelet keeps them up to date. */
  static fromDownwardApi(name: string, files: Readonly<Record<string, PodFileField>>): Volume {
    return new Volume({ name, downwardApi: { defaultMode: '0444', items: fields(files) } });
  }

  /** Several sources in one folder. */
  static fromProjections(
    name: string,
    projections: readonly Projection[],
    options: { readonly mode?: FileMode } = {},
  ): Volume {
    const sources = projections.map((projection) => projection.toTerraform());
    return new Volume(
      { name, projected: [{ defaultMode: options.mode ?? '0440', sources }] },
      projections.flatMap(({ configuration }) => configuration ?? []),
    );
  }

  private constructor(
    private readonly source: DeploymentV1SpecTemplateSpecVolume & { readonly name: string },
    /** What its files come from. */
    readonly configuration: readonly Configuration[] = [],
  ) {}

  get name(): string {
    return this.source.name;
  }

  /** @internal */
  toTerraform(): DeploymentV1SpecTemplateSpecVolume {
    return this.source;
  }
}

function items<Key extends string>(
  source: ConfigMap<Key> | Secret<Key>,
  files?: Readonly<Record<string, Key>>,
): { items?: Items } {
  if (!files) return {};
  return { items: Object.entries(files).map(([path, key]) => ({ path, key: source.key(key) })) };
}

function fields(
  files: Readonly<Record<string, PodFileField>>,
): (DeploymentV1SpecTemplateSpecVolumeProjectedSourcesDownwardApiItems & {
  fieldRef: { fieldPath: string };
})[] {
  return Object.entries(files).map(([path, fieldPath]) => ({ path, fieldRef: { fieldPath } }));
}
