import {
  readBase64,
  readFlag,
  readInteger,
  readIntOrString,
  readNumber,
  readOctal,
  readText,
  type Read,
} from './scalar';
import type { Json, JsonObject } from './terraform-document';

/** The attributes and nested blocks of a Terraform block, by their Terraform names. */
export type Block = Readonly<Record<string, Field>>;

/** What is sent for an attribute that is left out of a block. */
export interface LeftOut {
  readonly value: Json;
  /**
   * `default`: the provider's schema says so. `zero`: the provider sends the zero value of whatever is not set, though
   * not for a block without any attribute, which it does not look into.
   */
  readonly by: 'default' | 'zero';
}

interface Common {
  /** Name in the API. @default - the Terraform name in camel case */
  readonly to?: string;
  /** @default - nothing is sent */
  readonly leftOut?: LeftOut;
  /** The attribute is sent only beside a sibling with one of these values. */
  readonly where?: { readonly sibling: string; readonly is: readonly string[] };
  /** The attribute is an error without this sibling, because the provider would then ignore it. */
  readonly needs?: string;
  /** The last step before it is sent. */
  readonly finish?: (value: Json) => Json;
}

/** How one attribute or nested block of Terraform becomes a field of the API. */
export type Field = Common &
  (
    | { readonly shape: 'scalar'; readonly read: Read; readonly keepsZero?: boolean }
    | { readonly shape: 'list' | 'map'; readonly read: Read }
    /** A block of which there is one at most, whichever way it is written. */
    | { readonly shape: 'object'; readonly block: Block; readonly merges?: boolean }
    /** A repeated block, whichever way it is written. */
    | { readonly shape: 'array'; readonly block: Block }
    /** Known to Terraform only: waits, revisions and what the API server reports. */
    | { readonly shape: 'dropped' }
    /** Taken by the schema, never sent by the provider: an error, because it would be lost without a word. */
    | { readonly shape: 'refused'; readonly because: string }
  );

/** A string; an empty one is not sent. */
export const text: Field = { shape: 'scalar', read: readText };
/** A number; 0 is not sent. */
export const number: Field = { shape: 'scalar', read: readNumber };
/** A boolean; false is not sent. */
export const flag: Field = { shape: 'scalar', read: readFlag };
/** An integer that Terraform keeps as a string. */
export const integer: Field = { shape: 'scalar', read: readInteger, keepsZero: true };
/** A file mode. */
export const octal: Field = { shape: 'scalar', read: readOctal, keepsZero: true };
/** A port, or a count or percentage. */
export const intOrString: Field = { shape: 'scalar', read: readIntOrString, keepsZero: true };

export const texts: Field = { shape: 'list', read: readText };
export const numbers: Field = { shape: 'list', read: readNumber };

/** A map with keys of the user's own, sent as they are. */
export const textMap: Field = { shape: 'map', read: readText };
/** A map of plain text that the API takes in base64. */
export const base64Map: Field = { shape: 'map', read: readBase64 };

export const dropped: Field = { shape: 'dropped' };

export const object = (block: Block): Field => ({ shape: 'object', block });
export const array = (block: Block): Field => ({ shape: 'array', block });
/** A block whose fields the API holds one level up. */
export const merged = (block: Block): Field => ({ shape: 'object', block, merges: true });
export const refused = (because: string): Field => ({ shape: 'refused', because });

/** Under a name that the regular rule does not give. */
export const as = (to: string, field: Field): Field => ({ ...field, to });

/** Sent with this value when left out, because the provider's schema has it as the default. */
export const byDefault = (value: Json, field: Field): Field => ({
  // An empty string is the way to say that the default is not wanted either.
  ...(field === text ? field : kept(field)),
  leftOut: { value, by: 'default' },
});

/** Sent as the zero value when left out, although the API tells the two apart. */
export const zeroIfUnset = (value: 0 | false, field: Field): Field => ({
  ...kept(field),
  leftOut: { value, by: 'zero' },
});

/** Sent also when it is zero, because that is not what the API would take for granted. */
export const kept = (field: Field): Field =>
  field.shape === 'scalar' ? { ...field, keepsZero: true } : field;

/** Sent only beside a sibling with one of these values. */
export const where = (sibling: string, is: readonly string[], field: Field): Field => ({
  ...field,
  where: { sibling, is },
});

/** An error without the sibling. */
export const needs = (sibling: string, field: Field): Field => ({ ...field, needs: sibling });

/** With a last step of its own. */
export const finished = (finish: (value: Json) => Json, field: Field): Field => ({ ...field, finish });

/** The regular rule for names: `claim_name` is `claimName`. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Whether a value is an object of JSON. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
