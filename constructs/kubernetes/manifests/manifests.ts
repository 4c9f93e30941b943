import { dependable, TerraformStack } from 'cdktf';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { CLUSTER_WIDE, groupOf, isBuiltIn, qualifiedKind } from '../../../src/facts/built-in-kinds';
import { docsPage } from '../../../src/facts/docs-page';
import { formatFinding, type Finding } from '../../../src/facts/document-finding';
import { unknownName } from '../../../src/facts/near-name';
import { describeThrown } from '../../../src/facts/thrown';
import { applyRank } from '../../../src/manifests/apply-order';
import { textOf } from '../../../src/manifests/attributes';
import { isObject, snakeCase } from '../../../src/manifests/field';
import { MANIFEST } from '../../../src/manifests/kinds';
import { objectTitle } from '../../../src/manifests/object-title';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { hasNamespace, providerResource } from '../../../src/manifests/provider-resource';
import { readObjects, type WrittenObject } from '../../../src/manifests/read-objects';
import { readRendered, type RenderRequest } from '../../../src/manifests/rendered';
import type { Json, JsonObject } from '../../../src/manifests/terraform-document';
import { objectAt } from '../../../src/rules/workload-pods';
import { appContext } from '../../terraform/app-context';
import { ChosenIds, Construct, MAIN_CHILD } from '../../terraform/construct';
import { hasMutatingPolicies } from '../admission/mutating-admission-policy';
import { writeManifestDefaults } from '../internal/manifest-defaults';
import { dataErrors, nullErrors, OBJECT, returnedErrors } from '../internal/data-errors';
import { manifestErrors } from '../internal/manifest-errors';
import { LimitRange } from '../namespaces/limit-range';
import { Namespace } from '../namespaces/namespace';
import { canonicalObject, isCanonical } from './canonical-object';
import type { EditedKinds } from './edited-kinds';
import { writeDefaults, writePodDefaults } from './defaults';
import {
  fillRestricted,
  keepToNodeGroups,
  labelNodes,
  type Report,
  requiredAffinity,
  unplaced,
} from './guard-rails';
import { ImportedObject } from './imported-object';
import { referencesOf, referenceTo } from './object-references';
import { type Mutable, partsAt } from '../internal/parts-at';
import { type PodSpecPlaces, podSpecs } from './pod-specs';
import {
  type ChartSource,
  type KustomizationSource,
  renderRequest,
  requestErrors,
  SECRET_VALUES,
} from './render-request';

/** Where the YAML is: a file, a text, or every `.yaml`, `.yml` and `.json` file of a folder. Paths are as the program can read them. */
export type YamlSource = { readonly file: string } | { readonly text: string } | { readonly folder: string };

/** How objects come into a namespace. */
export interface PlacementInNamespace {
  /**
   * `fill` sets what Pod Security `restricted` demands where an object says nothing. `keep` leaves it: what lacks it is an error.
   * @default fill
   */
  readonly securityContext?: 'fill' | 'keep';
  /** Labels that every object and every Pod template gets. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Kinds that belong to no namespace and are allowed here, custom ones with their group: `ClusterRole`, `ClusterIssuer.cert-manager.io`.
   * @default []
   */
  readonly clusterWide?: readonly string[];
  /**
   * Where custom kinds have the spec of their Pods, such as `{ 'Batch.example.com': ['spec.tasks[].template.spec'] }`; an empty list for a
   * kind without Pods.
   * @default - the known kinds, such as Rollout, JobSet, CronWorkflow and Knative's Service
   */
  readonly podSpecs?: PodSpecPlaces;
}

export interface ManifestsOptions extends PlacementInNamespace {
  /**
   * What is not taken. Hooks of Helm would not run at their time. CustomResourceDefinitions belong into a stack that is deployed before.
   * @default [] - each is an error
   */
  readonly leaveOut?: readonly ('hooks' | 'definitions')[];
  /** Which objects are taken. @default - all */
  readonly select?: (object: KubernetesObject) => boolean;
  /**
   * Changes the objects of a kind, in place or by what it returns, before they are placed in the namespace. A kind that the YAML does not
   * have is an error.
   * @default {}
   */
  readonly edit?: EditedKinds;
  /**
   * The namespace that the YAML names. Its objects, and accounts that bindings name in it, come into the namespace of the scope.
   * @default - the name of the scope's namespace: any other is an error
   */
  readonly namespace?: string;
}

