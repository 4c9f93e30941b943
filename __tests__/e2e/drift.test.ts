import { readdirSync, readFileSync } from 'node:fs';
import { Terraform } from '../../terraform/terraform';
import { findProviderSource } from '../../terraform/terraform-providers';
import { EmulatedAccount } from './emulated-account';
import { Project, type Ended } from './project';

const MINUTE = 60_000;

let account: EmulatedAccount;
let project: Project;
let terraform: Terraform;

const drift = (...args: string[]): Promise<Ended> => project.npm('drift', args, account.environment);

/** The one resource of the kind that the account has, by the tag that every object of the platform has. */
async function id(operation: string, query: string): Promise<string> {
  return account.aws('ec2', operation, '--query', query);
}

// The network alone, in an account without a cluster: what drifts is told by Terraform, whatever the stack.
beforeAll(async () => {
  account = await EmulatedAccount.start();
  project = await Project.copy();
  const { status, stderr } = await project.npm('synth', [], account.environment);
  if (status !== 0) throw new Error(stderr);
  const providers = await findProviderSource();
  terraform = new Terraform({
    stack: 'network',
    workingDirectory: project.path('cdktf.out', 'stacks', 'network'),
    environment: { ...account.environment, ...providers.environment(account.directory) },
    logFile: project.path('terraform.log'),
  });
}, 5 * MINUTE);

afterAll(async () => {
  project.remove();
  await account.stop();
}, MINUTE);

describe('npm run drift', () => {
  it(
    'says of stacks that were never applied that they were not, and ends with 0',
    async () => {
      const { status, stdout } = await drift('network');
      expect(stdout).toContain('network: never applied');
      expect(stdout).toContain('Nothing has drifted.');
      expect(status).toBe(0);
    },
    MINUTE,
  );

  it('knows no stack but those of the platform, and ends with 1', async () => {
    const { status, stdout, stderr } = await drift('netwrok', 'network', 'test');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'unknown stack "netwrok"; did you mean "network"? known: network, cluster, platform, dev, prod, qa, stage\n' +
        'unknown stack "test"; known: network, cluster, platform, dev, prod, qa, stage',
    );
  });

  it(
    'finds nothing after an apply',
    async () => {
      await terraform.init();
      await terraform.apply();
      const { status, stdout } = await drift('network');
      expect(stdout).toContain('network: as it was applied');
      expect(status).toBe(0);
    },
    3 * MINUTE,
  );

  it(
    'names what was changed and what was deleted, with its values, and ends with 1',
    async () => {
      const vpc = await id('describe-vpcs', 'Vpcs[?!IsDefault].VpcId');
      await account.aws('ec2', 'create-tags', '--resources', vpc, '--tags', 'Key=Owner,Value=somebody');
      const flowLog = await id('describe-flow-logs', 'FlowLogs[].FlowLogId');
      await account.aws('ec2', 'delete-flow-logs', '--flow-log-ids', flowLog);
      const { status, stdout } = await drift('network', '--markdown', 'reports/drift.md');
      expect(status).toBe(1);
      console.log(stdout, readFileSync(project.path('reports', 'drift.md'), 'utf8'));
      expect((await drift('network', '--json', '--no-lock')).stdout).toBe('');
    },
    MINUTE,
  );

  it('leaves no plan behind', () => {
    expect(readdirSync(project.path('cdktf.out')).filter((name) => name.startsWith('drift'))).toEqual([]);
  });
});
