import type { DeploymentV1SpecTemplate } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { objectAt, workloadPods } from '../../../src/rules/workload-pods';
import { TerraformResource, Token } from 'cdktf';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { ServiceAccount } from '../access/service-account';
import { Connections } from '../network/connections';
import type { Container, ContainerOptions, InitContainerOptions } from '../pods/container';
import { Ingress } from '../network/ingress';
import { atSynthesis } from '../../terraform/at-synthesis';
import { asManifest } from '../provider/as-manifest';
import { type Change, patch } from '../provider/patch';
import { unknownAttributes } from '../provider/unknown-arguments';
import { Namespace } from '../namespaces/namespace';
import { returnedErrors } from '../internal/data-errors';
import { calledTwice, objectName } from '../internal/names';
import { Placement, placementErrors, type PlacementOptions } from '../pods/placement';
import { PodAffinity } from '../pods/pod-affinity';
import { type Frame, PodTemplate, type PodTemplateOptions } from '../pods/pod-template';
import { Service, type ServiceOptions } from '../network/service';
import { applicationLabels, type Labels, MANAGED, type Metadata, metadata } from '../internal/metadata';

export interface WorkloadOptions extends PodTemplateOptions {
  /** Name of the object. @default - from the path of the construct */
  readonly name?: string;
  /**
   * Labels by which the workload, its Services, its disruption budget, its spread and its NetworkPolicies find the Pods. A workload that
   * exists keeps the selector that it has: another one would destroy it and create it again.
   * @default - `app.kubernetes.io/name` with the name of the object
   */
  readonly selector?: Labels;
  /** Version of what runs, as the label `app.kubernetes.io/version`. @default - no such label */
  readonly version?: string;
  /**
   * `manifest` writes the object as a `kubernetes_manifest`, which has every field of the API. `addSidecar()` then makes native sidecars,
   * and `patch()` sets what the provider has no argument for. Terraform then needs the API server to plan. An object that exists is kept by a
   * move of its address: `npm run addresses -- --write` proposes it.
   * @default - the resource of the provider for its kind
   */
  readonly via?: 'manifest';
  /** Where within the namespace's node groups the Pods run. @default - all of them */
  readonly placement?: PlacementOptions;
}

/** How the Pods of a workload are reached. */
export type ExposeOptions = ServiceOptions & {
  /**
   * Hostname, such as `orders.example.com`, that an internal load balancer answers for, without TLS. What else an Ingress can
   * be told is said to one of its own, by `service.route()`.
   * @default - no Ingress
   */
  readonly host?: string;
};

/** The workloads of a namespace. */
const beside = new WeakMap<Namespace, Workload[]>();

/**
 * What every workload has: a name, labels, a selector that never changes, and a Pod template.
 *
 * @typeParam Spec the provider's type of its `spec`
 * @typeParam ApiObject the type of its object in the Kubernetes API
 */
export abstract class Workload<
  Spec extends object = object,
  ApiObject extends object = object,
