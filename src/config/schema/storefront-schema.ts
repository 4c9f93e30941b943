import * as z from 'zod/mini';
import { described, mapping, text, wholeNumber } from './form';

/** `namespaces.<name>.workloads.storefront`. */
export const storefront = mapping({
  version: described(
    text(
      'an image tag that does not move, such as 1.4.0',
      /^(?!latest$)[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    ),
    "Tag of the storefront's images.",
  ),
  replicas: z._default(
    described(wholeNumber('a whole number, 1 or more', 1, 1_000), 'Number of web Pods.'),
    2,
  ),
  host: z.exactOptional(
    described(
      text(
        'a DNS name in lower case, such as shop.example.com',
        /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
        (got) => {
          const bare = got
            .replace(/^https?:\/\//, '')
            .replace(/\/.*$/, '')
            .toLowerCase();
          return bare === got || bare === '' ? undefined : `write ${bare}`;
        },
      ),
      "Host name of the shop. Left out: shop.<namespace>.<the platform's name>.internal.",
    ),
  ),
  debug: z.exactOptional(
    described(
      z.boolean('expected true or false'),
      'Whether a Pod to debug from runs beside it. Left out: in the namespace dev only.',
    ),
  ),
  loginRevision: z._default(
    described(
      wholeNumber('a whole number, 1 or more', 1, 1_000_000),
      "Counts the rotations of the database's password: raise it, and a new one is made.",
    ),
    1,
  ),
});
