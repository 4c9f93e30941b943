import { Token } from 'cdktf';

/** How a value of the provider becomes one of the API; undefined is left out. */
type Convert = (value: unknown, path: string, errors: string[]) => unknown;

/** How an argument of a typed resource becomes a field of the API. */
export interface Field {
  /** The field's name. @default - the argument's */
  readonly to?: string;
  readonly convert: Convert;
}

/** Fields by the names of the provider's arguments. */
export type Fields<Block> = { readonly [Name in keyof Block]?: Field };

const unless =
  (none: (value: unknown) => boolean, convert: Convert = (value) => value): Field['convert'] =>
  (value, path, errors) =>
    none(value) ? undefined : convert(value, path, errors);

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : value === undefined || value === null;

/** Sent as it is, also when it is zero, for the API tells zero from nothing. */
export const pointer: Field = { convert: unless(isEmpty) };
/** A text; the empty one is as good as none. */
export const text: Field = { convert: unless((value) => isEmpty(value) || value === '') };
/** A number; 0 is as good as none. */
export const number: Field = { convert: unless((value) => isEmpty(value) || value === 0) };
/** A boolean; false is as good as none. */
export const flag: Field = { convert: unless((value) => isEmpty(value) || value === false) };

/** An integer that the provider keeps as text. */
export const integer: Field = {
  convert: unless(
    (value) => isEmpty(value) || value === '',
    (value, path, errors) => {
      if (typeof value !== 'string' || /^-?\d+$/.test(value)) return Number(value);
      errors.push(`${path}: got "${value}"; a whole number is allowed`);
      return undefined;
    },
  ),
};

/** A port or a count: digits become a number, a name stays one. */
export const intOrString: Field = {
  convert: unless(isEmpty, (value) =>
    typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
  ),
};

/** The mode of a file: octal digits for the provider, a number for the API. */
export const octal: Field = {
  convert: unless(isEmpty, (value, path, errors) => {
    if (typeof value === 'string' && /^[0-7]+$/.test(value)) return Number.parseInt(value, 8);
    errors.push(`${path}: got ${JSON.stringify(value)}; octal digits such as "0440" are allowed`);
    return undefined;
  }),
};

/** Values by keys of the user's own. */
export const map: Field = {
  convert: unless((value) => isEmpty(value) || Object.keys(value as object).length === 0),
};

/** Under a name that is not the argument's. */
export const as = (to: string, field: Field): Field => ({ ...field, to });

/** One block, which the provider may write as a list of one. */
export function object<Block extends object>(fields: Fields<Block>): Field {
  return {
    convert: unless(isEmpty, (value, path, errors) => {
      const [first, ...more] = Array.isArray(value) ? (value as unknown[]) : [value];
      if (more.length > 0) errors.push(`${path}: got ${more.length + 1} blocks; the API takes one`);
      return convert(fields, first, path, errors);
    }),
  };
}

/** A repeated block. */
export function list<Block extends object>(fields: Fields<Block>): Field {
  return {
    convert: unless(isEmpty, (value, path, errors) =>
      (Array.isArray(value) ? (value as unknown[]) : [value]).map((block, index) =>
        convert(fields, block, `${path}[${index}]`, errors),
      ),
    ),
  };
}

/** The API's form of a block. An argument without a field is an error: it would be lost. */
export function convert(
  fields: Readonly<Record<string, Field | undefined>>,
  block: unknown,
  path: string,
  errors: string[],
): Record<string, unknown> {
  if (typeof block !== 'object' || block === null || Token.isUnresolved(block)) {
    errors.push(
      `${path}: a block is allowed, and no reference to one, for it has to be converted at synthesis`,
    );
    return {};
  }
  const converted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(block)) {
    const field = fields[name];
    if (!field) {
      errors.push(`${path}.${name}: no conversion is known for it; known: ${Object.keys(fields).join(', ')}`);
      continue;
    }
    const result = field.convert(value, `${path}.${name}`, errors);
    if (result !== undefined) converted[field.to ?? name] = result;
  }
  return converted;
}
