import { protectedAddresses } from '../../../manifests/protected-addresses';
import { changeIdentity } from '../change/change-digest';
import type { GuardedStack } from '../change/guarded-change';
import { protectionInAws } from './protection-in-aws';
import { protectionInKubernetes } from './protection-in-kubernetes';
import type { Observation, Rule } from '../guard-rule';

/**
 * Removes a protection: `prevent_destroy` of the last apply, backups, versions, encryption, logs, a deletion delay, a budget or
 * quota, an admission policy, a volume's retention.
 */
export const PROTECTION: Rule = (plans) =>
  plans.stacks.flatMap((stack) => [
    ...unprotected(stack),
    ...stack.changes.flatMap((change) =>
      [...protectionInAws(change, stack), ...protectionInKubernetes(change, stack, plans)].map((message) => ({
        stack: stack.name,
        address: change.address,
        message,
        identity: changeIdentity(change, message),
      })),
    ),
  ]);

function unprotected({ name: stack, document, protectedBefore, changes }: GuardedStack): Observation[] {
  const now = protectedAddresses(document);
  const moved = new Map(changes.map(({ movedFrom, address }) => [movedFrom, address]));
  return protectedBefore
    .filter((address) => !now.includes(moved.get(address) ?? address))
    .map((address) => {
      const change = changes.find((one) => one.address === (moved.get(address) ?? address));
      return {
        stack,
        address: change?.address ?? address,
        message: 'takes away its prevent_destroy: Terraform would no longer refuse to destroy it',
        identity: change === undefined ? 'prevent_destroy' : changeIdentity(change, 'prevent_destroy'),
      };
    });
}
