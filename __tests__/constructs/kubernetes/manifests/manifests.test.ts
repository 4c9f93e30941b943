import { App } from 'cdktf';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { protectFromLoss } from '../../../../constructs/aws/account/protection';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { Manifests, type ManifestsOptions } from '../../../../constructs/kubernetes/manifests';
import { LimitRange } from '../../../../constructs/kubernetes/namespaces/limit-range';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { useKubernetes } from '../../../../constructs/kubernetes/provider/kubernetes-provider';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { synthesize } from '../../../../constructs/terraform/synthesize';
import { inNamespace, type Synthesized } from '../namespace-of';

const FILE = relative(process.cwd(), join(__dirname, 'app.yaml'));

const read = (text: string, options: ManifestsOptions = {}): Synthesized =>
  inNamespace((stack) => Manifests.fromYaml(stack, 'app', { text, ...options }));

function errors(text: string, options: ManifestsOptions = {}): string[] {
  try {
    read(text, options);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

/** A Deployment whose Pods have what is given. */
const deployment = (pod: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
${pod.replace(/^/gm, '      ')}`;

const affinityTo = (...values: string[]): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'platform/node', operator: 'In', values }] }],
    },
  },
});
const AFFINITY = affinityTo('node-1', 'node-2');
const POD_SECURITY = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const CONTAINER_SECURITY = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

describe('an application from YAML', () => {
  let made: Synthesized;

  beforeAll(() => {
    made = inNamespace((stack) => {
      Manifests.fromYaml(stack, 'app', { file: FILE, labels: { team: 'shop' } });
    });
  });

  it('has typed resources at readable addresses, and a manifest where the provider lacks the kind or a field', () => {
    const addresses = Object.entries(made.document.resource ?? {}).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    );
    expect(addresses.filter((address) => address.includes('.app_')).sort()).toEqual([
      'kubernetes_config_map_v1.app_web_config',
      'kubernetes_cron_job_v1.app_nightly',
      'kubernetes_deployment_v1.app_web',
      'kubernetes_horizontal_pod_autoscaler_v2.app_web',
      'kubernetes_ingress_v1.app_web',
      'kubernetes_manifest.app_daemon_set_agent',
      'kubernetes_manifest.app_job_set_training',
      'kubernetes_manifest.app_rollout_canary',
      'kubernetes_network_policy_v1.app_web',
      'kubernetes_role_binding_v1.app_web',
      'kubernetes_service_account_v1.app_web',
      'kubernetes_service_v1.app_web',
      'kubernetes_stateful_set_v1.app_db',
    ]);
  });

  it('is the YAML and what the namespace adds', () => {
    const { metadata, spec } = made.object('Deployment');
    expect(metadata).toEqual({ name: 'web', namespace: 'shop', labels: { app: 'web', team: 'shop' } });
    expect(spec).toEqual({
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      strategy: {},
      template: {
        metadata: { labels: { app: 'web', team: 'shop' } },
        spec: {
          serviceAccountName: 'web',
          automountServiceAccountToken: true,
          // As the provider sends the set.
          affinity: affinityTo('node-2', 'node-1'),
          securityContext: POD_SECURITY,
          containers: [
            {
              name: 'web',
              image: 'registry.example.com/web:1',
              ports: [{ containerPort: 8080, name: 'http' }],
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
              readinessProbe: { httpGet: { path: '/', port: 'http' } },
              securityContext: {
                ...CONTAINER_SECURITY,
                privileged: false,
                readOnlyRootFilesystem: false,
                runAsNonRoot: true,
              },
              volumeMounts: [
                { name: 'tmp', mountPath: '/tmp' },
                { name: 'config', mountPath: '/config' },
              ],
            },
          ],
          volumes: [
            { name: 'tmp', emptyDir: {} },
            { name: 'config', configMap: { name: 'web-config', defaultMode: 0o440 } },
          ],
        },
      },
    });
    expect(made.object('ConfigMap')).toMatchObject({
      data: { 'app.conf': 'greeting = ${name} {{ .Values.name }}\nlimits = 1000m\n' },
    });
  });

  it('keeps each of its own node requirements, beside that of the namespace', () => {
    const arch = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] };
    expect(made.object('DaemonSet')).toMatchObject({
      spec: {
        template: {
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [
                        arch,
                        { key: 'platform/node', operator: 'In', values: ['node-1', 'node-2'] },
                      ],
                    },
                    { matchExpressions: [{ key: 'platform/node', operator: 'In', values: ['node-2'] }] },
                  ],
                },
              },
            },
            initContainers: [{ name: 'sidecar', restartPolicy: 'Always' }],
          },
        },
      },
    });
  });

  it('has the affinity in the Pods of custom kinds too, whose other fields stay', () => {
    const pod = (name: string, image: string): object => ({
      affinity: AFFINITY,
      securityContext: POD_SECURITY,
      containers: [{ name, image: `registry.example.com/${image}:1`, securityContext: CONTAINER_SECURITY }],
    });
    expect(made.object('Rollout')['spec']).toEqual({
      empty: [],
      template: { metadata: { labels: { team: 'shop' } }, spec: pod('canary', 'canary') },
    });
    expect(made.object('JobSet')).toMatchObject({
      spec: { replicatedJobs: [{ template: { spec: { template: { spec: pod('work', 'work') } } } }] },
    });
  });

  it('has the defaults of the API where the provider has others', () => {
    expect(made.object('StatefulSet')).toMatchObject({
      spec: {
        revisionHistoryLimit: 10,
        volumeClaimTemplates: [
          { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } },
        ],
      },
    });
    expect(made.object('CronJob')).toMatchObject({ spec: { jobTemplate: { spec: { completions: 1 } } } });
    expect(made.object('HorizontalPodAutoscaler')).toMatchObject({
      spec: {
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 300,
            selectPolicy: 'Max',
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        },
      },
    });
    expect(made.object('NetworkPolicy')).toMatchObject({ spec: { policyTypes: ['Ingress'] } });
    expect(made.object('RoleBinding')['subjects']).toEqual([
      { kind: 'ServiceAccount', name: 'web', namespace: 'shop' },
      { kind: 'User', name: 'ann', apiGroup: 'rbac.authorization.k8s.io' },
    ]);
  });

  it('is created after the objects that it refers to', () => {
    expect(made.document.resource?.['kubernetes_deployment_v1']?.['app_web']?.['depends_on']).toEqual([
      'kubernetes_service_account_v1.app_web',
      'kubernetes_config_map_v1.app_web_config',
    ]);
    expect(made.document.resource?.['kubernetes_ingress_v1']?.['app_web']?.['depends_on']).toEqual([
      'kubernetes_service_v1.app_web',
    ]);
    expect(made.bytes).toContain('"namespace": "${kubernetes_namespace_v1.namespace.metadata[0].name}"');
  });

  it('waits for the rollout of a workload that is a manifest', () => {
    expect(made.document.resource?.['kubernetes_manifest']?.['app_daemon_set_agent']).toMatchObject({
      wait: { rollout: true },
      field_manager: { force_conflicts: true },
    });
  });
});

it('an application has Pods if the namespace sets the requests that its quota requires', () => {
  const { document } = inNamespace((stack) => {
    new LimitRange(stack, 'limits', {
      defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
      defaultMemoryLimit: Size.mebibytes(256),
    });
    Manifests.fromYaml(stack, 'app', { text: deployment('containers: [{ name: web, image: web:1 }]') });
  });
  expect(document.resource?.['kubernetes_deployment_v1']?.['app_web']).toMatchObject({
    depends_on: ['kubernetes_limit_range_v1.limits'],
  });
});

it('edits change objects by kind, remove objects, and rename the namespace of the YAML', () => {
  const text = readFileSync(FILE, 'utf8').replace(/^ {2}name: web$/gm, '  name: web\n  namespace: upstream');
  const { object, objects } = read(text, {
    namespace: 'upstream',
    select: ({ kind }) => ['Deployment', 'Rollout', 'ServiceAccount', 'RoleBinding'].includes(kind),
    edit: {
      Deployment: ({ spec }) => {
        spec.replicas = 3;
      },
      'Rollout.argoproj.io': (rollout: { spec: { strategy?: object } }) => ({
        ...rollout,
        spec: { ...rollout.spec, strategy: { canary: {} } },
      }),
    },
  });
  expect(object('Deployment')).toMatchObject({ metadata: { namespace: 'shop' }, spec: { replicas: 3 } });
  expect(object('Rollout')).toMatchObject({ spec: { strategy: { canary: {} } } });
  expect(object('RoleBinding')).toMatchObject({ subjects: [{ namespace: 'shop' }, {}] });
  expect(objects('Service')).toEqual([]);
});

it('the option keep leaves the security context, and errors name file and line of what the namespace refuses', () => {
  const bare = deployment('containers:\n  - { name: web, image: web:1 }');
  expect(errors(bare)).toEqual([]);
  expect(errors(bare, { securityContext: 'keep' })).toEqual([
    expect.stringMatching(
      /^text:9:7: shop\/app\/Deployment\/web \(.*\): spec\.template\.spec: violates PodSecurity/,
    ),
  ]);
  const host = 'containers: [{ name: web, image: web:1 }]\nvolumes: [{ name: host, hostPath: { path: / } }]';
  expect(errors(deployment(host))).toEqual([
    expect.stringMatching(/^text:9:7: .*volume "host" uses restricted volume type "hostPath"/),
  ]);
});

it('an error names what the namespace refuses of the Pods of a custom kind', () => {
  const text = deployment(
    'containers: [{ image: web:1 }]\ntimeoutSeconds: 3\nvolumes: [{ name: host, hostPath: { path: / } }]',
  );
  expect(errors(text.replace('apps/v1', 'serving.knative.dev/v1').replace('Deployment', 'Service'))).toEqual([
    expect.stringMatching(
      /^text:9:7: shop\/app\/service\/web \(kubernetes_manifest\.app_service_web\): spec\.template\.spec: violates PodSecurity .*hostPath/,
    ),
  ]);
});

/** Errors with their places, without the paths of constructs. */
const located = (messages: readonly string[]): string[] =>
  messages.map((each) => each.replace(/: \S+ \(\S+\): /, ' '));

describe('an error names file and line of', () => {
  it('what the API server refuses', () => {
    const env = 'containers:\n  - name: web\n    image: web:1\n    env:\n      - name: A\n        value: yes';
    expect(errors(deployment(env))).toEqual([
      'text:14:22: shop/app/deployment/web (kubernetes_manifest.app_deployment_web): spec.template.spec.containers[0].env[0].value: Invalid value: true: a bool cannot be a string; write "yes"',
    ]);
  });

  it('each text that YAML reads as another type, with the text in quotes', () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: no\n  log.level: on\n  mode: 0644';
    expect(located(errors(text))).toEqual([
      'text:5:6 data.a: Invalid value: false: a bool cannot be a string; write "no"',
      'text:6:14 data[log.level]: Invalid value: true: a bool cannot be a string; write "on"',
      'text:7:9 data.mode: Invalid value: 420: a number cannot be a string; write "0644"',
    ]);
  });

  it('a value that an edit has set, in the form of the edit', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { version: "1.0" }';
    const setNumber = (each: object): void => {
      Object.assign(each, { data: { version: 5 } });
    };
    expect(located(errors(text, { edit: { ConfigMap: setNumber } }))).toEqual([
      'text:4:18 data.version: Invalid value: 5: a number cannot be a string; write "5"',
    ]);
  });

  it('every value of another type and every unknown field', () => {
    const text = deployment('containers: [{ name: web, imag: web:1, ports: { http: 80 } }]').replace(
      'spec:',
      'spec:\n  replicas: "2"\n  replica: 2',
    );
    expect(located(errors(text))).toEqual([
      'text:5:13 spec.replicas: Invalid value: "2": a string cannot be an int32',
      'text:11:53 spec.template.spec.containers[0].ports: an object cannot be an array',
      'text:6:12 spec.replica: unknown field "spec.replica"; correct its name, or remove it',
      'text:11:39 spec.template.spec.containers[0].imag: unknown field "spec.template.spec.containers[0].imag"; correct its name, or remove it',
    ]);
  });

  it('a misspelled field in the metadata of a custom resource', () => {
    const text =
      'apiVersion: example.com/v1\nkind: Batch\nmetadata: { name: a, anotations: { a: b } }\nspec: {}';
    expect(located(errors(text))).toEqual([
      'text:3:34 metadata.anotations: unknown field "metadata.anotations"; correct its name, or remove it',
    ]);
  });

  it('the time to live of a Job, which the next apply would run again', () => {
    const text = deployment('restartPolicy: Never\ncontainers: [{ name: a, image: a:1 }]')
      .replace('apps/v1', 'batch/v1')
      .replace('Deployment', 'Job')
      .replace(/selector.*/, 'ttlSecondsAfterFinished: 60');
    expect(located(errors(text))).toEqual([
      'text:5:28 spec.ttlSecondsAfterFinished: got 60, after which Kubernetes deletes the Job, and the next apply runs it again. Leave it out (YAML: by edit), or make a CronJob',
    ]);
  });
});

describe('an error with file and line reports an object', () => {
  const stored = (version: string, kind: string, rest = ''): string =>
    `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: a }\n${rest}`;

  it.each([
    ['v1', 'Binding'],
    ['policy/v1', 'Eviction'],
    ['autoscaling/v1', 'Scale'],
    ['authorization.k8s.io/v1', 'LocalSubjectAccessReview'],
    ['authentication.k8s.io/v1', 'TokenRequest'],
  ])('that the cluster does not keep: %s %s', (version, kind) => {
    expect(located(errors(stored(version, kind)))).toEqual([
      `text:2:7 kind: the cluster answers ${kind} and keeps no such object; leave it out, and send it by kubectl`,
    ]);
  });

  it('of a custom kind that may be alike', () => {
    expect(errors(stored('example.com/v1', 'Scale', 'spec: {}'))).toEqual([]);
    expect(errors(stored('example.com/v1', 'AllowList', 'spec: {}'))).toEqual([]);
  });

  it('that another one owns', () => {
    const owner = '{ apiVersion: v1, kind: Pod, name: b, uid: 0d3c }';
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  ownerReferences: [${owner}]`;
    expect(located(errors(text))).toEqual([
      'text:5:20 metadata.ownerReferences: a uid is of one object in one cluster, and Kubernetes deletes what has no owner. Remove it (YAML: by edit), or leave the object to the controller that makes it',
    ]);
    const removed = (each: { metadata: object }): void => {
      Object.assign(each.metadata, { ownerReferences: undefined });
    };
    expect(errors(text, { edit: { ConfigMap: removed } })).toEqual([]);
  });

  it('of a custom kind that is cluster-wide by its name, until the YAML tells', () => {
    const issuer = stored('cert-manager.io/v1', 'ClusterIssuer', 'spec: {}');
    expect(errors(issuer)).toEqual([
      "shop/app: text:2:7 kind: ClusterIssuer a: is in no namespace by its name; allow it by clusterWide: ['ClusterIssuer.cert-manager.io'], or write metadata.namespace if it is in one",
    ]);
    const metadataOf = (text: string, options?: ManifestsOptions): unknown =>
      read(text, options).object('ClusterIssuer').metadata;
    expect(metadataOf(issuer, { clusterWide: ['ClusterIssuer.cert-manager.io'] })).toEqual({ name: 'a' });
    expect(metadataOf(issuer.replace('name: a', 'name: a, namespace: shop'))).toEqual({
      name: 'a',
      namespace: 'shop',
    });
  });

  it('whose rollout Terraform would wait for without an end', () => {
    const text = deployment('containers: [{ name: web, image: web:1 }]').replace(
      'spec:',
      'spec:\n  paused: true',
    );
    const message =
      'text:5:11 spec.paused: got true. A paused Deployment starts no new Pod, and Terraform waits for its rollout; remove it, or set replicas to 0 for no Pods';
    expect(located(errors(text))).toEqual([message]);
  });

  it('with a null, in a text map as in the spec', () => {
    const message = 'got null, which would be a difference at every plan; leave it out';
    expect(errors(stored('v1', 'ConfigMap', 'data: { a: null, b.c: ~, d: e }'))).toEqual([
      `shop/app: text:4:12 data.a: ConfigMap a: ${message}`,
      `shop/app: text:4:23 data["b.c"]: ConfigMap a: ${message}`,
    ]);
    expect(errors(stored('v1', 'Service', 'spec: { ports: [{ port: 80 }, null] }'))).toEqual([
      `shop/app: text:4:31 spec.ports[1]: Service a: ${message}`,
    ]);
  });
});

