import { objectTitle } from '../../manifests/object-title';
import type { Kubectl } from '../kubectl';

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
  ...['services', 'ingresses.networking.k8s.io', 'persistentvolumeclaims', 'persistentvolumes', 'pods'],
  ...['replicasets', 'deployments', 'statefulsets', 'daemonsets'].map((kind) => `${kind}.apps`),
  ...['jobs.batch', 'cronjobs.batch'],
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
    const definitions = await kubectl(
      ...['get', 'customresourcedefinitions', ...EXTENSIONS, '--ignore-not-found', '--output', 'name'],
    );
    const extensions = EXTENSIONS.filter((name) =>
      definitions.split('\n').some((line) => line.endsWith(`/${name}`)),
    );
    const kinds = [...KINDS, ...extensions].join(',');
    const text = await kubectl('get', kinds, '--all-namespaces', '--output', 'json');
    return new ClusterObjects((JSON.parse(text) as { items: ClusterObject[] }).items);
  }

  private readonly byReference: ReadonlyMap<string, ClusterObject>;

  constructor(all: readonly ClusterObject[]) {
    this.byReference = new Map(all.map((object) => [objectTitle(object), object]));
  }

  /** @param name `Service dev/web` */
  has(name: string): boolean {
    return this.byReference.has(name);
  }

  ofKind(...kinds: readonly string[]): ClusterObject[] {
    return [...this.byReference.values()].filter(({ kind }) => kinds.includes(kind));
  }

  /** The objects for which a load balancer is made. */
  get loadBalanced(): ClusterObject[] {
    const services = this.ofKind('Service').filter(({ spec }) => spec?.['type'] === 'LoadBalancer');
    return [...services, ...this.ofKind('Ingress', 'Gateway')];
  }

  /** The PersistentVolume of a disk. */
  volumeOf(handle: string): ClusterObject | undefined {
    return this.ofKind('PersistentVolume').find(({ spec }) => volumeHandle(spec) === handle);
  }

  /** The claims whose volumes go with them. */
  get disposableClaims(): ClusterObject[] {
    return this.ofKind('PersistentVolumeClaim').filter(({ spec }) =>
      isDisposable(this.byReference.get(`PersistentVolume ${String(spec?.['volumeName'])}`)),
    );
  }

  /** What makes the Pods that use one of the claims, or such a Pod itself where nothing makes it. */
  usersOf(claims: readonly ClusterObject[]): ClusterObject[] {
    const named = new Set(claims.map(objectTitle));
    const users = this.ofKind('Pod')
      .filter((pod) => claimsOf(pod).some((claim) => named.has(claim)))
      .map((pod) => this.topOf(pod));
    return [...new Map(users.map((user) => [objectTitle(user), user])).values()];
  }

  /** What would make the object again: the controller of its controller, and so on. */
  private topOf(object: ClusterObject): ClusterObject {
    const { namespace, ownerReferences = [] } = object.metadata;
    const owner = ownerReferences.find(({ controller }) => controller === true);
    if (owner === undefined) return object;
    const { apiVersion, kind, name } = owner;
    const above = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
    const found = this.byReference.get(objectTitle(above));
    // Of a kind that was not asked for, such as an operator's: nothing is known of what is above it.
    return found ? this.topOf(found) : above;
  }
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

/** The claims that a Pod uses, by reference. */
function claimsOf({ metadata: { name: pod, namespace = '' }, spec }: ClusterObject): string[] {
  const volumes = (spec?.['volumes'] ?? []) as {
    name: string;
    persistentVolumeClaim?: { claimName: string };
    ephemeral?: object;
  }[];
  return volumes
    .flatMap(({ name, persistentVolumeClaim, ephemeral }) =>
      persistentVolumeClaim ? persistentVolumeClaim.claimName : ephemeral ? `${pod}-${name}` : [],
    )
    .map((claim) => `PersistentVolumeClaim ${namespace}/${claim}`);
}
