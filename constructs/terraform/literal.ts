/**
 * A text that Terraform takes as it stands: `${` and `%{`, which shell scripts and configuration files are full of, are
 * escaped. CDKTF's own tokens, which become references, are left alone.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  return text.replace(/([$%])\{(?!TfToken\[)/g, '$1$1{');
}
