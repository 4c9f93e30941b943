import { isMap, isNode, isScalar, parseDocument, type Pair } from 'yaml';
import { ConfigError } from './config-error';
import { formatPath } from '../facts/document-path';

/**
 * Adds a key to a mapping of a YAML text. The rest of the text stays as it is, comments too.
 *
 * @param path of the mapping, which is made where it is missing
 * @param value a flow collection or a scalar, on one line
 * @throws ConfigError when the mapping has the key, or is not written as a mapping
 */
export function insertKey(
  text: string,
  file: string,
  path: readonly string[],
  key: string,
  value: string,
): string {
  const document = parseDocument(text);
  const refuse = (message: string): never => {
    throw new ConfigError([{ file, path: formatPath(path), message }]);
  };
  if (document.errors.length > 0) refuse('the file is no valid YAML; correct it first');
  const mapping = path.length === 0 ? document.contents : document.getIn(path, true);
  const [parent, name] = [path.slice(0, -1), path.at(-1)];
  if (mapping === undefined && name !== undefined) {
    return insertKey(text, file, parent, name, `{ ${key}: ${value} }`);
  }
  if (!isMap(mapping) || !mapping.range) return refuse(`is no mapping; write ${key}: ${value} there by hand`);
  if (mapping.has(key)) refuse(`has the key ${key} already; choose another name`);

  const last = mapping.items.at(-1);
  const edited = last
    ? insertAfter(
        text,
        endOf(last),
        mapping.flow ? `, ${key}: ${value}` : newLine(text, last, `${key}: ${value}`),
      )
    : `${text.slice(0, mapping.range[0])}{ ${key}: ${value} }${text.slice(mapping.range[1])}`;
  const expected = document.clone();
  expected.setIn([...path, key], parseDocument(value).contents);
  const result = parseDocument(edited);
  if (result.errors.length > 0 || JSON.stringify(result.toJS()) !== JSON.stringify(expected.toJS())) {
    refuse(`cannot be changed without another value changing; write ${key}: ${value} there by hand`);
  }
  return edited;
}

/** Where the value of a pair ends, what is behind it on its line not included. */
function endOf({ key, value }: Pair): number {
  const node = isNode(value) && !(isScalar(value) && value.source === '') ? value : key;
  return isNode(node) ? (node.range?.[1] ?? 0) : 0;
}

function insertAfter(text: string, offset: number, added: string): string {
  if (!added.startsWith('\n')) return text.slice(0, offset) + added + text.slice(offset);
  // A block ends behind its last line; a comment on that line belongs to it.
  const end = text[offset - 1] === '\n' ? offset - 1 : text.indexOf('\n', offset);
  return end === -1 ? `${text}${added}\n` : text.slice(0, end) + added + text.slice(end);
}

/** A line of a block mapping, indented as the pair. */
function newLine(text: string, { key }: Pair, line: string): string {
  const start = (isNode(key) && key.range?.[0]) || 0;
  return `\n${' '.repeat(start - text.lastIndexOf('\n', start - 1) - 1)}${line}`;
}
