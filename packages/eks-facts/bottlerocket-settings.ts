/** Settings by table, such as `settings.kubernetes.kube-reserved`, and key. */
export type BottlerocketSettings = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean>>>
>;

const KEY = String.raw`[\w-]+|"[^"\\]*"|'[^']*'`;
const HEADER = new RegExp(String.raw`^\[\s*((?:${KEY})(?:\s*\.\s*(?:${KEY}))*)\s*\]$`);
const ASSIGNMENT = new RegExp(String.raw`^(${KEY})\s*=\s*("[^"\\]*"|'[^']*'|-?\d+|true|false)$`);

/**
 * Reads Bottlerocket's user data, as far as TOML goes there: tables of texts, whole numbers and booleans.
 * @throws SyntaxError with the line that is none of these
 */
export function bottlerocketSettings(text: string): BottlerocketSettings {
  const tables: Record<string, Record<string, string | number | boolean>> = {};
  let table = '';
  text.split(/\r?\n/).forEach((whole, index) => {
    const line = whole.replace(/^((?:[^#"']|"[^"]*"|'[^']*')*)#.*$/, '$1').trim();
    if (line === '') return;
    const header = HEADER.exec(line)?.[1];
    const [, key, value] = ASSIGNMENT.exec(line) ?? [];
    if (header !== undefined) {
      table = [...header.matchAll(new RegExp(KEY, 'g'))].map(([name]) => unquoted(name)).join('.');
    } else if (key !== undefined && value !== undefined) {
      (tables[table] ??= {})[unquoted(key)] = /^["']/.test(value)
        ? unquoted(value)
        : (JSON.parse(value) as number);
    } else {
      throw new SyntaxError(
        `line ${index + 1} is no TOML that Bottlerocket's user data is known for: ${line}`,
      );
    }
  });
  return tables;
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
