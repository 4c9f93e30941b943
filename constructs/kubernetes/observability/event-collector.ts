import { Construct } from '../../terraform/construct';
import { ClusterRole } from '../access/cluster-role';
import { ClusterRoleBinding } from '../access/cluster-role-binding';
import { Deployment } from '../workloads/deployment';
import {
  addFluentBit,
  type Collection,
  type CollectorOptions,
  FLUENT_BIT_DATA,
  FLUENT_BIT_SCRAPE,
  groupedNamespaces,
} from './fluent-bit';
import { Cpu, Size } from '../pods/quantity';
import { ServiceAccount } from '../access/service-account';
import { Volume } from '../storage/volume';

/** Name of the collector's ServiceAccount, for its Pod Identity. */
export const EVENT_COLLECTOR_ACCOUNT = 'event-collector';

/** User and group without a name. Said here, because the image's own user is root. */
const NON_ROOT = 65532;

/**
 * Collects the Events of all namespaces, which the API server deletes after an hour, and sends them to CloudWatch. Each namespace
 * has a log group, with a log stream for each kind of object. An Event of an object without a namespace, such as a node, is in
 * namespace `default`.
 *
 * An Event that repeats is sent again once an hour, with its count.
 *
 * @see https://docs.fluentbit.io/manual/data-pipeline/inputs/kubernetes-events
 */
export class EventCollector extends Construct {
  readonly deployment: Deployment;

  constructor(scope: Construct, id: string, options: CollectorOptions) {
    super(scope, id);
    const account = new ServiceAccount(this, 'account', {
      name: EVENT_COLLECTOR_ACCOUNT,
      automountToken: true,
    });
    // Events of events.k8s.io are the same objects.
    const role = new ClusterRole(this, 'role', {
      rules: [{ apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] }],
    });
    new ClusterRoleBinding(this, 'binding', { role, subjects: [account] });

    this.deployment = new Deployment(this, 'agent', {
      name: 'event-collector',
      serviceAccount: account,
      // Two would send everything twice, also while one takes the place of the other. What happens in the gap is not lost:
      // the API server still has it.
      replicas: 1,
      strategy: 'Recreate',
      // A full cluster is when Events are asked for.
      priorityClassName: 'system-cluster-critical',
      scrape: FLUENT_BIT_SCRAPE,
    });
    const diskBuffer = Size.mebibytes(100);
    addFluentBit(this, this.deployment, {
      ...options,
      collection: events(options),
      // As long as the Pod, so that a container that is restarted repeats nothing. A Pod that comes elsewhere sends the last
      // hour again; a disk would spare that, and hold the collector in one zone, also when that zone is what fails.
      data: Volume.fromEmptyDir('data', { sizeLimit: Size.mebibytes(3 * diskBuffer.inMebibytes) }),
      diskBuffer,
      container: {
        user: NON_ROOT,
        group: NON_ROOT,
        resources: { cpu: Cpu.millis(20), memory: Size.mebibytes(128) },
      },
    });
  }
}

/** Every Event gets the tag of its namespace where that has a log group, otherwise it keeps the input's. */
function events(options: CollectorOptions): Collection {
  const namespace = "$metadata['namespace']";
  return {
    input: {
      name: 'kubernetes_events',
      tag: 'events',
      db: `${FLUENT_BIT_DATA}/events.db`,
      // As long as the API server of EKS keeps them: what is older was sent, or is gone.
      kube_retention_time: '1h',
      // A page of the list, so that a large cluster's is never in memory as a whole.
      kube_request_limit: 500,
      // Between two tries to reach the API server; Events come by a watch, without this delay.
      interval_sec: 5,
    },
    filter: {
      name: 'rewrite_tag',
      match: 'events',
      rule: `${namespace} ^${groupedNamespaces(options)}$ events.${namespace} false`,
      emitter_name: 'by-namespace',
      'emitter_storage.type': 'filesystem',
    },
    grouped: { match: 'events.*' },
    ungrouped: { match: 'events' },
    namespace,
    stream: "$involvedObject['kind']",
  };
}
