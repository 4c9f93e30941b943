import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadBalancerRequest, LoadBalancers } from '../aws-emulator/emulated-load-balancers';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';
import { Turns } from './coalesced-work';

/** Where the controller runs, by the role that its ServiceAccount gets. */
const CONTROLLER = { namespace: 'kube-system', serviceAccount: 'aws-load-balancer-controller' } as const;
/** How long the controller waits until it looks again, in milliseconds. */
const RETRY_MS = 1000;
const NLB = 'service.beta.kubernetes.io/aws-load-balancer';
const ALB = 'alb.ingress.kubernetes.io';

/** How the controller serves a kind of object. */
interface Served {
  readonly query: { readonly apiVersion: string; readonly kind: 'Service' | 'Ingress' };
  readonly finalizer: string;
  /** Prefix of its tags. */
  readonly tags: string;
  readonly type: LoadBalancerRequest['type'];
  readonly schemeAnnotation: string;
  /** Whether an object is to have a load balancer. */
  isWanted(object: KubernetesObject): boolean;
  /** What it leads to: name and port of each target. */
  targets(object: KubernetesObject): { readonly resource: string; readonly port: number }[];
}

const NLB_CLASS = 'service.k8s.aws/nlb';

const SERVICES: Served = {
  query: { apiVersion: 'v1', kind: 'Service' },
  finalizer: 'service.k8s.aws/resources',
  tags: 'service.k8s.aws',
  type: 'network',
  schemeAnnotation: `${NLB}-scheme`,
  isWanted: ({ spec, metadata }) => {
    const { type, loadBalancerClass } = spec as { type?: string; loadBalancerClass?: string };
    const isExternal = metadata.annotations?.[`${NLB}-type`] === 'external';
    return type === 'LoadBalancer' && (loadBalancerClass ?? (isExternal && NLB_CLASS)) === NLB_CLASS;
  },
  targets: ({ metadata, spec }) =>
    ((spec as { ports?: { port: number }[] }).ports ?? []).map(({ port }) => ({
      resource: `${pathOf(metadata)}:${port}`,
      port,
    })),
};

const INGRESSES: Served = {
  query: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  finalizer: 'ingress.k8s.aws/resources',
  tags: 'ingress.k8s.aws',
  type: 'application',
  schemeAnnotation: `${ALB}/scheme`,
  isWanted: ({ spec, metadata }) =>
    (spec as { ingressClassName?: string }).ingressClassName === 'alb' &&
    metadata.annotations?.[`${ALB}/group.name`] === undefined,
  targets: ({ metadata, spec }) => {
    const { rules = [], defaultBackend } = spec as {
      rules?: { http?: { paths: { backend: Backend }[] } }[];
      defaultBackend?: Backend;
    };
    const backends = rules.flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend));
    const services = [...backends, defaultBackend].flatMap((backend) => backend?.service ?? []);
    const resources = services.map(({ name, port }) => ({
      resource: `${pathOf(metadata)}-${name}:${port.name ?? String(port.number ?? 80)}`,
      port: port.number ?? 80,
    }));
    return [...new Map(resources.map((target) => [target.resource, target])).values()];
  },
};

interface Backend {
  readonly service?: {
    readonly name: string;
    readonly port: { readonly name?: string; readonly number?: number };
  };
}

/** What the stand-in knows of its cluster. */
export interface LoadBalancerController {
  readonly api: KubernetesApi;
  readonly loadBalancers: LoadBalancers;
  readonly cluster: string;
  readonly vpcId: string;
  /** Whether the Pods of a ServiceAccount have an IAM role. */
  readonly hasRole: (namespace: string, serviceAccount: string) => boolean;
  readonly report: (message: string) => void;
}

/**
 * Stands in for the AWS Load Balancer Controller, while the role of its Pods exists. It creates a Network Load Balancer for each
 * Service of its class and an Application Load Balancer for each Ingress of the class `alb`. It writes the hostname into the status,
 * and deletes both before the object goes. No traffic passes, and Ingresses that share a load balancer get none.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/how-it-works/
 */
export async function watchLoadBalancers(
  controller: LoadBalancerController,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([SERVICES, INGRESSES].map((served) => watchKind(controller, served, signal)));
}

