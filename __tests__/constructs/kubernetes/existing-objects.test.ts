import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigMap,
  CronJob,
  Deployment,
  EnvFrom,
  EnvValue,
  Namespace,
  PersistentVolumeClaim,
  Pod,
  Projection,
  RoleBinding,
  ClusterRole,
  Schedule,
  Secret,
  ServiceAccount,
  Size,
  StatefulSet,
  StorageClass,
  Volume,
} from '../../../constructs/kubernetes';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { useKubernetes } from '../../../constructs/kubernetes/provider/kubernetes-provider';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';
import { clusterFacts } from '../../../src/checks/cluster-facts';
import { referenceFindings } from '../../../src/checks/references';
import { kubernetesObjects } from '../../../src/manifests/objects';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';

const image = 'registry.example.com/agent:1';

/** What `build` puts into the namespace `kube-system`, which exists. */
function inKubeSystem(build: (stack: BaseStack) => void) {
  const outdir = mkdtempSync(join(tmpdir(), 'existing-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'agents');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    useKubernetes(stack, { cluster: 'seed', region: 'eu-west-1' });
    Namespace.fromName(stack, 'namespace', 'kube-system', { nodeGroups: ['node-1'] });
    build(stack);
    synthesize(app);
    const document = JSON.parse(
      readFileSync(join(outdir, 'stacks/agents/cdk.tf.json'), 'utf8'),
    ) as TerraformDocument;
    const facts = clusterFacts(
      {
        ...{ name: 'seed', region: 'eu-west-1', kubernetes: '1.36', nodeGroups: [], namespaces: {} },
        ...{ workloads: [], stacks: [], handedOver: {} },
      },
      [{ name: 'agents', document }] as unknown as Parameters<typeof clusterFacts>[1],
    );
    return {
      types: Object.keys(document.resource ?? {}).sort(),
      objects: kubernetesObjects(document).map(({ object }) => object),
      missing: referenceFindings(facts).map(({ message, remedy }) => `${message}: ${remedy}`),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** A workload that uses every kind of object that can exist already. */
function agent(scope: Construct): void {
  const settings = ConfigMap.fromName(scope, 'settings', 'agent-settings');
  const login = Secret.fromName(scope, 'login', 'agent-login');
  const account = ServiceAccount.fromName(scope, 'account', 'agent', { automountToken: true });
  new Deployment(scope, 'agent', {
    ...{ image, serviceAccount: account },
    env: {
      LEVEL: EnvValue.fromConfigMap(settings, 'level'),
      PASSWORD: EnvValue.fromSecret(login, 'password'),
    },
    envFrom: [EnvFrom.fromConfigMap(settings), EnvFrom.fromSecret(login)],
  }).container
    .mount('/settings', Volume.fromConfigMap('settings', settings, { files: { a: 'level' } }))
    .mount('/login', Volume.fromSecret('login', login))
    .mount('/both', Volume.fromProjections('both', [Projection.fromSecret(login)]))
    .mount('/data', Volume.fromClaim(PersistentVolumeClaim.fromName(scope, 'data', 'agent-data')));
  account.grantRead(settings, login);
  new RoleBinding(scope, 'view', { role: ClusterRole.builtIn('view'), subjects: [account] });
}

describe('an existing object', () => {
  it('can stand in every place of a new one, is not declared, and is not missing for the checks', () => {
    const { types, objects, missing } = inKubeSystem(agent);
    expect(missing).toEqual([]);
    expect(types).toEqual([
      'kubernetes_deployment_v1',
      'kubernetes_pod_disruption_budget_v1',
      'kubernetes_role_binding_v1',
      'kubernetes_role_v1',
    ]);
    const env = [
      { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'agent-settings', key: 'level' } } },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'agent-login', key: 'password' } } },
    ];
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment).toMatchObject({
      metadata: { namespace: 'kube-system' },
      spec: {
        template: {
          spec: {
            serviceAccountName: 'agent',
            automountServiceAccountToken: true,
            containers: [
              {
                env,
                envFrom: [
                  { configMapRef: { name: 'agent-settings' } },
                  { secretRef: { name: 'agent-login' } },
                ],
              },
            ],
            volumes: [
              { configMap: { name: 'agent-settings' } },
              { secret: { secretName: 'agent-login' } },
              { projected: { sources: [{ secret: { name: 'agent-login' } }] } },
              { persistentVolumeClaim: { claimName: 'agent-data' } },
            ],
          },
        },
      },
    });
    // The program does not see it change.
    expect(JSON.stringify(deployment)).not.toContain('platform/configuration');
    expect(objects.filter(({ kind }) => kind === 'RoleBinding')).toMatchObject([
      { subjects: [{ name: 'agent', namespace: 'kube-system' }] },
      { subjects: [{ name: 'agent', namespace: 'kube-system' }] },
    ]);
  });

  it('may be a StorageClass of claims and claim templates, or the Secret that pulls images', () => {
    const { objects, missing } = inKubeSystem((stack) => {
      const storageClass = StorageClass.fromName(stack, 'shared', 'fsx');
      const size = Size.gibibytes(1);
      new PersistentVolumeClaim(stack, 'claim', { storageClass, size, accessMode: 'ReadWriteMany' });
      const pull = Secret.fromName(stack, 'pull', 'pull', { type: 'kubernetes.io/dockerconfigjson' });
      const serviceAccount = new ServiceAccount(stack, 'puller', { imagePullSecrets: [pull] });
      const set = new StatefulSet(stack, 'set', { image, replicas: 1, serviceAccount });
      set.container.mount('/data', set.addClaim('data', { storageClass, size, accessMode: 'ReadWriteMany' }));
      const own = ServiceAccount.fromName(stack, 'default', 'default', { imagePullSecrets: [pull] });
      new Pod(stack, 'pod', { image, serviceAccount: own });
    });
    expect(missing).toEqual([]);
    const of = (wanted: string) => objects.filter(({ kind }) => kind === wanted);
    expect(of('PersistentVolumeClaim')).toMatchObject([
      { spec: { storageClassName: 'fsx' } },
      { spec: { storageClassName: 'fsx' } },
    ]);
    expect(of('StatefulSet')).toMatchObject([
      { spec: { volumeClaimTemplates: [{ spec: { storageClassName: 'fsx' } }] } },
    ]);
    expect(of('ServiceAccount')).toMatchObject([{ imagePullSecrets: [{ name: 'pull' }] }]);
    expect(of('Pod')).toMatchObject([
      { spec: { serviceAccountName: 'default', imagePullSecrets: [{ name: 'pull' }] } },
    ]);
    expect(of('StorageClass')).toEqual([]);
  });

  it('has no resource, so that nothing can change it', () => {
    const run = (use: (stack: BaseStack) => unknown) => () => inKubeSystem((stack) => void use(stack));
    expect(run((stack) => Namespace.of(stack).resource)).toThrow(
      'agents/namespace: the Namespace "kube-system" exists already, and has no resource in the program. Change it where it is declared, or declare it here with new Namespace()',
    );
    expect(run((stack) => ConfigMap.fromName(stack, 'settings', 'settings').resource)).toThrow(
      'agents/settings: the ConfigMap "settings" exists already',
    );
  });

  it('is missing where it is named without fromName', () => {
    const { missing } = inKubeSystem((stack) => {
      const schedule = Schedule.daily({ hour: 3 });
      new CronJob(stack, 'job', { image, schedule }).patch((job) => {
        job.spec.jobTemplate.spec.template.spec.serviceAccountName = 'agent';
      });
    });
    expect(missing).toEqual([
      'names the ServiceAccount "agent", and there is none in namespace kube-system: declare it, or name one of: job; name one that exists already by ServiceAccount.fromName()',
    ]);
  });
});
