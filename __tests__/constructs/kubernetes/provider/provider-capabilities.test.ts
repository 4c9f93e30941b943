import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  argumentsOf,
  MISSING_KINDS,
  type Part,
  PROVIDER_GAPS,
  PROVIDER_VERSION,
} from '../../../../constructs/kubernetes/provider/provider-capabilities';
import { type Block, camelCase } from '../../../../src/manifests/field';
import { KINDS } from '../../../../src/manifests/kinds';
import { apiModel } from '../../../src/manifests/api-schema';
import { generatedFolder, providerSchema, type SchemaBlock } from '../../../src/manifests/provider-schema';

/** Models of the API that the parts are. */
const MODELS: Readonly<Record<Part, string>> = {
  Pods: 'V1PodSpec',
  containers: 'V1Container',
  'terms of Pod affinity': 'V1PodAffinityTerm',
  Jobs: 'V1JobSpec',
  claims: 'V1PersistentVolumeClaimSpec',
  StatefulSet: 'V1StatefulSet',
  Service: 'V1Service',
  Endpoints: 'V1Endpoints',
  EndpointSlice: 'V1EndpointSlice',
  PersistentVolume: 'V1PersistentVolume',
  HorizontalPodAutoscaler: 'V2HorizontalPodAutoscaler',
  PodDisruptionBudget: 'V1PodDisruptionBudget',
  CSIDriver: 'V1CSIDriver',
  RuntimeClass: 'V1RuntimeClass',
};

/** A field by the model that has it: what several parts share is one. */
function resolved(model: string, path: string): string {
  const [name = '', ...rest] = path.split('.');
  const list = name.endsWith('[]');
  const bare = name.replace('[]', '');
  const type = apiModel(model)?.get(bare);
  if (type === undefined) throw new Error(`${model} has no ${bare}`);
  const element = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== (element !== undefined)) throw new Error(`${model}.${bare} is ${type}`);
  return rest.length === 0 ? `${model}.${bare}` : resolved(element ?? type, rest.join('.'));
}

/** Fields that nobody misses, each with the reason. */
const NOT_MISSED: Readonly<Record<string, readonly (string | RegExp)[]>> = {
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

describe('the table of what the provider has not', () => {
  const gaps = PROVIDER_GAPS.flatMap((gap) =>
    Object.keys(gap.fields).map((field) => resolved(MODELS[gap.part], field)),
  );
  const missing = new Set(
    Object.values(KINDS).flatMap(({ apiVersion, kind, fields }) =>
      fieldsWithout(fields, `${(apiVersion.split('/').at(-1) ?? '').toUpperCase()}${kind}`),
    ),
  );
  const isNotMissed = (field: string): boolean =>
    Object.values(NOT_MISSED)
      .flat()
      .some((known) => (typeof known === 'string' ? known === field : known.test(field)));

  it('has every field of the API that the typed resources lack, and no other', () => {
    expect([...missing].filter((field) => !isNotMissed(field)).sort()).toEqual([...new Set(gaps)].sort());
  });

  it('leaves out nothing that the provider has', () => {
    const patterns = Object.values(NOT_MISSED).flat();
    const idle = patterns.filter(
      (known) =>
        ![...missing].some((field) => (typeof known === 'string' ? known === field : known.test(field))),
    );
    expect(idle).toEqual([]);
  });

  it('is of the version that the classes are of', () => {
    const library = dirname(require.resolve('@cdktf/provider-kubernetes/package.json'));
    expect(readFileSync(join(library, 'lib/provider/index.js'), 'utf8')).toContain(
      `providerVersion: '${PROVIDER_VERSION}'`,
    );
  });

  // Reading one takes a second.
  const schemas = new Map<string, SchemaBlock>();
  const schemaOf = (type: string): SchemaBlock => {
    const schema = schemas.get(type) ?? providerSchema(generatedFolder(type) ?? '');
    schemas.set(type, schema);
    return schema;
  };

  const typesWith = (gap: (typeof PROVIDER_GAPS)[number]): string[] =>
    Object.keys(KINDS).filter((type) => argumentsOf(gap, type).length > 0);

  it.each(PROVIDER_GAPS.map((gap) => [`${gap.part}: ${gap.what}`, gap] as const))(
    '%s: the argument’s place is there, and the argument is not',
    (_, gap) => {
      expect(typesWith(gap)).not.toEqual([]);
      for (const type of typesWith(gap)) {
        const schema = schemaOf(type);
        for (const { path } of argumentsOf(gap, type)) {
          expect([type, path, isInSchema(schema, path)]).toEqual([type, path, gap.ignored ?? false]);
        }
      }
    },
  );

  it.each(MISSING_KINDS)('$kind has no resource of its own', ({ kind, later }) => {
    const snake = kind.replace(/(?<!^)([A-Z][a-z])/g, '_$1').toLowerCase();
    const types = ['_v1', '_v1beta1', ''].map((version) => `kubernetes_${snake}${version}`);
    expect(types.map(generatedFolder)).toEqual([undefined, undefined, undefined]);
    expect(later === undefined || types.includes(later.type)).toBe(true);
  });
});

/** Whether a schema has an argument; one whose place it lacks too is an error. */
function isInSchema(schema: SchemaBlock, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) return name in schema;
  const child = schema[name];
  const block: unknown = Array.isArray(child) ? child[0] : child;
  if (typeof block !== 'object') throw new Error(`no block ${name} on the way to ${path}`);
  return isInSchema(block as SchemaBlock, rest.join('.'));
}
