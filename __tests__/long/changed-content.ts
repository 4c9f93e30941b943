import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../src/manifests/field';
import type { AddressedObject, KubernetesObject } from '../../src/manifests/objects';

/** What the API server and its controllers write of their own, by the end of its path. */
const OF_THE_SERVER: readonly RegExp[] = [
  /^status$/,
  /^metadata\.(uid|resourceVersion|generation|creationTimestamp|managedFields|finalizers|selfLink|ownerReferences)$/,
  /^metadata\.annotations\.(deployment\.kubernetes\.io|deprecated\.daemonset\.template\.generation|pv\.kubernetes\.io|volume\.|cni\.)/,
  /^spec\.(clusterIPs?|healthCheckNodePort|nodeName|volumeName)$/,
  // Kubernetes keeps the port that it has allocated; the guide says how to free it.
  /^spec\.ports\.\d+\.nodePort$/,
  /(batch\.kubernetes\.io\/)?controller-uid/,
  // A Pod has those of its node.
  /^metadata\.labels\.topology\.kubernetes\.io\//,
];

/** Each declared object as the cluster has it, by its address. */
export async function contentOf(
  kubectl: Pick<Kubectl, 'run'>,
  declared: readonly AddressedObject[],
): Promise<Map<string, KubernetesObject>> {
  const items = declared.map(({ object: { apiVersion, kind, metadata } }) => ({
    ...{ apiVersion, kind },
    metadata: {
      name: metadata.name,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    },
  }));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const text = await kubectl.run(['get', '--ignore-not-found', '--filename=-', '--output=json'], { input });
  const found = text.trim() === '' ? [] : (JSON.parse(text) as { items: KubernetesObject[] }).items;
  const keyOf = ({ kind, metadata }: KubernetesObject): string =>
    `${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
  const live = new Map(found.map((object) => [keyOf(object), object]));
  return new Map(
    declared.flatMap(({ address, object }) => {
      const own = live.get(keyOf(object));
      return own === undefined ? [] : [[address, own] as const];
    }),
  );
}

const shown = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** Lists whose order means nothing, and rolls no Pod. The provider sends its own. */
const UNORDERED = /(^|\.)(verbs|mountOptions|addresses|notReadyAddresses)$/;
const sorted = (list: readonly unknown[]): unknown[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** The fields of an object that the live one lacks or has otherwise, but for those that Terraform leaves as they were created. */
export function lacking(
  { object: declared, keeps = [] }: AddressedObject,
  live: KubernetesObject | undefined,
): string[] {
  if (live === undefined) return ['is not in the cluster'];
  const found: string[] = [];
  const look = (given: unknown, lives: unknown, path: string): void => {
    const [wanted, has] = UNORDERED.test(path)
      ? [given, lives].map((list) => (Array.isArray(list) ? sorted(list) : list))
      : [given, lives];
    if (Array.isArray(wanted)) {
      wanted.forEach((each: unknown, i) => {
        look(each, (has as unknown[] | undefined)?.[i], `${path}.${i}`);
      });
      // Admission adds those that every Pod gets.
      if (Array.isArray(has) && has.length > wanted.length && !path.endsWith('.tolerations'))
        found.push(`${path} has more than is declared`);
      return;
    }
    if (isObject(wanted)) {
      for (const [key, each] of Object.entries(wanted)) {
        look(each, (has as Record<string, unknown> | undefined)?.[key], path === '' ? key : `${path}.${key}`);
      }
      return;
    }
    // The server leaves out what is empty.
    const isEmpty =
      wanted === '' || wanted === null || wanted === undefined || wanted === false || wanted === 0;
    if (isEmpty && has === undefined) return;
    if (!isDeepStrictEqual(wanted, has)) {
      found.push(`${path} is ${shown(has)} and is declared as ${shown(wanted)}`);
    }
  };
  look(declared, live, '');
  return found.filter((each) => !keeps.some((kept) => each.startsWith(kept)));
}

/** The first difference between two states of an object, but for what the server writes of its own. */
export function sameContent(before: unknown, after: unknown, path = ''): string | undefined {
  if (OF_THE_SERVER.some((pattern) => pattern.test(path)) || isDeepStrictEqual(before, after))
    return undefined;
  const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;
  if (!isTree(before) || !isTree(after)) {
    return `${path} was ${shown(before)} and is ${shown(after)}`;
  }
  const [was, is] = [before, after].map((value) => value as Record<string, unknown>);
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const found = sameContent(was?.[key], is?.[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
