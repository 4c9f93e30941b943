import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagedProcess, Processes } from '../sandbox-processes';

/** The annotation by which KWOK knows the Nodes that it plays the kubelet of. */
export const KWOK_NODE_ANNOTATION = 'kwok.x-k8s.io/node';
/** Set on a Node once a network plug-in runs on it; before that its kubelet reports NotReady. */
export const NETWORK_READY_ANNOTATION = 'sandbox.local/network-ready';

/** The kubelet renews a Node's Lease each ten seconds; the node controller waits for forty. */
const LEASE_SECONDS = 40;

const NOW = '{{ Now | Quote }}';

function nodeConditions(ready: 'True' | 'False', reason: string, message: string): string {
  const condition = (type: string, status: string, why: string, text: string): string =>
    `- type: ${type}
  status: "${status}"
  reason: ${why}
  message: "${text}"
  lastHeartbeatTime: ${NOW}
  lastTransitionTime: ${NOW}`;
  return `conditions:
${condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available')}
${condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure')}
${condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available')}
${condition('Ready', ready, reason, message)}
`;
}

const READY_STATUS = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const READY_REASON = '.status.conditions.[] | select( .type == "Ready" ) | .reason';

interface Match {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

function stage(name: string, kind: 'Node' | 'Pod', matchExpressions: readonly Match[], next: object): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
  };
}

/** Status of a Pod whose containers run. KWOK itself keeps the addresses of Pods apart. */
const POD_RUNNING = `{{ $now := Now }}
conditions:
{{ range $type := (list "Initialized" "Ready" "ContainersReady" "PodReadyToStartContainers") }}
- type: {{ $type }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state:
    running:
      startedAt: {{ $now | Quote }}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
  {{ else }}
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
  {{ end }}
{{ end }}
{{ with NodeIPsWith .spec.nodeName }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
phase: Running
startTime: {{ $now | Quote }}
`;

const POD_COMPLETED = `{{ $now := Now }}
{{ $root := . }}
containerStatuses:
{{ range $index, $item := .spec.containers }}
- name: {{ $item.name | Quote }}
  image: {{ $item.image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
phase: Succeeded
`;

/** How the simulated kubelets behave: KWOK's own stages, with a Node that waits for its network plug-in. */
function stages(): object[] {
  const alive: Match = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
  const network = `.metadata.annotations["${NETWORK_READY_ANNOTATION}"]`;
  const notReady = 'container runtime network not ready: cni plugin not initialized';
  return [
    stage(
      'node-without-network',
      'Node',
      [
        { key: network, operator: 'DoesNotExist' },
        { key: READY_REASON, operator: 'NotIn', values: ['KubeletNotReady'] },
      ],
      { statusTemplate: nodeConditions('False', 'KubeletNotReady', notReady) },
    ),
    stage(
      'node-ready',
      'Node',
      [
        { key: network, operator: 'Exists' },
        { key: READY_STATUS, operator: 'NotIn', values: ['True'] },
      ],
      { statusTemplate: nodeConditions('True', 'KubeletReady', 'kubelet is posting ready status') },
    ),
    stage(
      'pod-ready',
      'Pod',
      [
        alive,
        { key: '.status.phase', operator: 'In', values: ['Pending'] },
        { key: READY_STATUS, operator: 'NotIn', values: ['True'] },
      ],
      { statusTemplate: POD_RUNNING },
    ),
    stage(
      'pod-complete',
      'Pod',
      [
        alive,
        { key: '.status.phase', operator: 'In', values: ['Running'] },
        { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
      ],
      { statusTemplate: POD_COMPLETED },
    ),
    stage('pod-delete', 'Pod', [{ key: '.metadata.deletionTimestamp', operator: 'Exists' }], {
      delete: true,
    }),
  ];
}

/** Starts the program that plays the kubelets of a cluster's Nodes. */
export function startKwok(
  processes: Processes,
  options: {
    readonly cluster: string;
    /** Absolute path of the program. */
    readonly kwok: string;
    /** Absolute path of the cluster's folder. */
    readonly directory: string;
    /** Absolute path of a kubeconfig with all rights. */
    readonly kubeconfig: string;
    /** IPv4 range of which Pods get their addresses: a subnet of the nodes. */
    readonly podCidr: string;
  },
): Promise<ManagedProcess> {
  const config = join(options.directory, 'kwok.yaml');
  writeFileSync(
    config,
    stages()
      .map((document) => JSON.stringify(document))
      .join('\n---\n'),
    { mode: 0o600 },
  );
  return processes.start({
    name: `kwok-${options.cluster}`,
    command: options.kwok,
    args: [
      `--config=${config}`,
      `--kubeconfig=${options.kubeconfig}`,
      `--manage-nodes-with-annotation-selector=${KWOK_NODE_ANNOTATION}=fake`,
      `--node-lease-duration-seconds=${LEASE_SECONDS}`,
      `--cidr=${options.podCidr}`,
    ],
    // The user's own configuration of KWOK is none of ours.
    env: { KWOK_WORKDIR: join(options.directory, 'kwok') },
  });
}
