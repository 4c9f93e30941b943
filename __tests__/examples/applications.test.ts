import type { Construct } from 'constructs';
import { cassandra } from '../../examples/applications/cassandra';
import { elasticsearch } from '../../examples/applications/elasticsearch';
import { indexedJob } from '../../examples/applications/indexed-job';
import { nodeExporter } from '../../examples/applications/node-exporter';
import { onlineBoutique } from '../../examples/applications/online-boutique';
import { vllm } from '../../examples/applications/vllm';
import { wordpress } from '../../examples/applications/wordpress';
import { inNamespace } from '../constructs/kubernetes/namespace-of';

/** Each application, and how many objects of each kind it is beside those of its namespace and of its rights. */
const APPLICATIONS: Readonly<
  Record<string, readonly [(scope: Construct) => unknown, Readonly<Record<string, number>>]>
> = {
  onlineBoutique: [onlineBoutique, { Deployment: 11, Service: 11 }],
  cassandra: [cassandra, { StatefulSet: 1, Service: 1, PersistentVolumeClaim: 3, StorageClass: 1 }],
  elasticsearch: [elasticsearch, { StatefulSet: 1, Service: 1, PersistentVolumeClaim: 3, StorageClass: 1 }],
  nodeExporter: [nodeExporter, { DaemonSet: 1, Service: 1 }],
  wordpress: [wordpress, { Deployment: 2, Service: 2, Secret: 1, PersistentVolumeClaim: 2, StorageClass: 1 }],
  indexedJob: [indexedJob, { Job: 1 }],
  vllm: [vllm, { Deployment: 1, Service: 1, Secret: 1, PersistentVolumeClaim: 1, StorageClass: 1 }],
};

it.each(Object.entries(APPLICATIONS))('%s is valid, and has every object', (name, [build, counts]) => {
  const level = name === 'nodeExporter' ? 'privileged' : 'restricted';
  const made = inNamespace((stack) => void build(stack), { podSecurity: level });
  const kinds = Object.keys(counts);
  expect(Object.fromEntries(kinds.map((kind) => [kind, made.objects(kind).length]))).toEqual(counts);
});

it('all of them are found by the labels of their originals', () => {
  const selectors = inNamespace((stack) => {
    onlineBoutique(stack);
    cassandra(stack);
    wordpress(stack);
  })
    .objects('Service')
    .map(({ metadata, spec }) => [metadata.name, (spec as { selector: object }).selector]);
  expect(Object.fromEntries(selectors)).toMatchObject({
    frontend: { app: 'frontend' },
    cassandra: { app: 'cassandra' },
    wordpress: { app: 'wordpress', tier: 'frontend' },
    'wordpress-mysql': { app: 'wordpress', tier: 'mysql' },
  });
});
