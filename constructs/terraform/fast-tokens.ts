import tokens = require('cdktf/lib/_tokens');
import stackTrace = require('cdktf/lib/tokens/private/stack-trace');

type Resolve = typeof tokens.resolve;

/**
 * Takes two detours out of CDKTF's synthesis, whose output stays the same to the byte: the stack trace of unlimited depth
 * that it captures for every token, only to decorate error messages, and the context that it makes for every value on
 * the way, though hardly any holds a token.
 */
function speedUpTokens(): void {
  Object.assign(stackTrace, { captureStackTrace: () => [] });
  const stock = tokens.resolve;
  Object.assign(tokens, {
    resolve: ((scope, value, preparing) =>
      resolvePlain(value, (held) => stock(scope, held, preparing))) as Resolve,
  });
}

speedUpTokens();

/** Walks plain values, and hands each that may hold a token to `stock`. */
function resolvePlain(value: unknown, stock: (value: unknown) => unknown): unknown {
  if (typeof value === 'string') return isPlainText(value) ? value : stock(value);
  if (typeof value === 'number') return isPlainNumber(value) ? value : stock(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? stock(value) : value;
  if (Array.isArray(value)) {
    // A token that stands for a list hides in an element.
    if (!value.every((each) => typeof each === 'object' || isPlain(each))) return stock(value);
    return value.map((each) => resolvePlain(each, stock)).filter((each) => each !== undefined);
  }
  // A token that stands for a map hides in a key; other objects than plain ones are tokens or mistakes.
  if (Object.getPrototypeOf(value) !== Object.prototype || 'resolve' in value) return stock(value);
  if (!Object.keys(value).every(isPlainText)) return stock(value);
  const resolved: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const result = resolvePlain(each, stock);
    if (result !== undefined) resolved[key] = result;
  }
  return resolved;
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return isPlainText(value);
  return typeof value === 'number' ? isPlainNumber(value) : true;
}

/** Tokens in texts read `…Token…`, or are numbers of hundreds of digits. */
function isPlainText(text: string): boolean {
  return !text.includes('Token') && !/e\+\d/.test(text);
}

/** Tokens for numbers are huge, or an agreed negative one. */
function isPlainNumber(value: number): boolean {
  return value >= -1000 && value < 1e15;
}
