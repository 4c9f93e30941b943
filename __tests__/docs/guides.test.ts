import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { Project, succeeded } from '../e2e/project';
import { page } from './page';

jest.setTimeout(300_000);

let project: Project;

beforeAll(async () => {
  project = await Project.copy();
});

afterAll(() => {
  project.remove();
});

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every scalar of a value with its path. */
function scalars(value: unknown, path: readonly string[] = []): [readonly string[], unknown][] {
  return isMapping(value)
    ? Object.entries(value).flatMap(([key, inner]) => scalars(inner, [...path, key]))
    : [[path, value]];
}

/**
 * Does what a guide says, in its order: writes its files, adds to platform.yaml, runs its commands.
 *
 * @param without commands that another test runs
 */
async function follow(guide: string, without = /^npm ci$/): Promise<string[]> {
  const ran: string[] = [];
  for (const { language, code } of page(guide).blocks) {
    const [, file] = /^(?:\/\/|#) (\S+)\n/.exec(code) ?? [];
    if (language === 'ts' && file !== undefined) {
      mkdirSync(dirname(project.path(file)), { recursive: true });
      writeFileSync(project.path(file), `${code.slice(code.indexOf('\n') + 1)}\n`);
    } else if (language === 'yaml' && file === 'platform.yaml') {
      const document = parseDocument(readFileSync(project.path(file), 'utf8'));
      for (const [path, value] of scalars(parse(code))) document.setIn(path, value);
      writeFileSync(project.path(file), document.toString({ lineWidth: 0 }));
    } else if (language === 'yaml' && file !== undefined) {
      mkdirSync(dirname(project.path(file)), { recursive: true });
      writeFileSync(project.path(file), code);
    } else if (language === 'sh') {
      for (const line of code.split('\n')) {
        if (without.test(line)) continue;
        succeeded(await project.run('bash', ['-c', line]));
        ran.push(line);
      }
    }
  }
  return ran;
}

const stacks = async (): Promise<string[]> =>
  (JSON.parse(succeeded(await project.npm('synth', ['--json']))) as { stacks: string[] }).stacks;

const read = (file: string): string => readFileSync(project.path(file), 'utf8');

it('the first ten minutes are as the page says, but for the sandbox, which the end-to-end tests run', async () => {
  const text = read('platform.yaml');
  const ran = await follow('docs/getting-started.md', /^npm (ci$|run sandbox)/);
  expect(ran).toEqual(['npm run doctor', 'npm run synth', 'npm run check', 'npm run diff -- dev qa']);
  expect(read('cdktf.out/stacks/dev/cdk.tf.json')).toContain('"replicas": "3"');
  writeFileSync(project.path('platform.yaml'), text.replace('nodes: [node-2, node-3]', 'nodes: [node-9]'));
  const { status, stderr } = await project.npm('synth');
  expect(status).toBe(1);
  const printed = page('docs/getting-started.md').blocks.find(({ language }) => language === 'text');
  expect(stderr).toContain(printed?.code.trim());
  writeFileSync(project.path('platform.yaml'), text);
});

it('a workload is added as the guide says: it is in its namespace, and nowhere else', async () => {
  expect(await follow('docs/guides/add-a-workload.md')).toHaveLength(4);
  expect(read('addresses/qa.txt')).toContain('kubernetes_deployment_v1.blog_web\n');
  expect(read('addresses/qa.txt')).toContain('aws_s3_bucket.blog_pictures\n');
  expect(read('addresses/dev.txt')).not.toContain('blog');
  expect(read('platform.schema.json')).toContain("The company's blog.");
  expect(read('cdktf.out/platform.json')).toContain('"source": "workloads/blog/index.ts:6"');
});

it('a stack is added as the guide says: it is deployed after the one that it names', async () => {
  await follow('docs/guides/own-stacks.md');
  expect(await stacks()).toEqual(['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod', 'dns']);
  const { stacks: placed } = JSON.parse(read('cdktf.out/platform.json')) as { stacks: unknown[] };
  expect(placed).toContainEqual({ name: 'dns', after: ['network'] });
});

it('YAML comes into a namespace as the guide says, and the kinds that it needs into a stack before', async () => {
  await follow('docs/guides/from-yaml.md');
  expect(await stacks()).toEqual([
    'network',
    'cluster',
    'definitions',
    'platform',
    'dev',
    'qa',
    'stage',
    'prod',
  ]);
  expect(read('cdktf.out/stacks/definitions/cdk.tf.json')).toContain(
    '"kinds_custom_resource_definition_batches_example_com"',
  );
  const qa = JSON.parse(read('cdktf.out/stacks/qa/cdk.tf.json')) as {
    resource: { kubernetes_deployment_v1: Record<string, unknown> };
  };
  expect(qa.resource.kubernetes_deployment_v1['guestbook_app_guestbook']).toMatchObject({
    spec: { replicas: '3' },
  });
});

it('what the guides add has no type error', async () => {
  expect(succeeded(await project.run('npx', ['tsc', '--incremental', 'false']))).toBe('');
});
