import { execaSync } from 'execa';
import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES, Published } from '../release/published';
import { StandInRegistry } from '../release/registry';
import { Project, succeeded, type Ended, type Up } from './project';

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

/** What a plan prints with --json, as far as it is read here. */
interface Summary {
  readonly stacks: readonly { readonly name: string; readonly status: string }[];
  readonly guard: { readonly stopped: readonly { readonly rule: string; readonly address: string }[] };
}

const STACK = `import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import type { App } from 'cdktf';
import { Stack, type Platform } from 'kubernetes-on-aws';

export class MailStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'mail', platform);
    const vpc = new DataAwsVpc(this, 'vpc', { tags: { Name: platform.name } });
    new SnsTopic(this, 'topic', { name: \`\${platform.name}-mail\` });
    new SqsQueue(this, 'outbox', { name: \`\${platform.name}-outbox\`, visibilityTimeoutSeconds: 60 });
    new SsmParameter(this, 'vpc-id', { name: \`/\${platform.name}/vpc\`, type: 'String', value: vpc.id });
  }
}
`;
const PLATFORM = `extends: ../platform.yaml
name: eu
region: eu-central-1
account: '111122223333'
protect: false
`;

let published: Published;
let registry: StandInRegistry;
let project: Project;
let environment: Record<string, string>;

const run = (script: string, ...args: string[]): Promise<Ended> =>
  project.npm(script, [...args, '--platform', 'eu'], environment);

const plan = async (...stacks: string[]): Promise<{ status: number | undefined; summary: Summary }> => {
  const { status, stdout } = await run('plan', ...stacks, '--json');
  return { status, summary: JSON.parse(stdout) as Summary };
};

const statusOf = ({ summary }: { summary: Summary }, stack: string): string | undefined =>
  summary.stacks.find(({ name }) => name === stack)?.status;

const aws = async (...args: string[]): Promise<string> =>
  succeeded(await project.run('aws', [...args, '--output', 'text'], environment));

