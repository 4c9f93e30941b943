import { ref, Token } from 'cdktf';

/** A `$` before a token, which would escape the token's own `${`, or what begins a template. */
const SPECIAL = /\$+(?=\$\{TfToken\[)|[$%]\{(?!TfToken\[)/g;

/**
 * A text that Terraform takes as it is: `${` and `%{`, which shell scripts and configuration files are full of, are escaped. CDKTF's own
 * tokens, which become references, stay.
 *
 * The library's constructs escape each text themselves: this is for resources that are made of CDKTF's own classes.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  if (!text.includes('{')) return text;
  return text.replace(SPECIAL, (found) =>
    found.endsWith('{') ? `${found.charAt(0)}${found}` : `\${"${found}"}`,
  );
}

/**
 * A Terraform expression, for the library's constructs, where `${…}` in a text is text.
 *
 * @param code what Terraform's language has between `${` and `}`, such as `upper(var.region)`; tokens may be part of it
 * @throws Error when it has the braces itself
 */
export function expression(code: string): string {
  if (/^\s*[$%]\{(?!TfToken\[)/.test(code)) {
    throw new Error(`expression(): got ${JSON.stringify(code)}; write only what is between \${ and }`);
  }
  return Token.asString(ref(code));
}

/** JSON escapes that a string of the Terraform language lacks. */
const ESCAPES: Readonly<Record<string, string>> = { '\\b': '\\u0008', '\\f': '\\u000c' };

/** A text as a string within an expression of the Terraform language, in its quotes. */
export function quoted(text: string): string {
  return literal(JSON.stringify(text).replace(/\\./g, (escape) => ESCAPES[escape] ?? escape)).replace(
    /\$\{TfToken\[[^\]]*\]\}/g,
    '${$&}',
  );
}
