import { type TerraformResource, TerraformStack } from 'cdktf';
import { Construct } from '../../terraform/construct';

/**
 * The name of a construct's Kubernetes object: the IDs from below the stack down to it, joined by `-`. The web Deployment of
 * the shop is `shop-web`.
 */
export function objectName(construct: Construct): string {
  return pathBelow(construct).join('-');
}

/**
 * The name of a construct's object that belongs to no namespace: with the stack's ID before it, because every stack's share
 * the cluster. The priority class of the shop in the stack dev is `dev-shop-checkout`.
 */
export function clusterObjectName(construct: Construct): string {
  return [TerraformStack.of(construct).node.id, ...pathBelow(construct)].join('-');
}

/** The IDs from below the stack down to a construct. */
export function pathBelow(construct: Construct): string[] {
  const scopes = construct.node.scopes;
  return scopes.slice(scopes.indexOf(TerraformStack.of(construct)) + 1).map((scope) => scope.node.id);
}

interface NamedResource extends TerraformResource {
  readonly metadata: { readonly name: string; readonly nameInput?: string | undefined };
}

/** Reports a second call of what can be called once. @returns what the first call made */
export function calledTwice<Made>(construct: Construct, call: string, remedy: string, made: Made): Made {
  construct.node.addValidation({ validate: () => [`${call} was called twice; call it once, or ${remedy}`] });
  return made;
}

/** An object that no stack of the program declares. */
export interface ExistingObject {
  readonly kind: string;
  readonly name: string | undefined;
}

/** What exists already, by the stacks that name it. */
const existing = new WeakMap<TerraformStack, string[]>();

/** A construct of one object of the Kubernetes API: one that it makes, or one that exists already. */
export abstract class NamedObject<Resource extends NamedResource = NamedResource> extends Construct {
  private made: Resource | undefined;

  /** @param exists the object, where it exists already */
  constructor(
    scope: Construct,
    id: string,
    protected readonly exists: ExistingObject | false = false,
  ) {
    super(scope, id);
    if (!exists) return;
    const stack = TerraformStack.of(this);
    const known = existing.get(stack) ?? [];
    existing.set(stack, known);
    known.push(`${exists.kind} ${exists.name ?? ''}`);
    // A comment of the bytes, by which `check` knows that nothing is missing.
    stack.addOverride('//.metadata.existing', known);
  }

  /** The resource that makes the object. @throws Error for an object that exists already */
  get resource(): Resource {
    if (this.made) return this.made;
    const { kind, name } = this.exists || { kind: 'object', name: '' };
    throw new Error(
      `${this.node.path}: the ${kind} "${name}" exists already, and has no resource in the program. Change it where it is declared, or declare it here with new ${kind}()`,
    );
  }

  /** The same; undefined for an object that exists already. */
  get ownResource(): Resource | undefined {
    return this.made;
  }

  protected set resource(resource: Resource) {
    this.made = resource;
  }

  /** The name, as a reference to the resource: what uses it waits for the object. */
  get name(): string {
    return (this.exists && this.exists.name) || this.resource.metadata.name;
  }

  /** The name as it was given: what has it does not wait for the object. */
  get literalName(): string {
    return (this.exists && this.exists.name) || (this.resource.metadata.nameInput ?? this.node.path);
  }

  /**
   * The name, for use in another construct. Within a stack it is a reference, so that Terraform makes this object first. Across stacks
   * it is the bare name: a reference would read the other stack's state.
   */
  nameFor(user: Construct): string {
    return TerraformStack.of(user) === TerraformStack.of(this) ? this.name : this.literalName;
  }
}
