import type { JsonObject, Patch, Resources } from './base-plans';

const allow = (action: string | readonly string[], resource: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

const WEB = 'kubernetes_deployment_v1.storefront_web';
const SERVICE = 'kubernetes_service_v1.storefront_partners';
const INGRESS = 'kubernetes_ingress_v1.storefront_shop';
const NAMESPACE = 'kubernetes_namespace_v1.namespace';
const DATA = 'kubernetes_stateful_set_v1.storefront_database';
const BUDGET = 'kubernetes_pod_disruption_budget_v1.storefront_web_budget';
const SETTINGS = 'kubernetes_config_map_v1.storefront_settings';
const EKS = 'aws_eks_cluster.eks';
const GROUP = 'aws_eks_node_group.eks_node_1';
const TEMPLATE = 'aws_launch_template.node';
const DATABASE = 'aws_db_instance.orders';
const inPod = (spec: Patch): Patch => ({ spec: { template: { spec } } });
const inContainer = (container: Patch): Patch => inPod({ container });
const nodeConfig = Buffer.from(
  [
    ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="node-config"', '', '--node-config'],
    ...[
      'Content-Type: application/node.eks.aws',
      '',
      'apiVersion: node.eks.aws/v1alpha1',
      'kind: NodeConfig',
    ],
    ...['spec:', '  kubelet:', '    config:', '      maxPods: 58', '--node-config--', ''],
  ].join('\n'),
).toString('base64');

/** Changes of objects of recorded plans that pass. */
export const ORDINARY_CHANGES: readonly (readonly [what: string, address: string, patch: Patch])[] = [
  ['another image', WEB, inContainer({ image: 'example.com/web:2.0.0' })],
  ['more replicas', WEB, { spec: { replicas: '7' } }],
  ['fewer replicas', WEB, { spec: { replicas: '1' } }],
  ['a variable', WEB, inContainer({ env: [{ name: 'LOG_LEVEL', value: 'debug' }] })],
  [
    'a variable from a Secret',
    WEB,
    inContainer({
      env: [{ name: 'DB_PASSWORD', value_from: [{ secret_key_ref: [{ name: 'x', key: 'y' }] }] }],
    }),
  ],
  ['another command', WEB, inContainer({ command: ['serve'], args: ['--port=80'] })],
  ['more memory', WEB, inContainer({ resources: { limits: { memory: '1Gi' } } })],
  ['another probe', WEB, inContainer({ readiness_probe: { http_get: { path: '/ready' } } })],
  ['a container that starts first', WEB, inPod({ init_container: [{ name: 'x', image: 'x' }] })],
  ['a volume of a ConfigMap', WEB, inPod({ volume: [{ name: 'x', config_map: [{ name: 'y' }] }] })],
  ['a toleration', WEB, inPod({ toleration: [{ key: 'x', operator: 'Exists' }] })],
  ['another spread', WEB, inPod({ topology_spread_constraint: [{ max_skew: 2 }] })],
  ['a longer wait for its end', WEB, inPod({ termination_grace_period_seconds: 60 })],
  ['another user', WEB, inPod({ security_context: { run_as_user: '1001', fs_group: '1001' } })],
  [
    'stricter containers',
    WEB,
    inContainer({ security_context: { read_only_root_filesystem: true, privileged: false } }),
  ],
  ['another rollout', WEB, { spec: { strategy: { rolling_update: { max_surge: '50%' } } } }],
  ['a label', WEB, { metadata: { labels: { 'app.kubernetes.io/version': '2.0.0', team: 'checkout' } } }],
  ['an annotation', WEB, { metadata: { annotations: { 'example.com/owner': 'checkout' } } }],
  [
    'an annotation of Pods',
    WEB,
    { spec: { template: { metadata: { annotations: { 'prometheus.io/port': '9090' } } } } },
  ],
  ['a key', SETTINGS, { data: { 'log-level': 'debug' } }],
  ['a key that goes', SETTINGS, { data: null }],
  ['another value of a Secret', 'kubernetes_secret_v1.storefront_database_login', { data_wo_revision: 2 }],
  ['another port of a Service', SERVICE, { spec: { port: { target_port: '8081' } } }],
  ['another selector', SERVICE, { spec: { selector: { 'app.kubernetes.io/name': 'x' } } }],
  [
    'a check of a load balancer',
    SERVICE,
    { metadata: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-healthcheck-path': '/x' } } },
  ],
  ['another host', INGRESS, { spec: { rule: { host: 'shop.example.com' } } }],
  [
    'a check of an Ingress',
    INGRESS,
    { metadata: { annotations: { 'alb.ingress.kubernetes.io/healthcheck-path': '/x' } } },
  ],
  [
    'success codes',
    INGRESS,
    { metadata: { annotations: { 'alb.ingress.kubernetes.io/success-codes': '200-399' } } },
  ],
  [
    'an Ingress that is internal',
    INGRESS,
    { metadata: { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internal' } } },
  ],
  ['a label of a namespace', NAMESPACE, { metadata: { labels: { team: 'checkout' } } }],
  [
    'a warning of a namespace',
    NAMESPACE,
    { metadata: { labels: { 'pod-security.kubernetes.io/warn': 'restricted' } } },
  ],
  ['a newer image of a database', DATA, inContainer({ image: 'example.com/postgres:17.1' })],
  ['replicas of a database', DATA, { spec: { replicas: '3' } }],
  [
    'claims that are kept',
    DATA,
    {
      spec: { persistent_volume_claim_retention_policy: [{ when_deleted: 'Retain', when_scaled: 'Retain' }] },
    },
  ],
  [
    'a larger claim',
    'kubernetes_persistent_volume_claim_v1.storefront_media',
    { spec: { resources: { requests: { storage: '20Gi' } } } },
  ],
  [
    'a volume that is kept',
    'kubernetes_persistent_volume_v1.storefront_pictures',
    { spec: { persistent_volume_reclaim_policy: 'Retain' } },
  ],
  ['a stricter budget', BUDGET, { spec: { max_unavailable: '0' } }],
  ['a quota of one thing more', 'kubernetes_resource_quota_v1.quota', { spec: { hard: { services: '5' } } }],
  ['a smaller quota', 'kubernetes_resource_quota_v1.quota', { spec: { hard: { pods: '1' } } }],
  ['a faster disk', 'kubernetes_storage_class_v1.gp3', { parameters: { iops: '6000', throughput: '500' } }],
  [
    'a narrower policy',
    'kubernetes_network_policy_v1.storefront_api_from_10_0_0_0_16',
    { spec: { ingress: { from: { ip_block: { cidr: '10.0.0.0/24' } } } } },
  ],
  [
    'a policy without rules',
    'kubernetes_network_policy_v1.storefront_web_from_10_0_0_0_16',
    { spec: { ingress: [] } },
  ],
  [
    'fewer rights of a Role',
    'kubernetes_role_v1.storefront_worker_account_reader',
    { rule: { verbs: ['get'] } },
  ],
  ['fewer rights of a ClusterRole', 'kubernetes_cluster_role_v1.storefront_node_reader', { rule: [] }],
  ['no subjects', 'kubernetes_cluster_role_binding_v1.storefront_report_reads_nodes', { subject: [] }],
  [
    'another message',
    'kubernetes_manifest.placement_pods',
    { manifest: { spec: { validations: { message: 'x' } } } },
  ],
  ['a newer Kubernetes', EKS, { version: '1.37' }],
  ['a newer add-on', 'aws_eks_addon.cni', { addon_version: 'v1.21.0-eksbuild.1' }],
  ['an add-on that stays', 'aws_eks_addon.cni', { preserve: true, resolve_conflicts_on_update: 'OVERWRITE' }],
  [
    'another setting of an add-on',
    'aws_eks_addon.cni',
    {
      configuration_values: JSON.stringify({
        enableNetworkPolicy: 'true',
        env: {
          NETWORK_POLICY_ENFORCING_MODE: 'standard',
          POD_SECURITY_GROUP_ENFORCING_MODE: 'standard',
          WARM_PREFIX_TARGET: '1',
        },
      }),
    },
  ],
  ['a tag of an entry', 'aws_eks_access_entry.admin', { tags: { team: 'checkout' } }],
  [
    'other metrics',
    'aws_prometheus_scraper.metrics',
    { scrape_configuration: 'global: { scrape_interval: 60s }' },
  ],
  ['a narrower endpoint', EKS, { vpc_config: { public_access_cidrs: ['203.0.113.7/32'] } }],
  ['a private endpoint', EKS, { vpc_config: { endpoint_public_access: false } }],
  ['extended support', EKS, { upgrade_policy: { support_type: 'EXTENDED' } }],
  ['more nodes', GROUP, { scaling_config: { max_size: 9 } }],
  ['other instances', GROUP, { instance_types: ['m7i.xlarge'] }],
  ['a taint', GROUP, { taint: [{ key: 'x', value: 'y', effect: 'NO_SCHEDULE' }] }],
  ['a label of nodes', GROUP, { labels: { team: 'checkout' } }],
  ['newer nodes', GROUP, { version: '1.37', release_version: '1.37.1-20261101' }],
  ['a faster update', GROUP, { update_config: { max_unavailable: 2 } }],
  ['another version of its template', GROUP, { launch_template: { version: '2' } }],
  ['limits of the kubelet', TEMPLATE, { user_data: nodeConfig }],
  ['a larger disk', TEMPLATE, { block_device_mappings: { ebs: { volume_size: 100 } } }],
  ['IMDS by tokens', TEMPLATE, { metadata_options: { http_tokens: 'required' } }],
  ['a tag', TEMPLATE, { tags: { team: 'checkout' }, tags_all: { team: 'checkout' } }],
  ['a larger database', DATABASE, { instance_class: 'db.m7g.large', allocated_storage: 100 }],
  ['a newer database', DATABASE, { engine_version: '16.4' }],
  ['a database in two zones', DATABASE, { multi_az: true }],
  ['longer backups', DATABASE, { backup_retention_period: 30 }],
  ['logs of a database', DATABASE, { enabled_cloudwatch_logs_exports: ['postgresql'] }],
  ['another window', DATABASE, { maintenance_window: 'sun:03:00-sun:04:00' }],
  ['longer logs', 'aws_cloudwatch_log_group.flow', { retention_in_days: 365 }],
  ['logs for ever', 'aws_cloudwatch_log_group.flow', { retention_in_days: 0 }],
  [
    'logs with a key',
    'aws_cloudwatch_log_group.flow',
    { kms_key_id: 'arn:aws:kms:eu-west-1:111122223333:key/x' },
  ],
  ['a name of a key', 'aws_kms_key.data', { description: 'x' }],
  ['a key that rotates', 'aws_kms_key.data', { enable_key_rotation: true }],
  ['a longer wait for a queue', 'aws_sqs_queue.orders', { visibility_timeout_seconds: 60 }],
  ['a queue for what failed', 'aws_sqs_queue.orders', { redrive_policy: '{"maxReceiveCount":3}' }],
  ['another value of a parameter', 'aws_ssm_parameter.id', { value: 'fixture-only' }],
  [
    'a longer wait for a secret',
    'aws_secretsmanager_secret.storefront_qa_database',
    { recovery_window_in_days: 30 },
  ],
  [
    'another pattern of events',
    'aws_cloudwatch_event_rule.spot',
    { event_pattern: '{"source":["aws.ec2","aws.health"]}' },
  ],
  [
    'fewer resources',
    'aws_iam_policy.reader',
    { policy: allow('s3:GetObject', 'arn:aws:s3:::seed-archive/a/*') },
  ],
  ['a text about a role', 'aws_iam_role.node', { description: 'x' }],
  ['shorter sessions', 'aws_iam_role.node', { max_session_duration: 3600 }],
  ['fewer ports', 'aws_vpc_security_group_ingress_rule.web', { cidr_ipv4: '10.1.8.0/24' }],
  ['a text about a rule', 'aws_vpc_security_group_egress_rule.https', { description: 'x' }],
  ['a tag of a network', 'aws_vpc.vpc', { tags: { team: 'checkout' } }],
  ['faster files', 'aws_efs_file_system.shared', { throughput_mode: 'elastic' }],
  ['a bucket that stays', 'aws_s3_bucket.archive', { tags: { team: 'checkout' } }],
  ['a name of a topic', 'aws_sns_topic.alarms', { display_name: 'x' }],
];

const inDev: JsonObject = { name: 'mailer', namespace: 'dev' };
const pod = {
  metadata: { labels: { app: 'mailer' } },
  spec: { container: [{ name: 'mailer', image: 'mailer:1' }] },
};
const workload = { metadata: inDev, spec: { selector: { match_labels: { app: 'mailer' } }, template: pod } };
const trust = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
});
const own = (action: string): string =>
  `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::\${data.aws_caller_identity.current.account_id}:root"},"Action":"${action}","Resource":"*"}]}`;
const byService = (service: string): string =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: '*', Resource: '*' }],
  });

