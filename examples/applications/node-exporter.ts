import type { Construct } from 'constructs';
import { Cpu, DaemonSet, Size, Volume } from 'kubernetes-on-aws/kubernetes';

/** Metrics of every node, from its own network and processes. Its namespace has Pod Security `privileged`. */
export function nodeExporter(scope: Construct): DaemonSet {
  const exporter = new DaemonSet(scope, 'node-exporter', {
    image: 'quay.io/prometheus/node-exporter:v1.9.1',
    version: '1.9.1',
    args: [
      '--web.listen-address=:9100',
      '--path.sysfs=/host/sys',
      '--path.rootfs=/host/root',
      '--path.udev.data=/host/root/run/udev/data',
      '--no-collector.wifi',
    ],
    ports: { metrics: 9100 },
    hostNetwork: true,
    hostPid: true,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    priorityClassName: 'system-node-critical',
    maxUnavailable: '10%',
    capabilities: ['SYS_TIME'],
    user: 65534,
    group: 65534,
    resources: { cpu: Cpu.millis(102), cpuLimit: Cpu.millis(250), memory: Size.mebibytes(180) },
    scrape: { port: 'metrics' },
  });
  const fromNode = { readOnly: true, mountPropagation: 'HostToContainer' } as const;
  exporter.container
    .mount('/host/sys', Volume.fromHostPath('sys', '/sys'), fromNode)
    .mount('/host/root', Volume.fromHostPath('root', '/'), fromNode);
  exporter.expose({ headless: true });
  return exporter;
}
