import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { resolveLiterally } from '../../terraform/fast-tokens';

/** Characters of a content hash: enough to tell apart what has followed each other under one name. */
export const CONTENT_HASH_LENGTH = 8;

/** Length of such a hash at the end of a name, with its dash. */
export const HASH_SUFFIX_LENGTH = CONTENT_HASH_LENGTH + 1;

/** A hash of what a construct says of itself, with references in it. */
export function specHash(scope: Construct, spec: object): string {
  // Tokens are numbered as they come; what they stand for is the same in every synthesis.
  return contentHash(JSON.stringify(resolveLiterally(scope, spec)));
}

/** A short hash of what an object holds, for its name: another content makes another object. */
export function contentHash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, CONTENT_HASH_LENGTH);
}
