import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { templateParts } from '../../../src/manifests/template';
import { resolveLiterally } from '../../terraform/fast-tokens';
import { expression } from '../../terraform/literal';

/** Characters of a content hash: enough to tell apart what has followed each other under one name. */
export const CONTENT_HASH_LENGTH = 8;

/** Length of such a hash at the end of a name, with its dash. */
export const HASH_SUFFIX_LENGTH = CONTENT_HASH_LENGTH + 1;

/** A hash of what a construct says of itself, with references in it. */
export function specHash(scope: Construct, spec: object): string {
  // Tokens are numbered as they come; what they stand for is the same in every synthesis.
  return contentHash(JSON.stringify(resolveLiterally(scope, spec)));
}

/**
 * The revision of an object, for its name: a hash of its content. Terraform hashes the values that it alone knows, in an
 * expression; the name of another object counts by its address.
 */
export function revisionOf(scope: Construct, content: object): string {
  if (!/TfToken|e\+\d/.test(JSON.stringify(content))) return contentHash(JSON.stringify(content));
  return Lazy.stringValue({
    produce: () => expressionOf(revisionOfResolved(resolveLiterally(scope, content))),
  });
}

/** The same of content whose references are text already: the hash, or `${…}` around the expression for it. */
export function revisionOfResolved(content: unknown): string {
  const known = contentHash(JSON.stringify(content));
  const open = [...new Set(expressions(content))].filter((each) => !NAME.test(each)).sort();
  return open.length === 0
    ? known
    : `\${substr(sha256(jsonencode([${[`"${known}"`, ...open].join(', ')}])), 0, ${CONTENT_HASH_LENGTH})}`;
}

const expressionOf = (text: string): string => (text.startsWith('${') ? expression(text.slice(2, -1)) : text);

/** A reference to the name of a Kubernetes object. */
const NAME = /^kubernetes_\w+\.[\w-]+\.metadata\[0\]\.name$/;

/** The expressions of the Terraform language in a value. */
function expressions(value: unknown): string[] {
  if (typeof value === 'string') {
    return templateParts(value).flatMap((part) => ('expression' in part ? part.expression : []));
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressions) : [];
}

/** A short hash of what an object holds, for its name: another content makes another object. */
export function contentHash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, CONTENT_HASH_LENGTH);
}
