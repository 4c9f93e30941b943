import type { Construct } from 'constructs';
import {
  ClusterRole,
  ClusterRoleBinding,
  Cpu,
  DaemonSet,
  EnvValue,
  ServiceAccount,
  Size,
  Volume,
} from 'kubernetes-on-aws/kubernetes';

const labels = {
  'app.kubernetes.io/name': 'node-exporter',
  'app.kubernetes.io/component': 'exporter',
  'app.kubernetes.io/part-of': 'kube-prometheus',
};
const PORT = 9100;
const VERSION = '1.12.1';

/** Metrics of every node, from its own network and processes, for those whom the API server knows. Its namespace has Pod Security `privileged`. */
export function nodeExporter(scope: Construct): DaemonSet {
  // The proxy asks the API server who calls it, and what they may do.
  const account = new ServiceAccount(scope, 'account', {
    name: 'node-exporter',
    labels,
    automountToken: true,
  });
  const exporter = new DaemonSet(scope, 'node-exporter', {
    version: VERSION,
    labels: { ...labels, 'app.kubernetes.io/version': VERSION },
    selector: labels,
    annotations: { 'kubectl.kubernetes.io/default-container': 'node-exporter' },
    serviceAccount: account,
    hostNetwork: true,
    hostPid: true,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'system-cluster-critical',
    maxUnavailable: '10%',
  });
  const fromNode = { readOnly: true, mountPropagation: 'HostToContainer' } as const;
  exporter
    .addContainer('node-exporter', {
      image: `quay.io/prometheus/node-exporter:v${VERSION}`,
      args: [
        `--web.listen-address=127.0.0.1:${PORT + 1}`,
        '--path.sysfs=/host/sys',
        '--path.rootfs=/host/root',
        '--path.procfs=/host/root/proc',
        '--path.udev.data=/host/root/run/udev/data',
        '--no-collector.wifi',
        '--no-collector.hwmon',
        '--no-collector.btrfs',
        '--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run/containerd/.+|var/lib/kubelet/pods/.+)($|/)',
        '--collector.netclass.ignored-devices=^(veth.*|eni.*)$',
        '--collector.netdev.device-exclude=^(veth.*|eni.*)$',
      ],
      capabilities: ['SYS_TIME'],
      user: 65534,
      group: 65534,
      resources: { cpu: Cpu.millis(102), cpuLimit: Cpu.millis(250), memory: Size.mebibytes(180) },
    })
    .mount('/host/sys', Volume.fromHostPath('sys', '/sys'), fromNode)
    .mount('/host/root', Volume.fromHostPath('root', '/'), fromNode);
  exporter.addContainer('kube-rbac-proxy', {
    image: 'quay.io/brancz/kube-rbac-proxy:v0.22.1',
    args: [`--secure-listen-address=[$(IP)]:${PORT}`, `--upstream=http://127.0.0.1:${PORT + 1}/`],
    env: { IP: EnvValue.fromField('status.podIP') },
    ports: { https: PORT },
    resources: {
      cpu: Cpu.millis(10),
      cpuLimit: Cpu.millis(20),
      memory: Size.mebibytes(20),
      memoryLimit: Size.mebibytes(40),
    },
  });
  exporter.expose({ headless: true });
  const role = new ClusterRole(scope, 'reviewer', {
    labels,
    rules: [
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
      { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    ],
  });
  new ClusterRoleBinding(scope, 'reviewers', { labels, role, subjects: [account] });
  return exporter;
}
