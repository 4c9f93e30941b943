import { type Block, camelCase } from '../../src/manifests/field';
import { KINDS } from '../../src/manifests/kinds';
import { apiModel } from '../src/manifests/api-schema';

/** Fields that the table leaves out, each with the reason. */
const LEFT_OUT: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'the server, a controller or an admission plugin writes it': [
    /^V1ObjectMeta\.(creationTimestamp|deletion\w+|generation|managedFields|resourceVersion|selfLink|uid)$/,
    /^V1PodSpec\.(overhead|preemptionPolicy|priority)$/,
    'V1Namespace.spec',
  ],
  'it keeps objects alive, or ends them, behind the back of Terraform': [
    'V1ObjectMeta.finalizers',
    'V1ObjectMeta.ownerReferences',
  ],
  'the kind has none, or the construct says a name': [
    /^V1ObjectMeta\.(name|namespace|generateName)$/,
    'V1PolicyRule.nonResourceURLs',
  ],
  'it is set at a subresource': ['V1PodSpec.ephemeralContainers'],
  'another field says the same': [
    'V1PodSpec.serviceAccount',
    'V1Secret.stringData',
    'V1Endpoint.deprecatedTopology',
  ],
  'the API server does not look at it': [/^V1ObjectReference\./],
  'no node of EKS has the driver': [
    /^V1(CSIPersistentVolume|Cinder|FC|Glusterfs|ISCSI|Local|Quobyte|VsphereVirtualDisk)\w*Source\.(?!nodeExpand)/,
    /^V1(Volume|PersistentVolumeSpec)\.(cephfs|portworxVolume|scaleIO|storageos)$/,
  ],
};

/** Every field of the API that a block has no argument for, by its model. */
function fieldsWithout(block: Block, model: string): string[] {
  const fields = apiModel(model);
  if (!fields) return [];
  const levels = (of: Block): [string, Block[string]][] =>
    Object.entries(of).flatMap(([name, field]) =>
      field.shape === 'object' && field.merges === true ? levels(field.block) : [[name, field]],
    );
  const known = levels(block).map(([name, field]) => [field.to ?? camelCase(name), field] as const);
  const names = known.filter(([, { shape }]) => shape !== 'dropped').map(([name]) => name);
  return [
    ...[...fields.keys()]
      .filter((name) => !names.includes(name) && !['apiVersion', 'kind', 'status'].includes(name))
      .map((name) => `${model}.${name}`),
    ...known.flatMap(([name, field]) => {
      const type = fields.get(name);
      return type !== undefined && (field.shape === 'object' || field.shape === 'array')
        ? fieldsWithout(field.block, /^Array<(\w+)>$/.exec(type)?.[1] ?? type)
        : [];
    }),
  ];
}

const isLeftOut = (field: string): boolean =>
  Object.values(LEFT_OUT)
    .flat()
    .some((known) => (typeof known === 'string' ? known === field : known.test(field)));

const MISSING = new Set(
  Object.values(KINDS).flatMap(({ apiVersion, kind, fields }) =>
    fieldsWithout(fields, `${(apiVersion.split('/').at(-1) ?? '').toUpperCase()}${kind}`),
  ),
);

/** Patterns of the list that no field needs any more. */
export const idlePatterns = (): (string | RegExp)[] =>
  Object.values(LEFT_OUT)
    .flat()
    .filter(
      (known) =>
        ![...MISSING].some((field) => (typeof known === 'string' ? known === field : known.test(field))),
    );

/** The fields of the API that a user can set and the provider has no argument for, by the API's type. */
export function missingFields(): Map<string, string[]> {
  const byType = new Map<string, string[]>();
  for (const field of [...MISSING].filter((field) => !isLeftOut(field)).sort()) {
    const [model = '', name = ''] = field.split('.');
    const type = model.replace(/^V\d+/, '');
    byType.set(type, [...(byType.get(type) ?? []), name]);
  }
  return byType;
}