/** One object that a program has, whose construct gives it its name. */
interface ObjectSource {
  readonly object: (self: Construct) => KubernetesObject;
}

/** What was rendered of a chart or a kustomization. */
interface RenderedSource {
  readonly render: ChartSource | KustomizationSource;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What the controllers make in a new namespace. */
const OF_EVERY_NAMESPACE = new Set(['ConfigMap kube-root-ca.crt', 'ServiceAccount default']);

/** What to do about kinds of which a namespace has none. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  CustomResourceDefinition: `Terraform can plan its objects only once it is in the cluster. Put it into a stack of its own that is deployed before, and leave it out here (YAML: by leaveOut: ['definitions']): ${docsPage('guides/custom-resources.md')}`,
  Namespace: 'the platform makes its namespaces; leave it out (YAML: by select)',
};

/** The parts of charts that are more than objects of a namespace. */
const LEFT_OUT: Readonly<Record<'hooks' | 'definitions', (object: KubernetesObject) => boolean>> = {
  hooks: ({ metadata }) => 'helm.sh/hook' in (metadata.annotations ?? {}),
  definitions: ({ kind }) => kind === 'CustomResourceDefinition',
};

/**
 * Kubernetes objects from YAML that was not written for this platform, in the namespace of the scope. Each becomes the typed Terraform
 * resource of its kind, or a `kubernetes_manifest` where that cannot send it as it is.
 *
 * Every Pod template gets the required node affinity of the namespace, also in custom kinds whose place for it is known. What contradicts
 * the namespace is an error with file, line and column.
 */
export class Manifests extends Construct {
  /** The objects of YAML. Paths are against the working directory. */
  static fromYaml(scope: Construct, id: string, options: YamlSource & ManifestsOptions): Manifests {
    return new Manifests(scope, id, options);
  }

  /** The objects of a Helm chart, as `platform render` has rendered them. Synthesis renders nothing itself. */
  static fromChart(scope: Construct, id: string, options: ChartSource & ManifestsOptions): Manifests {
    const { chart, values, release, apiVersions, ...rest } = options;
    const render = {
      chart,
      ...(values && { values }),
      ...(release !== undefined && { release }),
      ...(apiVersions && { apiVersions }),
    };
    return new Manifests(scope, id, { ...rest, render });
  }

  /** The objects of a kustomization, as `platform render` has rendered them. Synthesis renders nothing itself. */
  static fromKustomization(
    scope: Construct,
    id: string,
    options: KustomizationSource & ManifestsOptions,
  ): Manifests {
    const { folder, overlay, ...rest } = options;
    return new Manifests(scope, id, {
      ...rest,
      render: { folder, ...(overlay !== undefined && { overlay }) },
    });
  }

  /** What `platform render` is asked for; undefined where the objects are not rendered. @internal */
  readonly renderRequest: RenderRequest | undefined;

  /** Whether its objects are not known, because they are not rendered yet or cannot be read. */
  readonly lacksObjects: boolean;

  /** What was read, in the order in which it is applied. */
  readonly objects: readonly ImportedObject[];

  private readonly findings: Finding[] = [];
  private readonly namespace: Namespace | undefined;
  /** Of the objects of each kind. */
  private readonly scopes = new Map<string, Construct>();

  protected constructor(
    scope: Construct,
    id: string,
    private readonly options: (YamlSource | ObjectSource | RenderedSource) & ManifestsOptions,
  ) {
    super(scope, id);
    this.namespace = Namespace.around(this);
    const { select = () => true, edit = {}, leaveOut = [] } = options;
    const isTaken = (object: KubernetesObject): boolean =>
      select(object) && !leaveOut.some((part) => LEFT_OUT[part](object));
    this.renderRequest =
      'render' in options ? renderRequest(this, options.render, this.namespace, isTaken) : undefined;
    const read = this.read();
    this.lacksObjects = read === undefined;
    const written = (read ?? []).filter(({ object }) => isTaken(object));
    const kinds = [...new Set(written.map(({ object }) => qualifiedKind(object)))];
    const strangers = read ? Object.keys(edit).filter((kind) => !kinds.includes(kind)) : [];
    const edited = written.map((each) => ({ each, object: this.edited(each) }));
    const accounts = new Map<string, boolean>(
      edited
        .filter(({ object }) => object.kind === 'ServiceAccount')
        .map(({ object }) => [
          String(object.metadata.name),
          object['automountServiceAccountToken'] !== false,
        ]),
    );
    this.objects = edited
      .flatMap(({ each, object }) => this.imported(each, object, accounts) ?? [])
      .sort((a, b) => applyRank(a.object.kind) - applyRank(b.object.kind));
    this.order();
    this.node.addValidation({
      validate: () => [
        ...this.findings.map((each) => formatFinding(each).replace(/^: /, '')),
        ...strangers.map((kind) => `edit: ${unknownName('kind', kind, kinds)}`),
        ...this.undefinedKinds(),
      ],
    });
  }

