import { hasImageCache, LONGEST_CACHED_NAME } from '../facts/image-registries';
import type { Rule } from './config-rule';
import { MIRRORED } from './schema/images-schema';

const cacheCanBeMade: Rule = ({ name, region, images }, { report }) => {
  if (images?.cache !== true) return;
  if (name !== undefined && name.length > LONGEST_CACHED_NAME) {
    report(
      ['images', 'cache'],
      `the name ${name} has ${name.length} characters, and ECR caches for names of up to ${LONGEST_CACHED_NAME}; shorten the name, or ` +
        'name other registries in images.mirrors',
    );
  }
  if (region !== undefined && !hasImageCache(region)) {
    report(['images', 'cache'], `ECR caches no registries in ${region}; name your own in images.mirrors`);
  }
};

const mirroredAreImages: Rule = ({ images }, { report }) => {
  for (const key of Object.keys(images?.mirrors ?? {}).filter((each) => !MIRRORED.test(each))) {
    const expected =
      'expected a registry, a repository or an image with its registry, such as docker.io/library/nginx';
    report(['images', 'mirrors', key], `the key is not allowed; ${expected}`, 'key');
  }
};

/** What `images` must be to the rest. */
export const IMAGE_RULES: readonly Rule[] = [cacheCanBeMade, mirroredAreImages];
