import { reference, type ClusterObject, type ClusterObjects } from './cluster-objects';
import type { Kubectl } from './teardown-kubectl';
import type { Leftover } from './leftovers';

/** Objects that are removed together, and why they come when they come. */
export interface RemovalStep {
  readonly title: string;
  readonly objects: readonly ClusterObject[];
}

/** Steps after which it is waited until their objects, and what AWS has made for them, are gone. */
export interface RemovalPhase {
  readonly steps: readonly RemovalStep[];
  /** Whether a kind of resource goes in this phase. */
  readonly awaits: (kind: Leftover['kind']) => boolean;
}

/**
 * What is removed from a cluster so that its controllers take away what they made in AWS. Nodes go last: the controllers that take
 * the rest away may run on them.
 */
export function removalPhases(objects: ClusterObjects): RemovalPhase[] {
  const claims = objects.disposableClaims;
  const isOfNodes = (kind: Leftover['kind']): boolean => kind === 'instance' || kind === 'launch template';
  return [
    {
      steps: [
        {
          title: 'Services, Ingresses and Gateways that have a load balancer',
          objects: [
            ...objects.loadBalancedServices,
            ...objects.ofKind('Ingress'),
            ...objects.ofKind('Gateway'),
          ],
        },
        // A claim in use goes only once its last Pod has gone.
        { title: 'what uses the claims whose volumes go with them', objects: objects.usersOf(claims) },
        { title: 'claims whose volumes go with them', objects: claims },
      ],
      awaits: (kind) => !isOfNodes(kind),
    },
    {
      steps: [
        { title: 'the NodePools of Karpenter', objects: objects.ofKind('NodePool') },
        { title: 'the NodeClaims of Karpenter', objects: objects.ofKind('NodeClaim') },
        { title: 'the EC2NodeClasses of Karpenter', objects: objects.ofKind('EC2NodeClass') },
      ],
      awaits: isOfNodes,
    },
  ];
}

/**
 * Asks for objects to go. It does not wait: their finalizers hold them until the controllers have done their part.
 *
 * @throws KubectlError
 */
export async function remove(kubectl: Kubectl, objects: readonly ClusterObject[]): Promise<void> {
  const groups = new Map<string, ClusterObject[]>();
  for (const object of objects) {
    const key = `${resourceOf(object)} ${object.metadata.namespace ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const { namespace } = first.metadata;
    await kubectl.run([
      ...['delete', resourceOf(first), ...group.map(({ metadata }) => metadata.name)],
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
      ...['--ignore-not-found', '--wait=false'],
    ]);
  }
}

/** Those of the objects that are still there. */
export function stillThere(removed: readonly ClusterObject[], now: ClusterObjects): string[] {
  const present = new Set(now.all.map(reference));
  return removed.map(reference).filter((name) => present.has(name));
}

/** A kind as kubectl takes it without a doubt: `StatefulSet.v1.apps`, and `Service` of the core group. */
function resourceOf({ apiVersion, kind }: Pick<ClusterObject, 'apiVersion' | 'kind'>): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined ? kind : `${kind}.${version}.${group ?? ''}`;
}
