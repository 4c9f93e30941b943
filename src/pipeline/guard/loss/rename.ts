import { changeIdentity } from '../change/change-digest';
import { isDataLoss } from './data-loss';
import { moveAdvice, renames } from './likeness';
import type { Observation, Rule } from '../guard-rule';

/**
 * Destroys an object and creates a similar one of its type in the same stack. Its address has changed, and a
 * `moved` entry keeps it. An object of Kubernetes is the same when kind, namespace and name are. A new stack has nothing to rename.
 * If the guard stops a loss anyway, that finding has the advice.
 */
export const RENAME: Rule = (plans) =>
  plans.stacks.flatMap((stack): Observation[] =>
    [...renames(stack)].flatMap(([from, to]) => {
      const change = stack.changes.find(({ address }) => address === from);
      if (change === undefined || isDataLoss(change, plans)) return [];
      return [
        {
          stack: stack.name,
          address: from,
          message: `destroys it and creates ${to} with like values, which looks like a rename: ${moveAdvice()}`,
          identity: [changeIdentity(change), to],
        },
      ];
    }),
  );
