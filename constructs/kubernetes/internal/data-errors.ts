import { Token } from 'cdktf';
import { isObject } from '../../../src/manifests/field';
import { IS_NULL } from './manifest-errors';

/** What a value of JavaScript is, where JSON has none such. */
function strangerTo(value: unknown): string | undefined {
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (['function', 'symbol', 'bigint'].includes(typeof value)) return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as {
    readonly constructor?: { readonly name?: string };
  } | null;
  // That of plain objects has none itself, also where they come from another realm.
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return undefined;
  return `an instance of ${prototype.constructor?.name ?? 'a class'}`;
}

const below = (path: string, key: string): string =>
  !/^[\w-]+$/.test(key) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;

/** The errors of a value and of all values in it, each with its path. A reference is none. */
function errorsIn(
  value: unknown,
  path: string,
  errorOf: (value: unknown) => string | undefined,
  above: readonly unknown[] = [],
): string[] {
  if (Token.isUnresolved(value)) return [];
  const error = above.includes(value)
    ? 'got an object that holds itself; write the value out'
    : errorOf(value);
  if (error !== undefined) return [`${path}: ${error}`];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((each, i) => errorsIn(each, `${path}[${i}]`, errorOf, [...above, value]))
    : Object.entries(value)
        // A condition in TypeScript leaves an option undefined.
        .filter(([, each]) => each !== undefined)
        .flatMap(([key, each]) => errorsIn(each, below(path, key), errorOf, [...above, value]));
}

/** What in an object is no data: CDKTF would stop at it without a place, or leave it out. */
export const dataErrors = (object: object): string[] =>
  errorsIn(object, '', (value) => {
    const stranger = strangerTo(value);
    return stranger === undefined
      ? undefined
      : `got ${stranger}; expected a text, a finite number, true, false, a list, a plain object or a reference`;
  });

/** Each null in an object. */
export const nullErrors = (object: object): string[] =>
  errorsIn(object, '', (value) => (value === null ? IS_NULL : undefined));

/**
 * What is wrong with what a function of the user's returned for an object.
 *
 * @param remedy what it is to return
 */
export const returnedErrors = (given: unknown, remedy: string): string[] =>
  isObject(given) && strangerTo(given) === undefined
    ? dataErrors(given).map((error) => `sets ${error}`)
    : [
        `returned ${given === undefined ? 'nothing' : (strangerTo(given) ?? JSON.stringify(given))}; ${remedy}`,
      ];

/** What a function that may change its object in place is to return. */
export const OBJECT = 'return an object, or nothing after a change in place';
