import { Construct } from 'constructs';
import { ClusterRole } from './cluster-role';
import { ClusterRoleBinding } from './cluster-role-binding';
import { ConfigMap } from './config-map';
import { DaemonSet } from './daemon-set';
import { EnvValue } from './env-value';
import { Probe } from './probe';
import { Cpu, Size } from './quantity';
import { ServiceAccount } from './service-account';
import { Volume } from './volume';

/** Name of the collector's ServiceAccount, for its Pod Identity. */
export const LOG_COLLECTOR_ACCOUNT = 'log-collector';

/** Port of Fluent Bit's own HTTP server: its health and its metrics. */
const HTTP_PORT = 2020;

export interface LogCollectorOptions {
  /** Region of CloudWatch, such as `eu-west-1`. */
  readonly region: string;
  /** Prefix of the log groups: the logs of namespace `dev` go to `<prefix>/dev`. */
  readonly logGroupPrefix: string;
  /**
   * Image of Fluent Bit.
   * @default public.ecr.aws/aws-observability/aws-for-fluent-bit:stable
   */
  readonly image?: string;
}

/**
 * Collects the logs of all Pods on every node and sends them to CloudWatch, one log group a namespace. It tolerates every
 * taint, so that no node is left out, and never makes a log group itself: those have a retention, which CloudWatch would
 * not give one of its own making.
 *
 * @see https://docs.fluentbit.io/manual/pipeline/outputs/cloudwatch
 */
export class LogCollector extends Construct {
  readonly daemonSet: DaemonSet;

  constructor(scope: Construct, id: string, options: LogCollectorOptions) {
    super(scope, id);
    const account = new ServiceAccount(this, 'account', {
      name: LOG_COLLECTOR_ACCOUNT,
      automountToken: true,
    });
    const role = new ClusterRole(this, 'role', {
      rules: [{ apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['get', 'list', 'watch'] }],
    });
    new ClusterRoleBinding(this, 'binding', { role, subjects: [account] });
    const configuration = new ConfigMap(this, 'config', { data: { 'fluent-bit.conf': fluentBit(options) } });

    this.daemonSet = new DaemonSet(this, 'agent', {
      name: 'log-collector',
      serviceAccount: account,
      tolerations: [{ operator: 'Exists' }],
      priorityClassName: 'system-node-critical',
    });
    this.daemonSet
      .addContainer('fluent-bit', {
        image: options.image ?? 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
        command: ['/fluent-bit/bin/fluent-bit', '-c', '/etc/log-collector/fluent-bit.conf'],
        ports: { http: HTTP_PORT },
        env: { NODE_NAME: EnvValue.fromField('spec.nodeName') },
        // The kubelet's log files belong to root.
        root: true,
        resources: { cpu: Cpu.millis(50), memory: Size.mebibytes(128) },
        liveness: Probe.fromHttpGet('/', HTTP_PORT),
        readiness: Probe.fromHttpGet('/api/v1/health', HTTP_PORT),
      })
      .mount('/etc/log-collector', Volume.fromConfigMap('config', configuration), { readOnly: true })
      .mount('/var/log', Volume.fromHostPath('logs', '/var/log'), { readOnly: true })
      .mount(
        '/var/lib/log-collector',
        Volume.fromHostPath('positions', '/var/lib/log-collector', 'DirectoryOrCreate'),
      );
  }
}

function fluentBit({ region, logGroupPrefix }: LogCollectorOptions): string {
  return `[SERVICE]
    Flush         5
    HTTP_Server   On
    HTTP_Port     ${HTTP_PORT}
    Health_Check  On
    storage.path  /var/lib/log-collector

[INPUT]
    Name              tail
    Tag               kube.*
    Path              /var/log/containers/*.log
    multiline.parser  docker, cri
    DB                /var/lib/log-collector/containers.db
    Mem_Buf_Limit     50MB
    Skip_Long_Lines   On

[FILTER]
    Name           kubernetes
    Match          kube.*
    Merge_Log      On
    Use_Kubelet    Off
    Labels         On
    Annotations    Off

[OUTPUT]
    Name                 cloudwatch_logs
    Match                kube.*
    region               ${region}
    log_group_name       ${logGroupPrefix}/default
    log_group_template   ${logGroupPrefix}/$kubernetes['namespace_name']
    log_stream_prefix    \${NODE_NAME}-
    log_stream_template  $kubernetes['pod_name'].$kubernetes['container_name']
    auto_create_group    Off
`;
}
