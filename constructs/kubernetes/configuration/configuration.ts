import type { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import type { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import type { Construct } from '../../terraform/construct';
import { type ExistingObject, NamedObject, objectName } from '../internal/names';
import { atSynthesis } from '../../terraform/at-synthesis';
import { Namespace } from '../namespaces/namespace';
import { DataKeys } from './data-keys';
import { metadata, type ObjectOptions } from '../internal/metadata';

/**
 * A ConfigMap or Secret. Where Deployments alone use it, it is immutable and its name ends in a hash of its content. A change then makes a
 * new object, and the old one stays until the new Pods run. Pods of every other kind may outlive a rollout and start again with
 * what they name. For them it keeps one name, and the Pod template has a checksum of its content, which rolls the Pods.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export abstract class Configuration<
  Key extends string = string,
  Resource extends ConfigMapV1 | SecretV1 = ConfigMapV1 | SecretV1,
> extends NamedObject<Resource> {
  /** A hash of the content; an expression for one where only Terraform knows the content. */
  abstract readonly revision: string;
  readonly namespace: Namespace;
  private readonly dataKeys: DataKeys;

  protected constructor(
    scope: Construct,
    id: string,
    keys: readonly string[],
    private readonly options: ObjectOptions,
    exists: ExistingObject | false = false,
  ) {
    super(scope, id, exists);
    this.namespace = Namespace.of(this);
    this.dataKeys = new DataKeys(keys);
    // What keys an object has that exists already is not known.
    if (!exists) this.node.addValidation({ validate: () => this.dataKeys.validate() });
  }

  /** The keys. */
  get keys(): readonly string[] {
    return this.dataKeys.names;
  }

  /** A key that somebody uses; one that it lacks is an error. */
  key(key: Key): string {
    return this.dataKeys.ask(key);
  }

  /** Whether it keeps its name when its content changes, so that the Pods have to be rolled. */
  get rollsPods(): boolean {
    if (this.exists) return false;
    return this.namespace.workloads.some(
      ({ keepsOldPods, template }) =>
        (keepsOldPods || this.options.name !== undefined) && template.configuration.has(this),
    );
  }

  /** Names the object when all that uses it is known. */
  protected nameAtSynthesis(resource: ConfigMapV1 | SecretV1): void {
    atSynthesis(resource, () => {
      const hashed = this.options.name === undefined && !this.rollsPods;
      const name = hashed ? `${objectName(this)}-${this.revision}` : objectName(this);
      resource.putMetadata(metadata(this.options, { name, namespace: this.namespace.name }));
      if (hashed) resource.immutable = true;
    });
  }
}
