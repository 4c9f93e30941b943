import { array, as, type Block, kept, number, object, text, textMap, texts } from '../field';

const requirement: Block = { key: text, operator: text, values: texts };

const labels: Block = { match_labels: textMap, match_expressions: array(requirement) };

/** A label selector; the empty one selects everything. */
export const labelSelector = object(labels);

export const labelSelectors = array(labels);

const nodeSelectorTerm: Block = { match_expressions: array(requirement), match_fields: array(requirement) };

/** Terms on the labels and names of nodes, one of which is to hold. */
export const nodeSelector = object({ node_selector_term: as('nodeSelectorTerms', array(nodeSelectorTerm)) });

const podAffinityTerm: Block = {
  topology_key: text,
  label_selector: labelSelector,
  namespaces: texts,
  namespace_selector: labelSelector,
};

const podAffinity = object({
  required_during_scheduling_ignored_during_execution: array(podAffinityTerm),
  preferred_during_scheduling_ignored_during_execution: array({
    weight: kept(number),
    pod_affinity_term: object(podAffinityTerm),
  }),
});

/** To which nodes, and beside which Pods, a Pod goes. */
export const affinity = object({
  node_affinity: object({
    required_during_scheduling_ignored_during_execution: nodeSelector,
    preferred_during_scheduling_ignored_during_execution: array({
      weight: kept(number),
      preference: object(nodeSelectorTerm),
    }),
  }),
  pod_affinity: podAffinity,
  pod_anti_affinity: podAffinity,
});
