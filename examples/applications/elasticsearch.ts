import type { Construct } from 'constructs';
import { Cpu, EnvValue, Probe, Size, StatefulSet, StorageClass } from 'kubernetes-on-aws/kubernetes';

const name = 'elasticsearch-logging';
const labels = { 'k8s-app': name };

/**
 * The store of logs that Kubernetes publishes as an add-on, as two nodes on different machines, each with a disk. The nodes find each other
 * by DNS, and map no files, which would need a setting of the machine's kernel.
 */
export function elasticsearch(scope: Construct): StatefulSet {
  const names = [0, 1].map((i) => `${name}-${i}`);
  const alive = Probe.fromTcpSocket('transport', { timeoutSeconds: 10 });
  const nodes = new StatefulSet(scope, name, {
    image: 'docker.elastic.co/elasticsearch/elasticsearch:8.17.0',
    imagePullPolicy: 'Always',
    replicas: names.length,
    labels,
    selector: labels,
    serviceName: name,
    podManagement: 'Parallel',
    spread: ['zones', { over: 'nodes', whenUnsatisfiable: 'DoNotSchedule' }],
    terminationGracePeriodSeconds: 120,
    ports: { db: 9200, transport: 9300 },
    resources: { cpu: Cpu.millis(100), cpuLimit: Cpu.units(1), memory: Size.gibibytes(3) },
    readOnlyRootFilesystem: false,
    user: 1000,
    env: {
      NAMESPACE: EnvValue.fromField('metadata.namespace'),
      'cluster.name': EnvValue.fromValue('logs'),
      'node.name': EnvValue.fromField('metadata.name'),
      'node.store.allow_mmap': EnvValue.fromValue('false'),
      'discovery.seed_hosts': EnvValue.fromValue(names.map((each) => `${each}.${name}`).join(',')),
      'cluster.initial_master_nodes': EnvValue.fromValue(names.join(',')),
      'xpack.security.enabled': EnvValue.fromValue('false'),
      ES_JAVA_OPTS: EnvValue.fromValue('-Xms1g -Xmx1g'),
    },
    startup: alive,
    liveness: alive,
    readiness: alive,
  });
  const storageClass = new StorageClass(scope, 'data', { reclaimPolicy: 'Retain' });
  nodes.container.mount(
    '/usr/share/elasticsearch/data',
    nodes.addClaim(name, { size: Size.gibibytes(30), storageClass }),
  );
  nodes.connections.allowTo(nodes, 'transport').allowTo(nodes, 'db');
  return nodes;
}