  /** What there is to read; undefined where it is not there yet. */
  private read(): WrittenObject[] | undefined {
    const { options, renderRequest: request } = this;
    if ('object' in options) {
      // Its place is that of the construct.
      const object = options.object(this);
      const errors = dataErrors(object);
      for (const error of errors) this.findings.push({ file: '', path: '', message: error });
      if (errors.length > 0) return [];
      if (isText(object.apiVersion) && isText(object.kind)) {
        return [{ object, at: (path, message) => ({ file: '', path, message }), textAt: () => undefined }];
      }
      this.findings.push({ file: '', path: '', message: 'expected an apiVersion and a kind' });
      return [];
    }
    const texts: [string, string][] = [];
    if ('text' in options) texts.push(['text', options.text]);
    try {
      if (request) {
        const errors = requestErrors(request);
        this.node.addValidation({ validate: () => errors });
        if (appContext(this).rendering || errors.length > 0) return undefined;
        const { file, text } = readRendered(request);
        texts.push([file, text]);
      }
      const files = 'file' in options ? [options.file] : 'folder' in options ? filesOf(options.folder) : [];
      texts.push(...files.map((file): [string, string] => [file, readFileSync(file, 'utf8')]));
    } catch (error) {
      this.node.addValidation({ validate: () => [(error as Error).message] });
      return undefined;
    }
    return texts.flatMap(([file, text]) => {
      const { objects, findings } = readObjects(file, text);
      this.findings.push(...findings);
      return objects;
    });
  }

  private edited(written: WrittenObject): KubernetesObject {
    const change = this.options.edit?.[qualifiedKind(written.object)] as
      ((object: KubernetesObject) => KubernetesObject | undefined) | undefined;
    const copy = canonicalObject(written.object);
    try {
      if (!change) return copy;
      const made = change(copy) ?? copy;
      const errors = returnedErrors(made, OBJECT);
      if (errors.length === 0) return canonicalObject(made);
      for (const error of errors) this.findings.push(written.at('', `edit ${error}`));
      return canonicalObject(written.object);
    } catch (error) {
      this.findings.push(written.at('', `edit failed with ${describeThrown(error)}`));
      return copy;
    }
  }

  /** The construct of an object; undefined where a finding says why there is none. */
  private imported(
    written: WrittenObject,
    object: KubernetesObject,
    accounts: ReadonlyMap<string, boolean>,
  ): ImportedObject | undefined {
    const before = this.findings.length;
    const title = objectTitle(object);
    const report = (field: string, message: string): void => {
      this.findings.push(written.at(field, `${title}: ${message}`));
    };
    this.putInNamespace(object, report);
    this.refuse(object, report);
    this.guard(object, accounts, report);
    const resource = providerResource(object);
    // A custom resource may have a null of its own.
    const errors = nullErrors(isCanonical(object) ? object : { metadata: object.metadata });
    if (resource.type === MANIFEST && isCanonical(object)) {
      writeManifestDefaults(object);
      errors.push(...manifestErrors(object['spec'] ?? {}, 'spec'));
    }
    for (const error of new Set(errors)) {
      const [field = '', ...message] = error.split(': ');
      report(field, message.join(': '));
    }
    if (this.findings.length > before) return undefined;
    const { kind } = object;
    const isAlone = 'object' in this.options;
    const isManifest = resource.type === MANIFEST && !isAlone;
    const id = isManifest ? snakeCase(kind).slice(1) : kind;
    const scope = isAlone
      ? this
      : (this.scopes.get(id) ?? new (isManifest ? Construct : ChosenIds)(this, id));
    this.scopes.set(id, scope);
    const name = isAlone ? MAIN_CHILD : String(object.metadata.name);
    if (scope.node.tryFindChild(name)) {
      report('metadata.name', `another ${kind} has this name; keep one of the two`);
      return undefined;
    }
    const sent = this.waitingForNamespace(resource.attributes);
    const { namespace } = this;
    const places = this.options.podSpecs ?? {};
    return new ImportedObject(
      scope,
      name,
      object,
      written,
      { ...resource, attributes: sent },
      namespace,
      places,
    );
  }

