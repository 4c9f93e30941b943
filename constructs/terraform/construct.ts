import { Token, TerraformElement, Tokenization } from 'cdktf';
import { Construct as AnyConstruct, type IConstruct } from 'constructs';
import { thrownAt } from '../../src/facts/thrown';
import { withLiteralTexts } from './fast-tokens';
import { literal } from './literal';

/** The ID of a construct's main child, which has no part in its address. */
export const MAIN_CHILD = 'Resource';

/** Found again by a second copy of this module, such as one in a bundle. */
const MARK = Symbol.for('kubernetes-on-aws/literal-texts');

/** Where constructs were made. V8 writes out a stack only when it is read. */
const STACK = Symbol.for('kubernetes-on-aws/made-at');

class LiteralConstruct extends AnyConstruct {
  constructor(scope: AnyConstruct, id: string) {
    super(scope, id);
    const made = {};
    Error.captureStackTrace(made, new.target);
    Object.defineProperty(this, STACK, { value: made });
    // An object that has "constructor" and "toString" from the beginning would refuse these as IDs. There are no children yet.
    Object.assign(this.node, { _children: Object.create(null) as object });
  }
}
Object.defineProperty(LiteralConstruct.prototype, MARK, { value: true });

/**
 * The base of this library's constructs. In the elements that are directly in one, a text is text: `${` and `%{` begin no template.
 * An expression is a token or `expression()`. Its type is that of every construct, so that every construct can be a scope.
 */
export const Construct: typeof AnyConstruct = LiteralConstruct;
export type Construct = AnyConstruct;

/** Where in the user's files a construct was made: `workloads/orders/index.ts:12:5`. */
export function madeAt(construct: IConstruct): string | undefined {
  const made = (construct as { readonly [STACK]?: Error })[STACK];
  return made && thrownAt(made);
}

/** A scope of the IDs that users choose, so that they never meet the library's own. It has no part in an address. */
export class ChosenIds extends LiteralConstruct {}

/** Lets an element that stands in a user's construct take texts as those of the library's constructs do. */
export function takingLiterally<Element extends TerraformElement>(element: Element): Element {
  return Object.defineProperty(element, MARK, { value: true });
}

/** Whether an element takes texts for what they say. */
function takesLiterally(element: TerraformElement): boolean {
  const { scope } = element.node;
  return MARK in element || (scope !== undefined && MARK in scope);
}

/** Lets the elements of a tree that take texts for what they say be resolved so. What `addOverride` sets stays as it is. */
export function escapeTexts(tree: IConstruct): void {
  for (const element of tree.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element) || !takesLiterally(element)) continue;
    const toTerraform = element.toTerraform.bind(element) as () => object;
    element.toTerraform = () => {
      const overrides = element['rawOverrides'] as object;
      Object.assign(element, { rawOverrides: verbatim(overrides) });
      try {
        return withLiteralTexts(toTerraform());
      } finally {
        Object.assign(element, { rawOverrides: overrides });
      }
    };
  }
}

/** A value whose texts stay as they are, escapes and templates included, where texts are what they say. */
export function verbatim<Value>(value: Value): Value;
export function verbatim(value: unknown): unknown {
  if (typeof value === 'string') return literal(value) === value ? value : Token.asString(Token.asAny(value));
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => verbatim(each));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [verbatim(key), verbatim(each)]));
}
