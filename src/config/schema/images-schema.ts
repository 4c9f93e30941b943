import * as z from 'zod/mini';
import { described, listOf, mapping, text } from './form';

/** A registry by its host, with what may follow it: path, and tag or digest. */
const IMAGE = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;
const image = () => text('a registry, a repository or an image, such as quay.io/team', IMAGE);

/** `images`: where nodes pull from. */
export const images = mapping({
  cache: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether the platform pulls images of public.ecr.aws, registry.k8s.io and quay.io through a cache in ECR.',
    ),
    false,
  ),
  mirrors: z._default(
    described(
      z
        .record(
          z.string(),
          image(),
          'expected a mapping from registries, repositories or images to where they are pulled from',
        )
        .register(z.globalRegistry, { propertyNames: { pattern: IMAGE.source } }),
      'Registries, repositories or images, and where every container pulls them from; the longest match counts.',
    ),
    {},
  ),
  reachable: z._default(
    described(
      listOf(
        text(
          'the host of a registry, such as registry.example.com',
          /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/,
        ),
        0,
        'a list of hosts of registries, such as [registry.example.com]',
      ),
      'Hosts of the registries that nodes reach without NAT in another way, such as a transit gateway.',
    ),
    [],
  ),
});

/** What a key of `images.mirrors` is. */
export const MIRRORED = IMAGE;
