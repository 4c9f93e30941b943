import { App, Aspects } from 'cdktf';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Construct } from 'constructs';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { literal } from '../../../constructs/terraform/literal';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';

function emptyStack(): { app: App; outdir: string; stack: BaseStack } {
  const outdir = mkdtempSync(join(tmpdir(), 'base-stack-'));
  const app = new App({ outdir });
  const stack = new BaseStack(app, 'logs');
  useAws(stack, { region: 'eu-west-1', platform: 'seed' });
  return { app, outdir, stack };
}

it('a stack addresses a resource by the path of its construct, without its main child and without a hash', () => {
  const { app, outdir, stack } = emptyStack();
  const shop = new Construct(stack, 'shop');
  new CloudwatchLogGroup(new Construct(shop, 'web-1'), 'Resource');
  synthesize(app);
  const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks/logs/cdk.tf.json'), 'utf8')) as {
    resource: Record<string, object>;
  };
  expect(Object.keys(resource['aws_cloudwatch_log_group'] ?? {})).toEqual(['shop_web_1']);
});

it('a stack names both constructs that would share an address', () => {
  const { app, stack } = emptyStack();
  new CloudwatchLogGroup(stack, 'web-1');
  new CloudwatchLogGroup(stack, 'web_1');
  expect(() => {
    synthesize(app);
  }).toThrow(
    'logs: "logs/web_1" and "logs/web-1" would share the Terraform address aws_cloudwatch_log_group.web_1; ' +
      'give one of them another ID',
  );
});

it('a stack lets two resources of different types share a name', () => {
  const { app, stack } = emptyStack();
  new CloudwatchLogGroup(new Construct(stack, 'web'), 'Resource');
  new CloudwatchLogGroup(new Construct(stack, 'web2'), 'Resource');
  expect(() => {
    synthesize(app);
  }).not.toThrow();
});

it.each([
  ['echo ${HOME}', 'echo $${HOME}'],
  ['%{if}', '%%{if}'],
  ['$HOME $(POD) 100%', '$HOME $(POD) 100%'],
  ['${TfToken[TOKEN.3]}/x', '${TfToken[TOKEN.3]}/x'],
])('the path %s is %s in Terraform', (text, expected) => {
  expect(literal(text)).toBe(expected);
});

it('a stack reports every reference to a resource of another stack, and writes nothing', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'foreign-'));
  const app = new App({ outdir });
  const network = new BaseStack(app, 'network');
  const bucket = new S3Bucket(network, 'files', {});
  const cluster = new BaseStack(app, 'cluster');
  for (const stack of [network, cluster]) useAws(stack, { region: 'eu-west-1', platform: 'seed' });
  new S3Bucket(cluster, 'copy', { bucket: `${bucket.bucket}-copy`, tags: { of: bucket.arn } });
  expect(() => {
    synthesize(app);
  }).toThrow(
    'cluster: refers to aws_s3_bucket.files.bucket of the stack network, whose state it does not read; find it by a data source\n' +
      'cluster: refers to aws_s3_bucket.files.arn of the stack network, whose state it does not read; find it by a data source',
  );
  expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
});

it('a stack leaves a token of CDKTF alone where it escapes the text around it', () => {
  const { app, outdir, stack } = emptyStack();
  const bucket = new S3Bucket(stack, 'files', {});
  new CloudwatchLogGroup(stack, 'log', { name: literal(`${bucket.bucket}-\${HOME}`) });
  synthesize(app);
  const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks/logs/cdk.tf.json'), 'utf8')) as {
    resource: Record<string, Record<string, { name: string }>>;
  };
  expect(resource['aws_cloudwatch_log_group']?.['log']?.name).toBe('${aws_s3_bucket.files.bucket}-$${HOME}');
});

it('a stack runs an aspect once, before it writes the JSON and looks for references to another stack', () => {
  const { app, stack } = emptyStack();
  const other = new BaseStack(app, 'other');
  useAws(other, { region: 'eu-west-1', platform: 'seed' });
  const bucket = new S3Bucket(other, 'files', {});
  const group = new CloudwatchLogGroup(stack, 'log', {});
  const visited: string[] = [];
  Aspects.of(stack).add({
    visit: (construct) => {
      visited.push(construct.node.path);
      if (construct === group) group.name = bucket.bucket;
    },
  });
  expect(() => {
    synthesize(app);
  }).toThrow('logs: refers to aws_s3_bucket.files.bucket of the stack other');
  expect(visited.filter((path) => path === 'logs/log')).toHaveLength(1);
});

it('a stack names the construct of each option with a wrong type, if the stack trace has no file of the user', () => {
  const { app, stack } = emptyStack();
  for (const id of ['web', 'db']) {
    const group = new CloudwatchLogGroup(new Construct(stack, id), 'Resource');
    group.toTerraform = () => (undefined as unknown as { name: string }).name;
  }
  const elsewhere = jest.spyOn(process, 'cwd').mockReturnValue('/elsewhere');
  try {
    const reason =
      "Cannot read properties of undefined (reading 'name'); an option may have a value of another type, which npx tsc would name";
    expect(() => {
      synthesize(app);
    }).toThrow(`logs/web: ${reason}\nlogs/db: ${reason}`);
  } finally {
    elsewhere.mockRestore();
  }
});
