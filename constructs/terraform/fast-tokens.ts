import { ref } from 'cdktf';
import type { Construct } from 'constructs';
import tokens = require('cdktf/lib/_tokens');
import stackTrace = require('cdktf/lib/tokens/private/stack-trace');
import { literal } from './literal';

type Resolve = typeof tokens.resolve;
type Stock = (value: unknown) => unknown;

/** What of CDKTF's expressions is looked at here; CDKTF does not export their class. */
interface Expression {
  escapeString: (this: Expression, text: string) => string;
}

/** Values whose texts are what they say. */
const literalTrees = new WeakSet<object>();
let isLiteral = false;

/**
 * Takes two detours out of CDKTF's synthesis, whose output stays the same to the byte: the stack trace of unlimited depth
 * that it captures for every token, only to decorate error messages, and the context that it makes for every value on
 * the way, though hardly any holds a token.
 */
function speedUpTokens(): void {
  Object.assign(stackTrace, { captureStackTrace: () => [] });
  const stock = tokens.resolve;
  Object.assign(tokens, {
    resolve: ((scope, value: object, preparing) => {
      const outer = isLiteral;
      isLiteral = literalTrees.has(value);
      try {
        return resolvePlain(value, (held) => stock<unknown>(scope, held, preparing));
      } finally {
        isLiteral = outer;
      }
    }) as Resolve,
  });
}

/** CDKTF escapes `${` in the arguments of functions, and leaves `%{`. */
function escapeDirectives(expression: Expression): void {
  const stock = expression.escapeString;
  expression.escapeString = function (text) {
    const escaped = stock.call(this, text);
    return isLiteral ? escaped.replaceAll('%{', '%%{') : escaped;
  };
}

speedUpTokens();
escapeDirectives(Object.getPrototypeOf(Object.getPrototypeOf(ref('nothing'))) as Expression);

/** The value, whose texts are then resolved to themselves: what Terraform would take for a template in them is escaped. */
export function withLiteralTexts<Tree extends object>(tree: Tree): Tree {
  literalTrees.add(tree);
  return tree;
}

/** What a construct of the library says as it stands in the Terraform JSON: references are expressions, undefined is left out. */
export function resolveLiterally(scope: Construct, value: object): unknown {
  return tokens.resolve(scope, withLiteralTexts(value));
}

/** Walks plain values, and hands each that may hold a token to `stock`. */
function resolvePlain(value: unknown, stock: Stock): unknown {
  if (typeof value === 'string') return resolveText(value, stock);
  if (typeof value === 'number') return isPlainNumber(value) ? value : stock(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? stock(value) : value;
  if (Array.isArray(value)) {
    // A token that stands for a list hides in an element.
    if (value.some((each) => (typeof each === 'number' ? !isPlainNumber(each) : holds(each, '#'))))
      return stock(value);
    return value.map((each) => resolvePlain(each, stock)).filter((each) => each !== undefined);
  }
  // A token that stands for a map hides in a key; other objects than plain ones are tokens or mistakes.
  if (Object.getPrototypeOf(value) !== Object.prototype || 'resolve' in value) return stock(value);
  const entries = Object.entries(value);
  if (entries.some(([key]) => holds(key, '&'))) return stock(value);
  const resolved: Record<string, unknown> = {};
  for (const [key, each] of entries) {
    const name = resolveText(key, stock);
    // CDKTF says what is wrong with it.
    if (typeof name !== 'string') return stock(value);
    const result = resolvePlain(each, stock);
    if (result !== undefined) resolved[name] = result;
  }
  return resolved;
}

/** Where a text holds a token for a text, by which it is split. */
const TOKEN = /(\$\{TfToken\[[^\]]*\]\})/;

/** Texts between tokens are escaped; what a token stands for is an expression. */
function resolveText(text: string, stock: Stock): unknown {
  if (isPlainText(text)) return isLiteral ? literal(text) : text;
  if (!isLiteral) return stock(text);
  const parts = literal(text)
    .split(TOKEN)
    .filter((part) => part !== '')
    .map((part) => (isPlainText(part) ? part : stock(part)));
  return parts.length > 1 ? parts.join('') : parts[0];
}

const holds = (value: unknown, mark: '#' | '&'): boolean =>
  typeof value === 'string' && value.includes(`${mark}{TfToken[`);

/** Tokens in texts read `…Token…`, or are numbers of hundreds of digits. */
function isPlainText(text: string): boolean {
  return !text.includes('Token') && !/e\+\d/.test(text);
}

/** Tokens for numbers are huge, or an agreed negative one. */
function isPlainNumber(value: number): boolean {
  return value >= -1000 && value < 1e15;
}