/** What a plan creates without being stopped. */
export const ORDINARY_CREATIONS: readonly (readonly [what: string, resources: Resources])[] = [
  [
    'a workload',
    {
      kubernetes_service_account_v1: { mailer: { metadata: inDev } },
      kubernetes_deployment_v1: {
        mailer: {
          ...workload,
          spec: {
            ...workload.spec,
            template: {
              ...pod,
              spec: {
                ...pod.spec,
                service_account_name: '${kubernetes_service_account_v1.mailer.metadata[0].name}',
              },
            },
          },
        },
      },
      kubernetes_service_v1: {
        mailer: { metadata: inDev, spec: { selector: { app: 'mailer' }, port: [{ port: 80 }] } },
      },
      kubernetes_config_map_v1: { mailer: { metadata: inDev, data: { level: 'debug' } } },
      kubernetes_horizontal_pod_autoscaler_v2: {
        mailer: {
          metadata: inDev,
          spec: { max_replicas: 3, scale_target_ref: { kind: 'Deployment', name: 'mailer' } },
        },
      },
      kubernetes_pod_disruption_budget_v1: {
        mailer: {
          metadata: inDev,
          spec: { min_available: '1', selector: { match_labels: { app: 'mailer' } } },
        },
      },
    },
  ],
  [
    'a StatefulSet',
    {
      kubernetes_stateful_set_v1: {
        mailer: { ...workload, spec: { ...workload.spec, service_name: 'mailer' } },
      },
    },
  ],
  ['a DaemonSet', { kubernetes_daemon_set_v1: { mailer: workload } }],
  ['a Job', { kubernetes_job_v1: { mailer: { metadata: inDev, spec: { template: pod } } } }],
  [
    'a CronJob',
    {
      kubernetes_cron_job_v1: {
        mailer: { metadata: inDev, spec: { schedule: '@daily', job_template: { spec: { template: pod } } } },
      },
    },
  ],
  [
    'a claim',
    {
      kubernetes_persistent_volume_claim_v1: {
        mailer: {
          metadata: inDev,
          spec: { access_modes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      },
    },
  ],
  ['a Secret without values', { kubernetes_secret_v1: { mailer: { metadata: inDev, data_wo_revision: 1 } } }],
  [
    'a policy of the own namespace',
    {
      kubernetes_network_policy_v1: {
        mailer: {
          metadata: inDev,
          spec: {
            pod_selector: {},
            policy_types: ['Ingress'],
            ingress: [
              { from: [{ pod_selector: { match_labels: { app: 'web' } } }], ports: [{ port: '80' }] },
            ],
          },
        },
      },
    },
  ],
  [
    'a policy of private networks',
    {
      kubernetes_network_policy_v1: {
        mailer: {
          metadata: inDev,
          spec: {
            pod_selector: {},
            policy_types: ['Ingress'],
            ingress: [{ from: [{ ip_block: { cidr: '10.0.0.0/16' } }] }],
          },
        },
      },
    },
  ],
  [
    'a way out to AWS',
    {
      kubernetes_network_policy_v1: {
        mailer: {
          metadata: inDev,
          spec: {
            pod_selector: {},
            policy_types: ['Egress'],
            egress: [{ to: [{ ip_block: { cidr: '0.0.0.0/0' } }], ports: [{ port: '443' }] }],
          },
        },
      },
    },
  ],
  [
    'a Role of its own',
    {
      kubernetes_service_account_v1: { mailer: { metadata: inDev } },
      kubernetes_role_v1: {
        mailer: {
          metadata: inDev,
          rule: [
            { api_groups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
            { api_groups: [''], resources: ['secrets'], resource_names: ['mailer'], verbs: ['get'] },
          ],
        },
      },
      kubernetes_role_binding_v1: {
        mailer: {
          metadata: inDev,
          role_ref: {
            api_group: 'rbac.authorization.k8s.io',
            kind: 'Role',
            name: '${kubernetes_role_v1.mailer.metadata[0].name}',
          },
          subject: [{ kind: 'ServiceAccount', name: 'mailer', namespace: 'dev' }],
        },
      },
    },
  ],
  [
    'an internal load balancer',
    {
      kubernetes_service_v1: {
        mailer: {
          metadata: {
            ...inDev,
            annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' },
          },
          spec: { type: 'LoadBalancer', port: [{ port: 80 }] },
        },
      },
    },
  ],
  [
    'an internal Ingress',
    {
      kubernetes_ingress_v1: {
        mailer: {
          metadata: {
            ...inDev,
            annotations: {
              'alb.ingress.kubernetes.io/scheme': 'internal',
              'alb.ingress.kubernetes.io/target-type': 'ip',
            },
          },
          spec: { ingress_class_name: 'alb' },
        },
      },
    },
  ],
  [
    'a namespace',
    {
      kubernetes_namespace_v1: {
        x: {
          metadata: {
            name: 'x',
            labels: {
              'pod-security.kubernetes.io/enforce': 'restricted',
              'pod-security.kubernetes.io/enforce-version': 'latest',
            },
          },
        },
      },
      kubernetes_resource_quota_v1: {
        x: { metadata: { name: 'x', namespace: 'x' }, spec: { hard: { pods: '10' } } },
      },
      kubernetes_limit_range_v1: {
        x: {
          metadata: { name: 'x', namespace: 'x' },
          spec: { limit: [{ type: 'Container', default: { memory: '1Gi' } }] },
        },
      },
    },
  ],
  [
    'an internal Ingress with TLS',
    {
      kubernetes_ingress_v1: {
        mailer: {
          metadata: {
            ...inDev,
            annotations: {
              'alb.ingress.kubernetes.io/scheme': 'internal',
              'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:eu-west-1:111122223333:certificate/x',
              'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
              'alb.ingress.kubernetes.io/ssl-redirect': '443',
            },
          },
          spec: { ingress_class_name: 'alb' },
        },
      },
    },
  ],
  [
    'Pods with the ServiceAccounts of their namespace, by name',
    {
      kubernetes_service_account_v1: { typed: { metadata: { ...inDev, name: 'typed' } } },
      kubernetes_manifest: {
        written: {
          manifest: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...inDev, name: 'written' } },
        },
        ...Object.fromEntries(
          ['typed', 'written', 'default'].map((name) => [
            `pod-${name}`,
            {
              manifest: {
                ...{ apiVersion: 'v1', kind: 'Pod', metadata: { ...inDev, name: `pod-${name}` } },
                spec: { serviceAccountName: name, containers: [{ name: 'x', image: 'x' }] },
              },
            },
          ]),
        ),
      },
    },
  ],
  [
    'a Pod that the autoscaler leaves',
    {
      kubernetes_pod_v1: {
        x: {
          metadata: {
            ...inDev,
            annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
          },
          spec: { container: [{ name: 'x', image: 'x' }] },
        },
      },
    },
  ],
  [
    'a definition with the notes of its makers',
    {
      kubernetes_manifest: {
        x: {
          manifest: {
            ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
            metadata: {
              name: 'x',
              annotations: {
                'gateway.networking.k8s.io/bundle-version': 'v1.3.0',
                'gateway.networking.k8s.io/channel': 'standard',
                'controller-gen.kubebuilder.io/version': 'v0.17.0',
              },
            },
            spec: {},
          },
        },
      },
    },
  ],
  [
    'a StorageClass and a PriorityClass',
    {
      kubernetes_storage_class_v1: { x: { metadata: { name: 'x' }, storage_provisioner: 'ebs.csi.aws.com' } },
      kubernetes_priority_class_v1: { x: { metadata: { name: 'x' }, value: 10 } },
    },
  ],
  [
    'an admission policy',
    {
      kubernetes_manifest: {
        x: {
          manifest: {
            apiVersion: 'admissionregistration.k8s.io/v1',
            kind: 'ValidatingAdmissionPolicy',
            metadata: { name: 'x' },
            spec: { validations: [{ expression: 'true' }] },
          },
        },
      },
    },
  ],
  [
    'a Pod that listens on a low port',
    {
      kubernetes_manifest: {
        x: {
          manifest: {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: inDev,
            spec: {
              containers: [{ name: 'x', securityContext: { capabilities: { add: ['NET_BIND_SERVICE'] } } }],
            },
          },
        },
      },
    },
  ],
  [
    'a node group of its own template',
    {
      aws_iam_role: {
        node: {
          name: 'seed-node-9',
          assume_role_policy: byService('ec2.amazonaws.com').replace(
            '"*","Resource":"*"',
            '"sts:AssumeRole"',
          ),
        },
      },
      aws_launch_template: {
        node: {
          name: 'seed-node-9',
          user_data: nodeConfig,
          metadata_options: [{ http_tokens: 'required', http_put_response_hop_limit: 1 }],
          block_device_mappings: [{ ebs: [{ encrypted: 'true', volume_size: 50 }] }],
        },
      },
      aws_eks_node_group: {
        node: {
          cluster_name: 'seed',
          node_group_name: 'node-9',
          node_role_arn: '${aws_iam_role.node.arn}',
          launch_template: [{ id: '${aws_launch_template.node.id}', version: '1' }],
          scaling_config: [{ max_size: 3 }],
        },
      },
    },
  ],
  [
    'an add-on',
    {
      aws_eks_addon: {
        x: { cluster_name: 'seed', addon_name: 'metrics-server', addon_version: 'v0.8.0-eksbuild.1' },
      },
    },
  ],
  [
    'a role of its own for a workload',
    {
      aws_iam_role: { x: { name: 'seed-mailer', assume_role_policy: trust } },
      aws_iam_role_policy: {
        x: {
          role: '${aws_iam_role.x.name}',
          policy: allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::seed-mail/*'),
        },
      },
      aws_eks_pod_identity_association: {
        x: {
          cluster_name: 'seed',
          namespace: 'dev',
          service_account: 'mailer',
          role_arn: '${aws_iam_role.x.arn}',
        },
      },
    },
  ],
  [
    'a role that lists',
    {
      aws_iam_role: { x: { name: 'seed-x', assume_role_policy: trust } },
      aws_iam_role_policy: {
        x: {
          role: '${aws_iam_role.x.name}',
          policy: allow(['ec2:DescribeInstances', 's3:ListAllMyBuckets'], '*'),
        },
      },
    },
  ],
  [
    'a role that agents of the program have',
    {
      aws_iam_role: { x: { name: 'seed-x', assume_role_policy: trust } },
      aws_iam_role_policy_attachment: {
        x: {
          role: '${aws_iam_role.x.name}',
          policy_arn: 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy',
        },
      },
    },
  ],
  [
    'a policy that nothing has',
    { aws_iam_policy: { x: { name: 'x', policy: allow('s3:GetObject', 'arn:aws:s3:::seed-mail/*') } } },
  ],
  ['a log group', { aws_cloudwatch_log_group: { x: { name: '/seed/x', retention_in_days: 30 } } }],
  [
    'a queue of events',
    {
      aws_sqs_queue: { x: { name: 'seed-x', sqs_managed_sse_enabled: true } },
      aws_sqs_queue_policy: {
        x: { queue_url: '${aws_sqs_queue.x.id}', policy: byService('events.amazonaws.com') },
      },
      aws_cloudwatch_event_rule: { x: { name: 'seed-x', event_pattern: '{}' } },
      aws_cloudwatch_event_target: {
        x: { rule: '${aws_cloudwatch_event_rule.x.name}', arn: '${aws_sqs_queue.x.arn}' },
      },
    },
  ],
  [
    'a closed bucket',
    {
      aws_s3_bucket: { x: { bucket: 'seed-x' } },
      aws_s3_bucket_public_access_block: {
        x: {
          bucket: '${aws_s3_bucket.x.id}',
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        },
      },
      aws_s3_bucket_versioning: {
        x: { bucket: '${aws_s3_bucket.x.id}', versioning_configuration: [{ status: 'Enabled' }] },
      },
    },
  ],
  [
    'a key of the own account',
    {
      aws_kms_key: { x: { enable_key_rotation: true, policy: own('kms:*') } },
      aws_kms_alias: { x: { name: 'alias/x', target_key_id: '${aws_kms_key.x.id}' } },
    },
  ],
  [
    'a closed database',
    {
      aws_db_subnet_group: { x: { name: 'x', subnet_ids: ['subnet-9'] } },
      aws_security_group: {
        x: {
          name: 'x',
          ingress: [{ protocol: 'tcp', from_port: 5432, to_port: 5432, cidr_blocks: ['10.0.0.0/16'] }],
        },
      },
      aws_db_instance: {
        x: {
          publicly_accessible: false,
          db_subnet_group_name: '${aws_db_subnet_group.x.name}',
          vpc_security_group_ids: ['${aws_security_group.x.id}'],
        },
      },
    },
  ],
  [
    'a rule of a new security group',
    {
      aws_security_group: { x: { name: 'x' } },
      aws_vpc_security_group_ingress_rule: {
        x: {
          security_group_id: '${aws_security_group.x.id}',
          ip_protocol: 'tcp',
          from_port: 443,
          to_port: 443,
          cidr_ipv4: '10.0.0.0/16',
        },
      },
    },
  ],
  [
    'files',
    {
      aws_efs_access_point: { x: { file_system_id: 'fs-9', posix_user: [{ uid: 1000, gid: 1000 }] } },
      aws_ssm_parameter: {
        x: { name: '/seed/x', type: 'SecureString', value: '${aws_efs_access_point.x.id}' },
      },
    },
  ],
  [
    'an endpoint',
    {
      aws_vpc_endpoint: {
        x: { vpc_id: 'vpc-0123456789', service_name: 'com.amazonaws.eu-west-1.sqs', policy: byService('x') },
      },
    },
  ],
  [
    'a way out by a NAT gateway',
    {
      aws_eip: { x: { domain: 'vpc' } },
      aws_nat_gateway: { x: { allocation_id: '${aws_eip.x.id}', subnet_id: 'subnet-9' } },
      aws_route_table: { x: { vpc_id: 'vpc-0123456789' } },
      aws_route: {
        x: {
          route_table_id: '${aws_route_table.x.id}',
          destination_cidr_block: '0.0.0.0/0',
          nat_gateway_id: '${aws_nat_gateway.x.id}',
        },
      },
    },
  ],
  [
    'a secret and a topic',
    {
      aws_secretsmanager_secret: { x: { name: 'seed/x', recovery_window_in_days: 30 } },
      aws_secretsmanager_secret_version: {
        x: { secret_id: '${aws_secretsmanager_secret.x.id}', secret_string_wo_version: 1 },
      },
      aws_sns_topic: { x: { name: 'x' } },
    },
  ],
  [
    'metrics',
    {
      aws_prometheus_workspace: { x: { alias: 'x' } },
      aws_prometheus_scraper: {
        x: { destination: [{ amp: [{ workspace_arn: '${aws_prometheus_workspace.x.arn}' }] }] },
      },
    },
  ],
];

/** What may go: it holds nothing and protects nothing. */
export const ORDINARY_LOSSES: readonly string[] = [
  'aws_cloudwatch_event_rule.spot',
  'aws_iam_role_policy_attachment.node',
  'aws_iam_policy.reader',
  'aws_security_group.db',
  'aws_vpc_security_group_egress_rule.https',
  'aws_vpc_security_group_ingress_rule.web',
  'aws_ssm_parameter.id',
  'aws_launch_template.node',
  'aws_eks_node_group.eks_node_1',
  'kubernetes_deployment_v1.storefront_web',
  'kubernetes_config_map_v1.storefront_settings',
  'kubernetes_role_v1.storefront_worker_account_reader',
  'kubernetes_cluster_role_binding_v1.storefront_report_reads_nodes',
  'kubernetes_pod_disruption_budget_v1.storefront_web_budget',
];
