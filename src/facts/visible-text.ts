/**
 * Characters that are not seen but obeyed: controls, and what Unicode has for formats and separators of lines. In a text of someone
 * else they move the cursor, turn the direction of reading, or end a line.
 */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text whose control characters are seen, each as its escape in JSON, YAML and JavaScript: `\u202e`.
 *
 * @param kept those that stay as they are
 */
export function visible(text: string, kept = '\n\t'): string {
  return text.replace(OBEYED, (character) => (kept.includes(character) ? character : escapes(character)));
}

function escapes(character: string): string {
  return [...Array(character.length).keys()]
    .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
    .join('');
}
