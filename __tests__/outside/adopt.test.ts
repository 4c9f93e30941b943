import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { Manifests } from '../../constructs/kubernetes/manifests';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { importsOf, removeImports, writeImports } from '../../src/pipeline/state/hand-over';
import { ChangedObjects, type Version } from './changed-objects';
import { providerCluster } from './provider-cluster';

const MINUTE = 60_000;
jest.setTimeout(10 * MINUTE);

/** What somebody has applied with kubectl. */
const LIVE = `apiVersion: v1
kind: Namespace
metadata: { name: live, labels: { team: shop } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: live }
data: { level: info }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: live }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: live }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      automountServiceAccountToken: false
      containers: [{ name: web, image: 'registry.example.com/web:1' }]
---
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: { name: gpu, namespace: live }
spec: { spec: { devices: { requests: [{ name: gpu, exactly: { deviceClassName: gpu.example.com } }] } } }
`;

describe('a namespace that adopts objects, by the provider,', () => {
  const by = providerCluster();

  it('plans what the guard rails and missing objects add, replaces nothing, and then has an empty plan', async () => {
    await by.kubectl.run(['apply', '--filename', '-'], { input: LIVE });
    const uids = (): Promise<string> =>
      by.kubectl.run([
        ...['get', 'namespace/live', 'configmap/settings', 'service/web', 'deployment/web'],
        ...['resourceclaimtemplate/gpu', '--namespace=live', '--output=jsonpath={.items[*].metadata.uid}'],
      ]);
    const before = await uids();
    const [, ...objects] = parseAllDocuments(LIVE).map((document) => document.toString());
    const text = [...objects, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\ndata: { a: b }\n'];
    const version: Version = (stack) => {
      Manifests.fromYaml(stack, 'app', { text: text.join('---\n') });
    };
    const live = await ChangedObjects.in(by.cluster, 'live');
    await live.write(version);
    const document = JSON.parse(readFileSync(`${live.folder}/cdk.tf.json`, 'utf8')) as TerraformDocument;
    writeImports(live.folder, importsOf({ name: 'live', document }, [], new Map(), true));
    const changes = await live.plan();
    expect(changes.map(({ action, address }) => `${action} ${address}`).sort()).toEqual([
      'create kubernetes_config_map_v1.app_more',
      'create kubernetes_default_service_account_v1.namespace_default',
      'import kubernetes_config_map_v1.app_settings',
      'import kubernetes_service_v1.app_web',
      'update kubernetes_deployment_v1.app_web',
      'update kubernetes_manifest.app_resource_claim_template_gpu',
      'update kubernetes_namespace_v1.namespace',
    ]);
    await live.terraform.apply('plan');
    removeImports(live.folder);
    expect(await live.plan()).toEqual([]);
    expect(await uids()).toBe(before);
  });
});
