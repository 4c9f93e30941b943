import { DefaultServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/default-service-account-v1';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { NamedObject } from '../internal/names';
import type { IConstruct } from 'constructs';
import { type Labels, metadata, type MetadataOptions, reservedErrors } from '../internal/metadata';

/** The Pod Security Standards. */
export type PodSecurity = 'restricted' | 'baseline' | 'privileged';

/** A version of the Pod Security Standards, such as `v1.33`, or `latest`. */
export type PodSecurityVersion = 'latest' | `v1.${number}`;

/** A namespace: its node groups and its Pod Security Standard. */
export interface NamespaceOptions extends MetadataOptions {
  /** Name of the namespace. */
  readonly name: string;
  /** The node groups that its Pods run on. @default - every node */
  readonly nodeGroups?: readonly string[];
  /** @default restricted */
  readonly podSecurity?: PodSecurity;
  /**
   * The version of Kubernetes whose standard is meant, such as `v1.35`. A fixed one lets a cluster be upgraded without a Pod
   * being refused that was taken before.
   * @default latest
   */
  readonly podSecurityVersion?: PodSecurityVersion;
}

/** What holds in a namespace that exists already. */
export type ExistingNamespaceOptions = Pick<NamespaceOptions, 'nodeGroups' | 'podSecurity'>;

/**
 * A namespace: its node groups and its Pod Security Standard, which hold for every workload in it. The default ServiceAccount
 * mounts no token.
 *
 * Workloads find their namespace by their place in the tree: it is the one beside them, or beside one of their parents.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class Namespace extends NamedObject<NamespaceV1> {
  /** The first Namespace that was made in each scope: what is in the scope belongs to it. */
  private static readonly ofScopes = new WeakMap<IConstruct, Namespace>();

  /** The namespace that a construct belongs to. @throws Error when there is none */
  static of(construct: IConstruct): Namespace {
    const namespace = Namespace.around(construct);
    if (namespace) return namespace;
    throw new Error(
      `${construct.node.path} is in no namespace; make a Namespace beside it, or beside one of its parents, first`,
    );
  }

  /** The namespace that a construct belongs to, if there is one. */
  static around(construct: IConstruct): Namespace | undefined {
    for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
      const namespace = Namespace.ofScopes.get(scope);
      if (namespace) return namespace;
    }
    return undefined;
  }

  /**
   * A namespace that exists already, such as `kube-system`, for what is added to it. It stays as it is.
   *
   * @param options what holds in it: its node groups, and its Pod Security Standard
   */
  static fromName(
    scope: Construct,
    id: string,
    name: string,
    options: ExistingNamespaceOptions = {},
  ): Namespace {
    return new Namespace(scope, id, { ...options, name }, true);
  }

  /** The node groups that its Pods run on; undefined is every node. */
  readonly nodeGroups: readonly string[] | undefined;
  readonly podSecurity: PodSecurity;
  /** Its workloads, each with what decides how a change of a ConfigMap or Secret reaches its Pods. */
  readonly workloads: {
    /** Whether Pods of an earlier revision may start again after a rollout. */
    readonly keepsOldPods: boolean;
    readonly template: { readonly configuration: ReadonlySet<unknown> };
  }[] = [];
  /** Labels of Pods that may send only what NetworkPolicies allow. */
  private readonly denied: Labels[] = [];
  private readonly openings = new Set<{ readonly labels: Labels; readonly open: () => void }>();

  constructor(
    scope: Construct,
    id: string,
    options: NamespaceOptions,
    /** Whether it exists already; `fromName` says so. */
    exists = false,
  ) {
    super(scope, id, exists && { kind: 'Namespace', name: options.name });
    if (!Namespace.ofScopes.has(scope)) Namespace.ofScopes.set(scope, this);
    this.nodeGroups = options.nodeGroups;
    this.podSecurity = options.podSecurity ?? 'restricted';
    const version = options.podSecurityVersion ?? 'latest';
    this.node.addValidation({
      validate: () => [
        ...(exists ? [] : nameErrors(options)),
        ...reservedErrors(
          options,
          /^pod-security\.kubernetes\.io\//,
          'podSecurity and podSecurityVersion set',
        ),
      ],
    });
    if (exists) return;
    this.resource = new NamespaceV1(this, MAIN_CHILD, {
      metadata: metadata(options, {
        name: options.name,
        labels: {
          ...Object.fromEntries(
            ['enforce', 'audit', 'warn'].flatMap((mode) => [
              [`pod-security.kubernetes.io/${mode}`, this.podSecurity],
              [`pod-security.kubernetes.io/${mode}-version`, version],
            ]),
          ),
        },
      }),
      timeouts: { delete: '15m' },
    });
    new DefaultServiceAccountV1(this, 'default', {
      metadata: { namespace: this.name },
      automountServiceAccountToken: false,
    });
  }

  /** Is told by a NetworkPolicy that Pods with these labels, `{}` for all, may send only what policies allow. */
  denyEgress(selector: Labels): void {
    this.denied.push(selector);
    this.openDenied();
  }

  /** Opens what Pods need as soon as a policy keeps them from sending. Without one, opening it would close all the rest. */
  onceEgressIsDenied(labels: Labels, open: () => void): void {
    this.openings.add({ labels, open });
    this.openDenied();
  }

  private openDenied(): void {
    for (const opening of this.openings) {
      const selects = (selector: Labels): boolean =>
        Object.entries(selector).every(([key, value]) => opening.labels[key] === value);
      if (!this.denied.some(selects)) continue;
      // Before it opens, since that denies the rest.
      this.openings.delete(opening);
      opening.open();
    }
  }
}

function nameErrors({ name }: NamespaceOptions): string[] {
  return name === 'default' || name.startsWith('kube-')
    ? [
        `name: "${name}" belongs to Kubernetes, which has made it already; choose another, or call Namespace.fromName()`,
      ]
    : [];
}
