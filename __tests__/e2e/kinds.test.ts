import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesObjects } from '../../src/manifests/objects';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { startMoto } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-emulator';
import { CertificateAuthority } from '@kubernetes-on-aws/eks-sandbox/control-plane/certificates';
import { ManifestApplier } from '../../src/sandbox/manifest-applier';
import { remainsInCluster } from '@kubernetes-on-aws/eks-sandbox/remains';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { Terraform } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { SAMPLE_SETS, synthesizeSamples } from '../constructs/kubernetes/sample-stack';
import { SECRET_NAME, SECRET_VALUES, secretReader } from '../constructs/kubernetes/secret-values';
import { ACCOUNT_ID, REGION } from '@kubernetes-on-aws/eks-sandbox/__tests__/aws-emulator/fake-account';
import { AttentiveKubectl, BareCluster } from './bare-cluster';
import { KUBERNETES_PROVIDER } from './providers';
import { waitForPods } from './workload-pods';

const MINUTE = 60_000;
/** Time for the tools to be built, where they are not yet. */
const BUILD = 60 * MINUTE;
/** Time for all Pods to run; they take a few seconds. */
const PODS_MS = 45_000;

interface CronJob {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const itWithProvider = process.env[KUBERNETES_PROVIDER] === 'yes' ? it : it.skip;

/** Of all kinds, the one that the API server calls deprecated, as its construct says. */
const ENDPOINTS_WARNING =
  'Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';

/** What the samples read from AWS Secrets Manager; of a certificate the API server says when it is none. */
async function secretContent(): Promise<Readonly<Record<string, string>>> {
  const authority = await CertificateAuthority.create('samples');
  const { cert, key } = await authority.server('shop.example.com', ['shop.example.com'], []);
  return { ...SECRET_VALUES, 'tls.crt': cert, 'tls.key': key };
}

const affinityTo = (node: string): object => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'platform/node', operator: 'In', values: [node] }] }],
    },
  },
});

describe('the API server, by server-side apply with strict field validation', () => {
  let cluster: BareCluster;
  let kubectl: AttentiveKubectl;

  beforeAll(async () => {
    cluster = await BareCluster.start();
    kubectl = new AttentiveKubectl(cluster.kubeconfig);
  }, BUILD);

  afterAll(() => cluster.stop());

  it.each(SAMPLE_SETS)(
    'takes every kind with %s, and warns of nothing but the Endpoints',
    async (set) => {
      const content = await secretContent();
      const { documents } = synthesizeSamples(join(cluster.directory, 'cdktf.out'));
      const objects = kubernetesObjects(documents[set], { resolve: secretReader(content) });
      kubectl.warnings.length = 0;
      await new ManifestApplier(kubectl, () => Promise.resolve(objects), cluster.directory, set).apply();
      expect(kubectl.warnings).toEqual([ENDPOINTS_WARNING]);
    },
    2 * MINUTE,
  );

  it(
    'takes the Pods of every workload',
    async () => {
      kubectl.warnings.length = 0;
      for (const { metadata } of await kubectl.list<CronJob>('cronjobs')) {
        const { name, namespace } = metadata;
        // Its own time would be long in coming.
        await kubectl.run([
          'create',
          'job',
          `${name}-now`,
          `--from=cronjob/${name}`,
          '--namespace',
          namespace,
        ]);
      }
      const kinds = await waitForPods(kubectl, PODS_MS);
      expect([...kinds].sort()).toEqual([
        'DaemonSet',
        'Deployment',
        'Job',
        'Pod',
        'ReplicaSet',
        'StatefulSet',
      ]);
      expect(kubectl.warnings).toEqual([]);
      expect(cluster.failures).toEqual([]);
    },
    2 * MINUTE,
  );

  it('refuses in their namespace a Pod that Pod Security restricted refuses', async () => {
    await expect(
      kubectl.run(['run', 'rogue', '--image=shop/web:1', '--namespace=samples-defaults', '--dry-run=server']),
    ).rejects.toThrow('violates PodSecurity "restricted:latest"');
  });

  it.each([
    ['on a node of the row', 'node-2', undefined],
    ['on another', 'node-3', 'Pods of namespace samples-everything run on node-1, node-2 only'],
  ])('judges a DaemonSet %s by its Pod template', async (_, node, refusal) => {
    const labels = { app: 'rogue' };
    const daemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'rogue', namespace: 'samples-everything' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { affinity: affinityTo(node), containers: [{ name: 'web', image: 'shop/web:1' }] },
        },
      },
    };
    const message = kubectl
      .run(['create', '--dry-run=server', '--filename', '-'], { input: JSON.stringify(daemonSet) })
      .catch((error: unknown) => String(error));
    expect(await message).toContain(refusal ?? 'daemonset.apps/rogue created');
  });
});

describe('Terraform, with its Kubernetes provider', () => {
  let cluster: BareCluster;
  let environment: Record<string, string>;

  beforeAll(async () => {
    cluster = await BareCluster.start();
    const { processes, directory, tools } = cluster;
    const aws = await startMoto(processes, { moto: tools.moto, accountId: ACCOUNT_ID, region: REGION });
    await aws.json('secretsmanager', 'secretsmanager.CreateSecret', {
      Name: SECRET_NAME,
      SecretString: JSON.stringify(await secretContent()),
    });
    const credentials = { accessKeyId: 'samples', secretAccessKey: 'samples' };
    const providers = await findProviderSource();
    environment = {
      ...isolatedEnvironment({ endpoint: aws.endpoint, region: REGION, credentials }),
      ...providers.environment(directory),
    };
    synthesizeSamples(join(directory, 'cdktf.out'), cluster.kubeconfig);
  }, BUILD);

  afterAll(() => cluster.stop());

  describe.each(SAMPLE_SETS)('every kind with %s', (set) => {
    itWithProvider(
      'is applied, planned with no change and destroyed (needs hashicorp/kubernetes from the registry or a mirror)',
      async () => {
        const workingDirectory = join(cluster.directory, 'cdktf.out', 'stacks', set);
        const terraform = new Terraform({
          stack: set,
          workingDirectory,
          environment,
          logFile: join(cluster.directory, 'logs', `terraform-${set}.log`),
        });
        await terraform.init();
        await terraform.apply();
        const { empty } = await terraform.plan({ out: 'second' });
        expect(differences(await terraform.show('second'))).toEqual([]);
        expect(empty).toBe(true);
        unprotect(join(workingDirectory, 'cdk.tf.json'));
        await terraform.destroy();
        expect(await remainsInCluster(new AttentiveKubectl(cluster.kubeconfig))).toEqual([]);
        expect(cluster.failures).toEqual([]);
      },
      10 * MINUTE,
    );
  });
});

/** What a plan would change, whole, so that a failure shows the field. */
function differences(plan: unknown): readonly object[] {
  const { resource_changes: changes } = plan as {
    resource_changes: { change: { actions: string[]; before: unknown; after: unknown } }[];
  };
  return changes.filter(({ change }) => !change.actions.includes('no-op'));
}

/** What is protected is destroyed as a user would have to: the protection goes first. */
function unprotect(file: string): void {
  const document = JSON.parse(readFileSync(file, 'utf8')) as TerraformDocument;
  for (const resources of Object.values(document.resource ?? {})) {
    for (const resource of Object.values(resources) as Record<string, unknown>[]) {
      const { lifecycle } = resource as { lifecycle?: { prevent_destroy?: boolean } };
      if (lifecycle?.prevent_destroy) delete lifecycle.prevent_destroy;
    }
  }
  writeFileSync(file, JSON.stringify(document));
}
