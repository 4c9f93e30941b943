import { ACCELERATORS } from '@kubernetes-on-aws/eks-facts/accelerators';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';

/** On a Node whose image has the drivers: the devices that a plug-in will find, as `{"nvidia.com/gpu":"1"}`. */
export const DEVICES_ANNOTATION = 'sandbox.local/devices';

const PLUGINS = Object.values(ACCELERATORS).map(({ resource, plugin }) => ({
  resource,
  repository: repositoryOf(plugin.image),
}));

/** The last part of an image's name, which is the same in a mirror: `k8s-device-plugin`. */
function repositoryOf(image: string): string | undefined {
  return /([^/:@]+)(?::[^/@]+)?(?:@.+)?$/.exec(image)?.[1];
}

/** The resource that the Pod offers on its Node, when it is a device plug-in. */
function resourceOf({ spec }: KubernetesObject): string | undefined {
  const { containers = [] } = (spec ?? {}) as { containers?: { image: string }[] };
  const names = containers.map(({ image }) => repositoryOf(image));
  return PLUGINS.find(({ repository }) => names.includes(repository))?.resource;
}

/** Lets the Nodes on which a device plug-in runs offer their devices to Pods, as a kubelet does, and none once it is gone. */
export async function watchDevicePlugins(
  api: KubernetesApi,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<void> {
  const offered = new Map<string, boolean>();
  let before: Promise<unknown> = Promise.resolve();
  await api.observe(
    { apiVersion: 'v1', kind: 'Pod' },
    ({ type, object }) => {
      const resource = resourceOf(object);
      const { nodeName } = (object.spec ?? {}) as { nodeName?: string };
      if (resource === undefined || nodeName === undefined) return;
      const { phase } = (object.status ?? {}) as { phase?: string };
      const runs = type !== 'DELETED' && phase === 'Running';
      const key = `${nodeName} ${resource}`;
      if ((offered.get(key) ?? false) === runs) return;
      offered.set(key, runs);
      before = before
        .then(() => offer(api, nodeName, resource, runs))
        .catch((error: unknown) => {
          offered.delete(key);
          if (!signal.aborted) report(`cannot change the devices of ${nodeName}: ${String(error)}`);
        });
    },
    signal,
  );
}

async function offer(api: KubernetesApi, name: string, resource: string, runs: boolean): Promise<void> {
  const node = await api.get({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  const devices = JSON.parse(node?.metadata.annotations?.[DEVICES_ANNOTATION] ?? '{}') as Partial<
    Record<string, string>
  >;
  const count = devices[resource];
  if (!node || count === undefined) return;
  const amount = { [resource]: runs ? count : '0' };
  await api.patch(node, { status: { capacity: amount, allocatable: amount } }, 'status');
}