> extends Construct {
  readonly namespace: Namespace;
  readonly name: string;
  /** The labels by which the workload finds its Pods; they can't be changed once it exists. */
  readonly selector: Labels;
  /** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
  readonly labels: Labels;
  readonly template: PodTemplate;
  readonly placement: Placement;
  /** The identity of the Pods. */
  readonly serviceAccount: ServiceAccount;
  /** Who may connect to the Pods, and to whom they may connect. */
  readonly connections: Connections;
  private readonly affinity = new PodAffinity(this);
  private readonly annotations: Labels;
  private readonly changes: ((spec: never) => unknown)[] = [];
  protected readonly viaManifest: boolean;
  /** Its Terraform type, or the one that it would have. */
  private type = '';
  /** The spec as it was last made. */
  protected finished: Spec | undefined;
  /** What `customize` returned and is no spec. */
  private wrongChanges: string[] = [];

  protected constructor(scope: Construct, id: string, options: WorkloadOptions) {
    super(scope, id);
    this.namespace = Namespace.of(this);
    this.name = options.name ?? objectName(this);
    const { labels = {}, annotations = {}, version } = options;
    this.selector = options.selector ?? { 'app.kubernetes.io/name': this.name };
    this.labels = {
      'app.kubernetes.io/name': this.name,
      ...MANAGED,
      ...applicationLabels(this),
      ...(version !== undefined && { 'app.kubernetes.io/version': version }),
      ...labels,
      ...this.selector,
    };
    this.annotations = annotations;
    this.viaManifest = options.via === 'manifest';
    this.serviceAccount =
      options.serviceAccount ?? new ServiceAccount(this, 'account', { name: this.name, labels });
    this.template = new PodTemplate(options, id);
    this.namespace.workloads.push(this);
    this.connections = new Connections(this);
    this.serviceAccount.addPods(this.labels, () => this.connections.allowToAws());
    this.placement = new Placement(this, this.namespace, options.placement);
    const others = beside.get(this.namespace) ?? [];
    beside.set(this.namespace, others);
    const before = others.length;
    others.push(this);
    this.node.addValidation({
      validate: () => [
        ...this.selectorErrors(options, others.slice(0, before)),
        ...this.template.validate(this.namespace, this.takesNativeSidecars),
        ...this.strayClaims(),
        ...this.placement.validate(),
        ...this.affinity.validate(),
        ...this.lostChanges(),
        ...(Token.isUnresolved(options.name)
          ? ['name: got a reference, whose value only Terraform knows; write the name as text']
          : []),
      ],
    });
  }

  /** The container that the option `image` makes. @throws Error without that option */
  get container(): Container {
    const { main } = this.template;
    if (main) return main;
    throw new Error(
      `${this.node.path} has no image of its own; set image, or use what addContainer() returns`,
    );
  }

  /** Whether Pods of an earlier revision may start again after a rollout, with the ConfigMaps and Secrets that they name. */
  get keepsOldPods(): boolean {
    return true;
  }

  /** Adds a container. */
  addContainer(name: string, options: ContainerOptions): Container {
    return this.template.addContainer(name, options);
  }

  /** Adds a container that runs to its end before the others start; several run in the order in which they are added. */
  addInitContainer(name: string, options: InitContainerOptions): Container {
    return this.template.addInitContainer(name, options);
  }

  /**
   * Adds a container that serves the others, after them in the list. It starts and stops together with them. With `via: 'manifest'`, and
   * in a ReplicaSet, it is a native sidecar: it starts before the containers and later init containers, and stops after the containers.
   *
   * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
   */
  addSidecar(name: string, options: ContainerOptions): Container {
    return this.takesNativeSidecars
      ? this.template.addNativeSidecar(name, options)
      : this.template.addSidecar(name, options);
  }

  /**
   * Makes a Service of the same name for the Pods. With a `host` it also makes an Ingress, which leads from all paths of that
   * host to the first port of the Service. The Pods' `connections` have to let the load balancer's subnets in.
   *
   * @param options left out: the ports of the containers, or with a `host` port 80 to the first of them
   */
  expose({ host, ...options }: ExposeOptions = {}): Service {
    const { template } = this;
    const before = this.node.tryFindChild('service');
    if (before instanceof Service)
      return calledTwice(this, 'expose()', 'make another Service with new Service()', before);
    const props = { name: this.name, ...options, workload: this };
    if (host === undefined) return new Service(this, 'service', props);
    const service = new Service(this, 'service', {
      ...props,
      // Read at synthesis, when all containers are there.
      get ports() {
        return options.ports ?? Object.fromEntries(template.ports.slice(0, 1).map(({ name }) => [name, 80]));
      },
    });
    const path = template.healthPath;
    new Ingress(this, 'ingress', {
      name: this.name,
      ...(path !== undefined && { healthCheck: { path } }),
    }).route(host, '/', service);
    return service;
  }

  /** Runs the Pods only on machines where a Pod of the other workload runs. */
  colocateWith(other: Workload): this {
    this.affinity.colocateWith(other);
    return this;
  }

  /** Never runs a Pod on a machine where a Pod of the other workload, which may be this one, runs. */
  separateFrom(other: Workload): this {
    this.affinity.separateFrom(other);
    return this;
  }

  /**
   * Changes the spec that the provider gets, for what has no option here.
   *
   * @param change gives the new spec for the finished one; it may run more than once
   */
  customize(change: (spec: Spec) => Spec): this {
    this.changes.push(change);
    return this;
  }

  /**
   * Changes the object in the form of the Kubernetes API, after `customize`, for what has no option. What the provider cannot send is an
   * error that names the field.
   *
   * @param change changes the object, or gives another one; it may run more than once
   */
  patch(change: Change<ApiObject>): this {
    const resource = this.node.findChild(MAIN_CHILD);
    if (TerraformResource.isTerraformResource(resource)) patch(resource, change);
    return this;
  }

  /** What its object has lost on the way, by `customize`, an override or an aspect. */
  brokenPromises(object: KubernetesObject): string[] {
    const [pods] = workloadPods([{ stack: '', address: '', object }]);
    const errors = pods ? placementErrors(this.placement.nodeGroups, pods.pod) : [];
    const selector = objectAt(object, 'spec.selector');
    if (
      'selector' in objectAt(object, 'spec') &&
      !isDeepStrictEqual({ matchLabels: {}, ...selector }, { matchLabels: this.selector })
    ) {
      errors.push(
        `spec.selector: got ${JSON.stringify(selector)}; it cannot change while the object exists. Services, budgets and policies find the Pods by ${JSON.stringify(this.selector)}; leave it, and set name for another`,
      );
    }
    return errors;
  }

  /** The spec with all that `customize` was told. */
  protected customized(spec: Spec): Spec {
    this.finished = spec;
    this.wrongChanges = [];
    for (const change of this.changes) {
      const changed = (change as (spec: Spec) => Spec)(this.finished);
      this.wrongChanges.push(...returnedErrors(changed, 'return the spec'));
      // What is no data would stop the synthesis before it can be reported.
      if (this.wrongChanges.length > 0) return spec;
      this.finished = changed;
    }
    return this.finished;
  }

  /** The Pod template as the provider takes it. */
  protected podTemplate(
    frame: Pick<Frame, 'several' | 'restartPolicy' | 'gracePeriodSeconds' | 'fullLimits' | 'runsOnce'>,
  ): DeploymentV1SpecTemplate {
    const nodeAffinity = this.placement.toTerraform();
    return this.template.toTerraform({
      ...frame,
      user: this,
      namespace: this.namespace,
      serviceAccount: this.serviceAccount,
      labels: this.labels,
      selector: this.selector,
      affinity: { ...(nodeAffinity && { nodeAffinity }), ...this.affinity.toTerraform() },
    });
  }

  /** Completes its resource at synthesis, and writes it as `via` says. */
  protected complete(resource: TerraformResource, complete: () => void): void {
    atSynthesis(resource, complete);
    this.type = resource.terraformResourceType;
    if (!this.viaManifest) return;
    const validate = asManifest(resource, {
      complete: (object) => this.template.withNativeSidecars(object),
      computed: () => this.changedByOthers,
    });
    this.node.addValidation({ validate });
  }

  /** Fields of the manifest that the cluster changes once the object exists. */
  protected get changedByOthers(): readonly string[] {
    return [];
  }

  /** The name, for what scales it: a reference, so that the object is created first. */
  protected nameOf(resource: { readonly metadata: { readonly name: string } }): string {
    return this.viaManifest ? this.name : resource.metadata.name;
  }

  /** The metadata of its object. */
  protected objectMetadata(name = this.name): Metadata {
    const { labels, annotations, namespace } = this;
    return metadata({ annotations }, { name, namespace: namespace.name, labels });
  }

  /** @param others workloads of the namespace that were made before */
  private selectorErrors({ labels = {} }: WorkloadOptions, others: readonly Workload[]): string[] {
    const { selector, name, namespace } = this;
    if (Object.values(selector).some((value) => Token.isUnresolved(value))) {
      return ['selector: got a reference, whose value only Terraform knows; write the labels as text'];
    }
    const finds = (one: Workload, other: Workload): boolean => {
      const wanted = Object.entries(one.selector);
      return wanted.length > 0 && wanted.every(([key, value]) => other.labels[key] === value);
    };
    const counts = "Each would count the other's Pods as its own. Give one of them another";
    const other = others.find((each) => each.name === name || finds(each, this) || finds(this, each));
    const [finder, found] = other && finds(other, this) ? [other, this] : [this, other];
    return [
      ...Object.keys(labels)
        .filter((key) => key in selector && labels[key] !== selector[key])
        .map((key) => `labels: got another "${key}" than the selector; remove it, or set it in selector`),
      ...(other?.name === name
        ? [
            `has the name "${name}" of ${other.node.path} in namespace ${namespace.literalName}. ${counts} name`,
          ]
        : found
          ? [
              `the selector ${JSON.stringify(finder.selector)} of ${finder.node.path} finds the Pods of ${found.node.path} too. ${counts} selector`,
            ]
          : []),
    ];
  }

  /** Whether there is a word for them in what its Pod template becomes. */
  protected get takesNativeSidecars(): boolean {
    return this.viaManifest;
  }

  /** What `customize` said and the provider has no argument for. */
  private lostChanges(): string[] {
    const resource = this.node.findChild(MAIN_CHILD);
    if (this.changes.length === 0 || !TerraformResource.isTerraformResource(resource)) return [];
    resource.toTerraform();
    return [...this.wrongChanges, ...unknownAttributes(this.type, { spec: this.finished })].map(
      (error) => `customize() ${error}`,
    );
  }

  private strayClaims(): string[] {
    return [...this.template.claims]
      .filter((claim) => claim.owner !== this)
      .map(
        (claim) =>
          `mounts the claim "${claim.name}" of ${claim.owner.node.path}; only that StatefulSet's Pods have it, so make one by its own addClaim()`,
      );
  }
}
