import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { NamedObject, objectName } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import type { ConfigMap } from '../configuration/config-map';
import { Namespace } from '../namespaces/namespace';
import { Role } from './role';
import type { Secret } from '../configuration/secret';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** Whether a ServiceAccount mounts its token, and its image pull Secrets. */
export interface ServiceAccountOptions extends ObjectOptions {
  /** Whether its Pods get a token for the Kubernetes API. @default false */
  readonly automountToken?: boolean;
  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` with which its Pods' images are pulled. ECR needs none.
   * @default []
   */
  readonly imagePullSecrets?: readonly Secret[];
}

/**
 * The identity of a workload's Pods, with no token of the Kubernetes API unless asked for. Each workload has one of its own
 * as `workload.serviceAccount`, unless it is given another.
 */
export class ServiceAccount extends NamedObject<ServiceAccountV1> {
  readonly automountToken: boolean;
  readonly namespace: Namespace;
  /** Secrets with which its Pods' images are pulled: the API server enters them into each Pod. */
  readonly imagePullSecrets: readonly Secret[];
  private reader: Role | undefined;
  private callsAws = false;
  private readonly pods: [labels: Readonly<Record<string, string>>, open: () => void][] = [];

  /**
   * An account that exists already in the namespace, for workloads and for rights. It stays as it is.
   *
   * @param options what it has: its pull Secrets, and whether its Pods get a token
   */
  static fromName(
    scope: Construct,
    id: string,
    name: string,
    options: Pick<ServiceAccountOptions, 'automountToken' | 'imagePullSecrets'> = {},
  ): ServiceAccount {
    return new ServiceAccount(scope, id, { ...options, name }, true);
  }

  constructor(
    scope: Construct,
    id: string,
    options: ServiceAccountOptions = {},
    /** Whether it exists already; `fromName` says so. */
    exists = false,
  ) {
    super(scope, id, exists && { kind: 'ServiceAccount', name: options.name });
    const { name = objectName(this), imagePullSecrets = [] } = options;
    this.automountToken = options.automountToken ?? false;
    this.namespace = Namespace.of(this);
    this.imagePullSecrets = imagePullSecrets;
    if (exists) return;
    this.node.addValidation({
      validate: () => [
        ...(name === 'default'
          ? [
              'name: "default" is the account that Kubernetes makes in each namespace; choose another name, or call ServiceAccount.fromName()',
            ]
          : []),
        ...imagePullSecrets
          .filter(({ type }) => type !== 'kubernetes.io/dockerconfigjson')
          .map(
            ({ node, type }) =>
              `imagePullSecrets: ${node.path} has the type ${type}; kubernetes.io/dockerconfigjson is allowed`,
          ),
      ],
    });
    this.resource = new ServiceAccountV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name, namespace: this.namespace.name }),
      automountServiceAccountToken: this.automountToken,
      ...(imagePullSecrets.length > 0 && { imagePullSecret: imagePullSecrets.map(({ name }) => ({ name })) }),
      lifecycle: OUTLIVES_USE,
    });
  }

  /** Is told by an IAM role that is made for the account: its Pods reach AWS, from a namespace that denies egress too. */
  onAwsRole(): void {
    this.callsAws = true;
    for (const pods of this.pods.splice(0)) this.namespace.onceEgressIsDenied(...pods);
  }

  /** Adds Pods of the account, which reach AWS by `open` once the account has an IAM role. */
  addPods(labels: Readonly<Record<string, string>>, open: () => void): void {
    this.pods.push([labels, open]);
    if (this.callsAws) this.onAwsRole();
  }

  /**
   * Lets the account read these ConfigMaps and Secrets, and no others, by a Role and a RoleBinding of its own. What asks the
   * API for them needs `automountToken`; what mounts them, or has them in its environment, needs none of this.
   */
  grantRead(...objects: readonly (ConfigMap | Secret)[]): this {
    const foreign = objects.filter(({ namespace }) => namespace !== this.namespace);
    this.node.addValidation({
      validate: () =>
        foreign.map(
          ({ node, namespace }) =>
            `cannot be granted ${node.path}, which is in ${namespace.node.path}; ` +
            'make a Role there and bind it to the account',
        ),
    });
    // Several constructs may name an account that exists already: each has a Role by its own path.
    const name = this.exists ? {} : { name: `${this.literalName}-reader` };
    this.reader ??= new Role(this, 'reader', name).bindTo(this);
    this.reader.allowReadOf(...objects);
    return this;
  }
}
