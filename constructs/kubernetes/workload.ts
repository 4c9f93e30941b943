import { Construct } from 'constructs';
import type { Container, ContainerOptions } from './container';
import { Namespace } from './namespace';
import { objectName } from './names';
import { PodTemplate, type PodTemplateOptions } from './pod-template';

export interface WorkloadOptions extends PodTemplateOptions {
  /**
   * Name of the object.
   * @default - from the path of the construct
   */
  readonly name?: string;
  /**
   * Version of what runs, as the label `app.kubernetes.io/version`.
   * @default - no such label
   */
  readonly version?: string;
}

/** What every workload controller has: a name, labels, a selector that never changes, and a Pod template. */
export abstract class Workload extends Construct {
  readonly namespace: Namespace;
  readonly name: string;
  /** The labels by which the workload finds its Pods; they can't be changed once it exists. */
  readonly selector: Readonly<Record<string, string>>;
  /** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
  readonly labels: Readonly<Record<string, string>>;
  readonly template: PodTemplate;

  protected constructor(scope: Construct, id: string, options: WorkloadOptions) {
    super(scope, id);
    this.namespace = Namespace.of(this);
    this.name = options.name ?? objectName(this);
    this.selector = { 'app.kubernetes.io/name': this.name };
    this.labels = {
      ...this.selector,
      'app.kubernetes.io/managed-by': 'terraform',
      ...(options.version !== undefined && { 'app.kubernetes.io/version': options.version }),
    };
    this.template = new PodTemplate(options);
    this.node.addValidation({ validate: () => this.template.validate() });
  }

  /** Adds a container, such as a sidecar. */
  addContainer(name: string, options: ContainerOptions): Container {
    return this.template.addContainer(name, options);
  }
}
