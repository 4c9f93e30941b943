import type { KubernetesObject } from '../../../src/manifests/objects';
import type { Construct } from '../../terraform/construct';
import { objectName } from '../internal/names';
import type { ImportedObject } from './imported-object';
import { Manifests, type PlacementInNamespace } from './manifests';

/** An object of any kind. `kubernetes-types` and packages of custom resources have such types. */
export interface AnyObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  /** @default - a name from the path of the construct */
  readonly metadata?: object;
}

/**
 * One object of any kind and version, in the form of the API: for kinds without a construct, custom ones too. The namespace of the scope
 * adds to it, and refuses, what it does with `Manifests`.
 *
 * It is validated as the API server validates it. A custom resource is validated by its definition, if that is in the platform.
 *
 * @typeParam Type the type of the object, such as `Certificate`
 */
export class ApiObject<Type extends AnyObject = AnyObject> extends Manifests {
  /** @param object as `kubectl apply` takes it; texts may be references to other constructs */
  constructor(scope: Construct, id: string, object: Type, options: PlacementInNamespace = {}) {
    super(scope, id, {
      ...options,
      object: (self) =>
        ({
          ...object,
          metadata: { name: objectName(self), ...object.metadata },
        }) as unknown as KubernetesObject,
    });
  }

  /** The name of the object. @throws Error where findings say why there is none */
  get name(): string {
    return String(this.only.object.metadata.name);
  }

  /** Its Terraform resource. @throws Error where findings say why there is none */
  get resource(): ImportedObject['resource'] {
    return this.only.resource;
  }

  private get only(): ImportedObject {
    const [only] = this.objects;
    if (only) return only;
    throw new Error(`${this.node.path} cannot be made: ${this.node.validate().join('; ')}`);
  }
}
