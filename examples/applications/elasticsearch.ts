import type { Construct } from 'constructs';
import { Cpu, EnvValue, Probe, Size, StatefulSet, StorageClass } from 'kubernetes-on-aws/kubernetes';

/** Three nodes on different machines, each with a disk. They map no files, which would need a setting of the node's kernel. */
export function elasticsearch(scope: Construct): StatefulSet {
  const names = [0, 1, 2].map((i) => `elasticsearch-${i}`);
  const nodes = new StatefulSet(scope, 'elasticsearch', {
    image: 'docker.elastic.co/elasticsearch/elasticsearch:8.17.0',
    replicas: names.length,
    selector: { app: 'elasticsearch' },
    serviceName: 'elasticsearch',
    podManagement: 'Parallel',
    spread: ['zones', { over: 'nodes', whenUnsatisfiable: 'DoNotSchedule' }],
    terminationGracePeriodSeconds: 120,
    ports: { http: 9200, transport: 9300 },
    resources: { cpu: Cpu.millis(500), memory: Size.gibibytes(2) },
    readOnlyRootFilesystem: false,
    user: 1000,
    env: {
      'cluster.name': EnvValue.fromValue('logs'),
      'node.name': EnvValue.fromField('metadata.name'),
      'node.store.allow_mmap': EnvValue.fromValue('false'),
      'discovery.seed_hosts': EnvValue.fromValue(names.map((name) => `${name}.elasticsearch`).join(',')),
      'cluster.initial_master_nodes': EnvValue.fromValue(names.join(',')),
      'xpack.security.enabled': EnvValue.fromValue('false'),
      ES_JAVA_OPTS: EnvValue.fromValue('-Xms1g -Xmx1g'),
    },
    readiness: Probe.fromHttpGet('/_cluster/health?local=true', 'http'),
  });
  const storageClass = new StorageClass(scope, 'data', { reclaimPolicy: 'Retain' });
  nodes.container.mount(
    '/usr/share/elasticsearch/data',
    nodes.addClaim('data', { size: Size.gibibytes(30), storageClass }),
  );
  nodes.connections.allowTo(nodes, 'transport').allowTo(nodes, 'http');
  return nodes;
}
