import { EcrPullThroughCacheRule } from '@cdktf/provider-aws/lib/ecr-pull-through-cache-rule';
import { Construct } from '../../terraform/construct';
import { CACHED_REGISTRIES, cachePrefix } from '../../../src/facts/image-registries';
import { Account } from '../account/account';
import { awsOf } from '../account/aws-provider';
import { actions, grant } from '../identity/grant';
import type { PolicyStatement } from '../identity/policy-document';

/**
 * What lets ECR keep images of other registries, each in a repository of the account that it makes as the image is first pulled. The
 * repositories are in no state: they have no tags, and stay when the cache is destroyed.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export class ImageCache extends Construct {
  /** What nodes may do besides pulling, so that their first pull fills the cache. */
  readonly statements: readonly PolicyStatement[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { platform, region } = awsOf(this);
    const registries = Object.keys(CACHED_REGISTRIES) as (keyof typeof CACHED_REGISTRIES)[];
    const rules = registries.map(
      (registry) =>
        new EcrPullThroughCacheRule(this, CACHED_REGISTRIES[registry], {
          ecrRepositoryPrefix: cachePrefix(platform, registry),
          upstreamRegistryUrl: registry,
        }),
    );
    const account = Account.of(this);
    this.statements = [
      grant(
        'ImageCache',
        actions('ecr', 'BatchImportUpstreamImage CreateRepository'),
        rules.map((rule) => account.arn('ecr', region, `repository/${rule.ecrRepositoryPrefix}/*`)),
      ),
    ];
  }
}
