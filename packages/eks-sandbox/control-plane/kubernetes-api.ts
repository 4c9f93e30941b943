import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** Any Kubernetes object, as it travels. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    ownerReferences?: { kind: string; name: string }[];
  };
  [field: string]: unknown;
}

/** Which objects: a resource, in all namespaces unless one is named. */
export interface ObjectQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** One object by its name. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A refusal by kube-apiserver. */
export class KubernetesApiError extends Error {
  constructor(
    readonly status: number,
    /** `NotFound`, `Conflict`, `AlreadyExists`, … */
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = 'KubernetesApiError';
  }
}

/** A change that a watch reports. */
export interface ObjectEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
}

/** What the sandbox asks of a cluster's API: a seam, so that the emulator is tested without a control plane. */
export interface KubernetesApi {
  get(reference: ObjectReference): Promise<KubernetesObject | undefined>;
  list(query: ObjectQuery): Promise<KubernetesObject[]>;
  create(object: KubernetesObject): Promise<KubernetesObject>;
  /** Server-side apply; without `force` another manager's fields are a `Conflict`. */
  apply(object: KubernetesObject, manager: string, force: boolean): Promise<KubernetesObject>;
  /** JSON merge patch. */
  patch(reference: ObjectReference, change: unknown, subresource?: 'status'): Promise<KubernetesObject>;
  /** Does nothing when the object is gone. */
  delete(reference: ObjectReference, graceSeconds?: number): Promise<void>;
  /** Asks for a Pod to go; refused with status 429 while a PodDisruptionBudget forbids it. */
  evict(name: string, namespace: string): Promise<void>;
  /** Reports what there is, then each change, until `signal`; lists again when the connection breaks. */
  observe(query: ObjectQuery, onEvent: (event: ObjectEvent) => void, signal: AbortSignal): Promise<void>;
}

/** The kinds that the sandbox touches, by whether they live in a namespace. */
const NAMESPACED =
  `ConfigMap DaemonSet Deployment Event Ingress Lease PersistentVolumeClaim Pod PodDisruptionBudget Role
  RoleBinding Secret Service ServiceAccount`.split(/\s+/);
const CLUSTER_WIDE =
  `APIService ClusterRole ClusterRoleBinding CSIDriver CSINode Namespace Node PersistentVolume StorageClass
  TokenReview`.split(/\s+/);

function collectionPath(apiVersion: string, kind: string, namespace: string | undefined): string {
  const isNamespaced = NAMESPACED.includes(kind);
  if (!isNamespaced && !CLUSTER_WIDE.includes(kind))
    throw new Error(`${kind} is not in the sandbox's table of Kubernetes resources`);
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = isNamespaced && namespace ? `/namespaces/${namespace}` : '';
  return `${group}${scope}/${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`;
}

function objectPath({ apiVersion, kind, metadata }: ObjectReference): string {
  return `${collectionPath(apiVersion, kind, metadata.namespace)}/${encodeURIComponent(metadata.name)}`;
}

function queryPath(query: ObjectQuery, more: Readonly<Record<string, string>> = {}): string {
  const parameters = new URLSearchParams(more);
  if (query.labelSelector) parameters.set('labelSelector', query.labelSelector);
  if (query.fieldSelector) parameters.set('fieldSelector', query.fieldSelector);
  return `${collectionPath(query.apiVersion, query.kind, query.namespace)}?${parameters.toString()}`;
}

/** Where a kube-apiserver listens and how to sign in to it by certificate; all PEM. */
export interface KubernetesApiOptions {
  readonly port: number;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** How long to wait before a broken watch is opened again, in milliseconds. */
const WATCH_RETRY_MS = 100;

/** Talks to a kube-apiserver of this machine, over connections that are kept open. */
export class KubernetesApiClient implements KubernetesApi {
  private readonly agent: Agent;
  private isClosed = false;

  constructor(private readonly options: KubernetesApiOptions) {
    const { ca, cert, key } = options;
    this.agent = new Agent({ keepAlive: true, ca, cert, key, maxSockets: 16 });
  }

  /** Ends what is under way; every later request fails. */
  close(): void {
    this.isClosed = true;
    this.agent.destroy();
  }

  /** Whether kube-apiserver says that it is ready to serve. */
  async isReady(): Promise<boolean> {
    try {
      await this.send('GET', '/readyz');
      return true;
    } catch {
      // Not yet listening, or not yet ready: both are the answer.
      return false;
    }
  }

  get(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return unlessGone(this.send('GET', objectPath(reference)));
  }

  async list(query: ObjectQuery): Promise<KubernetesObject[]> {
    return (await this.listWithVersion(query)).items;
  }

  create(object: KubernetesObject): Promise<KubernetesObject> {
    return this.send(
      'POST',
      collectionPath(object.apiVersion, object.kind, object.metadata.namespace),
      object,
    );
  }

  apply(object: KubernetesObject, manager: string, force: boolean): Promise<KubernetesObject> {
    const path = `${objectPath(object)}?fieldManager=${manager}&force=${String(force)}`;
    return this.send('PATCH', path, object, 'application/apply-patch+yaml');
  }

