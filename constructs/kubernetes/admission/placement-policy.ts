import { Construct } from '../../terraform/construct';
import { affinityPatch, NODE_GROUP_LABEL, REQUIRED_AFFINITY } from '../../../src/facts/affinity-patch';
import { hasMutatingPolicies, MutatingAdmissionPolicy } from './mutating-admission-policy';
import { ValidatingAdmissionPolicy } from './validating-admission-policy';

/** Where the Pods of each namespace may run. */
export interface PlacementPolicyOptions {
  /** The node groups of each namespace. */
  readonly nodeGroups: Readonly<Record<string, readonly string[]>>;
}

/** The user as whom the DaemonSet controller creates Pods. */
const DAEMON_SET_CONTROLLER = 'system:serviceaccount:kube-system:daemon-set-controller';

/** The objects that have the spec of Pods, where it is in them, and which of them are looked at. */
const LOOKED_AT = {
  pods: {
    spec: 'spec',
    rule: { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
    matchConditions: {
      'not-of-a-daemon-set': `request.userInfo.username != ${literal(DAEMON_SET_CONTROLLER)}`,
    },
  },
  'daemon-sets': {
    spec: 'spec.template.spec',
    rule: {
      apiGroups: ['apps'],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['daemonsets'],
    },
    // One that goes loses its finalizers by updates, also after the node groups of its namespace have changed.
    matchConditions: { 'not-going': '!object.metadata.?deletionTimestamp.hasValue()' },
  },
} as const;

/**
 * Holds every namespace to its node groups: a Pod whose required node affinity does not keep it to them is refused, from any
 * author. Every term of the affinity has to, because the scheduler is content with any one of them. From Kubernetes 1.36 on a Pod
 * without required node affinity gets that of its namespace: so do the Pods that operators make.
 *
 * The policies are for the Pod template of a DaemonSet. Its controller chooses the nodes by the template's affinity. It then gives
 * each Pod another affinity, which names its node only.
 */
export class PlacementPolicy extends Construct {
  constructor(scope: Construct, id: string, { nodeGroups }: PlacementPolicyOptions) {
    super(scope, id);
    for (const [name, { spec, rule, matchConditions }] of Object.entries(LOOKED_AT)) {
      const common = { ...facts(nodeGroups, `object.${spec}`), rules: [rule], matchConditions };
      new ValidatingAdmissionPolicy(this, name, { ...common, validations: [KEPT] });
      if (!hasMutatingPolicies(this)) continue;
      new MutatingAdmissionPolicy(this, `${name}-affinity`, { ...common, patches: [affinityPatch(spec)] });
    }
  }
}

/** What the expressions below are about. */
function facts(nodeGroups: PlacementPolicyOptions['nodeGroups'], spec: string) {
  const table = Object.entries(nodeGroups)
    .map(([namespace, groups]) => `${literal(namespace)}: [${groups.map(literal).join(', ')}]`)
    .join(', ');
  return {
    namespaces: Object.keys(nodeGroups),
    variables: {
      // Platforms that run have this name in the expression below: the guard would take another expression for a refusal lost.
      row: `{${table}}[request.namespace]`,
      terms: `${spec}.?affinity.?nodeAffinity.?${REQUIRED_AFFINITY}.?nodeSelectorTerms.orValue([])`,
    },
  };
}

/** What is true of a Pod's spec that keeps to the node groups of its namespace. */
const KEPT = {
  expression:
    'variables.terms.size() > 0 && variables.terms.all(term, term.?matchExpressions.orValue([]).exists(e, ' +
    `e.key == ${literal(NODE_GROUP_LABEL)} && e.operator == "In" && e.values.all(node, node in variables.row)))`,
  messageExpression:
    `"Pods of namespace " + request.namespace + " run on the node groups " + variables.row.join(", ") + " only: ` +
    `give the Pod a required node affinity whose every term says ${NODE_GROUP_LABEL} In [" + variables.row.join(", ") + "]"`,
};

/** A CEL string literal. */
function literal(text: string): string {
  return JSON.stringify(text);
}
