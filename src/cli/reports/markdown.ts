import { visible } from '../../facts/visible-text';

/** A value as a piece of code, which no character of it can break out of. */
export function code(text: string): string {
  const line = visible(text.replace(/\s+/g, ' '));
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  const gap = runs.length > 0 ? ' ' : '';
  return `${fence}${gap}${line}${gap}${fence}`;
}

/** Words that are no Markdown and no HTML. */
export function escaped(text: string): string {
  return visible(text.replace(/\s+/g, ' ')).replace(/[\\`*_<>[\]|]/g, (character) => `\\${character}`);
}

/** Lines as they are, which no line of them can break out of. @param language for colors */
export function codeBlock(text: string, language = 'text'): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(2, ...runs) + 1);
  return `${fence}${language}
${visible(text)}
${fence}`;
}

/** @param rows Markdown, a line each; the first one is the head */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
