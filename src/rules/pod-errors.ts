import { isObject } from '../manifests/field';
import { STAND_IN } from '../manifests/scalar';
import { errorOf, type ObjectError } from './rollout-errors';
import { listAt, numberAt, shown, type WorkloadPods } from './workload-pods';

const HOST = String.raw`[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*|\[[0-9A-Fa-f:]+\]`;
const COMPONENT = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;

/** An image, as the container runtime reads it. Source: github.com/distribution/reference, "Grammar". */
const IMAGE = new RegExp(
  String.raw`^(?:(?:${HOST})(?::\d+)?/)?${COMPONENT}(?:/${COMPONENT})*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][\w+.-]*:[0-9A-Fa-f]{32,})?$`,
);

/** The containers whose requests and limits a variable or a volume reads. */
function resourceContainers(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === 'resourceFieldRef' && isObject(inner) && typeof inner['containerName'] === 'string'
      ? [inner['containerName']]
      : resourceContainers(inner),
  );
}

/** What the API server takes in a Pod, and the node does not, or takes for something else. */
export function podErrors(workloads: readonly WorkloadPods[]): ObjectError[] {
  return workloads.flatMap(({ placed, pod }) => {
    const containers = ['initContainers', 'containers'].flatMap((list) => listAt(pod, list));
    const images = containers
      .filter(({ image }) => typeof image === 'string' && image !== '' && !image.includes(STAND_IN))
      .filter(({ image }) => !IMAGE.test(image as string))
      .map(
        ({ name, image }) =>
          `container "${shown(name)}": image: got ${JSON.stringify(image)}, which no node can pull; write [host[:port]/]path[:tag][@digest] without spaces and with the path in lower case`,
      );
    const names = containers.map(({ name }) => shown(name));
    const strangers = [...new Set(resourceContainers(pod))]
      .filter((name) => !names.includes(name) && !name.includes(STAND_IN))
      .map(
        (name) =>
          `resourceFieldRef: no container "${name}" is in the Pod; its containers: ${names.join(', ')}`,
      );
    const grace = numberAt(pod, 'terminationGracePeriodSeconds') ?? 0;
    const wrongGrace =
      grace < 0
        ? [`terminationGracePeriodSeconds: got ${grace}, which Kubernetes takes for 1; write 0 or more`]
        : [];
    return [...images, ...strangers, ...wrongGrace].map((message) => errorOf(placed, message));
  });
}
