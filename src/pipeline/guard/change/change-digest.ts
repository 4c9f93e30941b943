import { createHash } from 'node:crypto';
import { isObject } from '../../../manifests/field';
import { inOrder } from '../../../manifests/in-order';
import type { Json, JsonObject } from '../../../manifests/terraform-document';
import type { GuardedChange } from './guarded-change';

/** Hexadecimal digits of a digest: no two changes of a platform share one by chance. */
const DIGITS = 12;

/** A digest of what makes a change this very change: the same for every plan of it, and another for every other change. */
export function changeDigest(identity: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(identity)))
    .digest('hex')
    .slice(0, DIGITS);
}

/**
 * What makes a change this very change: what is done, to which object that exists, and what a rule has found.
 *
 * @param found what is opened, widened or taken away
 */
export function changeIdentity(change: GuardedChange, found: Json = null): Json {
  return { action: change.action, object: physicalIdentity(change), found };
}

/** What AWS and Kubernetes know an object by. Some are never given twice: the ID of a VPC, the uid of an object. */
const IDENTIFIERS = ['id', 'arn', 'unique_id', 'created_at', 'creation_date', 'create_date'];

/**
 * What identifies an object that exists, so that another one which is later made at the same address is not taken for it;
 * empty for what does not exist yet. What AWS knows by a name only, a log group or a bucket, is known by that.
 */
function physicalIdentity({ before = {} }: GuardedChange): JsonObject {
  const own = IDENTIFIERS.filter((name) => typeof before[name] === 'string').map((name) => [
    name,
    before[name],
  ]);
  const uid =
    uidOf(before['metadata']) ?? uidOf(isObject(before['object']) ? before['object']['metadata'] : undefined);
  return { ...(Object.fromEntries(own) as JsonObject), ...(uid !== undefined && { uid }) };
}

function uidOf(metadata: Json | undefined): string | undefined {
  const [block] = Array.isArray(metadata) ? (metadata as readonly Json[]) : [metadata];
  const uid = isObject(block) ? block['uid'] : undefined;
  return typeof uid === 'string' ? uid : undefined;
}
