/**
 * A text that Terraform takes as it stands: `${` and `%{`, which shell scripts and configuration files are full of, are
 * escaped. CDKTF's own tokens, which become references, are left alone.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  return text.replace(/([$%])\{(?!TfToken\[)/g, '$1$1{');
}

/** JSON escapes that a string of the Terraform language lacks. */
const ESCAPES: Readonly<Record<string, string>> = { '\\b': '\\u0008', '\\f': '\\u000c' };

/** A text as a string within an expression of the Terraform language, in its quotes. */
export function quoted(text: string): string {
  return literal(JSON.stringify(text).replace(/\\./g, (escape) => ESCAPES[escape] ?? escape));
}
