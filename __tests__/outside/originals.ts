import type { App } from 'cdktf';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../src/manifests/objects';
import type { Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import { defineWorkload, Stack, type Platform } from 'kubernetes-on-aws';
import { Manifests, Namespace, Secret, type ManifestsOptions } from 'kubernetes-on-aws/kubernetes';
import type { Occupied } from '../e2e/applications-life';
import type { Beside, Versions } from '../e2e/applications-platform';

/** Where the published YAML of the applications is, each in a folder of its name, in a copy of the project. */
export const FOLDER = 'originals';

/**
 * A folder with a folder of the published YAML of each application, which is no part of the project.
 *
 * @throws Error where the variable APPLICATION_YAML names none
 */
export function originalsFolder(): string {
  const folder = process.env['APPLICATION_YAML'] ?? '';
  if (folder !== '' && existsSync(folder)) return resolve(folder);
  throw new Error(
    `APPLICATION_YAML: expected a folder with the folders ${Object.keys(ORIGINALS).join(', ')}, each with the published YAML; got "${folder}"`,
  );
}

/** The files of an original. */
export function filesOf(name: string): string[] {
  const folder = join(originalsFolder(), name);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) throw new Error(`APPLICATION_YAML: ${folder} has no YAML`);
  return files.map((file) => join(folder, file));
}

export const objectsOf = (name: string): KubernetesObject[] =>
  filesOf(name).flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).flatMap(
      (document) => (document.toJS() as KubernetesObject | null) ?? [],
    ),
  );

interface WithPods {
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** Lets the Pods run as a user that is not root, which their images do not. */
const asUser =
  (runAsUser: number, change?: (template: NonNullable<PodTemplateSpec['spec']>) => void) =>
  ({ spec }: WithPods): void => {
    const pod = spec?.template?.spec;
    if (!pod) throw new Error('it has no Pods');
    pod.securityContext = { ...pod.securityContext, runAsUser };
    change?.(pod);
  };

/** Cassandra without the capability that Pod Security refuses. */
export const cassandraUser = asUser(999, ({ containers }) => {
  for (const { securityContext } of containers) delete securityContext?.capabilities;
});

/** The next version of an image of each original that is no Job. */
const NEXT: Versions = {
  'cassandra/statefulset.yaml': [':v14', ':v15'],
  'elasticsearch/statefulset.yaml': ['elasticsearch:v7.10.2', 'elasticsearch:v7.10.3'],
  'nodeExporter/daemonset.yaml': ['node-exporter:v1.12.1', 'node-exporter:v1.12.2'],
  'onlineBoutique/kubernetes-manifests.yaml': [':v0.10.6', ':v0.10.7'],
  'vllm/deployment.yaml': [':v0.11.0', ':v0.11.1'],
  'wordpress/wordpress-deployment.yaml': [':6.2.1-', ':6.2.2-'],
};

const WIDE: ManifestsOptions = { clusterWide: ['ClusterRole', 'ClusterRoleBinding'] };

/**
 * What each original needs to come into a namespace, and whether it needs the machine, which takes Pod Security `privileged`.
 */
export const ORIGINALS: Readonly<Record<string, ManifestsOptions & { readonly privileged?: true }>> = {
  onlineBoutique: {},
  cassandra: {
    // Its provisioner is that of minikube: the claims get the default class.
    select: ({ kind }) => kind !== 'StorageClass',
    edit: {
      StatefulSet: (set: StatefulSet) => {
        cassandraUser(set);
        for (const { metadata } of set.spec?.volumeClaimTemplates ?? []) delete metadata?.annotations;
      },
    },
  },
  elasticsearch: { ...WIDE, privileged: true, namespace: 'logging' },
  nodeExporter: { ...WIDE, privileged: true, namespace: 'monitoring' },
  wordpress: {
    edit: {
      Deployment: (deployment: Deployment) => {
        const isSite = deployment.metadata?.name === 'wordpress';
        asUser(isSite ? 33 : 999, ({ containers }) => {
          for (const container of containers.filter(() => isSite))
            container.securityContext = { capabilities: { add: ['NET_BIND_SERVICE'] } };
        })(deployment);
      },
    },
  },
  indexedJob: { edit: { Job: asUser(65532) } },
  vllm: { edit: { Deployment: asUser(1000) } },
};

/** The Secrets that the originals leave to the user who applies them. */
export function secretsOf(scope: Construct): void {
  const keys = { password: 'mysql_password' };
  Secret.fromEnvironment(scope, 'mysql-pass', { name: 'mysql-pass', keys, revision: 1 });
  const parameter = { hf_token: '/vllm/hf-token' };
  Secret.fromParameters(scope, 'hf-secret', { name: 'hf-secret', keys: parameter, revision: 1 });
}

function read(scope: Construct, privileged: boolean): void {
  for (const [name, { privileged: isPrivileged = false, ...options }] of Object.entries(ORIGINALS)) {
    if (isPrivileged === privileged) {
      Manifests.fromYaml(scope, name, { folder: `${FOLDER}/${name}`, ...options });
    }
  }
}

/** The originals as they are published, in a namespace with Pod Security `restricted`. */
export const originals = defineWorkload({
  name: 'originals',
  description: 'The applications as they are published.',
  options: {},
  build(scope) {
    secretsOf(scope);
    read(scope, false);
  },
});

/** The kind ServiceMonitor, which is the Prometheus Operator's. */
export class MonitorsStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'monitors', platform, { kubernetes: true });
    Manifests.fromYaml(this, 'kinds', { text: MONITORS, clusterWide: ['CustomResourceDefinition'] });
  }
}

