import type { Construct } from 'constructs';
import {
  Cpu,
  EnvValue,
  LifecycleHandler,
  Probe,
  Size,
  StatefulSet,
  StorageClass,
} from 'kubernetes-on-aws/kubernetes';

/** A ring of three nodes, which find the first of them by the DNS name of its Pod. */
export function cassandra(scope: Construct): StatefulSet {
  const ring = new StatefulSet(scope, 'cassandra', {
    image: 'gcr.io/google-samples/cassandra:v14',
    imagePullPolicy: 'Always',
    replicas: 3,
    selector: { app: 'cassandra' },
    serviceName: 'cassandra',
    terminationGracePeriodSeconds: 1800,
    ports: { 'intra-node': 7000, 'tls-intra-node': 7001, jmx: 7199, cql: 9042 },
    resources: { cpu: Cpu.millis(500), cpuLimit: Cpu.millis(500), memory: Size.gibibytes(1) },
    readOnlyRootFilesystem: false,
    preStop: LifecycleHandler.fromCommand(['/bin/sh', '-c', 'nodetool drain']),
    env: {
      MAX_HEAP_SIZE: EnvValue.fromValue('512M'),
      HEAP_NEWSIZE: EnvValue.fromValue('100M'),
      POD_NAMESPACE: EnvValue.fromField('metadata.namespace'),
      CASSANDRA_SEEDS: EnvValue.fromValue('cassandra-0.cassandra.$(POD_NAMESPACE).svc.cluster.local'),
      CASSANDRA_CLUSTER_NAME: EnvValue.fromValue('K8Demo'),
      CASSANDRA_DC: EnvValue.fromValue('DC1-K8Demo'),
      CASSANDRA_RACK: EnvValue.fromValue('Rack1-K8Demo'),
      CASSANDRA_SEED_PROVIDER: EnvValue.fromValue('io.k8s.cassandra.KubernetesSeedProvider'),
      POD_IP: EnvValue.fromField('status.podIP'),
    },
    liveness: Probe.fromCommand(['/bin/bash', '-c', 'nodetool status'], {
      initialDelaySeconds: 15,
      timeoutSeconds: 5,
    }),
    readiness: Probe.fromCommand(['/bin/bash', '-c', '/ready-probe.sh'], {
      initialDelaySeconds: 15,
      timeoutSeconds: 5,
    }),
  });
  const storageClass = new StorageClass(scope, 'fast', { reclaimPolicy: 'Retain' });
  ring.container.mount(
    '/var/lib/cassandra',
    ring.addClaim('cassandra-data', { size: Size.gibibytes(1), storageClass }),
  );
  for (const port of ['intra-node', 'cql']) ring.connections.allowTo(ring, port);
  return ring;
}
