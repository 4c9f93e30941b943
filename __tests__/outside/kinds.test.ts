import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsQuery } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { remainsInCluster } from '@kubernetes-on-aws/eks-sandbox/remains';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import type { TerraformDocument } from '../../src/manifests/terraform-document';
import { Terraform } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { SAMPLE_SETS, synthesizeSamples } from '../constructs/kubernetes/sample-stack';
import { SECRET_NAME } from '../constructs/kubernetes/secret-values';
import { AttentiveKubectl, BareCluster } from '../e2e/bare-cluster';
import { EmulatedAccount, REGION } from '../e2e/emulated-account';
import { sampleSecret } from '../e2e/sample-secret';
import { needsProvider } from './needs';

const MINUTE = 60_000;
/** Time for the tools to be built, where they are not yet. */
const BUILD = 60 * MINUTE;

describe('Terraform', () => {
  let cluster: BareCluster | undefined;
  let account: EmulatedAccount | undefined;
  let environment: Record<string, string>;

  beforeAll(async () => {
    await needsProvider('hashicorp/kubernetes');
    const started = (cluster = await BareCluster.start());
    const { directory } = started;
    account = await EmulatedAccount.start();
    const { endpoint, credentials } = account.access;
    await new AwsQuery(endpoint, REGION, credentials).json('secretsmanager', 'secretsmanager.CreateSecret', {
      Name: SECRET_NAME,
      SecretString: JSON.stringify(await sampleSecret()),
    });
    const providers = await findProviderSource();
    environment = {
      ...isolatedEnvironment(account.access),
      ...providers.environment(directory),
    };
    synthesizeSamples(join(directory, 'cdktf.out'), started.kubeconfig);
  }, BUILD);

  afterAll(async () => {
    await account?.stop();
    await cluster?.stop();
  });

  describe.each(SAMPLE_SETS)('with its Kubernetes provider, for every kind with %s,', (set) => {
    it(
      'applies the objects, plans no change, and destroys them',
      async () => {
        if (!cluster) throw new Error('the cluster has not started');
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
