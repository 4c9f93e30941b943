import { Construct } from '../../terraform/construct';
import { NODE_GROUP_LABEL } from '../pods/placement';
import { ValidatingAdmissionPolicy } from './validating-admission-policy';

export interface PlacementPolicyOptions {
  /** The node groups of each namespace. */
  readonly nodeGroups: Readonly<Record<string, readonly string[]>>;
}

/** The user as whom the DaemonSet controller creates Pods. */
const DAEMON_SET_CONTROLLER = 'system:serviceaccount:kube-system:daemon-set-controller';

/**
 * Holds every namespace to its node groups: a Pod whose required node affinity does not keep it to them is refused, from any
 * author. Every term of the affinity has to, because the scheduler is content with any one of them.
 *
 * The policy checks the Pod template of a DaemonSet. Its controller chooses the nodes by the template's affinity. It then gives
 * each Pod another affinity, which names its node only.
 */
export class PlacementPolicy extends Construct {
  constructor(scope: Construct, id: string, { nodeGroups }: PlacementPolicyOptions) {
    super(scope, id);
    new ValidatingAdmissionPolicy(this, 'pods', {
      ...judgement(nodeGroups, 'object.spec'),
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      matchConditions: {
        'not-of-a-daemon-set': `request.userInfo.username != ${literal(DAEMON_SET_CONTROLLER)}`,
      },
    });
    new ValidatingAdmissionPolicy(this, 'daemon-sets', {
      ...judgement(nodeGroups, 'object.spec.template.spec'),
      rules: [
        {
          apiGroups: ['apps'],
          apiVersions: ['v1'],
          operations: ['CREATE', 'UPDATE'],
          resources: ['daemonsets'],
        },
      ],
      // One that goes loses its finalizers by updates, also after the node groups of its namespace have changed.
      matchConditions: { 'not-going': '!object.metadata.?deletionTimestamp.hasValue()' },
    });
  }
}

/** What is true of a Pod's spec that keeps to the node groups of its namespace. */
function judgement(nodeGroups: PlacementPolicyOptions['nodeGroups'], spec: string) {
  const table = Object.entries(nodeGroups)
    .map(([namespace, groups]) => `${literal(namespace)}: [${groups.map(literal).join(', ')}]`)
    .join(', ');
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  return {
    namespaces: Object.keys(nodeGroups),
    variables: {
      // Platforms that run have this name in the expression below: the guard would take another expression for a refusal lost.
      row: `{${table}}[request.namespace]`,
      terms: `${spec}.?affinity.?nodeAffinity.?${required}.?nodeSelectorTerms.orValue([])`,
    },
    validations: [
      {
        expression:
          'variables.terms.size() > 0 && variables.terms.all(term, term.?matchExpressions.orValue([]).exists(e, ' +
          `e.key == ${literal(NODE_GROUP_LABEL)} && e.operator == "In" && e.values.all(node, node in variables.row)))`,
        messageExpression:
          `"Pods of namespace " + request.namespace + " run on the node groups " + variables.row.join(", ") + " only: ` +
          `give the Pod a required node affinity whose every term says ${NODE_GROUP_LABEL} In [" + variables.row.join(", ") + "]"`,
      },
    ],
  };
}

/** A CEL string literal. */
function literal(text: string): string {
  return JSON.stringify(text);
}
