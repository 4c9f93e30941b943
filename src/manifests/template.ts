/** A part of a Terraform string: text as it is, or what stands between `${` and `}`. */
export type TemplatePart = { readonly text: string } | { readonly expression: string };

/**
 * The parts of a Terraform string, with `$${` and `%%{` unescaped. A directive (`%{ if … }`) comes back as an
 * expression with its `%{` and `}`, because nothing but Terraform can follow it.
 */
export function templateParts(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  let i = 0;
  while (i < template.length) {
    const escaped = template.startsWith('$${', i) || template.startsWith('%%{', i);
    if (escaped) {
      text += `${template.charAt(i)}{`;
      i += 3;
    } else if (template.startsWith('${', i) || template.startsWith('%{', i)) {
      const end = endOfExpression(template, i + 2);
      if (text !== '') parts.push({ text });
      text = '';
      const whole = template.slice(i, end + 1);
      parts.push({ expression: whole.startsWith('%') ? whole : template.slice(i + 2, end).trim() });
      i = end + 1;
    } else {
      text += template.charAt(i);
      i += 1;
    }
  }
  if (text !== '') parts.push({ text });
  return parts;
}

/** Where the brace stands that closes an expression; braces nest, and those in quoted strings do not count. */
function endOfExpression(template: string, start: number): number {
  let depth = 0;
  for (let i = start; i < template.length; i += 1) {
    const character = template.charAt(i);
    if (character === '"') i = endOfString(template, i + 1);
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return i;
      depth -= 1;
    }
  }
  return template.length;
}

function endOfString(template: string, start: number): number {
  for (let i = start; i < template.length; i += 1) {
    if (template.charAt(i) === '\\') i += 1;
    else if (template.startsWith('${', i) && template.charAt(i - 1) !== '$')
      i = endOfExpression(template, i + 2);
    else if (template.charAt(i) === '"') return i;
  }
  return template.length;
}