/** What npm needs to take everything from the stand-in, which sends it on for what is not ours; what npm has already is used. */
function npmSettings(): Record<string, string> {
  const cache = published.path('npm');
  mkdirSync(cache);
  symlinkSync(join(execaSync('npm', ['config', 'get', 'cache']).stdout, '_cacache'), join(cache, '_cacache'));
  return {
    npm_config_registry: registry.url,
    npm_config_cache: cache,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

// All of it from what is published, in a folder outside of the repository.
beforeAll(async () => {
  published = await Published.pack();
  registry = await StandInRegistry.start(await Promise.all(PACKAGES.map((name) => published.tarball(name))));
  const settings = npmSettings();
  const outside = Project.at(published.folder, settings);
  succeeded(await outside.run('npx', ['--yes', 'kubernetes-on-aws', 'init', 'shop', '--example', 'worker']));
  project = Project.at(published.path('shop'), settings);
  succeeded(await project.run('npm', ['install']));
}, 15 * MINUTE);

afterAll(async () => {
  succeeded(await project.npm('sandbox:down', ['--platform', 'eu']));
  registry.stop();
  published.remove();
}, 5 * MINUTE);

it('the package is installed from the registry, not from the repository', () => {
  // npm may have a tarball already: it keeps what it packs.
  expect(registry.served).toEqual(
    expect.arrayContaining(['/kubernetes-on-aws', '/@kubernetes-on-aws/eks-sandbox']),
  );
  for (const name of ['kubernetes-on-aws', '@kubernetes-on-aws/eks-sandbox']) {
    expect(lstatSync(project.path('node_modules', name)).isDirectory()).toBe(true);
  }
});

it('the platform accepts a workload and a stack, and passes its own tests', async () => {
  succeeded(await project.run('npx', ['platform', 'new', 'workload', 'blog']));
  succeeded(await project.run('npx', ['platform', 'new', 'stack', 'mail']));
  writeFileSync(project.path('stacks', 'mail-stack.ts'), STACK);
  // One namespace shows it.
  const file = project.path('platform.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^ {2}(qa|stage|prod):.*\n/gm, ''));
  mkdirSync(project.path('platforms'));
  writeFileSync(project.path('platforms', 'eu.yaml'), PLATFORM);
  const { status, stdout, stderr } = await project.run('npm', ['test']);
  expect({ status, said: stdout + stderr }).toEqual({
    status: 0,
    said: expect.stringContaining('3 passed, 3 total') as string,
  });
  const { stacks } = JSON.parse(succeeded(await project.npm('synth', ['--json']))) as { stacks: string[] };
  expect(stacks).toEqual(['network', 'cluster', 'platform', 'dev', 'mail']);
});

it('the platform has a sandbox from another package', async () => {
  succeeded(await project.npm('sandbox', ['--empty', '--platform', 'eu']));
  const exported = succeeded(await project.npm('sandbox:env', ['--platform', 'eu']));
  environment = Object.fromEntries(
    [...exported.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  expect(environment).toHaveProperty('AWS_ENDPOINT_URL');
});

it('the platform is planned in the order of its stacks, and applied as planned', async () => {
  const first = await plan('network', 'mail');
  expect([first.status, statusOf(first, 'network'), statusOf(first, 'mail')]).toEqual([
    0,
    'planned',
    'waiting',
  ]);
  succeeded(await run('apply'));
  const second = await plan('network', 'mail');
  expect([second.status, statusOf(second, 'network'), statusOf(second, 'mail')]).toEqual([
    0,
    'unchanged',
    'planned',
  ]);
  expect(second.summary.guard.stopped).toEqual([]);
  succeeded(await run('apply'));
  const third = await plan('network', 'mail');
  expect([statusOf(third, 'network'), statusOf(third, 'mail')]).toEqual(['unchanged', 'unchanged']);
  const vpc = await aws('ssm', 'get-parameter', '--name', '/eu/vpc', '--query', 'Parameter.Value');
  expect(vpc).toMatch(/^vpc-[0-9a-f]+$/);
});

it('the platform has its own output, addresses and states', async () => {
  succeeded(await run('addresses', '--write'));
  expect(readFileSync(project.path('addresses', 'eu', 'mail.txt'), 'utf8')).toBe(
    'aws_sns_topic.topic\naws_sqs_queue.outbox\naws_ssm_parameter.vpc_id\n',
  );
  expect(readFileSync(project.path('.sandbox-eu', 'project', 'terraform.eu.mail.tfstate'), 'utf8')).toContain(
    'eu-outbox',
  );
  const record = readFileSync(
    project.path('.sandbox-eu', 'project', 'cdktf.out', 'eu', 'platform.json'),
    'utf8',
  );
  expect(JSON.parse(record)).toMatchObject({ name: 'eu', region: 'eu-central-1' });
});

it('the drift check of the platform finds manual changes, and nothing else', async () => {
  expect((await run('drift', 'network', 'mail')).status).toBe(0);
  await aws('ssm', 'put-parameter', '--name', '/eu/vpc', '--value', 'vpc-0', '--overwrite');
  const { status, stdout } = await run('drift', 'network', 'mail');
  expect(status).toBe(1);
  expect(stdout).toContain('aws_ssm_parameter.vpc_id');
  expect(stdout).not.toContain('aws_vpc');
});

it('the guard stops a plan of the platform that would delete its queue', async () => {
  const stack = project.path('stacks', 'mail-stack.ts');
  writeFileSync(stack, STACK.replace(/^ {4}new SqsQueue.*\n/m, '').replace(/^import \{ SqsQueue.*\n/m, ''));
  const { status, summary } = await plan('mail');
  writeFileSync(stack, STACK);
  expect(status).toBe(1);
  expect(summary.guard.stopped).toMatchObject([{ rule: 'data-loss', address: 'mail/aws_sqs_queue.outbox' }]);
});

it('the platform is destroyed in reverse, its own stack first', async () => {
  const { status, stdout, stderr } = await run('teardown', '--cluster', 'eu', '--destroy', '--json');
  expect({ status, stderr: status === 0 ? '' : stderr, stdout: status === 0 ? '' : stdout }).toEqual({
    status: 0,
    stderr: '',
    stdout: '',
  });
  expect(await aws('ssm', 'describe-parameters', '--query', 'Parameters[].Name')).not.toContain('/eu/vpc');
  expect(
    await aws('ec2', 'describe-vpcs', '--filters', 'Name=tag:Platform,Values=eu', '--query', 'Vpcs[].VpcId'),
  ).toBe('');
});

it('the whole platform comes up in its sandbox, and a change affects what it names', async () => {
  const up = async (): Promise<Up> =>
    JSON.parse(
      succeeded(await project.npm('sandbox', ['--json', '--platform', 'eu']))
        .trimEnd()
        .split('\n')
        .at(-1) ?? '',
    ) as Up;
  const { pods } = await up();
  const own = pods.filter(({ namespace }) => namespace === 'dev');
  expect(own.filter(({ ready }) => !ready)).toEqual([]);
  expect(own.map(({ name }) => name.replace(/-[a-z0-9]+-[a-z0-9]+$/, '')).sort()).toEqual([
    'blog-web',
    'blog-web',
    'hello-worker',
  ]);
  const file = project.path('platform.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('hello: { version: 1.0.0 }', 'hello: { version: 1.1.0 }'),
  );
  expect((await up()).changed).toEqual(['dev']);
});
