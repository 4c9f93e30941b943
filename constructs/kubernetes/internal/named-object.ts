import { Construct } from '../../terraform/construct';

/** A construct of one object of the Kubernetes API. */
export abstract class NamedObject extends Construct {
  abstract readonly resource: { readonly metadata: { readonly name: string } };

  /** The name, as a reference to the resource: what uses it waits for the object. */
  get name(): string {
    return this.resource.metadata.name;
  }
}
