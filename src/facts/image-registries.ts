import { ecrHost, partitionOf } from './partitions';

/**
 * The registries whose images ECR caches without a credential, and where in the platform's own names it keeps them. Source: Amazon ECR
 * User Guide, Sync an upstream registry with an Amazon ECR private registry.
 */
export const CACHED_REGISTRIES = {
  'public.ecr.aws': 'ecr',
  'registry.k8s.io': 'k8s',
  'quay.io': 'quay',
} as const;

/** The longest prefix of a pull-through cache rule. Source: Amazon ECR API Reference, CreatePullThroughCacheRule. */
const LONGEST_PREFIX = 30;

/** Prefix of the repositories in which ECR keeps what comes from a registry. */
export function cachePrefix(platform: string, registry: keyof typeof CACHED_REGISTRIES): string {
  return `${platform}/${CACHED_REGISTRIES[registry]}`;
}

/** The longest name of a platform with a cache. */
export const LONGEST_CACHED_NAME =
  LONGEST_PREFIX - Math.max(...Object.values(CACHED_REGISTRIES).map(({ length }) => length + 1));

/** Whether ECR caches other registries in a region. Source: as above; neither China nor GovCloud has it. */
export function hasImageCache(region: string): boolean {
  return partitionOf(region) === 'aws';
}

/** Where the images of each registry are found in the cache. */
export function cacheMirrors(platform: string, account: string, region: string): Record<string, string> {
  const registries = Object.keys(CACHED_REGISTRIES) as (keyof typeof CACHED_REGISTRIES)[];
  return Object.fromEntries(
    registries.map((name) => [name, `${ecrHost(account, region)}/${cachePrefix(platform, name)}`]),
  );
}

/** Whether an image is pulled through the cache of a platform. */
export function isCached(image: string, platform: string): boolean {
  const repository = image.slice(registryOf(image).length + 1);
  return Object.values(CACHED_REGISTRIES).some((kept) => repository.startsWith(`${platform}/${kept}/`));
}

/** Registry of an image, by the rules of containerd: docker.io where it names none. */
export function registryOf(image: string): string {
  const [first = '', ...path] = image.split('/');
  return path.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

/**
 * The image at its mirror. The value of the longest matching key of `mirrors` replaces the beginning of the image: a registry, a
 * repository or one image.
 */
export function mirrored(image: string, mirrors: Readonly<Record<string, string>>): string {
  const whole =
    registryOf(image) === 'docker.io' && !image.startsWith('docker.io/') ? dockerHub(image) : image;
  const [key] = Object.keys(mirrors)
    .filter((from) => whole === from || (whole.startsWith(from) && /[/:@]/.test(whole.charAt(from.length))))
    .sort((a, b) => b.length - a.length);
  return key === undefined ? image : `${mirrors[key] ?? ''}${whole.slice(key.length)}`;
}

function dockerHub(image: string): string {
  return `docker.io/${image.includes('/') ? '' : 'library/'}${image}`;
}

/** What nodes reach beside their VPC. */
export interface ImageReach {
  readonly region: string;
  /** Whether ECR and the layers in S3 are reached by endpoints. */
  readonly ecr: boolean;
  /** Further registries that are reached. */
  readonly registries: readonly string[];
}

/** Whether nodes that do not reach the internet can pull an image. ECR's endpoints lead to the registries of one region. */
export function canPull(image: string, { region, ecr, registries }: ImageReach): boolean {
  const registry = registryOf(image);
  return registries.includes(registry) || (ecr && registry.slice(12) === ecrHost('', region));
}
