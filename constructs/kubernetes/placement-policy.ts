import { Construct } from 'constructs';
import { NODE_LABEL } from './placement';
import { ValidatingAdmissionPolicy } from './validating-admission-policy';

export interface PlacementPolicyOptions {
  /** The nodes of each namespace. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

/**
 * Holds every namespace to its row of nodes: a Pod whose required node affinity does not keep it to them is refused, whoever
 * wrote it. Every term of the affinity has to, because the scheduler is content with any one of them.
 */
export class PlacementPolicy extends Construct {
  constructor(scope: Construct, id: string, options: PlacementPolicyOptions) {
    super(scope, id);
    const rows = Object.entries(options.rows)
      .map(([namespace, nodes]) => `${literal(namespace)}: [${nodes.map(literal).join(', ')}]`)
      .join(', ');
    const required = 'requiredDuringSchedulingIgnoredDuringExecution';
    new ValidatingAdmissionPolicy(this, 'pods', {
      namespaces: Object.keys(options.rows),
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      variables: {
        row: `{${rows}}[request.namespace]`,
        terms: `object.spec.?affinity.?nodeAffinity.?${required}.?nodeSelectorTerms.orValue([])`,
      },
      validations: [
        {
          expression:
            'variables.terms.size() > 0 && variables.terms.all(term, term.?matchExpressions.orValue([]).exists(e, ' +
            `e.key == ${literal(NODE_LABEL)} && e.operator == "In" && e.values.all(node, node in variables.row)))`,
          messageExpression:
            `"Pods of namespace " + request.namespace + " run on " + variables.row.join(", ") + " only: ` +
            `give the Pod a required node affinity whose every term says ${NODE_LABEL} In [" + variables.row.join(", ") + "]"`,
        },
      ],
    });
  }
}

/** A CEL string literal. */
function literal(text: string): string {
  return JSON.stringify(text);
}
