/** The label by which a node says its node group, a key under `nodes:` of the platform. */
export const NODE_GROUP_LABEL = 'platform/node';

/** The field of a node affinity that a Pod must have fulfilled. */
export const REQUIRED_AFFINITY = 'requiredDuringSchedulingIgnoredDuringExecution';

/**
 * The CEL expression of the patches that add the required node affinity of a namespace to a Pod's spec without a term.
 *
 * @param spec where the spec is in the object
 */
export function affinityPatch(spec: string): string {
  const path = `/${spec.replaceAll('.', '/')}/affinity`;
  const patch = (at: string, value: string): string =>
    `[JSONPatch{op: "add", path: ${literal(at)}, value: ${value}}]`;
  const affinity = `object.${spec}.?affinity`;
  // A list with values of one type is all that CEL takes here.
  const requirement = `{"key": dyn(${literal(NODE_GROUP_LABEL)}), "operator": dyn("In"), "values": dyn(variables.row)}`;
  return [
    `variables.terms.size() > 0 ? [] : (${affinity}.hasValue() ? [] : ${patch(path, '{}')})`,
    `(${affinity}.?nodeAffinity.hasValue() ? [] : ${patch(`${path}/nodeAffinity`, '{}')})`,
    patch(
      `${path}/nodeAffinity/${REQUIRED_AFFINITY}`,
      `{"nodeSelectorTerms": [{"matchExpressions": [${requirement}]}]}`,
    ),
  ].join(' + ');
}

const literal = (text: string): string => JSON.stringify(text);

/** The patches of the program's own policies: of a Pod, and of the template of a DaemonSet. */
export const AFFINITY_PATCHES = ['spec', 'spec.template.spec'].map(affinityPatch);
