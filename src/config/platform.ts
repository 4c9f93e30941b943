import type { PlatformFile } from './schema/platform-schema';

/**
 * A platform as `platform.yaml` describes it, checked, with every default applied, and unchangeable. The schema describes its
 * keys; what the file leaves out and depends on other keys is resolved here.
 */
export type Platform = Unchangeable<
  Given<Omit<PlatformFile, 'network' | 'cluster' | 'nodes'>, 'account' | 'imageRegistry'> & {
    network: Given<PlatformFile['network'], 'cidr'>;
    cluster: Given<PlatformFile['cluster'], 'serviceCidr' | 'zones'>;
    nodes: Record<string, Given<PlatformFile['nodes'][string], 'desired'>>;
  }
>;

export type NamespaceSettings = Platform['namespaces'][string];
export type NodeSettings = Platform['nodes'][string];
export type StateSettings = NonNullable<Platform['state']>;
export type WorkloadSettings = NamespaceSettings['workloads'];

/** The type with some of its optional keys always there. */
type Given<T, K extends keyof T> = Omit<T, K> & Required<Pick<T, K>>;

/** The type with all that is in it read-only. */
type Unchangeable<T> = T extends object ? { readonly [K in keyof T]: Unchangeable<T[K]> } : T;
