import type { GuardedChange } from './change/guarded-change';
import type { Rule } from './guard-rule';

const COUNTED = ['update', 'replace', 'delete', 'forget'];

/**
 * Changes, replaces, destroys or forgets more objects than the platform allows, all stacks together: a reviewer of so many
 * overlooks one. Creations and moves do not count. The finding names the stack with the most changes. Its
 * digest covers all of them, so that an exception allows these and no others.
 */
export const TOO_MANY_CHANGES: Rule = ({ stacks, maxChanges }) => {
  const counted = stacks.map(({ name, changes }) => ({ name, changes: changes.filter(isCounted) }));
  const all = counted.flatMap(({ changes }) => changes);
  const [most] = [...counted].sort((a, b) => b.changes.length - a.changes.length);
  if (most === undefined || all.length <= maxChanges) return [];
  const perStack = counted
    .filter(({ changes }) => changes.length > 0)
    .map(({ name, changes }) => `${name} ${changes.length}`);
  return [
    {
      stack: most.name,
      message: `changes, replaces or destroys ${all.length} objects, more than the ${maxChanges} of pipeline.maxChanges: ${perStack.join(', ')}`,
      identity: all.map(({ stack, address, action }) => [stack, address, action]),
    },
  ];
};

function isCounted({ action }: GuardedChange): boolean {
  return COUNTED.includes(action);
}
