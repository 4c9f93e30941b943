/** Any value of a JSON document. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** An object of a JSON document. */
export type JsonObject = Readonly<Record<string, Json>>;

/** Terraform's JSON configuration syntax, as far as it is read here. */
export interface TerraformDocument {
  /** Type, then name, then attributes. */
  readonly resource?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly locals?: JsonObject;
  readonly variable?: Readonly<Record<string, JsonObject>>;
  readonly [block: string]: unknown;
}