describe('an error with file, line and column reports', () => {
  const namespaced = `apiVersion: v1
kind: ConfigMap
metadata: { name: a, namespace: kube-system }`;
  it.each([
    [
      'what every namespace has',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: kube-root-ca.crt }',
      'text:3:19 metadata.name: ConfigMap kube-root-ca.crt: Kubernetes makes one in every namespace; leave it out (YAML: by select)',
    ],
    [
      'an affinity to no node',
      deployment(
        'affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } }\ncontainers: [{ name: web, image: web:1 }]',
      ),
      'text:9:104 spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Deployment web: has empty terms only, which match no node; write an expression, or remove the affinity',
    ],
    [
      'another namespace',
      namespaced,
      `text:3:33 metadata.namespace: ConfigMap kube-system/a: got "kube-system", and this is namespace "shop"; remove it (YAML: by edit, or set namespace: 'kube-system' if all of it is for this namespace)`,
    ],
    [
      'a kind of the whole cluster',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: a }',
      'text:2:7 kind: ClusterRole a: is in no namespace, and holds for the whole cluster; allow the kind by clusterWide, or leave it out (YAML: by select)',
    ],
    [
      'a namespace',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }',
      'text:2:7 kind: Namespace a: is in no namespace, and holds for the whole cluster; the platform makes its namespaces; leave it out (YAML: by select)',
    ],
    [
      'a node selector',
      deployment('nodeSelector: { platform/node: node-3 }\ncontainers: [{ name: web, image: web:1 }]'),
      'text:9:38 spec.template.spec.nodeSelector["platform/node"]: Deployment web: got "node-3"; the namespace has the node groups node-1, node-2; name some of these, or remove it',
    ],
    [
      'a node',
      deployment('nodeName: here\ncontainers: [{ name: web, image: web:1 }]'),
      'text:9:17 spec.template.spec.nodeName: Deployment web: names a node, past the scheduler; remove it, and select nodes by their labels',
    ],
    [
      'values of a Secret',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { key: marked }',
      'text:4:13 stringData: Secret a: its values would be in cdktf.out and in the state; leave it out (YAML: by select), and make a Secret.fromSecretsManager() with the same name',
    ],
    [
      'a hook',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations: { helm.sh/hook: test }',
      "text:5:16 metadata.annotations: ConfigMap a: is a hook, which Helm runs at its time and a deployment would keep. Leave it out (YAML: by leaveOut: ['hooks']), or remove the annotation (YAML: by edit)",
    ],
    [
      'Pods at a place that is not known',
      'apiVersion: example.com/v1\nkind: Batch\nmetadata: { name: a }\nspec: { jobs: [{ pod: { containers: [{ image: a }] } }] }',
      `text:4:23 spec.jobs[0].pod: Batch a: has containers, and where a Batch.example.com has its Pods is not known; add it to podSpecs: { 'Batch.example.com': ['spec.jobs[].pod'] }`,
    ],
    [
      'a token that an unknown account may mount',
      deployment('serviceAccountName: other\ncontainers: [{ name: web, image: web:1 }]'),
      'text:8:5 spec.template.spec.automountServiceAccountToken: Deployment web: the provider sends true where it is left out, whatever the ServiceAccount says, and that is not declared here; set it (YAML: by edit)',
    ],
    [
      'a single Pod that a LimitRange completes',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers: [{ name: a, image: a:1, resources: { limits: { cpu: 1 } } }]',
      'text:5:60 spec.containers[0].resources.limits: Pod a: a LimitRange completes it in a single Pod, which the provider would replace at every plan; write both cpu and memory',
    ],
    [
      'the same object twice',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }',
      'text:7:19 metadata.name: ConfigMap a: another ConfigMap has this name; keep one of the two',
    ],
  ])('%s', (_, text, message) => {
    expect(errors(text)).toEqual([`shop/app: ${message}`]);
  });

  it('affinity to other nodes, in one of several terms', () => {
    const term = (node: string): string =>
      `{ matchExpressions: [{ key: platform/node, operator: In, values: [${node}] }] }`;
    const terms = `nodeSelectorTerms: [${term('node-1')}, ${term('node-3')}]`;
    const pod = `affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { ${terms} } } }\ncontainers: [{ name: web, image: web:1 }]`;
    expect(errors(deployment(pod))).toEqual([
      expect.stringMatching(
        /^shop\/app: text:9:185 spec\.template\.spec\.affinity\..*\.nodeSelectorTerms\[1\]: Deployment web: leads to other nodes; the namespace has the node groups node-1, node-2/,
      ),
    ]);
  });

  it('an edit that gives no object of data', () => {
    const text = namespaced.replace(', namespace: kube-system', '');
    const edited = (edit: (object: object) => unknown): string[] =>
      errors(text, { edit: { ConfigMap: edit as never } });
    expect(edited(() => 5)).toEqual([
      'shop/app: text:1:1 edit returned 5; return an object, or nothing after a change in place',
    ]);
    expect(edited((object) => ({ ...object, data: { at: new Date(0) } }))).toEqual([
      'shop/app: text:1:1 edit sets data.at: got an instance of Date; expected a text, a finite number, true, false, a list, a plain object or a reference',
    ]);
  });

  it('an edit of an unknown kind, and one that fails', () => {
    expect(
      errors(namespaced.replace(', namespace: kube-system', ''), {
        edit: {
          ConfigMaps: () => undefined,
          ConfigMap: () => {
            throw new Error('no');
          },
        },
      }),
    ).toEqual([
      expect.stringMatching(/^shop\/app: text:1:1 edit failed with Error: no/),
      'shop/app: edit: unknown kind "ConfigMaps"; did you mean "ConfigMap"? known: ConfigMap',
    ]);
  });
});

