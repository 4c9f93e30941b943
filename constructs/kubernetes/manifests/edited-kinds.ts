import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from 'kubernetes-types/apps/v1';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { CronJob, Job } from 'kubernetes-types/batch/v1';
import type {
  ConfigMap,
  PersistentVolumeClaim,
  Pod,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1';
import type { Ingress, NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import type { Change } from '../provider/patch';

/** Changes of the objects of each kind. */
export interface EditedKinds {
  readonly ClusterRole?: Change<ClusterRole>;
  readonly ClusterRoleBinding?: Change<ClusterRoleBinding>;
  readonly ConfigMap?: Change<ConfigMap>;
  readonly CronJob?: Change<CronJob>;
  readonly DaemonSet?: Change<DaemonSet>;
  readonly Deployment?: Change<Deployment>;
  readonly HorizontalPodAutoscaler?: Change<HorizontalPodAutoscaler>;
  readonly Ingress?: Change<Ingress>;
  readonly Job?: Change<Job>;
  readonly NetworkPolicy?: Change<NetworkPolicy>;
  readonly PersistentVolumeClaim?: Change<PersistentVolumeClaim>;
  readonly Pod?: Change<Pod>;
  readonly PodDisruptionBudget?: Change<PodDisruptionBudget>;
  readonly ReplicaSet?: Change<ReplicaSet>;
  readonly Role?: Change<Role>;
  readonly RoleBinding?: Change<RoleBinding>;
  readonly Service?: Change<Service>;
  readonly ServiceAccount?: Change<ServiceAccount>;
  readonly StatefulSet?: Change<StatefulSet>;
  /** Any other kind, with its group where it is custom: `Rollout.argoproj.io`. The parameter gets its type from you. */
  readonly [kind: string]: ((object: never) => unknown) | undefined;
}