  patch(reference: ObjectReference, change: unknown, subresource?: 'status'): Promise<KubernetesObject> {
    const path = objectPath(reference) + (subresource ? `/${subresource}` : '');
    return this.send('PATCH', path, change, 'application/merge-patch+json');
  }

  async delete(reference: ObjectReference, graceSeconds?: number): Promise<void> {
    const options = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' };
    const body = graceSeconds === undefined ? options : { ...options, gracePeriodSeconds: graceSeconds };
    await unlessGone(this.send('DELETE', objectPath(reference), body));
  }

  async evict(name: string, namespace: string): Promise<void> {
    const path = `${collectionPath('v1', 'Pod', namespace)}/${name}/eviction`;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await unlessGone(this.send('POST', path, eviction));
  }

  async observe(
    query: ObjectQuery,
    onEvent: (event: ObjectEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const known = new Map<string, KubernetesObject>();
    const report = (event: ObjectEvent): void => {
      const key = pathOf(event.object);
      if (event.type === 'DELETED') known.delete(key);
      else known.set(key, event.object);
      onEvent(event);
    };
    while (!signal.aborted) {
      try {
        const { items, version } = await this.listWithVersion(query);
        const present = new Set(items.map(pathOf));
        for (const [key, object] of known) if (!present.has(key)) report({ type: 'DELETED', object });
        for (const object of items) report({ type: 'ADDED', object });
        await this.follow(query, version, report, signal);
      } catch (error) {
        // The API server restarts during an upgrade and closes long watches: look again until told to stop.
        if (isOurFault(error)) throw error;
        await sleep(WATCH_RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async listWithVersion(query: ObjectQuery): Promise<{ items: KubernetesObject[]; version: string }> {
    const list = await this.send<{ items: KubernetesObject[]; metadata: { resourceVersion: string } }>(
      'GET',
      queryPath(query),
    );
    // Items of a list leave these two out.
    const items = list.items.map((item) => ({ ...item, apiVersion: query.apiVersion, kind: query.kind }));
    return { items, version: list.metadata.resourceVersion };
  }

  private follow(
    query: ObjectQuery,
    version: string,
    report: (event: ObjectEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const path = queryPath(query, { watch: 'true', resourceVersion: version });
    return new Promise((resolve, reject) => {
      // Watches stay open for minutes: they must not take the places of the short requests.
      const { ca, cert, key } = this.options;
      const agent = new Agent({ ca, cert, key });
      const outgoing = request(this.target('GET', path, { signal, agent }), (response) => {
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          try {
            for (const line of lines) {
              const event = JSON.parse(line) as ObjectEvent | { type: 'ERROR' };
              // The version is too old to go on from: list again.
              if (event.type === 'ERROR') response.destroy();
              else report(event);
            }
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
        response.on('close', resolve);
        response.on('error', reject);
      });
      outgoing.on('error', (error) => {
        if (signal.aborted) resolve();
        else reject(error);
      });
      outgoing.end();
    });
  }

  private target(method: string, path: string, more: object): object {
    return { host: '127.0.0.1', port: this.options.port, method, path, agent: this.agent, ...more };
  }

  private send<T = KubernetesObject>(
    method: string,
    path: string,
    body?: unknown,
    type?: string,
  ): Promise<T> {
    // The port may be that of the same cluster, restored from a snapshot.
    if (this.isClosed) return Promise.reject(new Error(`${method} ${path}: the cluster has ended`));
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string | number> = { accept: 'application/json' };
    if (payload !== undefined) {
      headers['content-type'] = type ?? 'application/json';
      headers['content-length'] = Buffer.byteLength(payload);
    }
    return new Promise<T>((resolve, reject) => {
      const outgoing = request(this.target(method, path, { headers }), (response) => {
        text(response).then((body) => {
          const isJson = response.headers['content-type']?.startsWith('application/json') === true;
          const answer = (isJson ? JSON.parse(body) : { message: body }) as {
            reason?: string;
            message?: string;
          };
          const status = response.statusCode ?? 0;
          if (status < 300) resolve(answer as T);
          else reject(new KubernetesApiError(status, answer.reason ?? 'Unknown', answer.message ?? body));
        }, reject);
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }
}

const pathOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** The answer, or undefined when the object is not there. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Whether an error comes from the sandbox's own code rather than from the connection. */
function isOurFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError;
}

/**
 * Waits, by watching, until `isEnough` holds for the objects of the query.
 * @returns whether it came to hold within `limit` milliseconds
 */
export async function waitForObjects(
  api: KubernetesApi,
  query: ObjectQuery,
  isEnough: (objects: readonly KubernetesObject[]) => boolean,
  limit: number,
): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, limit);
  const objects = new Map<string, KubernetesObject>();
  let reached = isEnough(await api.list(query));
  if (!reached) {
    await api.observe(
      query,
      ({ type, object }) => {
        const key = pathOf(object);
        if (type === 'DELETED') objects.delete(key);
        else objects.set(key, object);
        if (isEnough([...objects.values()])) {
          reached = true;
          stop.abort();
        }
      },
      stop.signal,
    );
  }
  clearTimeout(timer);
  return reached;
}
