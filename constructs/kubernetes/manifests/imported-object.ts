import { TerraformResource, type TerraformResourceLifecycle } from 'cdktf';
import { OUTLIVING_IN_KUBERNETES } from '../../../src/facts/outliving-types';
import { isBuiltIn } from '../../../src/facts/built-in-kinds';
import { placeOf } from '../../../src/facts/document-finding';
import { MANIFEST } from '../../../src/manifests/kinds';
import type { KubernetesObject } from '../../../src/manifests/objects';
import type { ProviderResource } from '../../../src/manifests/provider-resource';
import type { WrittenObject } from '../../../src/manifests/read-objects';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import type { Namespace } from '../namespaces/namespace';
import { placementErrors } from '../pods/placement';
import { pausedRollout } from '../internal/paused-rollout';
import type { Part } from '../internal/parts-at';
import { type PodSpecPlaces, podSpecs } from './pod-specs';

/** What Terraform does with the resource of a type beyond its object: it waits as for those of the constructs. */
const ARGUMENTS: Readonly<Record<string, JsonObject>> = {
  kubernetes_daemon_set_v1: { wait_for_rollout: false },
  kubernetes_deployment_v1: { timeouts: { create: '15m', update: '15m', delete: '5m' } },
  kubernetes_job_v1: { wait_for_completion: false },
  kubernetes_persistent_volume_claim_v1: { wait_until_bound: false },
  kubernetes_pod_v1: { timeouts: { create: '5m', delete: '5m' } },
  kubernetes_service_v1: { wait_for_load_balancer: false },
  kubernetes_stateful_set_v1: { timeouts: { create: '15m', update: '15m', delete: '15m' } },
};

/** The same for a workload that is a manifest. */
const ROLLS_OUT: JsonObject = {
  wait: { rollout: true },
  timeouts: { create: '15m', update: '15m', delete: '5m' },
};

/** Fields that the cluster sets where they are left out. */
const IGNORED: Readonly<Record<string, readonly string[]>> = {
  kubernetes_pod_v1: ['spec[0].priority_class_name'],
  kubernetes_service_v1: ['spec[0].load_balancer_class', 'spec[0].allocate_load_balancer_node_ports'],
};

class ObjectResource extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly resource: ProviderResource,
  ) {
    const { type } = resource;
    const ignoreChanges = IGNORED[type];
    const lifecycle: TerraformResourceLifecycle = {
      ...(OUTLIVING_IN_KUBERNETES.includes(type) && OUTLIVES_USE),
      ...(ignoreChanges && { ignoreChanges: [...ignoreChanges] }),
    };
    super(scope, id, {
      terraformResourceType: type,
      terraformGeneratorMetadata: { providerName: 'kubernetes' },
      ...(Object.keys(lifecycle).length > 0 && { lifecycle }),
    });
  }

  /** The object of a manifest, as the provider's own class for it has it. */
  get manifestInput(): unknown {
    return this.resource.attributes['manifest'];
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { type, attributes } = this.resource;
    if (type !== MANIFEST) return { ...attributes, ...ARGUMENTS[type] };
    const { apiVersion, kind } = attributes['manifest'] as unknown as KubernetesObject;
    const rollsOut = apiVersion === 'apps/v1' && kind !== 'ReplicaSet';
    return { ...attributes, field_manager: { force_conflicts: true }, ...(rollsOut && ROLLS_OUT) };
  }
}

/** An object that was read from YAML. Messages about it have the file, line and column of the field. @internal */
export class ImportedObject extends Construct {
  readonly resource: TerraformResource;

  /**
   * @param object as it is sent
   * @param written as the YAML has it
   */
  constructor(
    scope: Construct,
    id: string,
    readonly object: KubernetesObject,
    private readonly written: WrittenObject,
    resource: ProviderResource,
    private readonly namespace: Namespace | undefined,
    private readonly places: PodSpecPlaces,
  ) {
    super(scope, id);
    this.resource = new ObjectResource(this, MAIN_CHILD, resource);
  }

  /** Where the field that a message begins with is: `app.yaml:12:9`. */
  writtenAt(message: string): string {
    const [field = ''] = /^[\w.[\]/-]+(?=: )/.exec(message) ?? [];
    return placeOf(this.written.at(field, message));
  }

  /** The text of a scalar in the YAML, if it has the value there. */
  textAt(field: string, json: string): string | undefined {
    return this.written.textAt(field, json);
  }

  /** What the object has lost on the way, by an override or an aspect. */
  brokenPromises(object: KubernetesObject): string[] {
    const { nodeGroups } = this.namespace ?? {};
    return [
      ...podSpecs(object, this.places).known.flatMap(({ spec }) =>
        placementErrors(nodeGroups, spec as JsonObject),
      ),
      ...pausedRollout(object),
    ];
  }

  /** The whole specs of Pods of a custom kind, which the API server sees only in the Pods. */
  customPods(object: KubernetesObject): Part[] {
    const { known } = podSpecs(object, this.places);
    return known.filter(({ spec }) => !isBuiltIn(object.apiVersion) && 'containers' in spec);
  }
}
