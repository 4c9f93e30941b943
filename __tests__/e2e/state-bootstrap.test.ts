import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { StateResource } from '../../src/pipeline/state/state-store';
import { Terraform, type State } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { ACCOUNT, EmulatedAccount, REGION } from './emulated-account';
import { Project, succeeded, type Ended } from './project';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);
const BUCKET = 'seed-111122223333-state';

let account: EmulatedAccount;
let project: Project;
/** The run that is interrupted. */
let running: ChildProcess | undefined;

beforeAll(async () => {
  account = await EmulatedAccount.start();
  project = await Project.copy();
  // Two zones, and nothing that takes minutes to be made.
  change('zones: [a, b, c]', 'zones: [a, b]');
  change('nat: per-zone', 'nat: none');
  change('node-3: { zone: c', 'node-3: { zone: b');
}, 10 * MINUTE);

afterAll(async () => {
  // What a run that failed has left.
  running?.kill('SIGKILL');
  await account.stop();
  project.remove();
}, 5 * MINUTE);

function change(from: string, to: string): void {
  const file = project.path('platform.yaml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`platform.yaml has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}

const environment = (): Record<string, string> => ({ ...account.environment });

const bootstrap = (args: readonly string[] = [], more: Record<string, string> = {}): Promise<Ended> =>
  project.npm('state:bootstrap', args, { ...environment(), ...more });

interface Bootstrapped {
  readonly bucket: string;
  readonly changed: boolean;
  readonly moved: readonly { readonly stack: string; readonly serial: number; readonly keptAs: string }[];
}

async function bootstrapped(more: Record<string, string> = {}): Promise<Bootstrapped> {
  return JSON.parse(succeeded(await bootstrap(['--json'], more))) as Bootstrapped;
}

async function s3<T>(operation: string, ...args: readonly string[]): Promise<T> {
  const answer = await project.run('aws', ['s3api', operation, ...args, '--output', 'json'], environment());
  const text = succeeded(answer);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

const readState = (file: string): State => JSON.parse(readFileSync(file, 'utf8')) as State;

/** Terraform in a folder of the project, as a person runs it there. */
async function terraformIn(folder: string): Promise<Terraform> {
  const providers = await findProviderSource();
  return new Terraform({
    stack: folder,
    workingDirectory: project.path(folder),
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      ...environment(),
      ...providers.environment(project.path('cdktf.out')),
    },
    logFile: project.path('cdktf.out', 'test.log'),
  });
}

async function kept(stack: string): Promise<State> {
  const file = project.path('kept.json');
  await s3('get-object', '--bucket', BUCKET, '--key', `seed/${stack}.tfstate`, file);
  return readState(file);
}

describe('npm run state:bootstrap', () => {
  it('prints the key and the line to write if no bucket is set', async () => {
    const { status, stdout, stderr } = await bootstrap();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('platform.yaml state.bucket: not set');
    expect(stderr).toContain(`  state: { bucket: seed-${ACCOUNT}-state }`);
  });

  it(
    'resumes after an interruption: it creates the bucket and the roles, and moves local states',
    async () => {
      // A network whose state is in a local file, as before there was a bucket.
      succeeded(await project.npm('synth'));
      const local = await terraformIn('cdktf.out/stacks/network');
      await local.init();
      await local.apply();
      const before = readState(project.path('terraform.network.tfstate'));
      expect(before.resources.length).toBeGreaterThan(10);

      change(
        '# state: { bucket: my-terraform-state } # left out: local state files',
        `state: { bucket: ${BUCKET} }`,
      );
      change('network:\n', 'pipeline: { repository: acme/platform }\nnetwork:\n');
      const run = (running = spawn(process.execPath, ['src/cli/run.mjs', 'state', 'bootstrap'], {
        cwd: project.folder,
        env: { ...process.env, ...environment() },
        stdio: 'ignore',
      }));
      const ended = new Promise<number | null>((resolve) => run.once('exit', resolve));
      while (!existsSync(project.path('terraform.pipeline.tfstate')) && run.exitCode === null)
        await sleep(50);
      run.kill('SIGINT');
      expect(await ended).toBe(130);
      // Nothing of the network has been touched by then.
      expect(readState(project.path('terraform.network.tfstate'))).toEqual(before);

      const { changed, moved } = await bootstrapped();
      expect(changed).toBe(true);
      expect(moved).toEqual([
        {
          stack: 'pipeline',
          serial: expect.any(Number) as number,
          keptAs: 'terraform.pipeline.tfstate.moved',
        },
        { stack: 'network', serial: before.serial, keptAs: 'terraform.network.tfstate.moved' },
      ]);
      expect(existsSync(project.path('terraform.network.tfstate'))).toBe(false);
      expect(readState(project.path('terraform.network.tfstate.moved'))).toEqual(before);
      expect(await kept('network')).toMatchObject({ lineage: before.lineage, serial: before.serial });
    },
    10 * MINUTE,
  );

  it('leaves states in which Terraform only adds boundaries to the roles, in folders that a person can use', async () => {
    const changes = async (stack: string) =>
      (await (await terraformIn(`cdktf.out/stacks/${stack}`)).plan()).changes;
    expect(await changes('pipeline')).toEqual([]);
    expect(await changes('network')).toEqual([
      { action: 'update', address: 'aws_iam_role.vpc_flow_logs_role' },
    ]);
    expect(existsSync(project.path('terraform.network.tfstate'))).toBe(false);
  });

  it('has created roles for the repository, and a bucket with versions and without public access', async () => {
    expect(await s3('get-bucket-versioning', '--bucket', BUCKET)).toMatchObject({ Status: 'Enabled' });
    const { PublicAccessBlockConfiguration: access } = await s3<{
      PublicAccessBlockConfiguration: Record<string, boolean>;
    }>('get-public-access-block', '--bucket', BUCKET);
    expect(Object.values(access)).toEqual([true, true, true, true]);
    const { Policy } = await s3<{ Policy: string }>('get-bucket-policy', '--bucket', BUCKET);
    expect(Policy).toContain('"aws:SecureTransport":"false"');
    const role = await project.run(
      'aws',
      ['iam', 'get-role', '--role-name', 'seed-pipeline-apply', '--output', 'json'],
      environment(),
    );
    expect(JSON.parse(succeeded(role))).toMatchObject({
      Role: {
        PermissionsBoundary: {
          PermissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/seed-pipeline-guard`,
        },
      },
    });
  });

  it(
    'reports when nothing is left to do',
    async () => {
      expect(succeeded(await bootstrap())).toContain('Nothing to do: the bucket and the roles');
    },
    15 * MINUTE,
  );

  it(
    'resumes a run that was killed after it moved the states and before it moved the files aside',
    async () => {
      for (const stack of ['pipeline', 'network']) {
        const file = project.path(`terraform.${stack}.tfstate`);
        renameSync(`${file}.moved`, file);
      }
      const { changed, moved } = await bootstrapped();
      expect([changed, moved.map(({ stack }) => stack)]).toEqual([false, ['pipeline', 'network']]);
      expect(existsSync(project.path('terraform.network.tfstate.moved'))).toBe(true);
    },
    15 * MINUTE,
  );

  it(
    'refuses a local state of another lineage than the one in the bucket, and one of a removed stack, and changes nothing',
    async () => {
      const file = project.path('terraform.network.tfstate');
      const state = readState(project.path('terraform.network.tfstate.moved'));
      writeFileSync(file, JSON.stringify({ ...state, lineage: '11111111-2222-3333-4444-555555555555' }));
      const removed = project.path('terraform.removed.tfstate');
      writeFileSync(removed, JSON.stringify(state));
      const { status, stderr } = await bootstrap();
      renameSync(file, project.path('other-lineage'));
      rmSync(removed);
      expect(stderr).toContain(
        'terraform.removed.tfstate: the platform no longer has the stack removed, and its state holds objects',
      );
      expect(status).toBe(1);
      expect(stderr).toContain(
        `terraform.network.tfstate is serial ${state.serial} of the lineage 11111111-2222-3333-4444-555555555555, and ` +
          `s3://${BUCKET}/seed/network.tfstate is serial ${state.serial} of the lineage ${state.lineage}`,
      );
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(await kept('network')).toMatchObject({ lineage: state.lineage, serial: state.serial });
    },
    15 * MINUTE,
  );
});

describe('an existing bucket', () => {
  /** The platform with another bucket, and no roles: those of this account have their names. */
  const withBucket = (bucket: string): Record<string, string> => {
    const text = readFileSync(project.path('platform.yaml'), 'utf8')
      .replace(`bucket: ${BUCKET}`, `bucket: ${bucket}`)
      .replace('pipeline: { repository: acme/platform }\n', '');
    writeFileSync(project.path(`${bucket}.yaml`), text);
    return { PLATFORM: `${bucket}.yaml` };
  };
  const makeBucket = (bucket: string): Promise<Ended> =>
    project.run(
      'aws',
      [
        's3api',
        'create-bucket',
        '--bucket',
        bucket,
        '--create-bucket-configuration',
        `LocationConstraint=${REGION}`,
      ],
      environment(),
    );

  it(
    'is accepted if it is empty: a run that was killed as it created it leaves such a bucket',
    async () => {
      succeeded(await makeBucket('half-made'));
      const { changed, moved } = await bootstrapped(withBucket('half-made'));
      expect([changed, moved.map(({ stack }) => stack)]).toEqual([true, ['pipeline']]);
      expect(await s3('get-bucket-versioning', '--bucket', 'half-made')).toMatchObject({ Status: 'Enabled' });
    },
    15 * MINUTE,
  );

  it(
    'is refused if it keeps no versions',
    async () => {
      succeeded(await makeBucket('holiday-photos'));
      writeFileSync(project.path('photo'), 'sea');
      await s3('put-object', '--bucket', 'holiday-photos', '--key', 'photo', '--body', project.path('photo'));
      const { status, stderr } = await bootstrap([], withBucket('holiday-photos'));
      expect(status).toBe(1);
      expect(stderr).toContain('the bucket holiday-photos holds objects and keeps no versions of them');
      expect(existsSync(project.path('terraform.pipeline.tfstate'))).toBe(false);
    },
    15 * MINUTE,
  );

  it(
    'is refused if another platform created it',
    async () => {
      const file = withBucket(BUCKET);
      const text = readFileSync(project.path(`${BUCKET}.yaml`), 'utf8');
      writeFileSync(project.path(`${BUCKET}.yaml`), text.replace('name: seed ', 'name: sprout '));
      const { status, stderr } = await bootstrap([], file);
      expect(status).toBe(1);
      expect(stderr).toContain(
        `the bucket ${BUCKET} is that of the platform seed; each platform has one of its own`,
      );
    },
    15 * MINUTE,
  );
});

describe('two users who apply one stack at once', () => {
  /** A stack whose change takes some seconds, in a folder of each of the two: nothing is shared but the bucket. */
  const checkout = (who: string, seconds: number): string => {
    const folder = `checkout-${who}`;
    mkdirSync(project.path(folder), { recursive: true });
    const backend = { bucket: BUCKET, key: 'seed/contended.tfstate', region: REGION, use_lockfile: true };
    const contended = { input: who, provisioner: [{ 'local-exec': { command: `sleep ${seconds}` } }] };
    const document = { terraform: { backend: { s3: backend } }, resource: { terraform_data: { contended } } };
    writeFileSync(project.path(folder, 'main.tf.json'), JSON.stringify(document));
    return folder;
  };

  const inputOf = ({ resources }: State): unknown => {
    const [contended] = resources as readonly StateResource[];
    return (contended?.instances[0]?.attributes?.['input'] as { value?: unknown } | undefined)?.value;
  };

  // A state that lists an object would keep the bucket from going.
  afterAll(async () => {
    await (await terraformIn('checkout-first')).destroy();
  }, 5 * MINUTE);

  const lock = 'seed/contended.tfstate.tflock';
  const lockIsHeld = async (): Promise<void> => {
    for (;;) {
      const head = ['s3api', 'head-object', '--bucket', BUCKET, '--key', lock];
      if ((await project.run('aws', head, environment())).status === 0) return;
      await sleep(100);
    }
  };

  it(
    'wait for each other: the second one waits for the lock, and no change is lost',
    async () => {
      const both = await Promise.all(['first', 'second'].map((who) => terraformIn(checkout(who, 2))));
      for (const terraform of both) await terraform.init();
      await Promise.all(both.map((terraform) => terraform.apply()));
      const { Versions: versions } = await s3<{ Versions: readonly { Key: string; VersionId: string }[] }>(
        'list-object-versions',
        '--bucket',
        BUCKET,
        '--prefix',
        'seed/contended.tfstate',
      );
      const serials: number[] = [];
      const lineages = new Set<string>();
      const inputs = new Set<unknown>();
      for (const { VersionId } of versions.filter(({ Key }) => Key === 'seed/contended.tfstate').reverse()) {
        const file = project.path('version.json');
        await s3(
          'get-object',
          '--bucket',
          BUCKET,
          '--key',
          'seed/contended.tfstate',
          '--version-id',
          VersionId,
          file,
        );
        const state = readState(file);
        serials.push(state.serial);
        lineages.add(state.lineage);
        inputs.add(inputOf(state));
      }
      // One state from the first to the last, each serial once, in sequence.
      expect(lineages.size).toBe(1);
      expect(serials.length).toBeGreaterThan(1);
      expect(serials).toEqual([...new Set(serials)].sort((a, b) => a - b));
      const end = await kept('contended');
      expect(end.serial).toBe(serials.at(-1));
      // What either did is in it, and the later one saw what the earlier had done.
      expect(inputs).toEqual(new Set(['first', 'second']));
    },
    15 * MINUTE,
  );

  it(
    'see the lock of the other if one does not wait: its owner and its time',
    async () => {
      const holder = await terraformIn(checkout('first', 20));
      const serial = (await kept('contended')).serial;
      await execaTerraform('checkout-first', ['taint', 'terraform_data.contended']);
      const applied = holder.apply();
      await lockIsHeld();
      const { status, stderr } = await execaTerraform('checkout-second', [
        'apply',
        '-auto-approve',
        '-lock-timeout=0s',
      ]);
      expect(status).toBe(1);
      expect(stderr).toContain('Error acquiring the state lock');
      expect(stderr).toMatch(/Who:\s+\S+@\S+/);
      expect(stderr).toMatch(/Created:\s+\d{4}-\d\d-\d\d/);
      await applied;
      expect((await kept('contended')).serial).toBeGreaterThan(serial);
    },
    15 * MINUTE,
  );

  async function execaTerraform(folder: string, args: readonly string[]): Promise<Ended> {
    const { exitCode, stdout, stderr } = await execa('terraform', args, {
      cwd: project.path(folder),
      env: { ...environment(), NO_COLOR: '1', TF_IN_AUTOMATION: 'true' },
      reject: false,
      stdin: 'ignore',
    });
    return { status: exitCode, stdout, stderr };
  }
});

describe('npm run teardown -- --destroy --state', () => {
  const inAccount = async (): Promise<{ buckets: string[]; roles: string[] }> => {
    const { Buckets: buckets } = await s3<{ Buckets: readonly { Name: string }[] }>('list-buckets');
    const list = ['iam', 'list-roles', '--output', 'json'];
    const { Roles: roles } = JSON.parse(succeeded(await project.run('aws', list, environment()))) as {
      Roles: readonly { RoleName: string }[];
    };
    return {
      buckets: buckets.map(({ Name }) => Name),
      roles: roles
        .map(({ RoleName }) => RoleName)
        .filter((name) => name.startsWith('seed-pipeline'))
        .sort(),
    };
  };

  const teardown = (...args: string[]): Promise<Ended> =>
    project.npm('teardown', ['--cluster', 'seed', '--state', '--json', ...args], environment());
  const vpcs = async (): Promise<unknown> => {
    const query = ['--filters', 'Name=cidr,Values=10.0.0.0/16', '--query', 'Vpcs', '--output', 'json'];
    return JSON.parse(succeeded(await project.run('aws', ['ec2', 'describe-vpcs', ...query], environment())));
  };

  it('is refused without --destroy, and while a resource is protected', async () => {
    const { status, stdout, stderr } = await teardown();
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'teardown-refused' } });
    expect(stderr).toContain('--state without --destroy');
    expect(stderr).toContain('set "protect: false" in platform.yaml');
  });

  it(
    'destroys every stack, and stops while a state in the bucket lists an object',
    async () => {
      change('name: seed', 'protect: false\nname: seed');
      expect(await vpcs()).toHaveLength(1);
      const file = project.path('removed.json');
      writeFileSync(file, JSON.stringify({ version: 4, resources: [{ type: 'aws_sqs_queue' }] }));
      await s3('put-object', '--bucket', BUCKET, '--key', 'seed/removed.tfstate', '--body', file);
      const { status, stdout, stderr } = await teardown('--destroy');
      expect(status).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'state-bootstrap-refused' } });
      expect(stderr).toContain(`s3://${BUCKET}/seed/removed.tfstate lists objects that are left`);
      expect(await vpcs()).toEqual([]);
      expect((await kept('network')).resources).toEqual([]);
      await s3('delete-object', '--bucket', BUCKET, '--key', 'seed/removed.tfstate');
    },
    10 * MINUTE,
  );

  it(
    'deletes the bucket with every version in it, though it is protected, and the roles',
    async () => {
      expect(await inAccount()).toMatchObject({
        buckets: expect.arrayContaining([BUCKET]) as string[],
        roles: ['seed-pipeline-apply', 'seed-pipeline-plan'],
      });
      const state = await kept('pipeline');
      const all = ['prod', 'stage', 'qa', 'dev', 'platform', 'cluster', 'network', 'pipeline'];
      expect(JSON.parse(succeeded(await teardown('--destroy')))).toMatchObject({ destroyed: all });
      const { buckets, roles } = await inAccount();
      expect(buckets).not.toContain(BUCKET);
      expect(roles).toEqual([]);
      const file = project.path('terraform.pipeline.tfstate');
      expect(existsSync(file)).toBe(false);

      // As a run leaves it that was ended when the bucket had just gone.
      writeFileSync(file, JSON.stringify(state));
      expect(JSON.parse(succeeded(await teardown('--destroy')))).toMatchObject({ destroyed: all });
      expect(existsSync(file)).toBe(false);
    },
    15 * MINUTE,
  );

  it(
    'leaves an account in which a bootstrap works again',
    async () => {
      const { changed, moved } = await bootstrapped();
      expect([changed, moved.map(({ stack }) => stack)]).toEqual([true, ['pipeline']]);
    },
    15 * MINUTE,
  );
});
