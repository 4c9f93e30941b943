import type { Read } from './scalar';
import type { Json, JsonObject } from './terraform-document';

/** The attributes and nested blocks of a Terraform block, by their Terraform names. */
export type Block = Readonly<Record<string, Field>>;

/** What is sent for an attribute that is left out of a block. */
export interface LeftOut {
  readonly value: Json;
  /**
   * `default`: the provider's schema sets it. `zero`: the provider sends the zero value of an argument that is not set. It does not
   * do so in a block without any argument.
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
  /** Terraform refuses a block without it. @default false */
  readonly required?: true;
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

/** The regular rule for names: `claim_name` is `claimName`. */
export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The regular rule the other way: `claimName` is `claim_name`. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whether a value is an object of JSON. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
