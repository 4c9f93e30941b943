import type { Kubectl } from './teardown-kubectl';

/** An object as `kubectl get --output json` prints it, as far as it is read here. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Objects by which AWS was made to make something, and those that use them. */
const KINDS = [
  'services',
  'ingresses.networking.k8s.io',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'replicasets.apps',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
];

/** Kinds of extensions, which not every cluster has: of the Gateway API, and of Karpenter. */
const EXTENSIONS = [
  'gateways.gateway.networking.k8s.io',
  'nodepools.karpenter.sh',
  'nodeclaims.karpenter.sh',
  'ec2nodeclasses.karpenter.k8s.aws',
];

/** What matters of a cluster when it is taken down. */
export class ClusterObjects {
  /** A cluster that is no longer there. */
  static readonly NONE = new ClusterObjects([]);

  /** Asks the cluster. @throws KubectlError */
  static async read(kubectl: Kubectl): Promise<ClusterObjects> {
    const found = await kubectl.run([
      ...['get', 'customresourcedefinitions', ...EXTENSIONS],
      ...['--ignore-not-found', '--output', 'name'],
    ]);
    const extensions = found
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^.*\//, ''));
    const text = await kubectl.run([
      ...['get', [...KINDS, ...extensions].join(',')],
      ...['--all-namespaces', '--output', 'json'],
    ]);
    return new ClusterObjects((JSON.parse(text) as { items: ClusterObject[] }).items);
  }

  private readonly byReference: ReadonlyMap<string, ClusterObject>;

  constructor(readonly all: readonly ClusterObject[]) {
    this.byReference = new Map(all.map((object) => [reference(object), object]));
  }

  ofKind(kind: string): ClusterObject[] {
    return this.all.filter((object) => object.kind === kind);
  }

  find(kind: string, name: string, namespace?: string): ClusterObject | undefined {
    return this.byReference.get(reference({ kind, metadata: { name, ...(namespace && { namespace }) } }));
  }

  /** The Services for which a load balancer is made. */
  get loadBalancedServices(): ClusterObject[] {
    return this.ofKind('Service').filter(({ spec }) => spec?.['type'] === 'LoadBalancer');
  }

  /** The PersistentVolume of a disk. */
  volumeOf(handle: string): ClusterObject | undefined {
    return this.ofKind('PersistentVolume').find(({ spec }) => volumeHandle(spec) === handle);
  }

  /** The PersistentVolume that a claim is bound to. */
  boundTo(claim: ClusterObject): ClusterObject | undefined {
    const name = claim.spec?.['volumeName'];
    return typeof name === 'string' ? this.find('PersistentVolume', name) : undefined;
  }

  /** The claims whose volumes go with them. */
  get disposableClaims(): ClusterObject[] {
    return this.ofKind('PersistentVolumeClaim').filter((claim) => isDisposable(this.boundTo(claim)));
  }

  /** What makes the Pods that use one of the claims, or such a Pod itself where nothing makes it. */
  usersOf(claims: readonly ClusterObject[]): ClusterObject[] {
    const named = new Set(claims.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`));
    const users = this.ofKind('Pod')
      .filter((pod) => claimsOf(pod).some((claim) => named.has(`${pod.metadata.namespace ?? ''}/${claim}`)))
      .map((pod) => this.topOf(pod));
    return [...new Map(users.map((user) => [reference(user), user])).values()];
  }

  /** Who would make the object again: the controller of its controller, and so on. */
  private topOf(object: ClusterObject): ClusterObject {
    const { namespace, ownerReferences = [] } = object.metadata;
    const owner = ownerReferences.find(({ controller }) => controller === true);
    if (owner === undefined) return object;
    const found = this.find(owner.kind, owner.name, namespace);
    const { apiVersion, kind, name } = owner;
    // Of a kind that was not asked for, such as an operator's: nothing is known of what is above it.
    return found
      ? this.topOf(found)
      : { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  }
}

/** `Service dev/web` */
export function reference({
  kind,
  metadata: { name, namespace },
}: Pick<ClusterObject, 'kind' | 'metadata'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Whether the disk goes with the claim. */
export function isDisposable(volume: ClusterObject | undefined): boolean {
  return volume?.spec?.['persistentVolumeReclaimPolicy'] === 'Delete';
}

function volumeHandle(spec: ClusterObject['spec']): string | undefined {
  const { csi, awsElasticBlockStore: old } = (spec ?? {}) as {
    csi?: { volumeHandle?: string };
    awsElasticBlockStore?: { volumeID?: string };
  };
  // Written by the in-tree driver as aws://eu-west-1a/vol-0123.
  return csi?.volumeHandle ?? old?.volumeID?.replace(/^.*\//, '');
}

function claimsOf(pod: ClusterObject): string[] {
  const volumes = (pod.spec?.['volumes'] ?? []) as {
    name: string;
    persistentVolumeClaim?: { claimName: string };
    ephemeral?: object;
  }[];
  return volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) =>
    persistentVolumeClaim
      ? [persistentVolumeClaim.claimName]
      : ephemeral
        ? [`${pod.metadata.name}-${name}`]
        : [],
  );
}
