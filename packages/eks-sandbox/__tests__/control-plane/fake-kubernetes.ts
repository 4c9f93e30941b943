import { isDeepStrictEqual } from 'node:util';
import type {
  KubernetesApi,
  KubernetesObject,
  ObjectEvent,
  ObjectQuery,
  ObjectReference,
} from '../../control-plane/kubernetes-api';

function keyOf({ kind, metadata }: ObjectReference): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function merge(target: Record<string, unknown>, change: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(change)) {
    const old = target[key];
    const isObject = (item: unknown): item is Record<string, unknown> =>
      typeof item === 'object' && item !== null && !Array.isArray(item);
    if (value === null) Reflect.deleteProperty(target, key);
    else if (isObject(old) && isObject(value)) merge(old, value);
    else target[key] = value;
  }
}

/**
 * A cluster in memory: it keeps objects, lets Nodes be ready while the VPC CNI is there, and Deployments have their
 * Pods while there is a Node.
 */
export class FakeKubernetes implements KubernetesApi {
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly watchers = new Set<() => void>();

  all(kind: string): KubernetesObject[] {
    return [...this.objects.values()]
      .filter((object) => object.kind === kind)
      .map((object) => this.live(object));
  }

  get(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    const object = this.objects.get(keyOf(reference));
    return Promise.resolve(object && this.live(object));
  }

  list(query: ObjectQuery): Promise<KubernetesObject[]> {
    const [label = '', value = ''] = query.labelSelector?.split('=') ?? [];
    return Promise.resolve(
      this.all(query.kind).filter(({ metadata }) => label === '' || metadata.labels?.[label] === value),
    );
  }

  create(object: KubernetesObject): Promise<KubernetesObject> {
    this.objects.set(keyOf(object), structuredClone(object));
    this.changed();
    return Promise.resolve(object);
  }

  apply(object: KubernetesObject): Promise<KubernetesObject> {
    return this.create(object);
  }

  patch(reference: ObjectReference, change: unknown): Promise<KubernetesObject> {
    const object = this.objects.get(keyOf(reference));
    if (!object) return Promise.reject(new Error(`no ${keyOf(reference)}`));
    merge(object, change as Record<string, unknown>);
    this.changed();
    return Promise.resolve(object);
  }

  delete(reference: ObjectReference): Promise<void> {
    this.objects.delete(keyOf(reference));
    this.changed();
    return Promise.resolve();
  }

  evict(name: string, namespace: string): Promise<void> {
    return this.delete({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } });
  }

  observe(query: ObjectQuery, onEvent: (event: ObjectEvent) => void, signal: AbortSignal): Promise<void> {
    const reported = new Map<string, KubernetesObject>();
    return new Promise((resolve) => {
      const look = (): void => {
        void this.list(query).then((objects) => {
          for (const object of objects) {
            if (isDeepStrictEqual(reported.get(keyOf(object)), object)) continue;
            reported.set(keyOf(object), object);
            onEvent({ type: 'MODIFIED', object });
          }
          for (const [key, object] of reported) {
            if (this.objects.has(key)) continue;
            reported.delete(key);
            onEvent({ type: 'DELETED', object });
          }
        });
      };
      this.watchers.add(look);
      signal.addEventListener('abort', () => {
        this.watchers.delete(look);
        resolve();
      });
      look();
    });
  }

  private changed(): void {
    for (const look of this.watchers) look();
  }

  private live(object: KubernetesObject): KubernetesObject {
    const has = (kind: string, name = ''): boolean =>
      [...this.objects.keys()].some((key) => key.startsWith(`${kind}/`) && key.endsWith(name));
    if (object.kind === 'Node') {
      const status = has('DaemonSet', '/aws-node') ? 'True' : 'False';
      const conditions = [{ type: 'Ready', status }];
      return structuredClone({ ...object, status: { ...(object.status as object), conditions } });
    }
    if (object.kind === 'Deployment') {
      const { replicas } = object.spec as { replicas: number };
      return structuredClone({ ...object, status: { availableReplicas: has('Node') ? replicas : 0 } });
    }
    return structuredClone(object);
  }
}
