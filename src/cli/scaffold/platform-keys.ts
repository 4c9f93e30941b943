import { isMap, parseDocument } from 'yaml';
import { insertKey } from '../../config/insert-key';
import { unknownName } from '../../facts/near-name';
import { checkName } from './names';
import { type ProjectFiles, ScaffoldError } from './project-files';

/** The keys of a mapping at the top of a platform's own file. */
export function keysOf(text: string, mapping: string): string[] {
  const found = parseDocument(text).get(mapping);
  return isMap(found) ? found.items.map(({ key }) => String(key)) : [];
}

/** @throws ScaffoldError when the platform's own file has no such namespace or node */
export function knownKey(text: string, file: string, what: 'namespace' | 'node', name: string): void {
  const known = keysOf(text, `${what}s`);
  if (!known.includes(name)) throw new ScaffoldError(`${file}: ${unknownName(what, name, known)}`);
}

/**
 * Adds a namespace that runs nothing yet.
 *
 * @param nodes the node groups that its Pods may run on @default - all
 * @throws ScaffoldError, ConfigError
 */
export function addNamespace(
  files: ProjectFiles,
  platform: string,
  { name, nodes }: { readonly name: string; readonly nodes?: readonly string[] | undefined },
): void {
  checkName('namespace', name, 63);
  files.change(platform, (text) => {
    for (const node of nodes ?? []) knownKey(text, platform, 'node', node);
    const groups = (nodes ?? keysOf(text, 'nodes')).join(', ');
    return insertKey(text, platform, ['namespaces'], name, `{ nodes: [${groups}], workloads: {} }`);
  });
}

export interface NewNodeGroup {
  readonly name: string;
  /** @default - the zone of the network that has the fewest node groups */
  readonly zone?: string | undefined;
  /** @default - those of the first node group */
  readonly instanceTypes?: readonly string[] | undefined;
}

/** Adds a node group of one to three nodes. @throws ScaffoldError, ConfigError */
export function addNodeGroup(files: ProjectFiles, platform: string, group: NewNodeGroup): void {
  checkName('node group', group.name, 63);
  files.change(platform, (text) => {
    const { network, nodes } = parseDocument(text).toJS() as OwnFile;
    const groups = Object.values(nodes ?? {});
    const zone = group.zone ?? emptiest(network?.zones ?? [], groups);
    const types = group.instanceTypes ?? groups[0]?.instanceTypes;
    if (zone === undefined || types === undefined) {
      throw new ScaffoldError(
        `${platform}: has no network.zones or no node groups to go by. Give --zone and --instance-type`,
      );
    }
    const value = `{ zone: ${zone}, instanceTypes: [${types.join(', ')}], min: 1, max: 3 }`;
    return insertKey(text, platform, ['nodes'], group.name, value);
  });
}

/** A platform's own file, as far as it is read here. */
interface OwnFile {
  readonly network?: { readonly zones?: readonly string[] };
  readonly nodes?: Readonly<
    Record<string, { readonly zone?: string; readonly instanceTypes?: readonly string[] }>
  >;
}

function emptiest(
  zones: readonly string[],
  groups: readonly { readonly zone?: string }[],
): string | undefined {
  const count = (zone: string): number => groups.filter((group) => group.zone === zone).length;
  return [...zones].sort((a, b) => count(a) - count(b))[0];
}
