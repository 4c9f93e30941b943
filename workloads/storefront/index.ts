import { defineWorkload, derived, described, hostName, imageTag, z } from 'kubernetes-on-aws';
import { AccessPoint, FileSystem, GeneratedSecret, sharedFilesName } from 'kubernetes-on-aws/aws';
import { Storefront } from './storefront';

/** A shop: the workload that shows every kind. */
export const storefront = defineWorkload({
  name: 'storefront',
  description: 'The storefront example.',
  options: {
    version: described(imageTag(), "Tag of the storefront's images."),
    replicas: z.int().min(1).max(1_000).default(2).describe('Number of web Pods.'),
    host: derived(
      described(
        hostName(),
        "Hostname of the shop. Left out: shop.<namespace>.<the platform's name>.internal.",
      ),
      ({ namespace, platform }) => `shop.${namespace}.${platform.name}.internal`,
    ),
    debug: derived(
      z
        .boolean()
        .describe('Whether a Pod to debug from runs beside it. Left out: in the namespace dev only.'),
      ({ namespace }) => namespace === 'dev',
    ),
    loginRevision: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(1)
      .describe("Counts the rotations of the database's password: raise it, and a new one is made."),
  },
  build(scope, { loginRevision, ...options }, context) {
    const { platform, namespace } = context;
    const prefix = `${platform.name}/${namespace.name}/storefront`;
    const login = new GeneratedSecret(scope, 'login', {
      name: `${prefix}/database`,
      description: `Login of the storefront's database in the namespace ${namespace.name}`,
      fields: { username: 'storefront' },
      generated: { password: {} },
      revision: loginRevision,
      // A platform that was destroyed can be created again under the same names.
      recoveryWindowDays: 0,
    });
    const media = new AccessPoint(scope, 'media-directory', {
      fileSystemId: FileSystem.lookup(scope, 'shared-files', sharedFilesName(platform.name)).id,
      name: `${prefix}/media`,
      path: `/${namespace.name}/storefront`,
    });
    const { api, web } = new Storefront(scope, { ...options, login, media }, context);
    return { api, web };
  },
});
