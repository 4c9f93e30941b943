import { createHash } from 'node:crypto';

/** Characters of a content hash: enough to tell apart what has followed each other under one name. */
export const CONTENT_HASH_LENGTH = 8;

/** A short hash of what an object holds, for its name: another content makes another object. */
export function contentHash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, CONTENT_HASH_LENGTH);
}
