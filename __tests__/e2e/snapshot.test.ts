import { execa } from 'execa';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { adminKubectl, writeKubeconfig, type Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { readRecord, type SandboxRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import { sandboxTerraform } from '../../src/sandbox/sandbox-terraform';
import type { Terraform } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { succeeded, type Ended } from './project';

const MINUTE = 60_000;
jest.setTimeout(10 * MINUTE);
const PROGRAM = resolve('packages', 'eks-sandbox', 'bin', 'eks-sandbox.mjs');

const CONFIGURATION = {
  terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
  provider: { aws: { region: 'eu-west-1' } },
  resource: {
    aws_vpc: { small: { cidr_block: '10.0.0.0/16', tags: { Name: 'small' } } },
    aws_subnet: Object.fromEntries(
      ['a', 'b'].map((zone, index) => [
        zone,
        {
          ...{ vpc_id: '${aws_vpc.small.id}', cidr_block: `10.0.${index}.0/24` },
          availability_zone: `eu-west-1${zone}`,
        },
      ]),
    ),
    aws_iam_role: {
      cluster: {
        name: 'cluster',
        assume_role_policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'eks.amazonaws.com' } },
          ],
        }),
      },
    },
    aws_eks_cluster: {
      small: {
        ...{ name: 'small', role_arn: '${aws_iam_role.cluster.arn}' },
        access_config: {
          authentication_mode: 'API',
          bootstrap_cluster_creator_admin_permissions: true,
        },
        vpc_config: { subnet_ids: ['${aws_subnet.a.id}', '${aws_subnet.b.id}'] },
      },
    },
    aws_s3_bucket: { files: { bucket: 'files-111122223333', force_destroy: true } },
    aws_s3_bucket_versioning: {
      files: { bucket: '${aws_s3_bucket.files.id}', versioning_configuration: { status: 'Enabled' } },
    },
    aws_ssm_parameter: { color: { name: '/color', type: 'String', value: 'blue' } },
    aws_secretsmanager_secret: { password: { name: 'password' } },
    aws_secretsmanager_secret_version: {
      password: { secret_id: '${aws_secretsmanager_secret.password.id}', secret_string: 'blue' },
    },
    aws_kms_key: { signing: { key_usage: 'SIGN_VERIFY', customer_master_key_spec: 'RSA_2048' } },
    // What moto knows nothing of: the sandbox itself keeps it.
    aws_ecr_pull_through_cache_rule: {
      quay: { ecr_repository_prefix: 'quay', upstream_registry_url: 'quay.io' },
    },
  },
};

let folder: string;
let directory: string;
let record: SandboxRecord;
let terraform: Terraform;
let kubectl: Kubectl;

const sandbox = async (...args: string[]): Promise<Ended> => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [PROGRAM, ...args], {
    ...{ cwd: folder, reject: false, stdin: 'ignore' },
  });
  return { status: exitCode, stdout, stderr };
};
const aws = async (...args: string[]): Promise<unknown> => {
  const env = isolatedEnvironment(record);
  const { stdout } = await execa('aws', [...args, '--output', 'json'], { env, extendEnv: false });
  return stdout === '' ? undefined : JSON.parse(stdout);
};
const putFile = (content: string): Promise<unknown> => {
  writeFileSync(join(folder, 'content'), content);
  const target = ['--bucket', 'files-111122223333', '--key', 'file'];
  return aws('s3api', 'put-object', ...target, '--body', join(folder, 'content'));
};

/** What is there, of AWS and of Kubernetes. */
async function state(): Promise<unknown> {
  const versions = ['--bucket', 'files-111122223333', '--query', 'Versions[].[Key, VersionId, Size]'];
  return {
    vpcs: await aws('ec2', 'describe-vpcs', '--query', 'Vpcs[].[VpcId, Tags]'),
    versions: await aws('s3api', 'list-object-versions', ...versions),
    caches: await aws('ecr', 'describe-pull-through-cache-rules'),
    cluster: await aws('eks', 'describe-cluster', '--name', 'small'),
    entries: await aws('eks', 'list-access-entries', '--cluster-name', 'small'),
    updates: await aws('eks', 'list-updates', '--name', 'small'),
    objects: JSON.parse(
      await kubectl.run(['get', 'configmaps,secrets,namespaces', '--all-namespaces', '--output=json']),
    ) as unknown,
  };
}

beforeAll(
  async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'snapshot-')));
    directory = join(folder, '.sandbox');
    const admin = 'arn:aws:iam::111122223333:role/admin';
    succeeded(await sandbox('up', '--admin', admin, '--region', 'eu-west-1'));
    const found = readRecord(directory);
    if (!found) throw new Error('no sandbox runs');
    record = found;
    const workingDirectory = join(directory, 'small');
    mkdirSync(workingDirectory);
    writeFileSync(join(workingDirectory, 'main.tf.json'), JSON.stringify(CONFIGURATION));
    const providers = await findProviderSource();
    terraform = sandboxTerraform('small', workingDirectory, { directory, record, providers });
    await terraform.init();
    await terraform.apply();
    await writeKubeconfig(directory, record, 'small');
    kubectl = adminKubectl(directory, record);
    await kubectl.run(['create', 'configmap', 'settings', '--from-literal=color=blue']);
    await kubectl.run(['create', 'secret', 'generic', 'password', '--from-literal=word=blue']);
    await putFile('one');
    await putFile('second');
  },
  // The tools may have to be built first.
  60 * MINUTE,
);

afterAll(async () => {
  await sandbox('down');
  rmSync(folder, { recursive: true, force: true });
});

describe('a snapshot', () => {
  let before: unknown;

  it('leaves the sandbox as it is', async () => {
    before = await state();
    expect(succeeded(await sandbox('snapshot', 'small'))).toBe('Took the snapshot small.');
    expect(await state()).toEqual(before);
  });

  it('is restored after changes of AWS and of Kubernetes, and a plan is empty', async () => {
    await aws('ec2', 'create-vpc', '--cidr-block', '10.1.0.0/16');
    await putFile('the third');
    await aws('ecr', 'delete-pull-through-cache-rule', '--ecr-repository-prefix', 'quay');
    const entry = ['--cluster-name', 'small', '--principal-arn', 'arn:aws:iam::111122223333:role/cluster'];
    await aws('eks', 'create-access-entry', ...entry);
    await aws('eks', 'update-cluster-config', '--name', 'small', '--deletion-protection');
    await kubectl.run(['patch', 'configmap', 'settings', '--patch={"data":{"color":"red"}}']);
    await kubectl.run(['delete', 'secret', 'password']);
    await kubectl.run(['create', 'namespace', 'later']);
    expect(await state()).not.toEqual(before);

    expect(succeeded(await sandbox('restore', 'small'))).toBe('Restored the snapshot small.');
    expect(await state()).toEqual(before);
    expect((await terraform.plan()).changes).toEqual([]);
  });

  it('is restored after Terraform has destroyed all, with the state of Terraform', async () => {
    await terraform.destroy();
    succeeded(await sandbox('restore', 'small'));
    expect(await state()).toEqual(before);
    expect((await terraform.plan()).changes).toEqual([]);
  });

  it('is one of its own sandbox only', async () => {
    const { status, stderr } = await sandbox('restore', 'other');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^this sandbox has no snapshot other: it has small/) as string,
    });
  });
});