it('the user sets the places of Pods in a custom kind', () => {
  const text =
    'apiVersion: example.com/v1\nkind: Batch\nmetadata: { name: a }\nspec: { jobs: [{ pod: { containers: [{ image: a }] } }] }';
  const { object } = read(text, { podSpecs: { 'Batch.example.com': ['spec.jobs[].pod'] } });
  expect(object('Batch')).toMatchObject({ spec: { jobs: [{ pod: { affinity: AFFINITY } }] } });
  expect(read(text, { podSpecs: { 'Batch.example.com': [] } }).object('Batch')['spec']).toEqual({
    jobs: [{ pod: { containers: [{ image: 'a' }] } }],
  });
});

describe('a folder of manifests', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const files = (): string[] => {
    try {
      return inNamespace((stack) => Manifests.fromYaml(stack, 'app', { folder }))
        .objects('ConfigMap')
        .map(({ metadata }) => String(metadata.name));
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };

  it('is read file by file, and an error names every file', () => {
    const configMap = (name: string): string =>
      `apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: ${name}\r\n`;
    writeFileSync(join(folder, 'a.yaml'), configMap('a'));
    writeFileSync(
      join(folder, 'b.json'),
      '\uFEFF{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
    );
    writeFileSync(join(folder, 'README.md'), 'read me');
    expect(files()).toEqual(['a', 'b']);
    writeFileSync(join(folder, 'a.yaml'), configMap(''));
    writeFileSync(join(folder, 'b.json'), '{');
    expect(files()).toEqual([
      `shop/app: ${folder}/a.yaml:4:9 metadata.name: ConfigMap: expected a name, by which the next plan finds it again`,
      expect.stringMatching(new RegExp(`^shop/app: ${folder}/b\\.json:1:2 not YAML: `)),
    ]);
  });

  it('is an error if it holds a folder, or no file', () => {
    expect(files()).toEqual([`shop/app: ${folder} has no .yaml, .yml or .json file; name another folder`]);
    mkdirSync(join(folder, 'crds'));
    expect(files()).toEqual([`shop/app: ${folder} has the folders crds; read each by Manifests of its own`]);
  });
});

