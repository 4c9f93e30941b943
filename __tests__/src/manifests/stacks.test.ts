import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { StatefulSetV1 } from '@cdktf/provider-kubernetes/lib/stateful-set-v1';
import { App, TerraformStack } from 'cdktf';
import { parseAllDocuments } from 'yaml';
import { readStacks, writeManifests } from '../../../src/manifests/stacks';

let outdir: string;

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'manifests-'));
});

afterEach(() => {
  rmSync(outdir, { recursive: true, force: true });
});

/** Two stacks by the real classes: `dev` needs `network`, and comes first by name. */
function synthesize(): void {
  const app = new App({ outdir });
  const dev = new TerraformStack(app, 'dev');
  const network = new TerraformStack(app, 'network');
  dev.addDependency(network);
  new KubernetesProvider(dev, 'kubernetes');
  const namespace = new NamespaceV1(dev, 'namespace', { metadata: { name: 'dev' } });
  const account = new ServiceAccountV1(dev, 'account', {
    metadata: { name: 'web', namespace: namespace.metadata.name },
    automountServiceAccountToken: false,
  });
  const labels = { app: 'web' };
  const container = {
    name: 'web',
    image: 'web:1',
    port: [{ containerPort: 8080 }],
    readinessProbe: { tcpSocket: [{ port: '8080' }] },
    securityContext: { runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
  };
  new DeploymentV1(dev, 'web', {
    metadata: { name: 'web', namespace: namespace.metadata.name, labels },
    spec: {
      replicas: '2',
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxSurge: '1', maxUnavailable: '0' } },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: account.metadata.name, container: [container] },
      },
    },
    lifecycle: { ignoreChanges: ['spec[0].replicas'] },
    timeouts: { create: '10m' },
  });
  new StatefulSetV1(dev, 'db', {
    metadata: { name: 'db', namespace: namespace.metadata.name },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      updateStrategy: [{ type: 'RollingUpdate', rollingUpdate: [{ partition: 0 }] }],
      template: { metadata: { labels: { app: 'db' } }, spec: { automountServiceAccountToken: false } },
      volumeClaimTemplate: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  });
  new NetworkPolicyV1(dev, 'deny', {
    metadata: { name: 'deny', namespace: namespace.metadata.name },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
  app.synth();
}

it('the output of the real classes becomes the same objects, in one file for each stack', () => {
  synthesize();
  expect(
    readStacks(outdir).map(({ name, workingDirectory, dependencies }) => [
      name,
      workingDirectory,
      dependencies,
    ]),
  ).toEqual([
    ['network', 'stacks/network', []],
    ['dev', 'stacks/dev', ['network']],
  ]);
  const file = join(outdir, 'manifests', 'dev.yaml');
  expect(writeManifests(outdir)).toEqual([{ stack: 'dev', file, objects: 5, unknown: [] }]);
  expect(readFileSync(file, 'utf8')).toMatchInlineSnapshot(`
   "---
   # kubernetes_namespace_v1.namespace
   apiVersion: v1
   kind: Namespace
   metadata:
     name: dev
   ---
   # kubernetes_service_account_v1.account
   apiVersion: v1
   kind: ServiceAccount
   metadata:
     name: web
     namespace: dev
   automountServiceAccountToken: false
   ---
   # kubernetes_network_policy_v1.deny
   apiVersion: networking.k8s.io/v1
   kind: NetworkPolicy
   metadata:
     name: deny
     namespace: dev
   spec:
     podSelector: {}
     policyTypes:
       - Ingress
       - Egress
   ---
   # kubernetes_deployment_v1.web
   apiVersion: apps/v1
   kind: Deployment
   metadata:
     name: web
     labels:
       app: web
     namespace: dev
   spec:
     replicas: 2
     selector:
       matchLabels:
         app: web
     strategy:
       rollingUpdate:
         maxSurge: 1
         maxUnavailable: 0
     template:
       metadata:
         labels:
           app: web
       spec:
         automountServiceAccountToken: true
         containers:
           - name: web
             image: web:1
             ports:
               - containerPort: 8080
             readinessProbe:
               tcpSocket:
                 port: 8080
             securityContext:
               allowPrivilegeEscalation: true
               capabilities:
                 drop:
                   - ALL
               privileged: false
               readOnlyRootFilesystem: false
               runAsNonRoot: true
         serviceAccountName: web
   ---
   # kubernetes_stateful_set_v1.db
   apiVersion: apps/v1
   kind: StatefulSet
   metadata:
     name: db
     namespace: dev
   spec:
     revisionHistoryLimit: 0
     selector:
       matchLabels:
         app: db
     serviceName: db
     template:
       metadata:
         labels:
           app: db
       spec:
         automountServiceAccountToken: false
     updateStrategy:
       rollingUpdate:
         partition: 0
       type: RollingUpdate
     volumeClaimTemplates:
       - metadata:
           name: data
           namespace: default
         spec:
           accessModes:
             - ReadWriteOnce
           resources:
             requests:
               storage: 1Gi
   "
  `);
});

it('a new run removes the files of an earlier one', () => {
  synthesize();
  mkdirSync(join(outdir, 'manifests'));
  writeFileSync(join(outdir, 'manifests', 'gone.yaml'), '');
  writeManifests(outdir);
  expect(readdirSync(join(outdir, 'manifests'))).toEqual(['dev.yaml']);
  expect(parseAllDocuments(readFileSync(join(outdir, 'manifests', 'dev.yaml'), 'utf8'))).toHaveLength(5);
});

/** An output folder by hand: stacks with their dependencies, all with the same document. */
function lay(stacks: Record<string, string[]>, document: unknown): void {
  const listed = Object.entries(stacks).map(([name, dependencies]) => [
    name,
    { name, constructPath: name, workingDirectory: name, synthesizedStackPath: `${name}.json`, dependencies },
  ]);
  writeFileSync(
    join(outdir, 'manifest.json'),
    JSON.stringify({ version: '0', stacks: Object.fromEntries(listed) as unknown }),
  );
  for (const name of Object.keys(stacks))
    writeFileSync(join(outdir, `${name}.json`), JSON.stringify(document));
}

it('one error reports the findings of all stacks, and no file is written', () => {
  lay({ a: [], b: [] }, { resource: { kubernetes_labels: { x: {} } } });
  const finding =
    'kubernetes_labels.x: changes an object that something else creates, so there is no manifest of it';
  expect(() => writeManifests(outdir)).toThrow(`a: ${finding}\nb: ${finding}`);
  expect(readdirSync(outdir)).not.toContain('manifests');
});

it('stacks that wait for each other are an error', () => {
  lay({ a: ['b'], b: ['a'], c: [] }, {});
  expect(() => readStacks(outdir)).toThrow('has no order to deploy in: a needs b; b needs a');
});

it('a missing or incomplete file is an error that names the command to run', () => {
  expect(() => readStacks(outdir)).toThrow(/manifest\.json does not exist: run npm run synth first/);
  writeFileSync(join(outdir, 'manifest.json'), '{');
  expect(() => readStacks(outdir)).toThrow(/manifest\.json is not whole: run npm run synth again/);
  writeFileSync(join(outdir, 'manifest.json'), '{}');
  expect(() => readStacks(outdir)).toThrow(/manifest\.json lists no stacks: run npm run synth again/);
});

it('a value that only a deployment knows is an expression, and stands in a Secret where the API server refuses it', () => {
  const app = new App({ outdir });
  const dev = new TerraformStack(app, 'dev');
  const password = 'jsondecode(ephemeral.aws_secretsmanager_secret_version.login.secret_string)["password"]';
  dev.addOverride('resource', {
    kubernetes_secret_v1: {
      login: {
        metadata: { name: 'login', namespace: 'dev' },
        data_wo: { password: `\${${password}}` },
        data_wo_revision: 1,
      },
    },
    kubernetes_service_v1: {
      mail: {
        metadata: { name: 'mail', namespace: 'dev' },
        spec: { type: 'ExternalName', external_name: '${data.aws_ssm_parameter.mail.insecure_value}' },
      },
    },
  });
  app.synth();
  const [written] = writeManifests(outdir);
  expect(written?.unknown).toEqual([password, 'data.aws_ssm_parameter.mail.insecure_value']);
  const [secret, service] = parseAllDocuments(readFileSync(written?.file ?? '', 'utf8')).map(
    (document) => document.toJS() as unknown,
  );
  expect(secret).toMatchObject({ kind: 'Secret', data: { password: `\${${password}}` } });
  expect(service).toMatchObject({
    spec: { externalName: '${data.aws_ssm_parameter.mail.insecure_value}' },
  });
});
