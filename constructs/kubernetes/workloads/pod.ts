import { PodV1, type PodV1Spec } from '@cdktf/provider-kubernetes/lib/pod-v1';
import type { Construct } from 'constructs';
import type { Pod as ApiPod } from 'kubernetes-types/core/v1';
import { MAIN_CHILD } from '../../terraform/construct';
import { revisionOf } from '../internal/content-hash';
import { Workload, type WorkloadOptions } from './workload';

/** A Pod without a controller, and when it restarts. */
export interface PodOptions extends Omit<WorkloadOptions, 'spread' | 'via'> {
  /**
   * When its containers are started again. With any but `Always`, Terraform also takes a Pod that has ended well for done.
   * @default Always
   */
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
}

/**
 * A single Pod, which no controller recreates when its node goes. Prefer a Deployment or a Job. Nearly every change replaces it, but
 * another affinity does not, such as that of a namespace with one more node group. The API server refuses it for an existing Pod.
 * The provider plans an update in place, never sends it, and finds it again at every plan. So the object's name ends in a hash of
 * its affinity, and of the ConfigMaps and Secrets that it uses. A new hash is a new Pod. A Pod that loses its priority class also gets
 * another hash.
 *
 * It sets what the API server would fill in, because the provider would otherwise replace the Pod at every plan. These are the pull
 * Secrets of its ServiceAccount, and the CPU and memory limits that the namespace's LimitRange may set. The default of a CPU limit
 * is the request. Without a priority class it ignores the one that the cluster sets: the default class is not known here.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export class Pod extends Workload<PodV1Spec, ApiPod> {
  readonly resource: PodV1;

  constructor(scope: Construct, id: string, options: PodOptions = {}) {
    super(scope, id, options);
    const { restartPolicy = 'Always' } = options;
    const hasPriority = Boolean(options.priorityClass ?? options.priorityClassName);
    this.node.addValidation({ validate: () => this.builtInTaints() });
    this.resource = new PodV1(this, MAIN_CHILD, {
      metadata: { name: this.name },
      spec: {},
      targetState: restartPolicy === 'Always' ? ['Running'] : ['Running', 'Succeeded'],
      timeouts: { create: '5m', delete: '5m' },
      ...(!hasPriority && { lifecycle: { ignoreChanges: ['spec[0].priority_class_name'] } }),
    });
    this.complete(this.resource, () => {
      const { metadata, spec } = this.podTemplate({
        several: false,
        fullLimits: true,
        ...(restartPolicy !== 'Always' && { restartPolicy }),
      });
      const { imagePullSecrets } = this.serviceAccount;
      const whole = this.customized({
        ...spec,
        ...(imagePullSecrets.length > 0 && {
          imagePullSecrets: imagePullSecrets.map(({ name }) => ({ name })),
        }),
      });
      const revisions = [...this.template.configuration].map(({ revision }) => revision).sort();
      const beside = [...(revisions.length > 0 ? [revisions] : []), ...(hasPriority ? ['priority'] : [])];
      const fixed = beside.length > 0 ? [whole.affinity, ...beside] : whole.affinity;
      const suffix = fixed === undefined ? '' : `-${revisionOf(this, fixed)}`;
      this.resource.putMetadata({
        ...metadata,
        name: `${this.name}${suffix}`,
        namespace: this.namespace.name,
      });
      this.resource.putSpec(whole);
    });
  }

  /** The provider takes tolerations of these for the API server's own additions, and sees a change at every plan. */
  private builtInTaints(): string[] {
    return this.template.tolerations
      .filter(({ key }) => key !== undefined && /^node(\.cloudprovider)?\.kubernetes\.io\//.test(key))
      .map(
        ({ key }) =>
          `tolerates "${key ?? ''}", for which the provider would replace a Pod at every plan; leave it out, or make a Deployment of one replica`,
      );
  }
}
