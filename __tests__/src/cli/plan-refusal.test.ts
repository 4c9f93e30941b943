import { execa } from 'execa';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePrograms } from '../pipeline/fake-programs';

let folder: string;
let programs: FakePrograms;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-refusal-'));
  programs = new FakePrograms();
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  programs.remove();
});

/** The state of a stack with one resource. */
function applied(stack: string, type: string, attributes: object, provider: string): void {
  const state = {
    ...{ version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'l' },
    resources: [
      {
        mode: 'managed',
        type,
        name: 'vpc',
        provider: `provider["${provider}"]`,
        instances: [{ attributes }],
      },
    ],
  };
  writeFileSync(join(folder, `terraform.${stack}.tfstate`), JSON.stringify(state));
}

async function refusal(...names: string[]): Promise<{
  status: number | undefined;
  stderr: string;
  comment: string;
  whole: string;
}> {
  copyFileSync('platform.yaml', join(folder, 'platform.yaml'));
  const [whole, comment] = [join(folder, 'plan', 'whole.md'), join(folder, 'comment', 'comment.md')];
  const { exitCode, stderr } = await execa(
    process.execPath,
    ['src/cli/run.mjs', 'plan', ...names, '--no-lock', '--markdown', whole, '--comment', comment],
    {
      env: {
        CDKTF_OUTDIR: join(folder, 'cdktf.out'),
        FORCE_COLOR: undefined,
        NO_COLOR: undefined,
        ...programs.environment,
      },
      reject: false,
      stdin: 'ignore',
    },
  );
  const text = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return { status: exitCode, stderr, comment: text(comment), whole: text(whole) };
}

describe('the comment on a pull request has the reason if', () => {
  it('an edit is refused', async () => {
    applied(
      'network',
      'aws_vpc',
      { cidr_block: '10.9.0.0/16', id: 'vpc-1' },
      'registry.terraform.io/hashicorp/aws',
    );
    const { status, stderr, comment, whole } = await refusal();
    expect(status).toBe(1);
    expect(stderr).toContain('network.cidr: 10.9.0.0/16 → 10.0.0.0/16: AWS keeps the first range of a VPC');
    expect(comment).toMatch(
      /^## Plan\n\nThe plan is refused, and nothing can be applied:\n\n```text\nnetwork\.cidr: 10\.9\.0\.0\/16 → /,
    );
    expect(whole).toBe(comment);
  }, 60_000);

  it('a removed stack cannot be destroyed', async () => {
    applied('dns', 'cloudflare_record', { id: 'r-1' }, 'registry.terraform.io/cloudflare/cloudflare');
    const { status, comment } = await refusal();
    expect(status).toBe(1);
    expect(comment).toContain(
      'stack dns is no longer in the platform, and its state holds 1 object (1 cloudflare_record)',
    );
  }, 60_000);

  it('the credentials are those of another account', async () => {
    programs.have({
      'sts get-caller-identity': {
        Account: '444455556666',
        Arn: 'arn:aws:iam::444455556666:user/x',
      },
    });
    const { status, comment } = await refusal();
    expect(status).toBe(1);
    expect(comment).toContain(
      'signed in as arn:aws:iam::444455556666:user/x, and the platform is in the account 111122223333',
    );
  }, 60_000);
});

it('a refusal in one stack does not block another stack that is named', async () => {
  applied('dns', 'cloudflare_record', { id: 'r-1' }, 'registry.terraform.io/cloudflare/cloudflare');
  applied(
    'network',
    'aws_vpc',
    { cidr_block: '10.9.0.0/16', id: 'vpc-1' },
    'registry.terraform.io/hashicorp/aws',
  );
  const { status, stderr, comment } = await refusal('cluster');
  // Both are left out, and there is no terraform here.
  expect(status).toBe(2);
  expect(comment).toContain('cluster could not be planned');
  expect(`${stderr} ${comment}`).not.toMatch(/dns|network\.cidr/);
}, 60_000);
