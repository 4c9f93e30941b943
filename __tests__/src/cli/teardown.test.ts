import { execa } from 'execa';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePrograms, tagList } from '../pipeline/fake-programs';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/k8s-dev-web-0123456789/1';
const BALANCER = {
  'elbv2 describe-load-balancers': {
    LoadBalancers: [{ LoadBalancerArn: ARN, LoadBalancerName: 'k8s-dev-web-0123456789', VpcId: 'vpc-1' }],
  },
  'elbv2 describe-tags': {
    TagDescriptions: [
      {
        ResourceArn: ARN,
        Tags: tagList({ 'elbv2.k8s.aws/cluster': 'seed', 'service.k8s.aws/stack': 'dev/web' }),
      },
    ],
  },
};
const WEB = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'dev' },
  spec: { type: 'LoadBalancer' },
};

let folder: string;
let programs: FakePrograms;

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['src/cli/run.mjs', 'teardown', ...args],
    {
      env: {
        CDKTF_OUTDIR: join(folder, 'cdktf.out'),
        FORCE_COLOR: undefined,
        NO_COLOR: undefined,
        ...programs.environment,
        ...env,
      },
      reject: false,
      stdin: 'ignore',
    },
  );
  return { status: exitCode, stdout, stderr };
}

/** The platform with what may be destroyed. */
function unprotected(more = ''): Record<string, string> {
  const file = join(folder, 'platform.yaml');
  writeFileSync(file, `protect: false\n${readFileSync('platform.yaml', 'utf8')}\n${more}`);
  return { PLATFORM: file };
}

// The first run bundles the program.
beforeAll(async () => {
  await execa(process.execPath, ['src/cli/run.mjs', '--help']);
}, 60_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'teardown-'));
  programs = new FakePrograms();
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  programs.remove();
});

it('teardown requires the name of the cluster and no protection, and reports both together', async () => {
  const { status, stdout, stderr } = await run(['--cluster', 'sead', '--destroy']);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('Nothing was removed.\ngot --cluster sead');
  expect(stderr).toContain('  npm run teardown -- --cluster seed --destroy\n');
  expect(stderr).toContain('set "protect: false" in platform.yaml');
  expect(stderr).toContain('  network: aws_vpc.vpc\n');
  expect(stderr).not.toContain('    at ');
  expect([...programs.calls('aws'), ...programs.calls('kubectl')]).toEqual([]);
});

it('teardown destroys no state outside a bucket, and none before the resources in it', async () => {
  const { status, stderr } = await run(['--cluster', 'seed', '--state'], unprotected());
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Nothing was removed.\n--state without --destroy: the states go only after what they are of; add --destroy\n' +
      '--state: platform.yaml has no state.bucket, so that there is no bucket to destroy; leave --state out',
  );
});

it('teardown prints that the state bucket stays, and what deletes it', async () => {
  programs.have(BALANCER, [WEB]);
  const { stdout } = await run(['--plan', '--json'], unprotected('state: { bucket: seed-state }'));
  expect(JSON.parse(stdout)).toMatchObject({
    notes: [
      "The bucket seed-state stays, with every version of every state, and so do the pipeline's roles: " +
        'npm run teardown -- --cluster seed --destroy --state takes them along.',
    ],
  });
});

it('teardown names the stacks that the platform no longer has', async () => {
  const resources = [{ mode: 'managed', type: 'aws_sqs_queue', name: 'a', instances: [{ attributes: {} }] }];
  const state = { version: 4, lineage: 'l', serial: 1, resources };
  writeFileSync(join(folder, 'terraform.old.tfstate'), JSON.stringify(state));
  const { stdout } = await run(['--plan', '--json'], unprotected());
  expect(JSON.parse(stdout)).toMatchObject({
    notes: [
      'The stack old is no longer in platform.yaml: --destroy destroys what its state holds first, 1 object (1 aws_sqs_queue).',
    ],
  });
});

it('teardown asks which cluster is meant', async () => {
  const { status, stderr } = await run([], unprotected());
  expect(status).toBe(1);
  expect(stderr).toBe(
    'Nothing was removed.\nno cluster is selected: to remove the workloads of the cluster seed, type\n' +
      '  npm run teardown -- --cluster seed\nto see first what that means\n  npm run teardown -- --plan',
  );
});

it('teardown lists what it would delete, with its owner and full name, and exits with 0', async () => {
  programs.have(BALANCER, [WEB]);
  const { status, stdout, stderr } = await run(['--plan']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Service dev/web');
  expect(stdout).toContain('Next:  npm run teardown -- --cluster seed');
  expect(stdout).toMatch(/^k8s-dev-web-0123456789$/m);
});

it('teardown exits with 1 for a resource that nothing deletes, and prints the manual steps', async () => {
  programs.have(BALANCER);
  const { status, stdout } = await run(['--plan']);
  expect(status).toBe(1);
  expect(stdout).toContain(
    `Nothing removes 1 resource. Remove by hand, once you are sure:\n  aws elbv2 delete-load-balancer --load-balancer-arn ${ARN}`,
  );
});

it('teardown prints JSON if asked', async () => {
  programs.have(BALANCER, [WEB]);
  const { status, stdout } = await run(['--plan', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    cluster: 'seed',
    clusterExists: true,
    found: [
      {
        kind: 'load balancer',
        id: ARN,
        name: 'k8s-dev-web-0123456789',
        owner: 'Service dev/web',
        effect: 'blocks the VPC',
        fate: 'removed',
        because: 'goes with Service dev/web',
        remedy: `aws elbv2 delete-load-balancer --load-balancer-arn ${ARN}`,
      },
    ],
    stuck: [],
    notes: [
      expect.stringMatching(
        /^Terraform protects \d+ resources from being destroyed, network: aws_vpc.vpc among them/,
      ),
    ],
    next: 'npm run teardown -- --cluster seed',
  });
});

it('teardown deletes, and prints the next destroy: the stacks in reverse', async () => {
  const gone = { 'elbv2 describe-load-balancers': { LoadBalancers: [] } };
  programs.have(BALANCER, [WEB], { 'Service web': gone });
  const { status, stdout } = await run(['--cluster', 'seed'], unprotected());
  expect(stdout).toContain('Next:  npx cdktf destroy prod stage qa dev platform cluster network');
  expect(status).toBe(0);
  expect(programs.calls('kubectl delete')).toHaveLength(1);
});

it('teardown exits with 2 and the message of the AWS CLI if it cannot sign in', async () => {
  programs.have({ 'eks describe-cluster': 'Unable to locate credentials.' });
  expect(await run(['--plan'])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'aws eks describe-cluster: Unable to locate credentials.',
  });
});

it('teardown refuses an invalid timeout', async () => {
  const { status, stderr } = await run(['--plan', '--timeout', 'soon']);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: '--timeout soon: expected a number of minutes above 0',
  });
});
