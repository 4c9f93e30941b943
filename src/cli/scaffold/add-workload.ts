import { insertKey } from '../../config/insert-key';
import { RESERVED_NAMES } from '../../platform/define-workload';
import { renamedExample } from './example';
import { checkName } from './names';
import { keysOf, knownKey } from './platform-keys';
import { type ProjectFiles, ScaffoldError } from './project-files';

const LIST = 'workloads/index.ts';

export interface NewWorkload {
  readonly name: string;
  /** A folder of `examples/`. */
  readonly example: string;
  /** The namespaces that run it. @default - the first of the platform's file */
  readonly namespaces?: readonly string[] | undefined;
}

/**
 * Adds a workload: its folder with a test, its place in the list, its key in the namespaces that run it.
 *
 * @param platform the platform's file
 * @throws ScaffoldError, ConfigError
 */
export function addWorkload(files: ProjectFiles, platform: string, workload: NewWorkload): void {
  const { name, example } = workload;
  checkName('workload', name, 32);
  if (RESERVED_NAMES.includes(name)) {
    throw new ScaffoldError(
      `workload ${name}: every namespace has an object of this name. Choose another name`,
    );
  }
  // Its folder would be imported as ./index, which is the list itself.
  if (name === 'index') {
    throw new ScaffoldError('workload index: the list of workloads has this name. Choose another name');
  }
  const { files: texts, names } = renamedExample(example, name);
  for (const [file, text] of texts) files.create(`workloads/${name}/${file}`, text);
  files.change(LIST, (text) => withWorkload(text, name, names.camel));
  const [first] = keysOf(files.read(platform), 'namespaces');
  const namespaces = workload.namespaces ?? (first === undefined ? [] : [first]);
  if (namespaces.length === 0) {
    throw new ScaffoldError(`${platform}: has no namespaces. Add one first: platform new namespace dev`);
  }
  for (const namespace of namespaces) {
    files.change(platform, (text) => {
      knownKey(text, platform, 'namespace', namespace);
      return insertKey(text, platform, ['namespaces', namespace, 'workloads'], name, '{ version: 1.0.0 }');
    });
  }
}

function withWorkload(text: string, name: string, camel: string): string {
  const list = /(export const workloads\b[^=]*= \[)([^\]]*?)(,?\s*\])/.exec(text);
  if (!list || new RegExp(`\\b${camel}\\b`).test(text)) {
    const why = list ? `has the name ${camel} already` : 'has no list "export const workloads = […]"';
    throw new ScaffoldError(
      `${LIST}: ${why}. Add the workload of ./${name} to the list by hand, or choose another name`,
    );
  }
  const [whole, opening = '', items = '', closing = ''] = list;
  const listed = items.trim() === '' ? camel : `${items}, ${camel}`;
  const added = text.replace(whole, () => opening + listed + closing);
  const last = [...added.matchAll(/^import [^;]*;\n/gm)].at(-1);
  const at = last ? last.index + last[0].length : 0;
  return `${added.slice(0, at)}import { ${camel} } from './${name}';\n${last ? '' : '\n'}${added.slice(at)}`;
}
