import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App } from 'cdktf';
import { Construct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import * as clusterRole from './samples/cluster-role';
import * as clusterRoleBinding from './samples/cluster-role-binding';
import * as configMap from './samples/config-map';
import * as cronJob from './samples/cron-job';
import * as daemonSet from './samples/daemon-set';
import * as deployment from './samples/deployment';
import * as endpointSlice from './samples/endpoint-slice';
import * as endpoints from './samples/endpoints';
import * as eventCollector from './samples/event-collector';
import * as externalName from './samples/external-name';
import * as horizontalPodAutoscaler from './samples/horizontal-pod-autoscaler';
import * as ingress from './samples/ingress';
import * as job from './samples/job';
import * as limitRange from './samples/limit-range';
import * as logCollector from './samples/log-collector';
import * as namespace from './samples/namespace';
import * as networkPolicy from './samples/network-policy';
import * as persistentVolume from './samples/persistent-volume';
import * as persistentVolumeClaim from './samples/persistent-volume-claim';
import * as mutatingAdmissionPolicy from './samples/mutating-admission-policy';
import * as placementPolicy from './samples/placement-policy';
import * as pod from './samples/pod';
import * as podDisruptionBudget from './samples/pod-disruption-budget';
import * as priorityClass from './samples/priority-class';
import * as replicaSet from './samples/replica-set';
import * as resourceQuota from './samples/resource-quota';
import * as role from './samples/role';
import * as roleBinding from './samples/role-binding';
import * as secret from './samples/secret';
import * as service from './samples/service';
import * as serviceAccount from './samples/service-account';
import * as statefulSet from './samples/stateful-set';
import * as storageClass from './samples/storage-class';
import * as validatingAdmissionPolicy from './samples/validating-admission-policy';

/** What of each kind is told: what it cannot do without, or all that it can be told. */
export type SampleSet = 'defaults' | 'everything';

export const SAMPLE_SETS: readonly SampleSet[] = ['defaults', 'everything'];

/** Declares a kind into a scope of its own, which is in a namespace. */
type Sample = Readonly<Record<SampleSet, (scope: Construct) => unknown>>;

/** The samples by the class that they are for. */
export const SAMPLES = {
  ClusterRole: clusterRole,
  ClusterRoleBinding: clusterRoleBinding,
  ConfigMap: configMap,
  CronJob: cronJob,
  DaemonSet: daemonSet,
  Deployment: deployment,
  EndpointSlice: endpointSlice,
  Endpoints: endpoints,
  EventCollector: eventCollector,
  ExternalName: externalName,
  HorizontalPodAutoscaler: horizontalPodAutoscaler,
  Ingress: ingress,
  Job: job,
  LimitRange: limitRange,
  LogCollector: logCollector,
  MutatingAdmissionPolicy: mutatingAdmissionPolicy,
  NetworkPolicy: networkPolicy,
  PersistentVolume: persistentVolume,
  PersistentVolumeClaim: persistentVolumeClaim,
  PlacementPolicy: placementPolicy,
  Pod: pod,
  PodDisruptionBudget: podDisruptionBudget,
  PriorityClass: priorityClass,
  ReplicaSet: replicaSet,
  ResourceQuota: resourceQuota,
  Role: role,
  RoleBinding: roleBinding,
  Secret: secret,
  Service: service,
  ServiceAccount: serviceAccount,
  StatefulSet: statefulSet,
  StorageClass: storageClass,
  ValidatingAdmissionPolicy: validatingAdmissionPolicy,
} satisfies Record<string, Sample>;

/** A sample of every kind, in the namespace of the set. Both sets fit into one cluster. */
export class SampleStack extends BaseStack {
  constructor(app: App, set: SampleSet, kubeconfig: string) {
    super(app, set);
    useAws(this, { region: 'eu-west-1', platform: 'samples' });
    new KubernetesProvider(this, 'kubernetes', { configPath: kubeconfig });
    namespace[set](this);
    for (const [kind, sample] of Object.entries(SAMPLES)) {
      sample[set](new Construct(this, kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()));
    }
  }
}

/** The samples of both sets, synthesized. */
export interface Synthesized {
  readonly app: App;
  readonly documents: Readonly<Record<SampleSet, TerraformDocument>>;
}

/**
 * Synthesizes both sets.
 *
 * @param outdir folder that gets the Terraform JSON; Terraform runs in its `stacks/<set>`
 * @param kubeconfig path of the kubeconfig that Terraform signs in with
 */
export function synthesizeSamples(outdir: string, kubeconfig = 'kubeconfig'): Synthesized {
  const app = new App({ outdir });
  for (const set of SAMPLE_SETS) new SampleStack(app, set, kubeconfig);
  synthesize(app);
  const document = (set: SampleSet): TerraformDocument =>
    JSON.parse(readFileSync(join(outdir, 'stacks', set, 'cdk.tf.json'), 'utf8')) as TerraformDocument;
  return { app, documents: { defaults: document('defaults'), everything: document('everything') } };
}