describe('a CustomResourceDefinition', () => {
  const FOO = 'apiVersion: example.com/v1\nkind: Foo\nmetadata: { name: x }\nspec: {}';
  const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: foos.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Foo, plural: foos, singular: foo, listKind: FooList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { containers: { type: array, default: [], items: { type: string } } } } }
`;

  it('is an error in a namespace, and in one stack with its objects', () => {
    expect(errors(DEFINITION)).toEqual([
      "shop/app: text:2:7 kind: CustomResourceDefinition foos.example.com: is in no namespace, and holds for the whole cluster; Terraform can plan its objects only once it is in the cluster. Put it into a stack of its own that is deployed before, and leave it out here (YAML: by leaveOut: ['definitions']): docs/guides/custom-resources.md",
    ]);
    expect(errors(`${DEFINITION}---\n${FOO}`, { clusterWide: ['CustomResourceDefinition'] })).toEqual([
      expect.stringMatching(
        /^shop\/app: text:17:1 Foo shop\/x: its CustomResourceDefinition is in the same stack/,
      ),
    ]);
  });

  const stackWith = (outdir: string, text: string, ofNamespace?: string): void => {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'definitions');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    useKubernetes(stack, { cluster: 'seed', region: 'eu-west-1' });
    Manifests.fromYaml(stack, 'foo', { text, clusterWide: ['CustomResourceDefinition'] });
    if (ofNamespace !== undefined) {
      const shop = new BaseStack(app, 'shop');
      useAws(shop, { region: 'eu-west-1', platform: 'seed' });
      useKubernetes(shop, { cluster: 'seed', region: 'eu-west-1' });
      new Namespace(shop, 'namespace', { name: 'shop' });
      Manifests.fromYaml(shop, 'app', { text: ofNamespace });
    }
    synthesize(app);
  };

  const errorsWith = (text: string, ofNamespace?: string): string[] => {
    const outdir = mkdtempSync(join(tmpdir(), 'manifests-'));
    try {
      stackWith(outdir, text, ofNamespace);
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    } finally {
      rmSync(outdir, { recursive: true });
    }
  };

  it('reports a kind of its group that is near to its own', () => {
    expect(errorsWith(DEFINITION, FOO)).toEqual([]);
    for (const kind of ['Bar', 'FooSet', 'FooTCP', 'FooRun']) {
      expect(errorsWith(DEFINITION, FOO.replace('Foo', kind))).toEqual([]);
    }
    for (const kind of ['Foos', 'Fooo', 'foos']) {
      expect(located(errorsWith(DEFINITION, FOO.replace('Foo', kind)))).toEqual([
        `text:2:7 kind: the CustomResourceDefinitions of example.com in the platform have no kind "${kind}"; did you mean "Foo"? If it is another kind, add its definition to the platform`,
      ]);
    }
  });

  it('has errors that name the fields of apiextensions.k8s.io/v1', () => {
    const wrong = DEFINITION.replace(
      'schema:\n',
      'additionalPrinterColumns: [{ name: a, type: text, jsonPath: a }]\n      schema:\n',
    ).replace('items: { type: string }', 'items: { type: text }');
    expect(located(errorsWith(wrong)).sort()).toEqual([
      'text:12:51 spec.versions[0].additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'text:12:67 spec.versions[0].additionalPrinterColumns[0].jsonPath: Invalid value: "a": must be a simple json path starting with .',
      expect.stringMatching(
        /^text:16:116 spec\.versions\[0\]\.schema\.openAPIV3Schema\.properties\[spec\]\..*\.items\.type: Unsupported value: "text"/,
      ),
    ]);
  });

  it('of a megabyte is taken whole, and one that etcd refuses is an error, with nothing written of the YAML', () => {
    const description = (length: number): string =>
      DEFINITION.replace(
        'type: object, properties',
        `type: object, description: ${'x'.repeat(length)}, properties`,
      );
    const outdir = mkdtempSync(join(tmpdir(), 'manifests-'));
    const file = join(outdir, 'stacks/definitions/cdk.tf.json');
    try {
      expect(() => {
        stackWith(outdir, `${DEFINITION.replaceAll(/foo/gi, 'bar')}---\n${description(1_600_000)}`);
      }).toThrow(
        /^text:17:1: definitions\/foo\/custom_resource_definition\/foos\.example\.com \(.*\): has 16\d{5} bytes, and etcd stores at most 1572864 of an object; shorten it$/,
      );
      expect(existsSync(file)).toBe(false);
      stackWith(outdir, description(1_000_000));
      expect(readFileSync(file, 'utf8')).toContain('x'.repeat(1_000_000));
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  it('has a stack without a namespace, which can hold nothing else', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'manifests-'));
    try {
      stackWith(outdir, DEFINITION);
      const written = readFileSync(join(outdir, 'stacks/definitions/cdk.tf.json'), 'utf8');
      expect(written).toContain('foo_custom_resource_definition_foos_example_com');
      expect(() => {
        stackWith(outdir, FOO);
      }).toThrow(
        'definitions/foo: text:2:7 kind: Foo x: there is no Namespace beside Manifests to put it in',
      );
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

it('a binding with the empty API group gets the group that the API server takes for it', () => {
  const { objects } = inNamespace((stack) => {
    Manifests.fromYaml(stack, 'app', {
      clusterWide: ['ClusterRoleBinding'],
      text: ['ClusterRoleBinding', 'RoleBinding']
        .map(
          (kind) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: readers }
roleRef: { apiGroup: "", kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop, apiGroup: "" }, { kind: Group, name: team, apiGroup: "" }]
`,
        )
        .join('---\n'),
    });
  });
  for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
    const [binding] = objects(kind).filter(({ metadata }) => metadata.name === 'readers');
    expect(binding).toMatchObject({
      roleRef: { apiGroup: 'rbac.authorization.k8s.io' },
      subjects: [{ kind: 'ServiceAccount' }, { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io' }],
    });
  }
});

it('claims are protected from loss in either form, and nothing else is', () => {
  const claim = (name: string, more = ''): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name}${more} }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
`;
  const { document } = inNamespace((stack) => {
    const text = `${claim('typed')}${claim('kept', ', finalizers: [x.io/kept]')}apiVersion: v1
kind: ConfigMap
metadata: { name: settings, finalizers: [x.io/kept] }
`;
    Manifests.fromYaml(stack, 'app', { text });
    const metadata = { name: 'own', namespace: 'shop' };
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    new Manifest(stack, 'own', {
      manifest: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec },
    });
    protectFromLoss(stack);
  });
  const found = Object.entries(document.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, { lifecycle }]) =>
      JSON.stringify(lifecycle ?? '').includes('"prevent_destroy":true') ? [`${type}.${name}`] : [],
    ),
  );
  expect(found.sort()).toEqual([
    'kubernetes_manifest.app_persistent_volume_claim_kept',
    'kubernetes_manifest.own',
    'kubernetes_persistent_volume_claim_v1.app_typed',
  ]);
  expect(document.resource?.['kubernetes_manifest']).toHaveProperty('app_config_map_settings');
});