async function watchKind(
  controller: LoadBalancerController,
  served: Served,
  signal: AbortSignal,
): Promise<void> {
  const { api, report, cluster } = controller;
  const present = new Map<string, KubernetesObject>();
  const turns = new Turns();
  const tell = (message: string): void => {
    if (!signal.aborted) report(message);
  };
  const attend = async (key: string): Promise<void> => {
    for (let told = ''; !signal.aborted;) {
      const object = present.get(key);
      if (!object) return;
      try {
        if (await reconcile(controller, served, object)) return;
      } catch (error) {
        const message = `load balancer of ${served.query.kind} ${key} in ${cluster}: ${String(error)}`;
        if (message !== told) tell(message);
        told = message;
      }
      await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  await api.observe(
    served.query,
    ({ type, object }) => {
      const key = pathOf(object.metadata);
      if (type === 'DELETED') {
        present.delete(key);
        return;
      }
      present.set(key, object);
      turns.take(key, () => attend(key));
    },
    signal,
  );
}

/** @returns false when it is too early and nothing will tell when it no longer is */
async function reconcile(
  { api, loadBalancers, cluster, vpcId, hasRole }: LoadBalancerController,
  served: Served,
  object: KubernetesObject,
): Promise<boolean> {
  const { metadata } = object;
  const finalizers = metadata.finalizers ?? [];
  const isHeld = finalizers.includes(served.finalizer);
  const isWanted = served.isWanted(object) && !metadata.deletionTimestamp;
  if (!isWanted && !isHeld) return true;
  if (!hasRole(CONTROLLER.namespace, CONTROLLER.serviceAccount)) return false;

  const reference = { ...served.query, metadata };
  const setFinalizers = (changed: string[]): Promise<KubernetesObject> =>
    api.patch(reference, {
      metadata: {
        finalizers: changed,
        ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }),
      },
    });
  const { name, targetPrefix } = namesOf(cluster, metadata);
  if (!isWanted) {
    await loadBalancers.remove(name, vpcId, targetPrefix);
    await setFinalizers(finalizers.filter((finalizer) => finalizer !== served.finalizer));
    return true;
  }
  if (!isHeld) {
    // The change is reported, and the load balancer made then: never one that nothing would take away.
    await setFinalizers([...finalizers, served.finalizer]);
    return true;
  }
  const hostname = await loadBalancers.ensure({
    name,
    type: served.type,
    scheme:
      metadata.annotations?.[served.schemeAnnotation] === 'internet-facing' ? 'internet-facing' : 'internal',
    vpcId,
    tags: tagsOf(served, cluster, metadata, 'LoadBalancer'),
    securityGroupTags: tagsOf(served, cluster, metadata, 'ManagedLBSecurityGroup'),
    targets: served.targets(object).map(({ resource, port }) => ({
      name: `${targetPrefix}${hash(resource, 8)}`,
      port,
      tags: tagsOf(served, cluster, metadata, resource),
    })),
  });
  const { loadBalancer } = (object.status ?? {}) as { loadBalancer?: { ingress?: { hostname?: string }[] } };
  if (loadBalancer?.ingress?.[0]?.hostname !== hostname) {
    await api.patch(reference, { status: { loadBalancer: { ingress: [{ hostname }] } } }, 'status');
  }
  return true;
}

/** `k8s-dev-web-0123456789`, and what the names of its target groups begin with: at most 32 characters all. */
function namesOf(
  cluster: string,
  metadata: KubernetesObject['metadata'],
): { readonly name: string; readonly targetPrefix: string } {
  const short = (text = ''): string => text.replace(/[^a-z0-9]/gi, '').slice(0, 8);
  const own = hash(`${cluster} ${metadata.uid ?? pathOf(metadata)}`, 10);
  const namespace = short(metadata.namespace);
  return {
    name: `k8s-${namespace}-${short(metadata.name)}-${own}`,
    targetPrefix: `k8s-${namespace}-${own}-`,
  };
}

function tagsOf(
  served: Served,
  cluster: string,
  metadata: KubernetesObject['metadata'],
  resource: string,
): Record<string, string> {
  return {
    'elbv2.k8s.aws/cluster': cluster,
    [`${served.tags}/stack`]: pathOf(metadata),
    [`${served.tags}/resource`]: resource,
  };
}

/** `namespace/name` */
function pathOf({ namespace = 'default', name }: KubernetesObject['metadata']): string {
  return `${namespace}/${name}`;
}

function hash(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
