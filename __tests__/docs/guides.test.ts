import { readFileSync, writeFileSync } from 'node:fs';
import { Project, succeeded } from '../e2e/project';
import { follow } from './follow';
import { page } from './page';

jest.setTimeout(300_000);

let project: Project;

beforeAll(async () => {
  project = await Project.copy();
});

afterAll(() => {
  project.remove();
});

const stacks = async (): Promise<string[]> =>
  (JSON.parse(succeeded(await project.npm('synth', ['--json']))) as { stacks: string[] }).stacks;

const read = (file: string): string => readFileSync(project.path(file), 'utf8');

it('the first ten minutes work as the page says, except for the sandbox, which the end-to-end tests run', async () => {
  const text = read('platform.yaml');
  const ran = await follow(project, 'docs/getting-started.md', /^npm (ci$|run sandbox)/);
  expect(ran).toEqual(['npm run doctor', 'npm run synth', 'npm run synth', 'npm run check']);
  expect(read('cdktf.out/stacks/dev/cdk.tf.json')).toMatch(/"replicas": "?3/);
  writeFileSync(project.path('platform.yaml'), text.replace('nodes: [node-2, node-3]', 'nodes: [node-9]'));
  const { status, stderr } = await project.npm('synth');
  expect(status).toBe(1);
  const printed = page('docs/getting-started.md').blocks.find(({ language }) => language === 'text');
  expect(stderr).toContain(printed?.code.trim());
  writeFileSync(project.path('platform.yaml'), text);
});

it('a workload is added as the guide says: it is in its namespace, and in no other', async () => {
  expect(await follow(project, 'docs/guides/add-a-workload.md')).toHaveLength(4);
  expect(read('addresses/qa.txt')).toContain('kubernetes_deployment_v1.blog_web\n');
  expect(read('addresses/qa.txt')).toContain('aws_s3_bucket.blog_pictures\n');
  expect(read('addresses/dev.txt')).not.toContain('blog');
  expect(read('platform.schema.json')).toContain("The company's blog.");
  expect(read('cdktf.out/platform.json')).toContain('"source": "workloads/blog/index.ts:6"');
});

it('a stack is added as the guide says: it is deployed after the one that it names', async () => {
  await follow(project, 'docs/guides/own-stacks.md');
  expect(await stacks()).toEqual(['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod', 'dns']);
  const { stacks: placed } = JSON.parse(read('cdktf.out/platform.json')) as { stacks: unknown[] };
  expect(placed).toContainEqual({ name: 'dns', after: ['network'] });
});

/** A Deployment of the namespace qa, after the guide was followed alone. */
async function deploymentAfter(guide: string, name: string): Promise<unknown> {
  const before = read('platform.yaml');
  await follow(project, guide);
  await stacks();
  // main.ts of the next guide does not have the workload.
  writeFileSync(project.path('platform.yaml'), before);
  const qa = JSON.parse(read('cdktf.out/stacks/qa/cdk.tf.json')) as {
    resource: { kubernetes_deployment_v1: Record<string, unknown> };
  };
  return qa.resource.kubernetes_deployment_v1[name];
}

it('YAML comes into a namespace as the guide says', async () => {
  expect(await deploymentAfter('docs/guides/from-yaml.md', 'guestbook_app_guestbook')).toMatchObject({
    spec: { replicas: '3' },
  });
});

it('what cdk8s wrote comes into a namespace as the guide says', async () => {
  const name = 'gallery_chart_gallery_deployment_c8a4b1e7';
  expect(await deploymentAfter('docs/guides/from-cdk8s.md', name)).toMatchObject({
    spec: {
      template: { spec: { affinity: {}, container: [{ image: 'registry.example.com/gallery:2.1.0' }] } },
    },
  });
});

it('definitions of custom kinds come into a stack before the namespaces, as the guide says', async () => {
  await follow(project, 'docs/guides/custom-resources.md');
  expect(await stacks()).toEqual(
    ['network', 'cluster', 'definitions', 'platform'].concat('dev', 'qa', 'stage', 'prod'),
  );
  expect(read('cdktf.out/stacks/definitions/cdk.tf.json')).toContain(
    '"kinds_custom_resource_definition_batches_example_com"',
  );
  // The workload of the guide has them, and is among what is type-checked below.
  expect(read('stacks/definitions/batches.ts')).toContain('export interface Batch {');
});

it('the code of the guides has no type error', async () => {
  expect(succeeded(await project.run('npx', ['tsc', '--incremental', 'false']))).toBe('');
});