  /** Gives an object the namespace and the labels. */
  private putInNamespace(object: KubernetesObject, report: Report): void {
    const { namespace, options } = this;
    const { labels = {} } = options;
    const { apiVersion, kind, metadata } = object;
    const allowed = options.clusterWide?.includes(qualifiedKind(object)) === true;
    const isWide =
      (isBuiltIn(apiVersion) && (hasNamespace(object) === false || CLUSTER_WIDE.includes(kind))) ||
      (!isBuiltIn(apiVersion) && allowed);
    if (isWide && !allowed) {
      const remedy = ELSEWHERE[kind] ?? `allow the kind by clusterWide, or leave it out (YAML: by select)`;
      report('kind', `is in no namespace, and holds for the whole cluster; ${remedy}`);
    }
    if (
      !isBuiltIn(apiVersion) &&
      !allowed &&
      /^Cluster[A-Z]/.test(kind) &&
      metadata.namespace === undefined
    ) {
      report(
        'kind',
        `is in no namespace by its name; allow it by clusterWide: ['${qualifiedKind(object)}'], or write metadata.namespace if it is in one`,
      );
    }
    const own = metadata as Mutable;
    if (!isWide && namespace) {
      const name = namespace.literalName;
      const from = options.namespace ?? name;
      const given = metadata.namespace ?? from;
      if (given !== from) {
        report(
          'metadata.namespace',
          `got "${given}", and this is namespace "${name}"; remove it (YAML: by edit, or set namespace: '${given}' if all of it is for this namespace)`,
        );
      }
      own['namespace'] = name;
    } else if (!isWide) {
      report(
        'kind',
        'there is no Namespace beside Manifests to put it in; make one, or allow the kind by clusterWide',
      );
    }
    if (Object.keys(labels).length > 0) own['labels'] = { ...metadata.labels, ...labels };
    for (const subject of Array.isArray(object['subjects'])
      ? (object['subjects'] as (Mutable | null)[])
      : []) {
      if (subject?.['kind'] !== 'ServiceAccount' || !namespace) continue;
      if ((subject['namespace'] ?? options.namespace) === options.namespace)
        subject['namespace'] = namespace.literalName;
    }
  }

  /** What must not be applied as it is. */
  private refuse({ kind, apiVersion, metadata, ...fields }: KubernetesObject, report: Report): void {
    if (apiVersion === 'v1' && OF_EVERY_NAMESPACE.has(`${kind} ${metadata.name ?? ''}`)) {
      report('metadata.name', 'Kubernetes makes one in every namespace; leave it out (YAML: by select)');
    }
    if (LEFT_OUT.hooks({ kind, apiVersion, metadata })) {
      report(
        'metadata.annotations',
        "is a hook, which Helm runs at its time and a deployment would keep. Leave it out (YAML: by leaveOut: ['hooks']), or remove the annotation (YAML: by edit)",
      );
    }
    if (kind === 'Secret' && apiVersion === 'v1' && ('data' in fields || 'stringData' in fields)) {
      report('data' in fields ? 'data' : 'stringData', SECRET_VALUES);
    }
    for (const resources of kind === 'Pod' && apiVersion === 'v1'
      ? partsAt(fields, 'spec.containers[].resources')
      : []) {
      for (const [field, amounts] of Object.entries(resources.spec)) {
        if (!isObject(amounts) || ('cpu' in amounts && 'memory' in amounts)) continue;
        report(
          `${resources.field}.${field}`,
          'a LimitRange completes it in a single Pod, which the provider would replace at every plan; write both cpu and memory',
        );
      }
    }
  }

