import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CronJob } from '../../../../constructs/kubernetes/workloads/cron-job';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { EndpointSlice } from '../../../../constructs/kubernetes/network/endpoint-slice';
import {
  argumentsOf,
  MISSING_KINDS,
  type Part,
  PROVIDER_GAPS,
  PROVIDER_VERSION,
} from '../../../../constructs/kubernetes/provider/provider-capabilities';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { Service } from '../../../../constructs/kubernetes/network/service';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { type Block, camelCase } from '../../../../src/manifests/field';
import { KINDS } from '../../../../src/manifests/kinds';
import { apiModel } from '../../../src/manifests/api-schema';
import { generatedFolder, providerSchema, type SchemaBlock } from '../../../src/manifests/provider-schema';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const findings = (build: (stack: BaseStack) => void): string[] => {
  try {
    inNamespace(build);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

const web = (stack: BaseStack): Deployment => new Deployment(stack, 'web', { containers: { web: plain } });

describe('what the escape hatch asks for and the provider has not', () => {
  it.each([
    [
      'spec.template.spec.init_container.0.restart_policy',
      'Always',
      'spec.template.spec.init_container.0.restart_policy (native sidecars): hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; make it a ReplicaSet, whose addSidecar() makes one, or the object a kubernetes_manifest',
    ],
    [
      'spec.template.spec',
      { init_container: [{}, { name: 'proxy', restart_policy: 'Always' }] },
      'spec.template.spec.init_container.1.restart_policy (native sidecars): hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; make it a ReplicaSet, whose addSidecar() makes one, or the object a kubernetes_manifest',
    ],
    [
      'spec.0.template.0.spec.0.host_users',
      false,
      'spec.0.template.0.spec.0.host_users (user namespaces): hashicorp/kubernetes 2.38.0 has no such argument, nor has any version up to 3.2.1; make it a ReplicaSet, whose customize() takes every field of the API, or the object a kubernetes_manifest',
    ],
  ])('addOverride of %s is told with the version that has it', (path, value, message) => {
    expect(
      findings((stack) => {
        web(stack).resource.addOverride(path, value);
      }),
    ).toEqual([`shop: "shop/web" sets ${message}`]);
  });

  it('is told of every resource at once, those of the generated classes and the stack’s own overrides too', () => {
    expect(
      findings((stack) => {
        web(stack);
        new Service(stack, 'api', { ports: { http: 80 } })
          .backedBy(['192.0.2.10'])
          .resource.addOverride('spec.traffic_distribution', 'PreferClose');
        new DeploymentV1(stack, 'bare', {
          metadata: { name: 'bare' },
          spec: { template: { metadata: {}, spec: {} } },
        }).addOverride('spec.template.spec.scheduling_gate', [{ name: 'hold' }]);
        stack.addOverride(
          'resource.kubernetes_deployment_v1.web.spec.template.spec.container.0.lifecycle.pre_stop.sleep.seconds',
          5,
        );
        stack.addOverride('resource.kubernetes_validating_admission_policy_v1.rows.spec', {});
      }),
    ).toEqual([
      expect.stringMatching(
        /^shop: "shop\/api" sets spec\.traffic_distribution \(traffic kept in its zone\): .* nor has any version up to 3\.2\.1; .*topology-mode: Auto$/,
      ),
      expect.stringMatching(
        /^shop: "shop\/bare" sets spec\.template\.spec\.scheduling_gate \(scheduling gates\): /,
      ),
      expect.stringMatching(
        /^shop: kubernetes_deployment_v1\.web sets spec\.template\.spec\.container\.0\.lifecycle\.pre_stop\.sleep \(sleep handlers\): /,
      ),
      'shop: kubernetes_validating_admission_policy_v1.rows is a kubernetes_validating_admission_policy_v1: hashicorp/kubernetes 2.38.0 has no such resource, 3.0.0 has; use ValidatingAdmissionPolicy',
    ]);
  });

  it('is told of customize(), by the names of the generated class and of the API, which both would be lost', () => {
    const build = (stack: BaseStack): void => {
      web(stack).customize((spec) => {
        const { template } = spec;
        const gated = { ...template.spec, schedulingGates: [{ name: 'hold' }], hostUsers: false };
        return { ...spec, template: { ...template, spec: gated } };
      });
      new CronJob(stack, 'report', {
        containers: { report: plain },
        schedule: Schedule.daily({ hour: 3 }),
      }).customize((spec) => {
        const { jobTemplate } = spec;
        const job = { ...jobTemplate.spec, podReplacementPolicy: 'Failed' };
        return { ...spec, jobTemplate: { ...jobTemplate, spec: job } };
      });
    };
    expect(findings(build)).toEqual([
      expect.stringMatching(
        /^shop\/web: customize\(\) sets spec\.template\.spec\.schedulingGates \(scheduling gates\): hashicorp\/kubernetes 2\.38\.0 has no such argument, nor/,
      ),
      expect.stringMatching(/^shop\/web: customize\(\) sets spec\.template\.spec\.hostUsers /),
      expect.stringMatching(
        /^shop\/report: customize\(\) sets spec\.jobTemplate\.spec\.podReplacementPolicy .*; make the object a kubernetes_manifest$/,
      ),
    ]);
  });

  it('names an argument that the provider takes and never sends', () => {
    expect(
      findings((stack) => {
        const service = new Service(stack, 'dns', { ports: { dns: 53 } });
        const { resource } = new EndpointSlice(stack, 'outside', { service, addresses: ['192.0.2.10'] });
        resource.addOverride('port.0.protocol', 'UDP');
      }),
    ).toEqual([
      'shop: "shop/outside" sets port.0.protocol (ports other than TCP): hashicorp/kubernetes takes it and never sends it, up to 3.2.1; make it Endpoints',
    ]);
  });

  it('lets through what the provider has, what is taken away, and everything of a kubernetes_manifest', () => {
    expect(
      findings((stack) => {
        const { resource } = web(stack);
        resource.addOverride('spec.template.spec.host_network', false);
        resource.addOverride('spec.template.spec.host_users', undefined);
        resource.addOverride('metadata.annotations.host_users', 'false');
        new ReplicaSet(stack, 'worker', { containers: { worker: plain } }).customize((spec) => ({
          ...spec,
          template: { ...spec.template, spec: { ...(spec.template['spec'] as object), hostUsers: false } },
        }));
      }),
    ).toEqual([]);
  });
});

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
