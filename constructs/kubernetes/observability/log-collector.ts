import { Construct } from '../../terraform/construct';
import { ClusterRole } from '../access/cluster-role';
import { ClusterRoleBinding } from '../access/cluster-role-binding';
import { DaemonSet } from '../workloads/daemon-set';
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
export const LOG_COLLECTOR_ACCOUNT = 'log-collector';

/**
 * Collects the logs of all Pods on every node and sends them to CloudWatch, one log group a namespace and one log stream a
 * container. It tolerates every taint, so that no node is left out.
 *
 * Its namespace must be one of Pod Security `privileged`: it reads the nodes' log files, as root.
 */
export class LogCollector extends Construct {
  readonly daemonSet: DaemonSet;

  constructor(scope: Construct, id: string, options: CollectorOptions) {
    super(scope, id);
    const account = new ServiceAccount(this, 'account', {
      name: LOG_COLLECTOR_ACCOUNT,
      automountToken: true,
    });
    // Of a Pod whose name it has from the log file, it asks for the labels. The kubelet could tell them too, but to ask it
    // takes the right to `nodes/proxy`, with which commands can be run in every Pod.
    const role = new ClusterRole(this, 'role', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    });
    new ClusterRoleBinding(this, 'binding', { role, subjects: [account] });

    this.daemonSet = new DaemonSet(this, 'agent', {
      name: 'log-collector',
      serviceAccount: account,
      tolerations: [{ operator: 'Exists' }],
      priorityClassName: 'system-node-critical',
      scrape: FLUENT_BIT_SCRAPE,
    });
    addFluentBit(this, this.daemonSet, {
      ...options,
      collection: podLogs(options),
      data: Volume.fromHostPath('data', '/var/lib/log-collector', 'DirectoryOrCreate'),
      diskBuffer: Size.mebibytes(500),
      container: {
        // The kubelet's log files belong to root.
        root: true,
        resources: { cpu: Cpu.millis(50), memory: Size.mebibytes(128) },
      },
    }).mount('/var/log', Volume.fromHostPath('logs', '/var/log'), { readOnly: true });
  }
}

/**
 * A file is named `<pod>_<namespace>_<container>-<id>.log`. Its tag is made of that, so that where a record goes does not hang
 * on what the API server says of a Pod, which may be gone by then. The namespace is first, as only a Pod's name may have dots.
 */
function podLogs(options: CollectorOptions): Collection {
  const grouped = `${groupedNamespaces(options)}\\.`;
  return {
    parsers: [
      {
        name: 'tag',
        format: 'regex',
        regex:
          '^(?<namespace_name>[^.]+)\\.(?<pod_name>.+)\\.(?<container_name>[^.]+)\\.(?<docker_id>[^.]+)$',
      },
    ],
    input: {
      name: 'tail',
      path: '/var/log/containers/*.log',
      tag: 'kube.<namespace>.<pod>.<container>.<id>',
      tag_regex: '/(?<pod>[^_/]+)_(?<namespace>[^_]+)_(?<container>[^_]+)-(?<id>[^-_.]+)\\.log$',
      // The format of containerd, which every node image of EKS has: a time, a stream, and whether the line goes on.
      'multiline.parser': 'cri',
      db: `${FLUENT_BIT_DATA}/containers.db`,
      // What the Pods of a new node said before the collector was there.
      read_from_head: true,
      skip_long_lines: true,
    },
    filter: {
      name: 'kubernetes',
      match: 'kube.*',
      kube_tag_prefix: 'kube.',
      regex_parser: 'tag',
      // The fields of a line of JSON in place of the line.
      merge_log: true,
      keep_log: false,
      labels: true,
      annotations: false,
      // A Pod of a StatefulSet comes back under its name, with other labels.
      cache_use_docker_id: true,
      // No limit to the API server's answer, or a Pod with a long spec would have no labels.
      buffer_size: 0,
    },
    grouped: { match_regex: `^kube\\.${grouped}` },
    ungrouped: { match_regex: `^kube\\.(?!${grouped})` },
    namespace: '$TAG[1]',
    stream: '$TAG[2].$TAG[3]',
  };
}
