/** Where a workload of each kind has the template of its Pods, as names of fields. */
export const POD_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  Job: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
};

/**
 * Where objects have the spec of their Pods, or a part of one with affinity and security context. Built-in kinds are by name, custom ones
 * by name and group. `[]` is each element of a list.
 *
 * Sources: the API references of Argo Rollouts, Argo Workflows, JobSet, Knative Serving and the Prometheus Operator.
 */
export const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(POD_TEMPLATES).map(([kind, steps]) => [kind, [[...steps, 'spec'].join('.')]]),
  ),
  Pod: ['spec'],
  PodTemplate: ['template.spec'],
  ReplicationController: ['spec.template.spec'],
  'Alertmanager.monitoring.coreos.com': ['spec'],
  'CronWorkflow.argoproj.io': ['spec.workflowSpec'],
  'JobSet.jobset.x-k8s.io': ['spec.replicatedJobs[].template.spec.template.spec'],
  'Prometheus.monitoring.coreos.com': ['spec'],
  'Rollout.argoproj.io': ['spec.template.spec'],
  'Service.serving.knative.dev': ['spec.template.spec'],
  'Workflow.argoproj.io': ['spec'],
  'WorkflowTemplate.argoproj.io': ['spec'],
};

/**
 * Custom kinds from which an operator makes Pods, and the field that these get their affinity from. It has the form of that of a Pod.
 *
 * Sources: the API references of CloudNativePG, Crunchy Postgres, cass-operator, Elastic Cloud on Kubernetes, Grafana, Strimzi, the MongoDB
 * and the RabbitMQ operators.
 */
export const OPERATOR_AFFINITY: Readonly<Record<string, string>> = {
  'CassandraDatacenter.cassandra.datastax.com': 'spec.podTemplateSpec.spec.affinity',
  'Cluster.postgresql.cnpg.io': 'spec.affinity',
  'Elasticsearch.elasticsearch.k8s.elastic.co': 'spec.nodeSets[].podTemplate.spec.affinity',
  'Grafana.grafana.integreatly.org': 'spec.deployment.spec.template.spec.affinity',
  'Kafka.kafka.strimzi.io': 'spec.kafka.template.pod.affinity',
  'KafkaNodePool.kafka.strimzi.io': 'spec.template.pod.affinity',
  'Kibana.kibana.k8s.elastic.co': 'spec.podTemplate.spec.affinity',
  'MongoDBCommunity.mongodbcommunity.mongodb.com': 'spec.statefulSet.spec.template.spec.affinity',
  'PostgresCluster.postgres-operator.crunchydata.com': 'spec.instances[].affinity',
  'RabbitmqCluster.rabbitmq.com': 'spec.affinity',
};