  /** Holds the Pods of an object to the namespace. */
  private guard(object: KubernetesObject, accounts: ReadonlyMap<string, boolean>, report: Report): void {
    const { namespace, options } = this;
    const { known, unknown } = podSpecs(object, options.podSpecs ?? {});
    for (const field of unknown) {
      report(
        field,
        `has containers, and where a ${qualifiedKind(object)} has its Pods is not known; add it to podSpecs: { '${qualifiedKind(object)}': ['${field.replace(/\[\d+\]/g, '[]')}'] }`,
      );
    }
    if (namespace?.nodeGroups && !hasMutatingPolicies(this)) {
      const wanted = requiredAffinity(namespace.nodeGroups);
      for (const field of unplaced(object, namespace.nodeGroups)) {
        report(
          field,
          `Kubernetes ${appContext(this).kubernetes} adds no node affinity to the Pods that the operator makes, and the namespace refuses them without; set ${JSON.stringify(wanted)} (YAML: by edit)`,
        );
      }
    }
    if (namespace?.nodeGroups) labelNodes(object, namespace.nodeGroups, report);
    for (const pod of known) {
      const below = (field: string, message: string): void => {
        report(`${pod.field}.${field}`, message);
      };
      if (namespace?.nodeGroups) keepToNodeGroups(pod, namespace.nodeGroups, below);
      if (namespace?.podSecurity === 'restricted' && options.securityContext !== 'keep') fillRestricted(pod);
      const template = objectAt(object, pod.field.replace(/\.?spec$/, ''));
      if (pod.field.includes('.')) (template as Mutable)['metadata'] ??= {};
      const metadata = template['metadata'] as Mutable | undefined;
      if (options.labels && metadata) {
        metadata['labels'] = { ...(metadata['labels'] as object | undefined), ...options.labels };
      }
      if (!isBuiltIn(object.apiVersion)) continue;
      const account = textOf(pod.spec['serviceAccountName'] ?? pod.spec['serviceAccount']) || 'default';
      // The namespace's own default account mounts none.
      writePodDefaults(pod, account === 'default' ? false : accounts.get(account), below);
    }
    if (isBuiltIn(object.apiVersion)) writeDefaults(object);
  }

  /** The namespace by reference, so that Terraform creates it first. */
  private waitingForNamespace(attributes: JsonObject): JsonObject {
    const { namespace } = this;
    if (!namespace) return attributes;
    const metadata = (of: Json | undefined): JsonObject => {
      const { metadata = {}, ...rest } = isObject(of) ? of : {};
      const named = isObject(metadata) && 'namespace' in metadata;
      return {
        ...(named ? { metadata: { ...metadata, namespace: namespace.name } } : { metadata }),
        ...rest,
      };
    };
    return 'manifest' in attributes ? { manifest: metadata(attributes['manifest']) } : metadata(attributes);
  }

  /** Lets Terraform create what an object refers to before it, and delete it after. */
  private order(): void {
    const known = new Map(
      this.objects.map((each) => [referenceTo(each.object.kind, each.object.metadata.name), each]),
    );
    // A quota refuses Pods without requests, which the LimitRange gives them.
    const limits =
      this.namespace?.node.scope?.node.children.filter((each) => each instanceof LimitRange) ?? [];
    for (const { object, resource } of this.objects) {
      const hasPods = podSpecs(object, this.options.podSpecs ?? {}).known.length > 0;
      const first = [...new Set(referencesOf(object, ''))]
        .flatMap((reference) => known.get(reference) ?? [])
        .filter((other) => applyRank(other.object.kind) < applyRank(object.kind));
      const before = [...(hasPods ? limits : []), ...first];
      if (before.length > 0) resource.dependsOn = before.map((other) => dependable(other.resource));
    }
  }

  /** Objects of a definition that Terraform would have to create first, within one plan. */
  private undefinedKinds(): string[] {
    const all = TerraformStack.of(this)
      .node.findAll()
      .filter((each) => each instanceof ImportedObject);
    const groups = all
      .filter(({ object }) => object.kind === 'CustomResourceDefinition')
      .map(({ object }) => objectAt(object, 'spec')['group']);
    return this.objects
      .filter(({ object }) => groups.includes(groupOf(object.apiVersion)))
      .map(
        (each) =>
          `${each.writtenAt('')} ${objectTitle(each.object)}: its CustomResourceDefinition is in the same stack. Terraform plans an object only once its kind is in the cluster; put the definition into a stack that is deployed before: ${docsPage('guides/custom-resources.md')}`,
      );
  }
}

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (folders.length > 0) {
    throw new Error(
      `${folder} has the folders ${folders.sort().join(', ')}; read each by Manifests of its own`,
    );
  }
  const files = entries
    .map(({ name }) => name)
    .filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)));
  if (files.length === 0) throw new Error(`${folder} has no .yaml, .yml or .json file; name another folder`);
  return files.sort().map((name) => join(folder, name));
}
