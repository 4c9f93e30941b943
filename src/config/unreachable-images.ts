import { canPull, isCached, registryOf } from '../facts/image-registries';
import type { Finding } from './config-error';
import { LayeredDocument } from './layered-document';
import type { Platform } from './platform';
import { readPlatform } from './read-platform';

/** What is pulled: the addresses that pull an image, by image; and addresses of the charts whose values name none. */
export interface PulledImages {
  readonly images: ReadonlyMap<string, readonly string[]>;
  readonly charts: readonly string[];
}

/**
 * The warnings about images that nodes without NAT can't pull, one for each registry.
 *
 * @param file the platform's file
 * @param pulled reads all that is pulled: asked only where it matters
 */
export function unreachableImages(
  file: string,
  { name, network, region, images: { reachable } }: Platform,
  pulled: () => PulledImages,
): Finding[] {
  if (network.nat !== 'none') return [];
  const { images, charts } = pulled();
  const document = new LayeredDocument(readPlatform(file), file);
  const warning = (message: string): Finding => document.finding(['network', 'nat'], message);
  // That the endpoints of ECR are missing is a warning of its own.
  const reach = { region, ecr: true, registries: reachable };
  // Source: Amazon ECR User Guide, Considerations for using pull through cache rules.
  const cached = [...images.keys()].filter((image) => isCached(image, name));
  const unreachable = [...images].filter(([image]) => !canPull(image, reach));
  const registries = new Set(unreachable.map(([image]) => registryOf(image)));
  const other =
    'name a registry that they reach in images.mirrors, or this one in images.reachable where the VPC has another way out';
  return [
    ...[...registries].map((registry) => {
      const list = unreachable
        .filter(([image]) => registryOf(image) === registry)
        .map(([image, addresses]) => `${image} (${addresses.join(', ')})`);
      return warning(
        `without NAT, nodes do not reach ${registry}, and cannot pull ${list.join(', ')}; ${other}`,
      );
    }),
    ...(charts.length === 0
      ? []
      : [
          warning(
            `without NAT, nodes may not reach the images of ${charts.join(', ')}, whose values name none; set them there`,
          ),
        ]),
    ...(cached.length === 0
      ? []
      : [
          document.finding(
            ['images', 'cache'],
            'ECR fetches an image at its first pull, which requires a route to the internet. Pull each once from elsewhere before nodes ' +
              `without NAT do: ${cached.join(', ')}`,
          ),
        ]),
  ];
}
