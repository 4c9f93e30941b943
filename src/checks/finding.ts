import { objectTitle } from '../manifests/object-title';
import type { Found } from './cluster-facts';

/** What each check looks at. */
export const CHECKS = {
  placement: 'each Pod template can run on the node groups of its namespace, and only there',
  capacity: 'the nodes have room for all Pods',
  rollouts: 'rollouts, drains and Jobs can finish',
  references: 'what an object names is there',
  reachability: 'connections are those that are expected, and each is allowed on both sides',
  permissions: 'no subject can give itself more rights',
  compatibility: 'objects, add-ons, nodes and providers go together with the version of Kubernetes',
} as const;

export type CheckName = keyof typeof CHECKS;

/** What each code means; `docs/reference/checks.md` explains them. */
export const CODES = {
  'PLC-001': 'No node takes the Pod',
  'PLC-002': 'The Pod may run on node groups of other namespaces',
  'CAP-001': 'The Pods do not fit on the nodes at their minimum size',
  'CAP-002': 'The Pods do not fit on the nodes at their maximum size',
  'CAP-003': 'A rollout does not fit',
  'CAP-004': 'The Pods do not fit after the loss of a node',
  'CAP-005': 'The Pods do not fit after the loss of a zone',
  'CAP-006': 'The Pods do not fit with every autoscaler at its maximum',
  'ROL-001': 'Pods share a volume that one node or one Pod can mount',
  'ROL-002': 'The rollout ends before its Pods can be ready',
  'ROL-003': 'No node with one of the Pods can be drained',
  'ROL-004': 'A rollout adds a Pod for which anti-affinity leaves no node',
  'ROL-005': 'A disk is in a zone in which one node takes the Pod',
  'ROL-006': 'The liveness probe ends a container before it is ready',
  'ROL-007': 'A probe asks a port that the container does not have',
  'REF-001': 'A ConfigMap, a Secret or a key of it is not there',
  'REF-002': 'A PersistentVolumeClaim, a PersistentVolume or a StorageClass is not there',
  'REF-003': 'A ServiceAccount is not there',
  'REF-004': 'A Service, or a port of it, is not there',
  'REF-005': 'An IngressClass, a PriorityClass or a RuntimeClass is not there',
  'REF-006': 'A Role or a subject of a binding is not there',
  'REF-007': 'The target of an autoscaler is not there',
  'REF-008': 'A selector selects no Pod',
  'REF-009': 'A host and path, or a node port, is taken twice',
  'REF-010': 'A Namespace is not there',
  'REF-011': 'A Service leads to Pods that do not report when they are ready',
  'NET-001': 'NetworkPolicies are not enforced',
  'NET-002': 'A connection is possible that platform.yaml does not expect',
  'NET-003': 'An expectation names what is not there',
  'NET-004': 'A connection is allowed on one side only',
  'RBA-001': 'Every right in the cluster or a namespace',
  'RBA-002': 'May run Pods with any ServiceAccount of a namespace',
  'RBA-003': 'May give roles that it does not have',
  'RBA-004': 'May act as another subject',
  'RBA-005': 'May read every Secret',
  'RBA-006': 'May make tokens of ServiceAccounts',
  'RBA-007': 'May reach every container through the kubelet',
  'RBA-008': 'May run commands in containers of others',
  'RBA-009': 'May sign certificates of other users',
  'RBA-010': 'May change what the API server admits',
  'RBA-011': 'No Pod uses the rights of a ServiceAccount',
  'IAM-001': 'May give a principal of AWS more rights',
  'IAM-002': 'May start services of AWS with any role',
  'IAM-003': 'May assume roles that do not name it',
  'API-001': 'Kubernetes refuses the object',
  'API-002': 'The next version of Kubernetes refuses the object',
  'API-003': 'The version of an add-on is that of another Kubernetes',
  'API-004': 'Nodes or kube-proxy are too old or too new for the API server',
  'API-005': 'The provider is not the one whose arguments are known',
  'WVR-001': 'A waiver has expired',
  'WVR-002': 'A waiver waives nothing',
} as const;

export type Code = keyof typeof CODES;

/** What a code means, within a sentence. */
export const meaningOf = (code: Code): string => CODES[code].replace(/^./, (letter) => letter.toLowerCase());

/** One thing that is wrong. */
export interface Finding {
  readonly code: Code;
  /** A proof that it fails, or a way in which it may. */
  readonly level: 'error' | 'warning';
  readonly stack: string;
  /** Terraform address. */
  readonly address: string;
  /** `Deployment dev/orders-web` */
  readonly object: string;
  /** Construct that made it: `dev/shop/web/Resource`. Empty where the bytes do not say it. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

export const findingOf = (
  code: Code,
  found: Found,
  message: string,
  remedy: string,
  level: Finding['level'] = 'error',
): Finding => ({
  ...{ code, level, stack: found.stack, address: found.address },
  ...{ object: objectTitle(found.object), path: found.path, message, remedy },
});
