import { objectTitle } from '../../../manifests/object-title';
import type { Observation, Rule } from '../guard-rule';

/**
 * Destroys a ConfigMap or Secret that a failed apply has left. The Pods of the earlier revision still run, and need it to start
 * again. A plan that also updates the workload destroys it after the rollout.
 */
export const UNFINISHED_ROLLOUT: Rule = ({ stacks, unready }) =>
  stacks.flatMap(({ name, changes }) => {
    const updated = new Set(
      changes.flatMap(({ action, objectAfter }) =>
        action === 'update' && objectAfter !== undefined ? [objectTitle(objectAfter)] : [],
      ),
    );
    const waiting = (unready.get(name) ?? []).filter(({ workload = '' }) => !updated.has(workload));
    if (waiting.length === 0) return [];
    return changes.flatMap(({ address, deposed, objectBefore }): Observation[] =>
      deposed === undefined || objectBefore === undefined
        ? []
        : [
            {
              stack: name,
              address,
              message:
                `destroys the ${objectTitle(objectBefore)} of an earlier revision, which its Pods need to start again: ` +
                `${waiting.map(({ reason }) => reason).join(', ')}. Finish the rollout first: fix the workload, or what keeps it from starting`,
              identity: { deposed, object: objectTitle(objectBefore) },
            },
          ],
    );
  });
