import { blocksOf, textOf } from '../../manifests/attributes';
import type { JsonObject } from '../../manifests/terraform-document';
import type { ResourceJson } from '../plan/plan-json';

/** A workload that was scaled to 0 by hand. Its autoscaler leaves it there, and so does Terraform, which leaves the number to the autoscaler. */
export interface StoppedWorkload {
  readonly address: string;
  /** The command that starts it again. */
  readonly command: string;
}

/** By Terraform type, the kind that an autoscaler scales. */
const SCALED: Readonly<Record<string, string>> = {
  kubernetes_deployment_v1: 'Deployment',
  kubernetes_stateful_set_v1: 'StatefulSet',
};

/**
 * The autoscaled workloads of a stack that have no Pods, as they are in the cluster.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
 */
export function stoppedWorkloads(resources: readonly ResourceJson[]): StoppedWorkload[] {
  const autoscalers = resources
    .filter(({ type }) => type === 'kubernetes_horizontal_pod_autoscaler_v2')
    .map(({ values }) => ({ place: placeOf(values), spec: specOf(values) }));
  return resources.flatMap(({ address, type, values }) => {
    const kind = SCALED[type];
    if (kind === undefined || Number(specOf(values)['replicas'] ?? 1) !== 0) return [];
    const { namespace, name } = placeOf(values);
    const autoscaler = autoscalers.find((each) => {
      const [target = {}] = blocksOf(each.spec['scale_target_ref']);
      return each.place.namespace === namespace && target['kind'] === kind && target['name'] === name;
    });
    const fewest = Number(autoscaler?.spec['min_replicas'] ?? 0);
    if (fewest === 0) return [];
    const command = `kubectl scale ${kind.toLowerCase()} ${name} --namespace ${namespace} --replicas ${fewest}`;
    return [{ address, command }];
  });
}

function specOf({ spec }: JsonObject): JsonObject {
  return blocksOf(spec)[0] ?? {};
}

function placeOf({ metadata }: JsonObject): { readonly namespace: string; readonly name: string } {
  const [{ namespace, name } = {}] = blocksOf(metadata);
  return { namespace: textOf(namespace), name: textOf(name) };
}
