import type { Rule } from './config-rule';
import { TAG_KEY, TAG_KEY_EXPECTED } from './schema/tags-schema';

/** AWS takes 50 of a resource; up to ten are those of this program, of EKS and of the controllers in the cluster. */
const MOST_TAGS = 40;

/** Whose keys they are, as a pattern: what those write, or are known by. IAM does not tell upper from lower case. */
const RESERVED: readonly (readonly [RegExp, string])[] = [
  [/^(aws|eks):/i, 'AWS'],
  [/^(platform|managedby|name)$/i, 'this program'],
  [/^(csivolumename|csivolumesnapshotname|kubernetescluster)$/i, 'Kubernetes'],
  [
    /(^|\.)(kubernetes\.io|k8s\.io|k8s\.aws|k8s\.amazonaws\.com|csi\.aws\.com|karpenter\.sh)(\/|$)/i,
    'Kubernetes',
  ],
];

const tagKeys: Rule = ({ tags = {} }, { report }) => {
  const keys = Object.keys(tags);
  if (keys.length > MOST_TAGS) {
    report(['tags'], `${keys.length} tags are given; up to ${MOST_TAGS} are allowed; remove some`, 'key');
  }
  const firsts = new Map<string, string>();
  for (const key of keys) {
    const path = ['tags', key];
    const owner = RESERVED.find(([pattern]) => pattern.test(key))?.[1];
    const twin = firsts.get(key.toLowerCase());
    if (twin === undefined) firsts.set(key.toLowerCase(), key);
    if (!TAG_KEY.test(key)) report(path, `the key is not allowed; expected ${TAG_KEY_EXPECTED}`, 'key');
    if (owner) report(path, `the key belongs to ${owner}; choose another key`, 'key');
    if (twin !== undefined) {
      report(
        path,
        `the key differs from ${twin} in upper and lower case only, which IAM does not tell apart; remove one`,
        'key',
      );
    }
  }
};

/** What AWS and those who write tags say of keys. */
export const TAG_RULES: readonly Rule[] = [tagKeys];
