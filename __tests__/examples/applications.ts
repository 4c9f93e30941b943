import type { Construct } from 'constructs';
import { cassandra } from '../../examples/applications/cassandra';
import { elasticsearch } from '../../examples/applications/elasticsearch';
import { indexedJob } from '../../examples/applications/indexed-job';
import { nodeExporter } from '../../examples/applications/node-exporter';
import { onlineBoutique } from '../../examples/applications/online-boutique';
import { vllm } from '../../examples/applications/vllm';
import { wordpress } from '../../examples/applications/wordpress';
import type { PodSecurity } from '../../constructs/kubernetes';

/** Each application, and how many objects of each kind it is beside those of its namespace and of its rights; and its Pod Security, where it is another than restricted. */
export const APPLICATIONS: Readonly<
  Record<
    string,
    readonly [
      build: (scope: Construct) => unknown,
      counts: Readonly<Record<string, number>>,
      level?: PodSecurity,
    ]
  >
> = {
  onlineBoutique: [onlineBoutique, { Deployment: 12, Service: 12 }],
  cassandra: [cassandra, { StatefulSet: 1, Service: 1, PersistentVolumeClaim: 3, StorageClass: 1 }],
  elasticsearch: [elasticsearch, { StatefulSet: 1, Service: 1, PersistentVolumeClaim: 2, StorageClass: 1 }],
  nodeExporter: [
    nodeExporter,
    { DaemonSet: 1, Service: 1, ClusterRole: 1, ClusterRoleBinding: 1 },
    'privileged',
  ],
  wordpress: [wordpress, { Deployment: 2, Service: 2, Secret: 1, PersistentVolumeClaim: 2, StorageClass: 1 }],
  indexedJob: [indexedJob, { Job: 1 }],
  vllm: [vllm, { Deployment: 1, Service: 1, Secret: 1 }],
};
