import * as z from 'zod/mini';
import { didYouMean } from '../../facts/near-name';

/** A remedy for one wrong text, such as `write 10.0.0.0/16`; nothing when none is known. */
export type Remedy = (got: string) => string | undefined;

/** A longer text is not what a remedy is for, and may take a pattern long to look through. */
const LONGEST_FOR_REMEDY = 4_096;

/** Text of a form, as the schema has it. */
export type Text = z.ZodMiniString<string>;

/** Text of one form. The same sentence tells what is allowed, whether the type or the form is wrong. */
export function text(expects: string, pattern: RegExp, remedy: Remedy = () => undefined): Text {
  const error = ({ input }: { input?: unknown }): string => {
    const isShort = typeof input === 'string' && input.length <= LONGEST_FOR_REMEDY;
    const advice = isShort ? remedy(input) : undefined;
    return `expected ${expects}${advice === undefined ? '' : `; ${advice}`}`;
  };
  return z.string({ error }).check(z.regex(pattern, { error }));
}

/** A whole number between two bounds. */
export function wholeNumber(expects: string, minimum: number, maximum: number): z.ZodMiniNumber<number> {
  const error = `expected ${expects}`;
  // A text leaves out a bound that is reached by mistake only.
  const tooLarge = expects.includes(`${maximum}`) ? error : `${error}, at most ${maximum}`;
  return z.int(error).check(z.gte(minimum, error), z.lte(maximum, tooLarge));
}

/** One of these texts; near misses are named. */
export function oneOf<const T extends readonly string[]>(values: T): z.ZodMiniEnum<{ [K in T[number]]: K }> {
  return z.enum(values, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? didYouMean(input, values) : '';
      return `expected one of ${values.join(', ')}${near}`;
    },
  });
}

/** A list of at least so many elements. */
export function listOf<T extends z.core.SomeType>(
  element: T,
  minimum: number,
  expects: string,
): z.ZodMiniArray<T> {
  const error = `expected ${expects}`;
  return z.array(element, error).check(z.minLength(minimum, error));
}

/** A mapping with these keys and no others. */
export function mapping<T extends z.core.$ZodShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  const keys = Object.keys(shape);
  const expected = keys.length === 0 ? 'an empty mapping: {}' : `a mapping with the keys ${keys.join(', ')}`;
  return z.strictObject(shape, `expected ${expected}`);
}

/** A mapping whose keys are names; what a name may be is a rule, so that a wrong name does not hide its entry. */
export function byName<T extends z.core.SomeType>(entry: T, of: string, name: RegExp) {
  return z
    .record(z.string(), entry, `expected a mapping from names of ${of} to their settings`)
    .register(z.globalRegistry, { propertyNames: { pattern: name.source } });
}

/** Adds the sentence that editors show. */
export function described<T extends z.core.$ZodType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), description });
  return schema;
}
