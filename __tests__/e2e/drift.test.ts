import { execa } from 'execa';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isForeign } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import { Terraform } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { EmulatedAccount } from './emulated-account';
import { Project, type Ended } from './project';

const MINUTE = 60_000;
/** Ten times what a plan and an apply take where nothing else is at work. */
const SLOW = 5 * MINUTE;

let account: EmulatedAccount;
let project: Project;
let terraform: Terraform;
/** The whole environment of programs that must see the emulated account only. */
let environment: Record<string, string>;

const drift = (...args: string[]): Promise<Ended> => project.npm('drift', args, environment);

/** What somebody does by hand. @returns what the AWS CLI prints, as text */
async function ec2(...args: string[]): Promise<string> {
  const { stdout } = await execa('aws', ['ec2', ...args, '--output', 'text'], {
    env: environment,
    extendEnv: false,
  });
  return stdout;
}

// The network alone, in an account without a cluster: what drifts is told by Terraform, whatever the stack.
beforeAll(async () => {
  account = await EmulatedAccount.start();
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !isForeign(entry[0]),
  );
  // The AWS CLI would ask a proxy for 127.0.0.1.
  const noProxy = { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  environment = { ...Object.fromEntries(own), ...noProxy, ...account.environment };
  project = await Project.copy();
  const { status, stderr } = await project.npm('synth', [], environment);
  if (status !== 0) throw new Error(stderr);
  const providers = await findProviderSource();
  terraform = new Terraform({
    stack: 'network',
    workingDirectory: project.path('cdktf.out', 'stacks', 'network'),
    environment: { ...environment, ...providers.environment(project.path('cdktf.out')) },
    logFile: project.path('terraform.log'),
  });
}, SLOW);

afterAll(async () => {
  project.remove();
  await account.stop();
}, MINUTE);

describe('npm run drift', () => {
  it('accepts only stacks of the platform, and ends with 1', async () => {
    const { status, stdout, stderr } = await drift('netwrok', 'network', 'test');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'unknown stack "netwrok"; did you mean "network"? known: network, cluster, platform, dev, prod, qa, stage\n' +
        'unknown stack "test"; known: network, cluster, platform, dev, prod, qa, stage',
    );
  });

  it(
    'finds nothing after an apply, and ends with 0',
    async () => {
      await terraform.init();
      await terraform.apply();
      const { status, stdout } = await drift('network');
      expect(stdout).toContain('\nnetwork: no drift\n');
      expect(stdout).toContain('\nNothing has drifted.');
      expect(status).toBe(0);
    },
    SLOW,
  );

  it(
    'accepts stacks that Terraform plans alone, in a copy of the folder and without Node.js: no changes',
    async () => {
      const copy = project.path('copy');
      const folder = join(copy, 'cdktf.out', 'stacks', 'network');
      cpSync(project.path('cdktf.out', 'stacks', 'network'), folder, {
        recursive: true,
        filter: (path) => !path.includes('.terraform'),
      });
      cpSync(project.path('terraform.network.tfstate'), join(copy, 'terraform.network.tfstate'));
      const programs = join(copy, 'bin');
      mkdirSync(programs);
      const { stdout: path } = await execa('which', ['terraform']);
      symlinkSync(realpathSync(path), join(programs, 'terraform'));
      const providers = await findProviderSource();
      const alone = {
        cwd: folder,
        env: { ...environment, ...providers.environment(copy), PATH: programs },
        extendEnv: false,
        reject: false,
      };
      expect((await execa('node', ['--version'], { ...alone, preferLocal: false })).code).toBe('ENOENT');
      expect((await execa('terraform', ['init', '-input=false', '-no-color'], alone)).exitCode).toBe(0);
      const plan = await execa(
        'terraform',
        ['plan', '-detailed-exitcode', '-input=false', '-no-color'],
        alone,
      );
      expect(plan.stdout).toContain('No changes. Your infrastructure matches the configuration.');
      expect(plan.exitCode).toBe(0);
    },
    SLOW,
  );

  it(
    'names what was changed and what was deleted, with its values, and ends with 1',
    async () => {
      const vpc = await ec2('describe-vpcs', '--query', 'Vpcs[?!IsDefault].VpcId');
      await ec2('create-tags', '--resources', vpc, '--tags', 'Key=Owner,Value=some|body');
      await ec2('delete-tags', '--resources', vpc, '--tags', 'Key=Platform');
      const flowLog = await ec2('describe-flow-logs', '--query', 'FlowLogs[].FlowLogId');
      await ec2('delete-flow-logs', '--flow-log-ids', flowLog);
      const { status, stdout } = await drift('network', '--no-lock', '--markdown', 'reports/drift.md');
      expect(status).toBe(1);
      const [, report = ''] = stdout.split('\nnetwork: 2 objects have drifted\n');
      expect(report).toMatch(
        /^\naws_flow_log\.vpc_flow_log: deleted outside Terraform; the next apply creates it\s+again\n/,
      );
      expect(report).toMatch(/aws_vpc\.vpc: changed outside Terraform; the next apply changes it back\n/);
      expect(report).toMatch(/^ {2}tags\.Owner +\(none\) +"some\|body"$/m);
      expect(report).toMatch(/^ {2}tags_all\.Platform +"seed" +\(none\)$/m);
      expect(report).not.toContain('aws_subnet');
      expect(report).toContain('`npm run plan -- --all` and then `npm run apply` revert it.');
      expect(readFileSync(project.path('reports', 'drift.md'), 'utf8')).toContain(
        '\n| `tags.Owner` | `(none)` | `"some\\|body"` |\n',
      );
    },
    SLOW,
  );

  it(
    'finds nothing after an apply has corrected it, also as JSON',
    async () => {
      await terraform.apply();
      const { status, stdout } = await drift('network', '--json');
      const { stacks } = JSON.parse(stdout) as { stacks: unknown };
      expect(stacks).toMatchObject([
        { stack: 'network', applied: true, drifted: [], following: [], unapplied: [] },
      ]);
      expect(status).toBe(0);
    },
    SLOW,
  );

  it(
    'names a stack that cannot be planned, with the reason, checks the others, and ends with 2',
    async () => {
      const { status, stdout } = await project.npm('drift', ['network', 'cluster'], {
        ...environment,
        // The account answers, its network does not: no process listens on that port.
        AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:9',
        AWS_MAX_ATTEMPTS: '1',
      });
      expect(stdout).toContain('\ncluster: never applied\n');
      expect(stdout).toMatch(/\nnetwork: could not be checked\nterraform plan failed in stack network;/);
      expect(stdout).toContain('connection refused');
      expect(stdout).toContain('Could not be checked: network.');
      expect(status).toBe(2);
    },
    SLOW,
  );

  it('leaves no plan behind', () => {
    const left = readdirSync(project.path('cdktf.out')).filter((name) => name.startsWith('drift'));
    expect(left).toEqual([]);
  });
});