/** The originals that need the machine, on the nodes of a namespace. */
export class OriginalAgentsStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'original-agents', platform, { kubernetes: true });
    new Namespace(this, 'namespace', {
      name: 'original-agents',
      podSecurity: 'privileged',
      nodeGroups: ['originals'],
    });
    read(this, true);
  }
}

export const MONITORS = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: servicemonitors.monitoring.coreos.com }
spec:
  group: monitoring.coreos.com
  scope: Namespaced
  names: { kind: ServiceMonitor, listKind: ServiceMonitorList, plural: servicemonitors, singular: servicemonitor }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            apiVersion: { type: string }
            kind: { type: string }
            metadata: { type: object }
            spec: { type: object, x-kubernetes-preserve-unknown-fields: true }
`;

/** A platform with the applications has the originals beside them. */
export const besideApplications = (folder: string): Beside => ({
  write(project) {
    cpSync(folder, project.path(FOLDER), { recursive: true });
  },
  imports: "import { MonitorsStack, OriginalAgentsStack, originals } from './__tests__/outside/originals';",
  workloads: 'originals',
  stacks: `after('cluster', MonitorsStack, { before: ['platform'] }),
    after(['platform', 'monitors'], OriginalAgentsStack)`,
  nodes: '  originals: { zone: b, instanceTypes: [m7i.2xlarge], min: 2, max: 2 }\n',
  namespaces: `  given:
    nodes: [node-1, node-2, gpu]
    quota: { cpu: '24', memory: 48Gi, pods: 80 }
    workloads: { originals: {} }
`,
  versions: Object.fromEntries(
    Object.entries(NEXT).map(([file, versions]) => [`${FOLDER}/${file}`, versions]),
  ),
});

/** Their namespaces. */
export const ORIGINALS_OCCUPY: Readonly<Record<string, Occupied>> = {
  given: {
    nodeGroups: ['node-1', 'node-2', 'gpu'],
    pods: {
      cassandra: 3,
      frontend: 1,
      'indexed-job': 5,
      loadgenerator: 1,
      'redis-cart': 1,
      'vllm-gemma-deployment': 1,
      'wordpress-mysql': 1,
    },
    images: ['gcr.io/google-samples/cassandra:v15', 'vllm/vllm-openai:v0.11.1', 'wordpress:6.2.2-apache'],
  },
  'original-agents': {
    nodeGroups: ['originals'],
    pods: { 'elasticsearch-logging': 2, 'node-exporter': 2 },
    images: [
      'quay.io/fluentd_elasticsearch/elasticsearch:v7.10.3',
      'quay.io/prometheus/node-exporter:v1.12.2',
    ],
  },
};
