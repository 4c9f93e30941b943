import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deletionProtected, protectedAddresses } from '../../../src/manifests/protected-addresses';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import { ExternalValues } from '../../../src/sandbox/external-values';
import { workingDirectory } from '../../../src/sandbox/deployed-stacks';
import { stackDeployer, type StackDeployer } from '../../../src/sandbox/stack-deployer';
import type { SandboxRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import { unprotected } from '../../../src/sandbox/without-protection';
import { Terraform } from '../../../src/terraform/terraform';
import type { ProviderSource } from '../../../src/terraform/terraform-providers';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env['CI'] === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

const GUARDED = { lifecycle: { prevent_destroy: true } };
const REFUSED = /prevent_destroy set, but the plan calls for this resource to be destroyed/;

/** A stack of resources that are built into Terraform: one that is protected, and one after it that is not. */
function stack(input = 'one', provisioner?: object): TerraformDocument {
  return {
    resource: {
      terraform_data: {
        vpc: { triggers_replace: input, ...(provisioner && { provisioner: [provisioner] }), ...GUARDED },
        subnet: { input: '${terraform_data.vpc.id}' },
      },
    },
  } as TerraformDocument;
}

it('the search finds what a document protects, and nothing else', () => {
  const document = {
    resource: {
      aws_vpc: { vpc: GUARDED },
      aws_kms_key: { key: { lifecycle: [{ prevent_destroy: true }] }, other: { lifecycle: {} } },
      aws_subnet: { a: {}, b: { lifecycle: { prevent_destroy: false } } },
    },
  } as TerraformDocument;
  expect(protectedAddresses(document)).toEqual(['aws_vpc.vpc', 'aws_kms_key.key']);
  expect(protectedAddresses({})).toEqual([]);
});

it('protection that AWS enforces is removed for the deletion', async () => {
  const document = {
    resource: {
      aws_db_instance: {
        orders: { deletion_protection: true, ...GUARDED },
        media: { deletion_protection: false },
      },
    },
  } as TerraformDocument;
  expect(deletionProtected(document)).toEqual(['aws_db_instance.orders']);
  const folder = mkdtempSync(join(tmpdir(), 'protection-'));
  const override = join(folder, 'override.tf.json');
  const written = await unprotected(
    folder,
    { guarded: protectedAddresses(document), inAws: deletionProtected(document) },
    () => Promise.resolve(JSON.parse(readFileSync(override, 'utf8')) as unknown),
  );
  expect(written).toEqual({
    resource: {
      aws_db_instance: { orders: { lifecycle: { prevent_destroy: false }, deletion_protection: false } },
    },
  });
  expect(existsSync(override)).toBe(false);
  rmSync(folder, { recursive: true });
});

(hasTerraform ? describe : describe.skip)('a protected object (skipped where terraform is missing)', () => {
  let directory: string;
  let folder: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'protection-'));
    folder = workingDirectory(directory, 'network');
    mkdirSync(folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Deploys the document as the sandbox does. */
  function deployer(document: TerraformDocument): StackDeployer {
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(document));
    const record: SandboxRecord = {
      pid: 1,
      identity: '',
      startedAt: '',
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-west-1',
      accountId: '111122223333',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      admin: '',
      processes: [],
    };
    const providers: ProviderSource = {
      kind: 'none',
      description: '',
      available: () => true,
      environment: () => ({}),
    };
    const options = { directory, record, providers };
    const external = new ExternalValues([], options);
    return stackDeployer({ name: 'network', document }, { ...options, external });
  }

  const override = (): boolean => existsSync(join(folder, 'override.tf.json'));
  const bytes = (): string => readFileSync(join(folder, 'cdk.tf.json'), 'utf8');
  const inState = (address: string): boolean =>
    readFileSync(join(folder, 'terraform.tfstate'), 'utf8').includes(`"${address}"`);

  it('is not destroyed by plain Terraform, and is by the sandbox, which leaves the bytes as they are', async () => {
    const deployed = deployer(stack());
    await deployed.apply();
    const before = bytes();
    const terraform = new Terraform({
      stack: 'network',
      workingDirectory: folder,
      environment: { PATH: process.env['PATH'] ?? '', HOME: directory },
      logFile: join(directory, 'own.log'),
    });
    await expect(terraform.destroy()).rejects.toThrow(REFUSED);
    expect(inState('vpc')).toBe(true);
    await deployed.destroy();
    expect(inState('vpc')).toBe(false);
    expect(bytes()).toBe(before);
    expect(override()).toBe(false);
  });

  it('is not replaced, with the reason from Terraform', async () => {
    await deployer(stack()).apply();
    const changed = deployer(stack('two'));
    await expect(changed.differs()).rejects.toThrow(REFUSED);
    await expect(changed.apply()).rejects.toThrow(REFUSED);
    expect(override()).toBe(false);
  });

  it('is not replaced either after a destroy that was killed and left its file behind', async () => {
    await deployer(stack()).apply();
    const lifted = { resource: { terraform_data: { vpc: { lifecycle: { prevent_destroy: false } } } } };
    writeFileSync(join(folder, 'override.tf.json'), JSON.stringify(lifted));
    await expect(deployer(stack('two')).apply()).rejects.toThrow(REFUSED);
  });

  it('is replaced only after an interrupted apply had begun to create it', async () => {
    const broken = deployer(stack('one', { 'local-exec': { command: 'test -e done' } }));
    await expect(broken.apply()).rejects.toThrow(/local-exec/);
    await expect(broken.apply()).rejects.toThrow(/local-exec/);
    writeFileSync(join(folder, 'done'), '');
    expect(await broken.differs()).toBe(true);
    await broken.apply();
    expect(await broken.differs()).toBe(false);
    expect(override()).toBe(false);
    await expect(deployer(stack('two')).apply()).rejects.toThrow(REFUSED);
  });

  it('that an interrupted apply had begun is deleted before its successor comes, also if what needs it comes first', async () => {
    const document = (): TerraformDocument => {
      const { resource } = stack('one', {
        'local-exec': { command: 'cp override.tf.json seen; test -e done' },
      });
      const subnet = { input: '${terraform_data.vpc.id}', lifecycle: { create_before_destroy: true } };
      return { resource: { terraform_data: { ...resource?.['terraform_data'], subnet } } };
    };
    const broken = deployer(document());
    await expect(broken.apply()).rejects.toThrow(/local-exec/);
    writeFileSync(join(folder, 'done'), '');
    await broken.apply();
    expect(JSON.parse(readFileSync(join(folder, 'seen'), 'utf8'))).toEqual({
      resource: {
        terraform_data: {
          vpc: { lifecycle: { prevent_destroy: false } },
          subnet: { lifecycle: { create_before_destroy: false } },
        },
      },
    });
    expect(override()).toBe(false);
  });

  it('stays protected if something else interrupted an apply', async () => {
    await deployer(stack()).apply();
    const document = stack() as { resource: { terraform_data: Record<string, unknown> } };
    document.resource.terraform_data['last'] = { provisioner: [{ 'local-exec': { command: 'false' } }] };
    await expect(deployer(document as unknown as TerraformDocument).apply()).rejects.toThrow(/local-exec/);
    await expect(deployer(stack('two')).apply()).rejects.toThrow(REFUSED);
  });
});
