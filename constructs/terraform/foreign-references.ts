import { ref, TerraformStack } from 'cdktf';

/** A reference token, as far as it is looked at here; CDKTF does not export its class. */
interface Reference {
  readonly identifier: string;
  readonly originStack?: TerraformStack;
  resolve: (this: Reference, context: { readonly scope: TerraformStack }) => unknown;
}

/** Called with each reference that is resolved in another stack than its own. */
export type Foreign = (identifier: string, origin: TerraformStack) => void;

const watched = new WeakMap<TerraformStack, Foreign>();

/**
 * Tells of the references to another stack's elements that are resolved in a stack. CDKTF makes outputs and remote states of
 * them, for which it resolves everything again beforehand; a stack that reads no other's state needs neither.
 */
export function watchForeignReferences(stack: TerraformStack, tell: Foreign): void {
  watched.set(stack, tell);
}

function tellWhenResolved(prototype: Reference): void {
  const stock = prototype.resolve;
  prototype.resolve = function (this: Reference, context) {
    const { originStack, identifier } = this;
    if (originStack) {
      const stack = TerraformStack.of(context.scope);
      if (stack !== originStack) watched.get(stack)?.(identifier, originStack);
    }
    return stock.call(this, context);
  };
}

tellWhenResolved(Object.getPrototypeOf(ref('nothing')) as Reference);
